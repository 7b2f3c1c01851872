// The desk in a browser: a person is asked for, an agent reads the brief, answers, hands back and looks at the trace.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { conversationOf, desk, parts, tabTo, waiting } from "./staff.mjs";
import { doubled, launch, picture, pieces, violations } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** A customer who asked for something and then for a person. */
const waitingCustomer = (question) => waiting(browser, question);

/** Resolves it: one customer waits in a few conversations at most, and the next test wants to as well. */
async function resolved(agent) {
  await agent.keyboard.press("Alt+KeyE");
  await agent.locator(".head").getByText("Resolved", { exact: true }).waitFor();
}

/** What has the keyboard. */
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "");

test("the first five minutes at the desk, with the keyboard alone", async () => {
  const agent = await desk(browser);
  const { rows, log, reply, brief } = parts(agent);
  const customer = await waitingCustomer();
  const conversation = await conversationOf(customer);

  // It comes by itself, with its reason; nobody reloads.
  await rows.filter({ hasText: "Asked for a person" }).first().waitFor();
  await agent.locator(".now.some").waitFor();

  await agent.keyboard.press("Alt+KeyN");
  await agent.waitForURL(/\/desk\/c\//);
  await agent.goto(`/desk/c/${conversation}`.replace(/^/, new URL(agent.url()).origin));
  await log.getByText("where is order 12345?").first().waitFor();
  assert.ok((await log.locator(".source").count()) > 0, "the bot's answer names its source");
  await brief.getByText("12345").first().waitFor();
  await picture(agent, "20-desk-case");

  await agent.keyboard.press("Alt+KeyL");
  assert.match(await focused(agent), /^Reply to/);
  await agent.keyboard.type("Hello, I am looking at it now.");
  await agent.keyboard.press("Enter");
  await log.locator(".agent").getByText("Hello, I am looking at it now.").waitFor();
  assert.equal(await log.getByText("Hello, I am looking at it now.").count(), 1, "once, not twice");
  assert.equal(await reply.inputValue(), "");
  await pieces(customer).panel.getByText("Hello, I am looking at it now.").waitFor();
  await agent.locator(".head").getByText("With a person").waitFor();

  // What the customer writes now is for the person; the bot is silent.
  await pieces(customer).field.fill("thank you, Aiko");
  await pieces(customer).field.press("Enter");
  await log.getByText("thank you, Aiko").waitFor();

  await agent.keyboard.press("Alt+KeyP");
  await agent.keyboard.type("Was friendly.");
  await agent.keyboard.press("Enter");
  await log.locator(".note").getByText("Was friendly.").waitFor();
  assert.equal(await pieces(customer).panel.getByText("Was friendly.").count(), 0, "customers never see notes");

  const more = agent.getByRole("button", { name: "More actions" });
  await more.focus();
  await agent.keyboard.press("Enter");
  await agent.getByRole("button", { name: "Hand back to the bot" }).focus();
  await agent.keyboard.press("Enter");
  const dialog = agent.getByRole("dialog", { name: "Hand back to the bot" });
  await dialog.waitFor();
  await agent.keyboard.type("The order is on its way; nothing is open.");
  await dialog.getByRole("button", { name: "Hand back" }).focus();
  await agent.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await agent.locator(".head").getByText("Bot", { exact: true }).waitFor();

  // From an answer of the bot to how it was made.
  const trace = log.getByRole("link", { name: "Trace of this turn" }).first();
  await trace.focus();
  await agent.keyboard.press("Enter");
  await agent.getByRole("heading", { level: 1, name: /12345/ }).waitFor();
  const steps = agent.getByRole("region", { name: "Steps" });
  await steps.getByRole("button", { name: /Call/ }).first().focus();
  await agent.keyboard.press("Enter");
  await agent.getByRole("region", { name: "Chosen step" }).getByText("Kept").waitFor();
  await picture(agent, "21-trace");
  const told = await steps.getByRole("listitem").count();
  await steps.getByRole("radio", { name: "List" }).check();
  assert.equal(await steps.getByRole("listitem").count(), told, "the list says the same as the waterfall");

  await agent.goBack();
  await agent.goBack();
  await agent.waitForURL(/\/desk\/c\/[^/]+$/);
  assert.deepEqual(agent.mistakes, []);
});

test("F6 goes from part to part, and the question mark shows the keys", async () => {
  const agent = await desk(browser, { path: "/desk?list=all" });
  await parts(agent).rows.first().click();
  await parts(agent).log.waitFor();
  const seen = new Set();
  // More often than there are parts: one that is still being read may give the keyboard back.
  for (let n = 0; n < 12 && seen.size < 4; n++) {
    await agent.keyboard.press("F6");
    await agent.waitForTimeout(50);
    seen.add(await agent.evaluate(() => document.activeElement.closest("[data-part]")?.className));
  }
  assert.ok(seen.size >= 4, [...seen].join());
  await agent.locator("#main").focus();
  await agent.keyboard.press("?");
  await agent.getByRole("dialog", { name: "Keys" }).waitFor();
  await agent.keyboard.press("Escape");
  await agent.keyboard.press("Control+KeyK");
  await agent.keyboard.type("traces");
  await agent.keyboard.press("Enter");
  await agent.waitForURL("**/desk/traces");
  assert.deepEqual(agent.mistakes, []);
});

test("a key is set otherwise, a conflict is named, and everything is as it was again", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  await parts(agent).log.waitFor();
  const keys = agent.getByRole("dialog", { name: "Keys" });
  const open = async () => {
    await agent.locator("#main").focus();
    await agent.keyboard.press("?");
    await keys.waitFor();
  };
  await open();
  await tabTo(agent, keys.getByRole("button", { name: "Another key for “Note”" }));
  // Whatever is pressed now is recorded and does nothing else; what cannot be a key says why.
  await agent.keyboard.press("KeyX");
  await keys.getByText("Press it together with Alt or Ctrl, or choose a function key.").waitFor();
  await agent.keyboard.press("Alt+KeyJ");
  await keys.getByText("Alt+J does “Next conversation” already.").waitFor();
  await agent.keyboard.press("Alt+KeyW");
  await keys.getByText("“Note” is Alt+W now.").waitFor();
  await picture(agent, "24-keys");
  await tabTo(agent, keys.getByRole("button", { name: "No key for “Reply”" }));
  await keys.getByText("“Reply” has no key now.").waitFor();
  await agent.keyboard.press("Escape");
  await keys.waitFor({ state: "hidden" });

  const writes = (what) => agent.waitForFunction((what) => document.activeElement?.matches("textarea") && document.activeElement.getAttribute("aria-label").startsWith(what), what);
  await agent.locator("#main").focus();
  await agent.keyboard.press("Alt+KeyW");
  await writes("Note");
  await agent.locator("#main").focus();
  await agent.keyboard.press("Alt+KeyL");
  await agent.keyboard.press("Alt+KeyP");
  assert.equal(await agent.evaluate(() => document.activeElement.id), "main", "the old keys do nothing");

  // Kept in this browser, and in every tab of it.
  await agent.reload();
  await parts(agent).log.waitFor();
  await agent.keyboard.press("Alt+KeyW");
  await writes("Note");
  await open();
  await tabTo(agent, keys.getByRole("button", { name: "The usual keys for everything" }));
  await keys.getByText("As it was.").waitFor();
  await agent.keyboard.press("Escape");
  await keys.waitFor({ state: "hidden" });
  await agent.locator("#main").focus();
  await agent.keyboard.press("Alt+KeyP");
  await writes("Note");
  await resolved(agent);
  assert.deepEqual(agent.mistakes, []);
});

