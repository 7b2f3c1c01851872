// What an agent decides, in a browser and with the keyboard alone: offers, approvals, actions on records, writes nobody is sure of.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { conversationOf, desk, parts, tabTo, waiting } from "./staff.mjs";
import { BASE_URL, launch, picture, pieces, say, violations, visit } from "./stage.mjs";

/** Where the simulated systems are told to misbehave. */
const CONTROL = process.env.CONTROL_URL ?? "http://127.0.0.1:8800";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Somebody new of the staff, invited on the account page by an admin, and their desk. */
async function colleague(name, path) {
  const admin = await visit(browser, { path: "/account", storageState: await (await desk(browser)).context().storageState() });
  await admin.getByRole("heading", { name: "Your colleagues" }).waitFor();
  await tabTo(admin, admin.getByLabel("Name"), { press: null });
  await admin.keyboard.type(name);
  await tabTo(admin, admin.getByRole("button", { name: "Add, and make a link" }));
  await admin.getByText(`Give this link to ${name}`).waitFor();
  await admin.getByRole("listitem").filter({ hasText: `${name} · agent` }).last().waitFor();
  const link = await admin.locator("#new-link").innerText();
  await picture(admin, "50-colleagues");
  assert.deepEqual(await violations(admin), []);
  assert.deepEqual(admin.mistakes, []);
  const page = await visit(browser, { path: new URL(link).pathname + new URL(link).search, viewport: { width: 1440, height: 900 } });
  await tabTo(page, page.getByRole("button").first());
  await page.waitForURL("**/desk");
  await page.goto(BASE_URL + path);
  await page.getByRole("banner").waitFor();
  return page;
}

/** Offers a conversation to somebody, as the dialog does. */
async function offer(page, conversation, to) {
  const status = await page.evaluate(
    async ([at, to]) => (await fetch(`${at}/transfer`, { method: "POST", headers: { "content-type": "application/json", "patchbay-desk": "1" }, body: JSON.stringify({ to, note: "You know this customer." }) })).status,
    [`/v1/desk/conversations/${conversation}`, to],
  );
  assert.equal(status, 200);
}

/** Resolves it: one customer waits in a few conversations at most, and the next test wants to as well. */
async function finish(agent) {
  await agent.keyboard.press("Alt+KeyE");
  await agent.locator(".head").getByText("Resolved", { exact: true }).waitFor();
  assert.deepEqual(agent.mistakes, []);
}

const me = (page) => page.evaluate(async () => (await (await fetch("/v1/staff/me")).json()).id);

test("an offer is declined and goes back to the queue; the next one is accepted", async () => {
  const customer = await waiting(browser, "which plan do I have?");
  const conversation = await conversationOf(customer);
  const aiko = await desk(browser, { path: `/desk/c/${conversation}` });
  const jun = await colleague("Jun Mori", "/desk?list=mine");
  const id = await me(jun);
  await tabTo(aiko, aiko.getByRole("button", { name: "Take over" }));
  await aiko.locator(".head").getByText("With a person").waitFor();
  await offer(aiko, conversation, id);

  const row = parts(jun).rows.filter({ hasText: "offered to you" });
  await tabTo(jun, row);
  await jun.waitForURL(`**/desk/c/${conversation}*`);
  await jun.getByRole("button", { name: "Accept" }).waitFor();
  await parts(jun).log.getByText("You know this customer.").waitFor();
  await picture(jun, "51-offer");
  await tabTo(jun, jun.getByRole("button", { name: "Decline" }));
  await parts(jun).log.getByText(/Declined/).waitFor();
  await jun.locator(".head").getByText("Waiting", { exact: true }).waitFor();
  await jun.getByRole("button", { name: "Take over" }).waitFor();

  await tabTo(aiko, aiko.getByRole("button", { name: "Take over" }));
  await aiko.locator(".head").getByText("With a person").waitFor();
  await offer(aiko, conversation, id);
  await tabTo(jun, jun.getByRole("button", { name: "Accept" }));
  await jun.locator(".head").getByText("yours").waitFor();
  await aiko.locator(".head").getByText("with Jun Mori").waitFor();
  // What is somebody else's may be annotated, not answered.
  await parts(aiko).note.waitFor();
  await parts(aiko).reply.waitFor({ state: "detached" });
  await jun.keyboard.press("Alt+KeyL");
  await jun.keyboard.type("Jun here. I have your plan in front of me.");
  await jun.keyboard.press("Enter");
  await pieces(customer).panel.getByText("Jun here. I have your plan in front of me.").waitFor();
  assert.deepEqual(aiko.mistakes, []);
  await finish(jun);
});

