// What browser tests stand on: one browser, pages that remember their mistakes, and the widget's pieces by role.
import { chromium } from "playwright-core";
import { createRequire } from "node:module";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const BASE_URL = process.env.BASE_URL ?? "http://localhost:8787";
const SCREENSHOTS = process.env.SCREENSHOTS;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: false, // Playwright's own switch would pick the old headless mode.
  args: [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** The browser of this test file; close it at the end. */
export function launch() {
  return chromium.launch(CHROMIUM);
}

/** A browser whose owner has set text to twice its usual size; its one context is closed with it. */
export async function doubled() {
  const folder = await mkdtemp(join(tmpdir(), "patchbay-browser-"));
  await mkdir(join(folder, "Default"));
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify({ webkit: { webprefs: { default_font_size: 32 } } }));
  let context;
  return {
    async newContext({ storageState, ...options }) {
      context = await chromium.launchPersistentContext(folder, { ...CHROMIUM, ...options });
      if (storageState) await context.addCookies(JSON.parse(await readFile(storageState, "utf8")).cookies);
      return context;
    },
    async close() {
      await context?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A page of a browser that nobody used before; `path` may be a whole address. `page.mistakes` collects what the console complains about. */
export async function visit(browser, { path = "/demo", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en", ...options });
  const page = await context.newPage();
  page.mistakes = [];
  page.on("console", (message) => message.type() === "error" && page.mistakes.push(message.text()));
  page.on("pageerror", (error) => page.mistakes.push(String(error)));
  await page.goto(new URL(path, BASE_URL).href);
  return page;
}

/** The widget's pieces, found as a person using a screen reader finds them. */
export function pieces(page) {
  const panel = page.getByRole("dialog");
  return {
    launcher: page.locator("patchbay-widget .launcher"),
    panel,
    log: panel.getByRole("log"),
    field: panel.getByRole("textbox"),
    card: panel.locator(".card"),
    bubbles: panel.locator(".bubble"),
  };
}

/** Says something and waits for the reply to be complete. */
export async function say(page, text) {
  const { panel, field } = pieces(page);
  await field.fill(text);
  await field.press("Enter");
  await replied(page, text);
}

/** Waits until the last message has an answer and nothing is being worked on. */
export async function replied(page, text) {
  const { panel } = pieces(page);
  await panel.locator(".mine .bubble", { hasText: text }).last().waitFor();
  await panel.locator(".mine:last-child").waitFor({ state: "detached", timeout: 15_000 });
  await panel.locator(".progress:not(.on)").waitFor({ state: "attached", timeout: 15_000 });
}

/** Waits until what moves has come to rest: a colour on its way is neither the old one nor the new one. */
function still(page) {
  const rest = page.evaluate(async () => {
    // What has just changed begins to move with the next frame.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const ends = (animation) => animation.playState === "running" && Number.isFinite(animation.effect?.getComputedTiming().endTime);
    await Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished));
  });
  // Where a test holds the page's clock, nothing moves and no frame comes.
  return Promise.race([rest.catch(() => {}), new Promise((done) => setTimeout(done, 2_000))]);
}

/** What axe finds wrong with the page as it is now, in a few words each. */
export async function violations(page) {
  await page.evaluate(axe);
  await still(page);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.flat().join(" ")).join(", ")}`);
}

/** Keeps a picture, where a folder for them is named. */
export async function picture(page, name) {
  if (!SCREENSHOTS) return;
  // What has just come is still fading in.
  await page.waitForTimeout(300);
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}