test("keys can be switched off", async () => {
  const agent = await desk(browser);
  await agent.getByRole("button", { name: /your settings/ }).click();
  await agent.getByRole("group", { name: "Keyboard shortcuts" }).getByRole("radio", { name: "Off" }).check();
  await agent.keyboard.press("Escape");
  await agent.keyboard.press("?");
  assert.equal(await agent.getByRole("dialog").count(), 0);
});

test("a draft survives another conversation and a reload, and is sent once over a line that breaks", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const conversation = await conversationOf(customer);
  const agent = await desk(browser, { path: `/desk/c/${conversation}` });
  const { log, reply } = parts(agent);
  await reply.fill("You have the plan that");
  await agent.getByRole("link", { name: /^All/ }).click();
  await agent.reload();
  await reply.waitFor();
  assert.equal(await reply.inputValue(), "You have the plan that");

  let lost = 0;
  await agent.route("**/reply", async (route) => {
    // The first never gets there; of the second we do not hear that it did.
    lost++;
    if (lost === 2) await route.fetch();
    if (lost <= 2) await route.abort();
    else await route.continue();
  });
  await reply.fill("You have the plan that you booked.");
  await reply.press("Enter");
  await pieces(customer).panel.getByText("You have the plan that you booked.").waitFor();
  await agent.waitForFunction(() => !document.querySelector(".unsent"), null, { timeout: 15_000 });
  assert.ok(lost >= 2, "it was sent again");
  assert.equal(await log.getByText("You have the plan that you booked.").count(), 1);
  assert.equal(await pieces(customer).panel.locator(".bubble", { hasText: "You have the plan that you booked." }).count(), 1);
});

