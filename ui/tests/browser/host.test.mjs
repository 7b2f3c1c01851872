// The widget on pages of others: a strict content policy, settings in the script tag, calls before it is there, events.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE_URL, launch, pieces, say, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types patchbay";

/** A page of our own making at an address of the server, so that it counts as one of its origins. */
async function host(html, { policy = STRICT, files = {}, ...options } = {}) {
  const context = await browser.newContext({ locale: "en", ...options });
  const page = await context.newPage();
  page.mistakes = [];
  page.on("console", (message) => message.type() === "error" && page.mistakes.push(message.text()));
  page.on("pageerror", (error) => page.mistakes.push(String(error)));
  const headers = { "content-security-policy": policy };
  await page.route("**/host/*", (route) => {
    const name = new URL(route.request().url()).pathname.slice("/host/".length);
    const script = files[name];
    if (script) return route.fulfill({ contentType: "text/javascript", body: script });
    return route.fulfill({ contentType: "text/html", headers, body: `<!doctype html><html lang="en"><title>host</title><body>${html}</body></html>` });
  });
  await page.goto(`${BASE_URL}/host/page`);
  return page;
}

test("one script tag is enough, under the strictest policy there is", async () => {
  const page = await host('<script src="/widget.js" data-channel="web" data-title="Help desk" data-suggestions="one?|two?" async></script>');
  const { launcher, panel } = pieces(page);
  await launcher.click();
  await panel.getByRole("heading", { name: "Help desk" }).waitFor();
  assert.equal(await panel.locator(".choice").count(), 2);
  await say(page, "hello");
  assert.deepEqual(page.mistakes, []);
});

test("nothing is stored and nothing is asked of the server before the customer says something", async () => {
  const page = await host('<script src="/widget.js" data-channel="web" async></script>');
  const asked = [];
  page.on("request", (request) => request.url().includes("/v1/") && asked.push(request.url()));
  await pieces(page).launcher.click();
  await pieces(page).panel.waitFor();
  await page.waitForTimeout(500);
  assert.deepEqual(asked, []);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await say(page, "hello");
  assert.equal(await page.evaluate(() => localStorage.length), 1);
});

test("calls made before the loader is there are kept, and events are told", async () => {
  const early = `
    window.told = [];
    (window.Patchbay = window.Patchbay || []).push(["boot", { channel: "web" }]);
    for (const name of ["ready", "open", "close", "message", "unread", "handoff"]) window.Patchbay.push(["on", name, (detail) => told.push([name, detail])]);
    window.Patchbay.push(["ask", "I want a person"]);`;
  const page = await host('<script src="/host/early.js"></script><script src="/widget.js" async></script>', { files: { "early.js": early } });
  await pieces(page).panel.getByText("Handed over to our team").waitFor();
  const told = await page.evaluate(() => globalThis.told);
  const names = told.map(([name]) => name);
  for (const name of ["ready", "open", "message", "handoff"]) assert.ok(names.includes(name), `${name} of ${names}`);
  assert.deepEqual(told.find(([name]) => name === "message")[1], { by: "customer", text: "I want a person" });
  assert.deepEqual(page.mistakes, []);
});

test("what comes while the panel is closed is counted on the launcher", async () => {
  const page = await host('<script src="/widget.js" data-channel="web" async></script>');
  await pieces(page).launcher.waitFor();
  await page.evaluate(() => {
    globalThis.Patchbay.ask("hello");
    globalThis.Patchbay.on("open", () => globalThis.Patchbay.close());
  });
  await page.locator("patchbay-widget .badge").waitFor();
  assert.match(await page.locator("patchbay-widget .badge").innerText(), /^[1-9]/);
  await pieces(page).launcher.click();
  await page.locator("patchbay-widget .badge").waitFor({ state: "hidden" });
});

test("after reset nobody finds the conversation, after shutdown nobody finds the widget", async () => {
  const page = await visit(browser);
  await pieces(page).launcher.click();
  await say(page, "which plan do I have?");
  await page.evaluate(() => globalThis.Patchbay.reset());
  await pieces(page).panel.locator(".mine").waitFor({ state: "detached" });
  await page.reload();
  await pieces(page).panel.waitFor();
  assert.equal(await pieces(page).panel.locator(".mine").count(), 0);
  await page.evaluate(() => globalThis.Patchbay.shutdown());
  assert.equal(await page.locator("patchbay-widget").count(), 0);
  await page.evaluate(() => globalThis.Patchbay.boot({ channel: "web", locale: "ja" }));
  await pieces(page).launcher.click();
  await pieces(page).panel.getByRole("button", { name: "担当者と話す" }).waitFor();
  assert.deepEqual(page.mistakes, []);
});
