// The first five minutes of somebody who has never seen it, as documented: a demo of its own, then shop, desk and trace, with the
// keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ownDemo } from "./demo.mjs";
import { parts, tabTo } from "./staff.mjs";
import { launch, picture, pieces, replied, violations, visit } from "./stage.mjs";

let browser;
let demo;
before(async () => (browser = await launch()));
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** What has the keyboard, also inside the widget. */
const focused = (page) =>
  page.evaluate(() => {
    const inside = document.querySelector("patchbay-widget")?.shadowRoot.activeElement ?? document.activeElement;
    return inside?.getAttribute("aria-label") ?? inside?.textContent?.trim() ?? "";
  });

/** Goes on with a key until what has this name has the keyboard. */
async function reach(page, name, key = "Tab") {
  for (let n = 0; n < 60; n++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach “${name}”`);
}

/** Types it into what has the keyboard, and waits for the whole answer. */
async function type(page, text) {
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await replied(page, text);
}

test("from `patchbay demo` to the trace of an answer, minute by minute", async () => {
  // 0:20: the tree.
  demo = await ownDemo();
  for (const name of ["Shop", "Desk", "Trace"]) assert.ok(demo.address(name), `${name} in:\n${demo.told}`);
  assert.match(demo.told, /Backends .*crm :\d+ · orders :\d+ · warehouse :\d+ · carrier :\d+ · billing :\d+ · provisioning :\d+/i);
  assert.match(demo.told, /Try in the shop: +where is order 12345\? +· +cancel it +· +I want a person/);

  // Beside it the desk, by the link that works once.
  const agent = await visit(browser, { path: demo.address("Desk"), viewport: { width: 1440, height: 900 } });
  await agent.addInitScript(() => {
    const make = AudioContext.prototype.createOscillator;
    globalThis.tones = 0;
    AudioContext.prototype.createOscillator = function () {
      globalThis.tones++;
      return make.call(this);
    };
  });
  await tabTo(agent, agent.getByRole("button").first());
  await agent.waitForURL("**/desk");
  await agent.getByText("Nobody waits for a person").waitFor();
  await picture(agent, "m1-empty-desk");
  assert.deepEqual(await violations(agent), []);
  const again = await visit(browser, { path: demo.address("Desk") });
  await again.getByRole("button").first().press("Enter");
  await again.getByRole("status").getByText(/was used|has expired/).waitFor();

  // 0:40: a question, its answer with source and age, and no page that loads again.
  const shop = await visit(browser, { path: demo.address("Shop") });
  await shop.evaluate(() => (globalThis.samePage = true));
  const { panel, card, launcher } = pieces(shop);
  await launcher.waitFor();
  await reach(shop, "Chat");
  await shop.keyboard.press("Enter");
  await shop.waitForFunction(() => document.querySelector("patchbay-widget").shadowRoot.activeElement?.tagName === "TEXTAREA");
  await picture(shop, "m2-shop");
  await type(shop, "where is order 12345?");
  assert.match((await panel.locator(".chip").allTextContents()).join(), /Orders · (now|\d+s ago)/);
  assert.match(await panel.locator(".theirs .bubble").last().innerText(), /12345/);
  await picture(shop, "m3-answer");

  // 1:10: a card that names the order and what follows, a yes, and the proof.
  await type(shop, "cancel it");
  if (!(await card.count())) {
    await reach(shop, "no longer needed", "Shift+Tab");
    await picture(shop, "m4-question");
    await shop.keyboard.press("Enter");
    await replied(shop, "no longer needed");
  }
  await card.waitFor().catch(async () => assert.fail(`no card:\n${await panel.innerText()}`));
  assert.match(await card.getByRole("heading").innerText(), /12345/);
  assert.match(await card.innerText(), /€|EUR/);
  await picture(shop, "m4-card");
  await reach(shop, "Yes, do it", "Shift+Tab");
  await shop.keyboard.press("Enter");
  await panel.getByText("Done · checked").waitFor({ timeout: 30_000 });
  await picture(shop, "m5-done");
  assert.equal(await shop.evaluate(() => globalThis.samePage), true);

  // 1:50: a person; the place in line, and the desk rings.
  await agent.keyboard.press("F6");
  await reach(shop, "Your message");
  await type(shop, "I want a person");
  await panel.getByText(/You are next in line|Place in line: 1/).first().waitFor();
  await picture(shop, "m6-person");
  const { rows, log, brief } = parts(agent);
  await rows.filter({ hasText: "Asked for a person" }).first().waitFor();
  await agent.waitForFunction(() => document.title.startsWith("(1) ") && globalThis.tones > 0);

  // 2:10: the brief, an answer, and a bot that stays silent.
  await agent.keyboard.press("Alt+KeyN");
  await agent.waitForURL(/\/desk\/c\//);
  await brief.getByText("Issue").waitFor();
  const read = await brief.innerText();
  for (const part of ["Issue", "Facts", "Tried", "Next"]) assert.match(read, new RegExp(part));
  assert.match(read, /12345/);
  assert.ok((await brief.locator(".chip").count()) > 0, "facts name their source");
  await agent.getByRole("article").filter({ has: agent.getByRole("heading", { name: /^Order 12345/ }) }).waitFor();
  await picture(agent, "m7-brief");
  assert.deepEqual(await violations(agent), []);
  await agent.keyboard.press("Alt+KeyL");
  await agent.keyboard.type("Hello Mika, Aiko here. Your order is cancelled; what else can I do?");
  await agent.keyboard.press("Enter");
  await panel.getByText("Aiko here.").waitFor();
  const before = await log.locator(".bot").count();
  await shop.keyboard.type("where is order 12288?");
  await shop.keyboard.press("Enter");
  await log.getByText("where is order 12288?").waitFor();
  await agent.keyboard.type("It is on its way.");
  await agent.keyboard.press("Enter");
  await panel.getByText("It is on its way.").waitFor();
  assert.equal(await log.locator(".bot").count(), before, "the bot is silent");
  await picture(shop, "m8-answered");

  // 3:00: how the answer was made.
  await tabTo(agent, log.getByRole("link", { name: "Trace of this turn" }).first());
  const steps = agent.getByRole("region", { name: "Steps" });
  await tabTo(agent, steps.getByRole("button", { name: /Call/ }).first());
  const step = agent.getByRole("region", { name: "Chosen step" });
  await step.getByText("Kept").waitFor();
  await step.getByText("Dropped").waitFor();
  await step.getByRole("heading", { name: "Rule" }).waitFor();
  assert.match(await step.innerText(), /guard\s+answer\./, "the rule that decided");
  await picture(agent, "m9-trace");
  assert.deepEqual(await violations(agent), []);
  assert.deepEqual([...shop.mistakes, ...agent.mistakes], []);

  // Ctrl-C ends it.
  assert.equal(await demo.stop(), 0);
});
