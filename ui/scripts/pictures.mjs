// Makes the pictures of the documentation from a running demo: BASE_URL and DESK_LINK as for the browser's tests.
import { conversationOf, desk, parts } from "../tests/browser/staff.mjs";
import { launch, pieces, say, visit } from "../tests/browser/stage.mjs";

const FOLDER = new URL("../../docs/pictures/", import.meta.url).pathname;
const SIZE = { width: 1280, height: 800 };

const browser = await launch();
try {
  await customer("I was charged twice on INV-70001, please pay back 12 euros");
  await customer("where is 12345? I have been waiting for days, this is really annoying", "this is a joke, nobody helps me and I am furious");
  const shown = await conversationOf(await customer("where is order 12345?"));
  for (const [name, colorScheme] of [
    ["desk", "light"],
    ["desk-dark", "dark"],
  ]) {
    const page = await desk(browser, { path: `/desk/c/${shown}`, viewport: SIZE, colorScheme });
    await parts(page).customer.getByRole("article").first().waitFor();
    await parts(page).rows.nth(2).waitFor();
    await keep(page, name);
  }
  const page = await desk(browser, { path: `/desk/c/${shown}`, viewport: SIZE, colorScheme: "light" });
  await parts(page).log.getByRole("link", { name: "Trace of this turn" }).first().click();
  await page.getByRole("region", { name: "Steps" }).getByRole("button", { name: /Call/ }).first().click();
  await page.getByRole("region", { name: "Chosen step" }).getByText("Kept").waitFor();
  await keep(page, "trace");
  const found = await desk(browser, { path: "/desk/search?q=order", viewport: SIZE, colorScheme: "light" });
  await found.locator("mark").first().waitFor();
  await keep(found, "search");
} finally {
  await browser.close();
}

/** A customer who says all this, and then wants a person unless one comes anyway. */
async function customer(...messages) {
  const page = await visit(browser);
  const { launcher, panel, card } = pieces(page);
  await launcher.click();
  for (const message of messages) await say(page, message);
  if (await card.getByRole("button", { name: "Yes, do it" }).count()) await card.getByRole("button", { name: "Yes, do it" }).click();
  else await panel.getByRole("button", { name: "Talk to a person" }).last().click();
  await panel.getByText(/Waiting for a person|in line/).first().waitFor();
  return page;
}

async function keep(page, name) {
  // What has just come is still fading in.
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}
