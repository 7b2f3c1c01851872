// Searching what was said: words marked, filters in the address, further back on demand, each line opens its conversation there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { conversationOf, desk, parts, tabTo } from "./staff.mjs";
import { doubled, launch, picture, pieces, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** A word that nobody has said before. */
const fresh = () => `Quagga${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

/** A customer who said all this, one after another, each with a question that the bot can answer: nobody is to wait for a person. */
async function said(...words) {
  const page = await visit(browser);
  await pieces(page).launcher.click();
  for (const one of words) await say(page, `where is order 12288? ${one}`);
  return conversationOf(page);
}

const hits = (page) => page.getByRole("region", { name: "What was found" }).getByRole("listitem");

test("words are found whatever their case and accents, and open their conversation at that line, by keyboard", async () => {
  const word = fresh();
  const conversation = await said("hello", `my neighbour is Señor ${word}`, "thanks");
  const agent = await desk(browser);
  await agent.keyboard.press("Control+KeyK");
  const field = agent.getByRole("combobox", { name: "Commands and search" });
  await field.waitFor();
  await agent.keyboard.type(`SENOR ${word.toLowerCase()}`);
  const chosen = () => field.evaluate((field) => document.getElementById(field.getAttribute("aria-activedescendant"))?.textContent ?? "");
  for (let n = 0; n < 20 && !(await chosen()).startsWith("Search what was said"); n++) await agent.keyboard.press("ArrowDown");
  await agent.keyboard.press("Enter");
  await agent.waitForURL(/\/desk\/search\?q=SENOR/);
  await hits(agent).first().waitFor();
  assert.equal(await hits(agent).count(), 1);
  assert.deepEqual(await hits(agent).locator("mark").allInnerTexts(), ["Señor", word]);
  await agent.getByText(/messages? searched/).first().waitFor();
  await picture(agent, "70-search");
  assert.deepEqual(await violations(agent), []);

  // Who said it narrows; the address holds it, and back leads back.
  const who = agent.getByRole("combobox", { name: "Said by" });
  await who.selectOption("bot");
  await agent.waitForURL(/who=bot/);
  await agent.getByText("Nothing was found").waitFor();
  await picture(agent, "71-search-nothing");
  await agent.goBack();
  await hits(agent).first().waitFor();
  assert.equal(await who.inputValue(), "");
  await agent.reload();
  await tabTo(agent, hits(agent).first().getByRole("link"));
  await agent.waitForURL(new RegExp(`/desk/c/${conversation}\\?.*at=\\d+`));
  const line = parts(agent).log.locator(".sought", { hasText: word });
  await line.waitFor();
  await agent.waitForFunction(() => document.activeElement?.classList.contains("sought"));
  const [inner, outer] = [await line.boundingBox(), await parts(agent).log.boundingBox()];
  assert.ok(inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height, "the line is in sight");
  await picture(agent, "72-search-opened");
  assert.deepEqual(await violations(agent), []);
  await agent.goBack();
  await hits(agent).first().waitFor();
  assert.deepEqual(agent.mistakes, []);
});

test("a phrase is found as it stands, and what does not hold it is not", async () => {
  const word = fresh();
  await said(`the green ${word} lamp`, `the ${word} is green`);
  const agent = await desk(browser, { path: `/desk/search?q=${encodeURIComponent(`"green ${word}"`)}` });
  await hits(agent).first().waitFor();
  assert.equal(await hits(agent).count(), 1);
  await agent.getByRole("searchbox", { name: "Words" }).fill(`green ${word}`);
  await agent.keyboard.press("Enter");
  await hits(agent).nth(1).waitFor();
  assert.equal(await hits(agent).count(), 2);
});

test("the search goes on from where it stopped", async () => {
  const word = fresh();
  await said(`one ${word}`, `two ${word}`, `three ${word}`);
  const agent = await desk(browser, { path: "/desk/traces" });
  // The server's own pages, only shorter than the desk asks for.
  await agent.route("**/v1/desk/search?*", (route) => route.continue({ url: route.request().url().replace("limit=50", "limit=2") }));
  await agent.goto(new URL(`/desk/search?q=${word}&who=customer`, agent.url()).href);
  await hits(agent).nth(1).waitFor();
  assert.equal(await hits(agent).count(), 2);
  await agent.locator(".progress").getByText(/searched, back to/).waitFor();
  await tabTo(agent, agent.getByRole("button", { name: "Go on searching" }));
  await hits(agent).nth(2).waitFor();
  assert.deepEqual((await hits(agent).getByRole("link").allInnerTexts()).map((text) => text.split(" ")[0]), ["three", "two", "one"], "the newest first, none twice");
  for (let n = 0; n < 20 && (await agent.getByRole("button", { name: "Go on searching" }).count()); n++) {
    await agent.getByRole("button", { name: "Go on searching" }).click();
    await agent.waitForFunction(() => ![...document.querySelectorAll("button")].some((one) => one.disabled && one.textContent.includes("Go on")));
  }
  await agent.locator(".progress").getByText("that is all of them").waitFor();
  assert.equal(await hits(agent).count(), 3);
});

const SCENES = { light: {}, dark: { colorScheme: "dark" }, "right-to-left": { rtl: true }, small: { viewport: { width: 320, height: 640 } }, "double-text": { large: true } };

for (const [name, { rtl, large, ...options }] of Object.entries(SCENES)) {
  test(`axe finds nothing in the search and nothing sticks out: ${name}`, async () => {
    const word = fresh();
    await said(`the ${word} hums ${"and hums ".repeat(20)}`);
    const own = large ? await doubled() : browser;
    try {
      const agent = await desk(own, { path: "/desk/search", by: browser, ...options });
      for (const [what, path] of Object.entries({ browse: "/desk/search", found: `/desk/search?q=${word}&who=customer`, nothing: `/desk/search?q=${word}nowhere` })) {
        await agent.goto(new URL(path, agent.url()).href);
        await agent.getByText(/messages? searched/).first().waitFor();
        if (rtl) await agent.evaluate(() => (document.documentElement.dir = "rtl"));
        await picture(agent, `73-search-${name}-${what}`);
        assert.deepEqual(await violations(agent), [], what);
        const wide = await agent.evaluate(() => [document.documentElement, document.querySelector(".screen")].some((one) => one.scrollWidth > one.clientWidth));
        assert.equal(wide, false, `${what}: nothing sticks out`);
      }
    } finally {
      if (large) await own.close();
    }
  });
}