test("what was refused is said, and can be tried again", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  const { log, reply } = parts(agent);
  await agent.route("**/reply", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ code: "message_too_long", detail: "" }) }), { times: 1 });
  await reply.fill("Now it works.");
  await reply.press("Enter");
  await log.getByText("Not sent.").waitFor();
  await log.getByRole("button", { name: "Try again" }).click();
  await log.locator(".agent").getByText("Now it works.").waitFor();
  assert.equal(await log.getByText("Now it works.").count(), 1);
});

test("a line that was lost is said, and what happened meanwhile is there", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const conversation = await conversationOf(customer);
  // Without the shared worker the tab follows by itself: the way of browsers that have none.
  const agent = await desk(browser, { path: "/desk/traces" });
  await agent.addInitScript(() => delete globalThis.SharedWorker);
  await agent.goto(new URL(`/desk/c/${conversation}`, agent.url()).href);
  const { log, reply } = parts(agent);
  await reply.waitFor();
  await agent.context().setOffline(true);
  await agent.getByText(/^Reconnecting, \d+ s/).waitFor();
  await pieces(customer).field.fill("are you still there?");
  await pieces(customer).field.press("Enter");
  await reply.fill("Yes, I am.");
  await reply.press("Enter");
  await agent.context().setOffline(false);
  await log.getByText("are you still there?").waitFor();
  await pieces(customer).panel.getByText("Yes, I am.").waitFor();
  await agent.getByText(/^Reconnecting, \d+ s/).waitFor({ state: "hidden" });
  assert.equal(await log.getByText("Yes, I am.").count(), 1);
});