test("where the company wants it so, the first key takes the conversation; who was second is told, and keeps the draft", async () => {
  const customer = await waiting(browser, "which plan do I have?");
  const conversation = await conversationOf(customer);
  const declared = async (page) => {
    await page.route("**/v1/staff/me", async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({ response, json: { ...body, company: { ...body.company, take_on: "keystroke" } } });
    });
    await page.goto(`${BASE_URL}/desk/c/${conversation}`);
    await page.getByText("The first key you press here takes the conversation.").waitFor();
    return page;
  };
  const aiko = await declared(await desk(browser));
  const jun = await colleague("Jun Ono", "/desk");
  // Jun's line is lost at that moment, so that nobody tells them in time.
  await jun.addInitScript(() => delete globalThis.SharedWorker);
  await jun.route("**/v1/desk/events", (route) => route.abort());
  await declared(jun);

  await aiko.keyboard.press("Alt+KeyL");
  await aiko.keyboard.type("H");
  await aiko.locator(".head").getByText("yours").waitFor();
  await aiko.getByText("The bot stays silent while you have it.").waitFor();
  await jun.keyboard.press("Alt+KeyL");
  await jun.keyboard.type("G");
  await jun.getByText("Aiko was first: the conversation is theirs.").waitFor();
  await parts(jun).note.waitFor();
  await aiko.keyboard.type("ello, one moment.");
  await aiko.keyboard.press("Enter");
  await pieces(customer).panel.getByText("Hello, one moment.").waitFor();
  await finish(aiko);
  // Given free again, it is there as it was begun.
  await jun.reload();
  await parts(jun).reply.waitFor();
  assert.equal(await parts(jun).reply.inputValue(), "G");
});

test("whoever looks on sees what a colleague is writing, until it is sent", async () => {
  const customer = await waiting(browser, "which plan do I have?");
  const conversation = await conversationOf(customer);
  const aiko = await desk(browser, { path: `/desk/c/${conversation}` });
  const jun = await colleague("Jun Abe", `/desk/c/${conversation}`);
  await aiko.keyboard.press("Alt+KeyL");
  await aiko.keyboard.type("Hello Mika, I am looking");
  const seen = jun.locator(".theirs").getByText("Hello Mika, I am looking");
  // Whoever pauses for some seconds is not writing any more: where the machine is slow, they go on.
  for (let n = 0; n < 30 && !(await seen.isVisible()); n++) {
    await seen.waitFor({ timeout: 2_000 }).catch(() => aiko.keyboard.type("."));
  }
  await jun.getByText("Aiko is writing a reply").waitFor();
  await picture(jun, "56-draft-of-a-colleague");
  assert.deepEqual(await violations(jun), []);
  await aiko.keyboard.press("Enter");
  await jun.locator(".theirs").waitFor({ state: "detached" });
  await finish(aiko);
});

/** A customer who wants money back and has said yes; a person has to as well. */
async function refundWanted(wish) {
  const customer = await visit(browser);
  const { launcher, card, panel } = pieces(customer);
  await launcher.click();
  await say(customer, wish);
  await card.getByRole("button", { name: "Yes, do it" }).click();
  await panel.getByText(/A colleague has to approve this first/).waitFor();
  return customer;
}

test("an approval is given once, and what it does is read back", async () => {
  const customer = await refundWanted("I was charged twice on INV-70001, please pay back 12 euros");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  const wanted = agent.getByRole("region", { name: "Needs your approval" });
  await wanted.getByText("€12.00").first().waitFor();
  await picture(agent, "52-approval");
  assert.deepEqual(await violations(agent), []);
  // The brief leads there, instead of beginning another refund.
  await tabTo(agent, parts(agent).brief.getByRole("button", { name: /^Approve or refuse/ }));
  await tabTo(agent, wanted.getByRole("button", { name: "Approve" }));
  await wanted.waitFor({ state: "hidden" });
  assert.equal(await agent.getByRole("dialog").count(), 0);
  await parts(agent).log.getByText(/Carried out/).waitFor();
  await picture(agent, "53-approved");
  await pieces(customer).panel.getByText(/€12.00 on INV-70001/).first().waitFor();
  await finish(agent);
});

