// The widget for everybody: keyboard alone, both themes, right to left, small screens, little motion, any navigation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, picture, pieces, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** What has the keyboard, also inside the widget. */
const focused = (page) =>
  page.evaluate(() => {
    const inside = document.querySelector("patchbay-widget")?.shadowRoot.activeElement ?? document.activeElement;
    return inside?.getAttribute("aria-label") ?? inside?.textContent?.trim() ?? "";
  });

test("the keyboard alone is enough", async () => {
  const page = await visit(browser);
  await pieces(page).launcher.waitFor();
  for (let n = 0; n < 40 && (await focused(page)) !== "Chat"; n++) await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Chat");
  await page.keyboard.press("Enter");
  await pieces(page).panel.waitFor();
  await page.waitForFunction(() => document.querySelector("patchbay-widget").shadowRoot.activeElement?.tagName === "TEXTAREA");
  await page.keyboard.type("where is order 12345?");
  await page.keyboard.press("Enter");
  await pieces(page).panel.locator(".chip").first().waitFor();
  await page.keyboard.press("Escape");
  await pieces(page).panel.waitFor({ state: "hidden" });
  assert.equal(await focused(page), "Chat");
  assert.deepEqual(page.mistakes, []);
});

test("full screen, the keyboard goes round inside the panel", async () => {
  const page = await visit(browser, { viewport: { width: 320, height: 640 } });
  await pieces(page).launcher.click();
  await pieces(page).panel.waitFor();
  assert.equal(await pieces(page).panel.getAttribute("aria-modal"), "true");
  const seen = new Set();
  for (let n = 0; n < 20; n++) {
    await page.keyboard.press(n < 10 ? "Tab" : "Shift+Tab");
    seen.add(await focused(page));
    assert.equal(await page.evaluate(() => document.activeElement.localName), "patchbay-widget");
  }
  for (const name of ["Close chat", "Talk to a person", "Your message"]) assert.ok(seen.has(name), name);
});

const SCENES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "right-to-left": { locale: "ar" },
  small: { viewport: { width: 320, height: 640 } },
  "small-dark": { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
};

for (const [name, options] of Object.entries(SCENES)) {
  test(`axe finds nothing and nothing is too small to hit: ${name}`, async () => {
    const page = await visit(browser, options);
    await pieces(page).launcher.waitFor();
    if (options.locale) await page.evaluate((locale) => globalThis.Patchbay.set({ locale, greeting: undefined, title: undefined, suggestions: undefined }), options.locale);
    assert.deepEqual(await violations(page), [], "closed");
    await pieces(page).launcher.click();
    await pieces(page).panel.waitFor();
    await page.waitForTimeout(400);
    await picture(page, `10-${name}-empty`);
    assert.deepEqual(await violations(page), [], "empty");
    await say(page, "where is order 12345?");
    await say(page, "cancel it");
    if (!(await pieces(page).card.count())) await say(page, "no longer needed");
    await page.waitForTimeout(400);
    await picture(page, `11-${name}-card`);
    assert.deepEqual(await violations(page), [], "with a card");
    const small = await page.evaluate(() =>
      [...document.querySelector("patchbay-widget").shadowRoot.querySelectorAll("button, a, summary, textarea")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ name: element.className || element.tagName, height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < 43.5),
    );
    assert.deepEqual(small, []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "nothing sticks out");
    assert.deepEqual(page.mistakes, []);
  });
}

test("an old conversation is not read out, and what comes is read out whole", async () => {
  const page = await visit(browser);
  await pieces(page).launcher.click();
  await say(page, "where is order 12345?");
  await page.reload();
  await pieces(page).panel.locator(".chip").first().waitFor();
  assert.equal(await pieces(page).log.getAttribute("aria-live"), "off");
  await page.waitForTimeout(1_300);
  assert.equal(await pieces(page).log.getAttribute("aria-live"), "polite");
});

test("little motion is wanted: nothing moves", async () => {
  const page = await visit(browser, { reducedMotion: "reduce" });
  await pieces(page).launcher.click();
  await pieces(page).panel.waitFor();
  const moving = await page.evaluate(() =>
    [...document.querySelector("patchbay-widget").shadowRoot.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== "none" || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
    }).length,
  );
  assert.equal(moving, 0);
});

test("the widget stays when the page swaps its body, and steps aside for what has the keyboard", async () => {
  const page = await visit(browser);
  await pieces(page).launcher.click();
  await say(page, "where is order 12345?");
  await page.evaluate(() => {
    document.body = document.createElement("body");
  });
  await pieces(page).panel.waitFor();
  assert.equal(await page.locator("patchbay-widget").count(), 1);
  await page.evaluate(() => {
    globalThis.Patchbay.close();
    const button = document.createElement("button");
    button.textContent = "checkout";
    Object.assign(button.style, { position: "fixed", bottom: "30px", right: "30px" });
    document.body.append(button);
    button.focus();
  });
  await page.locator("patchbay-widget .launcher.aside").waitFor();
});
