// The first five minutes in a browser: ask, see the source, cancel with a yes, reload in the middle, ask for a person.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, picture, pieces, replied, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("an order is found, cancelled with a yes, and everything is there again after a reload", async () => {
  const page = await visit(browser);
  const { panel, card, bubbles } = pieces(page);
  await picture(page, "01-page");
  await page.getByRole("button", { name: "where is order 12345?" }).first().click();
  await replied(page, "where is order 12345?");
  await picture(page, "02-answer");
  // Whoever has written before is greeted first.
  assert.match(await panel.locator(".theirs .bubble").last().innerText(), /12345/);
  assert.match((await panel.locator(".chip").allTextContents()).join(), /Orders · (now|\d+s ago)/);

  await say(page, "cancel it");
  // The reason is asked for unless it was said already.
  if (!(await card.count())) {
    await picture(page, "03-question");
    await say(page, "no longer needed");
  }
  await card.waitFor();
  await picture(page, "04-card");
  assert.match(await card.getByRole("heading").innerText(), /12345/);
  assert.deepEqual(await violations(page), []);

  const said = await bubbles.allInnerTexts();
  await page.reload();
  await card.waitFor();
  assert.deepEqual(await bubbles.allInnerTexts(), said, "nothing lost, nothing twice");

  await card.getByRole("button", { name: "Yes, do it" }).click();
  await panel.getByText("Done · checked").waitFor({ timeout: 15_000 });
  await replied(page, "cancel it");
  await picture(page, "05-done");
  assert.equal(await card.getByRole("button").count(), 0);
  const finished = await bubbles.allInnerTexts();
  await page.reload();
  await panel.getByText("Done · checked").waitFor();
  assert.deepEqual(await bubbles.allInnerTexts(), finished);
  assert.deepEqual(page.mistakes, []);
});

test("a person is asked for from the same place at any time", async () => {
  const page = await visit(browser);
  const { launcher, panel } = pieces(page);
  await launcher.click();
  await panel.getByRole("button", { name: "Talk to a person" }).click();
  await panel.getByText("Handed over to our team").waitFor();
  assert.match(await panel.locator(".who").innerText(), /^Waiting for a person · Place in line: \d/);
  await picture(page, "06-person");
  // Asking again does not ask twice.
  await panel.getByRole("button", { name: "Talk to a person" }).click();
  await panel.getByText("A person has been asked").waitFor();
  assert.equal(await panel.getByText("Handed over to our team").count(), 1);
  assert.deepEqual(page.mistakes, []);
});

test("a message sent twice by a broken connection stands once", async () => {
  const page = await visit(browser);
  const { launcher, panel, field } = pieces(page);
  let broken = 0;
  await page.route("**/events", (route) => (broken < 3 ? route.abort() : route.continue()));
  await page.route("**/messages", async (route) => {
    // The server gets it, and we never hear of that.
    if (broken++ < 2) {
      await route.fetch();
      await route.abort();
    } else await route.continue();
  });
  await launcher.click();
  await field.fill("where is order 12345?");
  await field.press("Enter");
  await replied(page, "where is order 12345?");
  await page.waitForTimeout(3_000);
  assert.ok(broken >= 3, "it was sent again");
  assert.equal(await panel.locator(".mine").count(), 1);
  assert.equal(await panel.getByText("Not sent").count(), 0);
});

test("a stream that breaks is taken up where it was", async () => {
  const page = await visit(browser);
  const { launcher, panel } = pieces(page);
  await launcher.click();
  await say(page, "where is order 12345?");
  const before = await pieces(page).bubbles.allInnerTexts();
  await page.context().setOffline(true);
  await panel.getByText("You are offline").waitFor();
  await picture(page, "07-offline");
  await pieces(page).field.fill("which plan do I have?");
  await pieces(page).field.press("Enter");
  await page.waitForTimeout(500);
  await page.context().setOffline(false);
  await replied(page, "which plan do I have?");
  const now = await pieces(page).bubbles.allInnerTexts();
  assert.deepEqual(now.slice(0, before.length), before);
  assert.equal(now.filter((text) => text.includes("which plan")).length, 1);
});

test("a token that is not believed leaves the customer a visitor with a working chat", async () => {
  const page = await visit(browser);
  await page.evaluate(() => globalThis.Patchbay.identify("eyJhbGciOiJub25lIn0.e30."));
  await pieces(page).launcher.click();
  await say(page, "what can you do?");
  assert.ok((await pieces(page).panel.locator(".theirs").count()) > 0);
  await pieces(page).panel.getByText("Your sign-in has ended").waitFor();
});

test("a server that believes neither token nor pass any more still gets the message, in a new conversation", async () => {
  const page = await visit(browser);
  await pieces(page).launcher.click();
  await say(page, "which plan do I have?");
  const old = await page.evaluate(() => JSON.parse(Object.values(localStorage)[0]).pass.token);
  await page.route("**/v1/**", (route) => {
    const headers = route.request().headers();
    if (!headers.authorization && headers["patchbay-visitor"] !== old) return route.continue();
    return route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ code: "identity_invalid", detail: "" }) });
  });
  await say(page, "what can you do?");
  assert.deepEqual(await pieces(page).panel.locator(".mine .bubble").allTextContents(), ["You: what can you do?"]);
  assert.equal(await pieces(page).panel.getByText("Not sent").count(), 0);
});