test("an approval is refused with a reason that the customer is not shown", async () => {
  const customer = await refundWanted("I was charged twice on INV-70002, please pay back 11 euros");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  const wanted = agent.getByRole("region", { name: "Needs your approval" });
  await tabTo(agent, wanted.getByRole("button", { name: "Refuse" }));
  // The reason is asked for, and has the keyboard.
  await wanted.getByRole("textbox", { name: "Reason" }).waitFor();
  await agent.keyboard.type("Was charged once, the second was only reserved.");
  await picture(agent, "54-refusing");
  await tabTo(agent, wanted.getByRole("button", { name: "Refuse" }));
  await wanted.waitFor({ state: "hidden" });
  await parts(agent).log.getByText(/Refused/).waitFor();
  assert.equal(await pieces(customer).panel.getByText("only reserved").count(), 0);
  await finish(agent);
});

test("an action on a record is done after one yes, and the record shows it", async () => {
  const customer = await waiting(browser);
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  await tabTo(agent, agent.getByRole("button", { name: "Take over" }));
  await agent.locator(".head").getByText("yours").waitFor();
  const card = agent.getByRole("article").filter({ has: agent.getByRole("heading", { name: /^Order 12345/ }) });
  await tabTo(agent, card.getByRole("button", { name: /^Change delivery instructions/ }));
  // The first field has the keyboard at once.
  await card.getByRole("textbox").first().waitFor();
  await agent.keyboard.type("Leave it with the neighbours at 14");
  await agent.keyboard.press("Enter");
  const sure = agent.getByRole("dialog", { name: "Change delivery instructions" });
  await sure.getByText(/neighbours at 14/).first().waitFor();
  await picture(agent, "55-action");
  assert.deepEqual(await violations(agent), []);
  await tabTo(agent, sure.getByRole("button", { name: "Yes, do it" }));
  await sure.waitFor({ state: "hidden" });
  await parts(agent).log.getByText(/Carried out/).first().waitFor();
  const more = card.getByRole("button", { name: /^More/ });
  if (await more.count()) await more.click();
  await card.getByText("Leave it with the neighbours at 14").waitFor();
  await picture(agent, "56-acted");
  await finish(agent);
});

test("a write that nobody is sure of is settled by whoever found out", async () => {
  const customer = await refundWanted("I was charged twice on INV-70003, please pay back 13 euros");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  const fault = (body) => fetch(`${CONTROL}/_control/faults`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ service: "billing", ...body }) });
  const approve = agent.getByRole("region", { name: "Needs your approval" }).getByRole("button", { name: "Approve" });
  await approve.waitFor();
  try {
    // It is carried out, but we never hear of it, and what is read afterwards does not show it.
    assert.equal((await fault({ operation: "refundInvoice", kind: "commit_then_drop" })).status, 201);
    assert.equal((await fault({ operation: "getInvoice", kind: "stale_read" })).status, 201);
    await tabTo(agent, approve);
    const unsure = agent.getByRole("region", { name: "Not sure whether it worked" });
    // It is looked after for a minute before a person is asked.
    await unsure.waitFor({ timeout: 120_000 });
    await picture(agent, "57-unsure");
    assert.deepEqual(await violations(agent), []);
    assert.ok(await unsure.getByRole("button", { name: "It happened" }).isDisabled(), "not without saying how one knows");
    await tabTo(agent, unsure.getByRole("textbox"), { press: null });
    await agent.keyboard.type("Seen in the processor's own list.");
    await tabTo(agent, unsure.getByRole("button", { name: "It happened" }));
    await unsure.waitFor({ state: "hidden" });
    await parts(agent).log.getByText(/Carried out/).first().waitFor();
    await picture(agent, "58-settled");
  } finally {
    await fetch(`${CONTROL}/_control/faults`, { method: "DELETE" });
  }
  await finish(agent);
});

test("a conversation is copied as a test", async () => {
  const customer = await waiting(browser);
  const conversation = await conversationOf(customer);
  const agent = await desk(browser, { path: `/desk/c/${conversation}` });
  await agent.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tabTo(agent, parts(agent).log.getByRole("link", { name: "Trace of this turn" }).first());
  await tabTo(agent, agent.getByRole("button", { name: "Copy as test" }));
  await agent.getByText("The test is in the clipboard.").waitFor();
  const copied = await agent.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^- test: /m);
  assert.match(copied, /user: "where is order \d+\?"/);
  await picture(agent, "59-copied");
  await agent.goBack();
  await parts(agent).log.waitFor();
  await finish(agent);
});
