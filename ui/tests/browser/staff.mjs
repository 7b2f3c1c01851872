// Signing in as the demo's support agent: the start link works once, so its session is kept for all test files of a run.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pieces, say, visit } from "./stage.mjs";

/** The link that the demo printed; the session that came of it. */
const LINK = process.env.DESK_LINK;

/** A context's storage in which somebody is signed in. */
export async function session(browser) {
  if (!LINK) throw new Error("DESK_LINK is not set: start the demo and give the link of its line “Desk”");
  const kept = join(tmpdir(), `patchbay-desk-${createHash("sha256").update(LINK).digest("hex").slice(0, 16)}.json`);
  if (existsSync(kept)) return kept;
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  await page.goto(LINK);
  await page.getByRole("button").click();
  await page.waitForURL("**/desk");
  await context.storageState({ path: kept });
  await context.close();
  return kept;
}

/** A page of the desk for somebody who is signed in. */
export async function desk(browser, { path = "/desk", by = browser, ...options } = {}) {
  const page = await visit(browser, { path, viewport: { width: 1440, height: 900 }, storageState: await session(by), ...options });
  await page.getByRole("banner").waitFor();
  return page;
}

/** A customer who asked for something and then for a person. */
export async function waiting(browser, question = "where is order 12345?") {
  const page = await visit(browser);
  await pieces(page).launcher.click();
  await say(page, question);
  await pieces(page).panel.getByRole("button", { name: "Talk to a person" }).last().click();
  await pieces(page).panel.getByText(/Waiting for a person|in line/).first().waitFor();
  return page;
}

/** The conversation the customer's widget is in. */
export function conversationOf(customer) {
  return customer.evaluate(() => /cnv_\w+/.exec(JSON.stringify(Object.values(localStorage)))?.[0]);
}

/** Goes there with the Tab key alone, and presses Enter where that is wanted: proof that the keyboard is enough. */
export async function tabTo(page, target, { press = "Enter" } = {}) {
  await target.waitFor();
  const there = () => target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement));
  for (let n = 0; n < 120; n++) {
    if (await there()) return press ? page.keyboard.press(press) : undefined;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${target}`);
}

/** The desk's pieces, found as a person using a screen reader finds them. */
export function parts(page) {
  return {
    list: page.getByRole("grid", { name: "Conversations" }),
    rows: page.getByRole("grid", { name: "Conversations" }).getByRole("row"),
    log: page.getByRole("log", { name: "Conversation" }),
    reply: page.getByRole("textbox", { name: /^Reply to/ }),
    note: page.getByRole("textbox", { name: "Note" }),
    brief: page.getByRole("region", { name: "Brief" }),
    customer: page.locator("[data-part=customer]"),
  };
}
