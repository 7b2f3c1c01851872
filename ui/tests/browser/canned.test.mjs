// Canned replies and being there, with the keyboard: values with their sources, marks that are never sent, choices, away and back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk, parts } from "./staff.mjs";
import { launch, picture, pieces, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** A customer who has asked this, and the desk with their conversation open. */
async function asked(question, options = {}) {
  const customer = await visit(browser);
  await pieces(customer).launcher.click();
  await say(customer, question);
  const conversation = await customer.evaluate(() => /cnv_\w+/.exec(JSON.stringify(Object.values(localStorage)))?.[0]);
  const agent = await desk(browser, { path: `/desk/c/${conversation}`, ...options });
  await parts(agent).reply.waitFor();
  return { agent, customer };
}

const list = (agent) => agent.getByRole("combobox", { name: "Canned replies" });

/** The filter has left one. */
const only = (agent) => agent.waitForFunction(() => document.querySelectorAll("[role=option]").length === 1);

test("a slash opens the replies; arrows and Enter put one in with live values", async () => {
  const { agent, customer } = await asked("where is order 12288?");
  const { reply, log } = parts(agent);
  await reply.focus();
  await agent.keyboard.type("/");
  await list(agent).waitFor();
  await agent.getByRole("option", { name: /\/hello/ }).waitFor();
  assert.deepEqual(await violations(agent), []);
  await picture(agent, "30-canned-list");
  await agent.keyboard.type("parc");
  await only(agent);
  assert.match(await agent.getByRole("option").innerText(), /\/parcel/);
  await agent.keyboard.press("Escape");
  assert.equal(await reply.inputValue(), "/", "a slash that was meant as one stays");
  await reply.fill("");
  await agent.keyboard.type("/");
  await agent.getByRole("option").first().waitFor();
  // The chosen one is told to a screen reader, and follows the arrows.
  const chosen = () => list(agent).evaluate((field) => document.getElementById(field.getAttribute("aria-activedescendant"))?.textContent ?? "");
  const first = await chosen();
  await agent.keyboard.press("ArrowDown");
  assert.notEqual(await chosen(), first);
  await agent.keyboard.type("eta");
  await only(agent);
  await agent.keyboard.press("Enter");
  await agent.waitForFunction(() => document.querySelector(".composer textarea").value.includes("12288"));
  const text = await reply.inputValue();
  assert.match(text, /^Your order 12288 is shipped and should be with you on \d+ \w+/);
  const values = agent.getByRole("group", { name: "Values of the canned reply" });
  await values.getByText(/Order id 12288/).waitFor();
  assert.match(await values.innerText(), /Status: shipped · Orders/);
  assert.deepEqual(await violations(agent), []);
  await picture(agent, "31-canned-filled");
  assert.equal(await pieces(customer).panel.getByText(text).count(), 0, "nothing sends it by itself");
  await agent.keyboard.press("Enter");
  await log.locator(".agent").getByText(text).waitFor();
  await pieces(customer).panel.getByText(text).waitFor();
  assert.equal(await values.count(), 0);
  assert.deepEqual(agent.mistakes, []);
});

test("the palette lists single canned replies and puts the chosen one into the answer", async () => {
  const { agent } = await asked("where is order 12288?");
  const { reply } = parts(agent);
  await agent.keyboard.press("Control+KeyK");
  const field = agent.getByRole("combobox", { name: "Commands and search" });
  await field.waitFor();
  await agent.keyboard.type("parc");
  const found = agent.getByRole("option", { name: /^\/parcel/ });
  await found.waitFor();
  await picture(agent, "36-palette-replies");
  assert.deepEqual(await violations(agent), []);
  const chosen = () => field.evaluate((field) => document.getElementById(field.getAttribute("aria-activedescendant"))?.textContent ?? "");
  for (let n = 0; n < 20 && !(await chosen()).startsWith("/parcel"); n++) await agent.keyboard.press("ArrowDown");
  await agent.keyboard.press("Enter");
  await agent.waitForFunction(() => document.activeElement?.matches(".composer textarea") && document.activeElement.value.includes("12288"));
  await agent.getByRole("group", { name: "Values of the canned reply" }).waitFor();
  // What was written before stays in front of it.
  await reply.fill("Hello Mika!");
  await agent.keyboard.press("Control+KeyK");
  await agent.keyboard.type("hello");
  const hello = agent.getByRole("option", { name: /^\/hello/ });
  await hello.waitFor();
  await hello.click();
  await agent.waitForFunction(() => /^Hello Mika!.+/s.test(document.querySelector(".composer textarea").value));
  assert.deepEqual(agent.mistakes, []);
});

test("where several orders could be meant the agent chooses, and a mark is never sent", async () => {
  const { agent, customer } = await asked("hello");
  const { reply, log } = parts(agent);
  await agent.keyboard.press("Control+KeyK");
  await agent.keyboard.type("canned");
  await agent.keyboard.press("Enter");
  await list(agent).waitFor();
  await agent.keyboard.type("eta");
  await only(agent);
  await agent.keyboard.press("Enter");
  const choice = agent.getByRole("group", { name: /Order id: which one/ });
  await choice.waitFor();
  assert.match(await reply.inputValue(), /⟦order id⟧/);
  await picture(agent, "32-canned-choices");
  assert.deepEqual(await violations(agent), []);
  // The first mark is chosen, and sending only says what is missing.
  await reply.focus();
  await agent.keyboard.press("Enter");
  await agent.getByText(/⟦order id⟧ still has to be filled in/).waitFor();
  assert.equal(await log.locator(".agent").count(), 0);
  await choice.getByRole("button", { name: /12288/ }).focus();
  await agent.keyboard.press("Enter");
  await agent.waitForFunction(() => /order 12288 is/.test(document.querySelector(".composer textarea").value));
  assert.doesNotMatch(await reply.inputValue(), /⟦/);
  await reply.focus();
  await agent.keyboard.press("Enter");
  await pieces(customer).panel.getByText(/Your order 12288 is/).waitFor();
  assert.deepEqual(agent.mistakes, []);
});

test("who is away is given nothing and says so in every tab, until they come back", async () => {
  const { agent } = await asked("which plan do I have?");
  const second = await agent.context().newPage();
  await second.goto(agent.url());
  await parts(second).reply.waitFor();
  try {
    await agent.getByRole("button", { name: /your settings/ }).click();
    await agent.getByRole("radio", { name: "Away" }).check();
    await agent.getByText(/^You are away\. Nothing is offered/).waitFor();
    await picture(agent, "33-away");
    assert.deepEqual(await violations(agent), []);
    await agent.getByRole("button", { name: "Who is there" }).click();
    const there = agent.getByRole("dialog", { name: "Who is there" });
    await there.getByRole("listitem").filter({ hasText: "away" }).waitFor();
    assert.deepEqual(await violations(agent), []);
    await picture(agent, "35-who-is-there");
    await agent.keyboard.press("Escape");
    // The other tab knows it as well, and so does the server.
    await second.getByRole("button", { name: /Next to solve.*away/ }).waitFor();
    const refused = await second.evaluate(async () => (await fetch("/v1/desk/next", { method: "POST", headers: { "patchbay-desk": "1" } })).status);
    assert.equal(refused, 409);
    await second.keyboard.press("Alt+KeyN");
    await second.getByRole("button", { name: "Come back", exact: true }).click();
    await agent.getByRole("button", { name: /Next to solve(?!.*away)/ }).waitFor();
  } finally {
    await agent.evaluate(() => fetch("/v1/desk/availability", { method: "POST", headers: { "patchbay-desk": "1", "content-type": "application/json" }, body: '{"away":false}' }));
  }
});

test("a transfer names who is there and the queues", async () => {
  const { agent } = await asked("which plan do I have?");
  await agent.getByRole("button", { name: "Take over" }).click();
  await agent.locator(".head").getByText("With a person").waitFor();
  await agent.getByRole("button", { name: "More actions" }).click();
  await agent.getByRole("button", { name: "Transfer" }).click();
  const dialog = agent.getByRole("dialog", { name: "Transfer" });
  await dialog.getByRole("combobox").locator("optgroup[label='A queue'] option").first().waitFor({ state: "attached" });
  assert.deepEqual(await violations(agent), []);
  await picture(agent, "34-transfer");
  const queue = await dialog.getByRole("combobox").locator("optgroup[label='A queue'] option").first().getAttribute("value");
  await dialog.getByRole("combobox").selectOption(queue);
  await dialog.getByRole("textbox").fill("please go on");
  await dialog.getByRole("button", { name: "Transfer" }).click();
  await agent.locator(".head").getByText("Waiting").waitFor();
  // Only so many conversations of one customer wait: this one is over.
  await agent.getByRole("button", { name: /^Resolve/ }).click();
  await agent.locator(".head").getByText("Resolved").waitFor();
});