test("a tab that slept for a day shows what is true, without being loaded again, and keeps what was begun", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const conversation = await conversationOf(customer);
  const agent = await desk(browser, { path: "/desk/traces" });
  // By itself, and with a clock that can be set: a shared worker would have one of its own.
  await agent.addInitScript(() => delete globalThis.SharedWorker);
  await agent.clock.install();
  await agent.goto(new URL(`/desk/c/${conversation}`, agent.url()).href);
  const { log, reply, rows } = parts(agent);
  await reply.fill("Good morning! About your plan");
  await agent.evaluate(() => (globalThis.sameage = true));
  // The lid is closed; meanwhile the customer goes on, and a colleague does their part.
  await agent.context().setOffline(true);
  await agent.getByText(/^Reconnecting, \d+ s/).waitFor();
  await pieces(customer).field.fill("anybody there?");
  await pieces(customer).field.press("Enter");
  const colleague = await desk(browser, { path: `/desk/c/${conversation}` });
  await parts(colleague).log.getByText("anybody there?").waitFor();
  await colleague.getByRole("button", { name: "Take over" }).click();
  await colleague.locator(".head").getByText("yours").waitFor();
  const other = await waitingCustomer("where is order 12345?");
  await agent.clock.fastForward("24:00:00");

  // Its place in the stream is one that the server does not know any more.
  let anew = 0;
  await agent.route("**/v1/desk/events", (route) => {
    const headers = route.request().headers();
    if (headers["last-event-id"]) return route.continue({ headers: { ...headers, "last-event-id": "999999999" } });
    anew++;
    return route.continue();
  });
  await agent.context().setOffline(false);
  await log.getByText("anybody there?").waitFor({ timeout: 90_000 });
  await agent.locator(".head").getByText("yours").waitFor();
  await rows.filter({ hasText: "Asked for a person" }).first().waitFor();
  await agent.getByText(/^Reconnecting, \d+ s/).waitFor({ state: "hidden" });
  assert.ok(anew > 0, "it began anew where its place was not known");
  assert.equal(await reply.inputValue(), "Good morning! About your plan");
  assert.equal(await agent.evaluate(() => globalThis.sameage), true, "the page was not loaded again");
  assert.equal(await log.getByText("anybody there?").count(), 1);
  // What happens from now on is told again.
  await pieces(customer).field.fill("hello again");
  await pieces(customer).field.press("Enter");
  await log.getByText("hello again").waitFor();
  await resolved(colleague);
  await agent.locator(".head").getByText("Resolved", { exact: true }).waitFor();
  await colleague.goto(new URL(`/desk/c/${await conversationOf(other)}`, agent.url()).href);
  await parts(colleague).log.waitFor();
  await resolved(colleague);
});

test("two tabs of one browser tell the same", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const conversation = await conversationOf(customer);
  const first = await desk(browser, { path: `/desk/c/${conversation}` });
  const second = await first.context().newPage();
  await second.goto(first.url());
  await parts(second).reply.waitFor();
  await parts(first).reply.fill("Written in the first tab.");
  await parts(first).reply.press("Enter");
  await parts(second).log.getByText("Written in the first tab.").waitFor();
  await second.getByRole("button", { name: /^Resolve/ }).click();
  await first.locator(".head").getByText("Resolved").waitFor();
});

test("how somebody sounds stands in their row", async () => {
  const customer = await waitingCustomer("where is order 12345? I have been waiting for days, this is terrible and I am furious");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}?list=waiting` });
  const row = agent.locator('[role="row"][aria-selected="true"]');
  const mood = row.locator(".mood", { hasText: "upset" });
  await mood.waitFor();
  // Where nothing cuts it off.
  const [inner, outer] = [await mood.boundingBox(), await row.boundingBox()];
  assert.ok(inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width);
  await picture(agent, "25-mood");
  await resolved(agent);
});

test("an action on a record wants one confirmation, a transfer its note, a snooze a time", async () => {
  const customer = await waitingCustomer("which plan do I have?");
  const agent = await desk(browser, { path: `/desk/c/${await conversationOf(customer)}` });
  await agent.getByRole("button", { name: "Take over" }).click();
  await agent.locator(".head").getByText("With a person").waitFor();
  const card = agent.getByRole("article").filter({ has: agent.getByRole("heading", { name: /^Subscription/ }) });
  await card.getByRole("button", { name: /^Add feature/ }).click();
  await card.getByRole("combobox").selectOption("night_watch");
  await card.getByRole("button", { name: "Continue" }).click();
  const sure = agent.getByRole("dialog", { name: "Add feature" });
  await sure.getByText(/night.watch/i).first().waitFor();
  await picture(agent, "23-action");
  assert.deepEqual(await violations(agent), []);
  await sure.getByRole("button", { name: "No, leave it" }).click();
  await sure.waitFor({ state: "hidden" });

  const more = async (what) => {
    await agent.getByRole("button", { name: "More actions" }).click();
    await agent.getByRole("button", { name: what }).click();
  };
  await more("Transfer");
  const transfer = agent.getByRole("dialog", { name: "Transfer" });
  await transfer.getByRole("button", { name: "Transfer" }).click();
  await transfer.getByRole("alert").waitFor();
  await agent.keyboard.press("Escape");
  await transfer.waitFor({ state: "hidden" });

  await more(/^Snooze/);
  await agent.getByRole("button", { name: "Tomorrow, 9:00" }).click();
  await agent.locator(".head").getByText("Snoozed").waitFor();
  assert.deepEqual(agent.mistakes, []);
});

/** Do two parts of the header, or of the bar below it, stand in each other's way? */
const overlapping = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("header.top, .tabs")].flatMap((bar) => {
      const parts = [...bar.querySelectorAll("a, button")].filter((one) => one.checkVisibility() && one.getClientRects().length && !one.matches(".skip")).map((one) => [one.textContent.trim(), one.getBoundingClientRect()]);
      return parts.flatMap(([name, a], n) => parts.slice(n + 1).filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).map(([other]) => `${name} × ${other}`));
    }),
  );

const SCENES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "right-to-left": { rtl: true },
  small: { viewport: { width: 320, height: 640 } },
  "double text": { large: true, viewport: { width: 1280, height: 860 } },
};

for (const [name, { rtl, large, ...options }] of Object.entries(SCENES)) {
  test(`axe finds nothing and nothing sticks out: ${name}`, async () => {
    const own = large ? await doubled() : browser;
    try {
      await everyScreen(await desk(own, { path: "/desk?list=all", by: browser, ...options }), name, rtl);
    } finally {
      if (large) await own.close();
    }
  });
}

async function everyScreen(agent, name, rtl) {
  const look = async (what) => {
    if (rtl) await agent.evaluate(() => (document.documentElement.dir = "rtl"));
    await picture(agent, `22-${name}-${what}`.replaceAll(" ", "-"));
    assert.deepEqual(await violations(agent), [], what);
    assert.equal(await agent.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${what}: nothing sticks out`);
    assert.deepEqual(await overlapping(agent), [], `${what}: nothing overlaps`);
  };
  const open = (path) => agent.goto(new URL(path, agent.url()).href);
  const { rows, log, customer } = parts(agent);
  await rows.first().waitFor();
  await look("list");
  const found = await agent.evaluate(async () => (await (await fetch("/v1/desk/traces")).json()).data[0]);
  await open(`/desk/c/${found.conversation}`);
  await log.waitFor();
  await customer.locator("#before-title").waitFor({ state: "attached" });
  await look("conversation");
  await agent.getByRole("button", { name: /your settings/ }).click();
  await look("settings");
  await agent.keyboard.press("Escape");
  await agent.getByRole("button", { name: /your settings/ }).blur();
  await agent.keyboard.press("?");
  await agent.getByRole("dialog", { name: "Keys" }).getByRole("button", { name: "Another key for “Snooze”" }).click();
  await look("keys");
  await agent.keyboard.press("Escape");
  await open(`/desk/c/${found.conversation}?side=customer`);
  await customer.getByRole("heading", { name: "Before" }).waitFor();
  await look("customer");
  await open("/desk/traces");
  await agent.getByRole("table").waitFor();
  await look("traces");
  await open(`/desk/c/${found.conversation}/t/${found.turn}`);
  await agent.getByRole("region", { name: "Steps" }).getByRole("button").first().click();
  await look("trace");
  await agent.keyboard.press("Control+KeyK");
  await agent.getByRole("dialog").waitFor();
  await look("palette");
  await agent.keyboard.press("Escape");
  // Without the shared worker, so that this page itself is what loses its line.
  await agent.addInitScript(() => delete globalThis.SharedWorker);
  await open(`/desk/c/${found.conversation}`);
  await log.waitFor();
  await agent.context().setOffline(true);
  await agent.getByRole("region", { name: "Connection" }).waitFor();
  await look("reconnecting");
  await agent.context().setOffline(false);
  await agent.getByRole("region", { name: "Connection" }).waitFor({ state: "hidden" });
  assert.deepEqual(agent.mistakes.filter((one) => !one.includes("ERR_INTERNET_DISCONNECTED")), []);
  for (const [path, ready] of [["/desk/figures", ".tiles, .empty"], ["/account", "#colleagues li"], ["/sign-in", "form"]]) {
    await open(path);
    await agent.locator(ready).first().waitFor();
    await look(path.slice(1).replace("/", "-"));
  }
}
