// Files in both directions: chosen, dropped and pasted by a customer, seen and answered with one by an agent.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { conversationOf, desk, parts } from "./staff.mjs";
import { launch, picture, pieces, replied, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const PDF = Buffer.from("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");

/** A picture of one colour after another, as a PNG. */
function png(width, height) {
  const crcs = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
  const crc = (bytes) => (bytes.reduce((sum, byte) => crcs[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, (_, y) => Buffer.from([0, ...Array.from({ length: width }, (_, x) => [40 + (x * 160) / width, 90, 60 + (y * 140) / height]).flat()]));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

const photo = { name: "broken lamp.png", mimeType: "image/png", buffer: png(320, 200) };
const receipt = { name: "receipt.pdf", mimeType: "application/pdf", buffer: PDF };

/** A customer with the panel open. */
async function customer(options) {
  const page = await visit(browser, options);
  await pieces(page).launcher.click();
  const clip = pieces(page).panel.getByRole("button", { name: "Attach files" });
  await clip.waitFor();
  return { page, clip, tray: pieces(page).panel.getByRole("list", { name: "Attach files" }), ...pieces(page) };
}

/** Picks files as the browser's own dialog would, by keyboard. */
async function choose(page, button, files) {
  const asked = page.waitForEvent("filechooser");
  await button.focus();
  await page.keyboard.press("Enter");
  await (await asked).setFiles(files);
}

test("a customer sends files, an agent sees them and sends one back", async () => {
  const { page, clip, tray, panel, field } = await customer();
  await say(page, "where is order 12345?");
  await choose(page, clip, [photo, receipt]);
  await tray.getByRole("listitem").nth(1).waitFor();
  await panel.getByText("receipt.pdf is ready to be sent").waitFor({ state: "attached" });
  await picture(page, "60-files-chosen");
  assert.deepEqual(await violations(page), []);

  // Either can be taken back, by keyboard.
  await choose(page, clip, [{ name: "wrong.txt", mimeType: "text/plain", buffer: Buffer.from("not this one") }]);
  await panel.getByRole("button", { name: "Remove wrong.txt" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await tray.getByRole("listitem").count(), 2);

  await field.fill("the lamp came broken");
  await field.press("Enter");
  await replied(page, "the lamp came broken");
  await panel.getByText("I have your 2 files (broken lamp.png, receipt.pdf), but I can't read files myself.").waitFor();
  const shown = panel.getByRole("img", { name: "broken lamp.png" });
  await shown.waitFor();
  assert.deepEqual(await shown.evaluate((image) => image.decode().then(() => [image.naturalWidth, image.naturalHeight])), [320, 200]);
  assert.equal(await tray.isVisible(), false);
  await picture(page, "61-files-sent");
  assert.deepEqual(await violations(page), []);

  await panel.getByRole("button", { name: "Talk to a person" }).click();
  await panel.getByText(/Waiting for a person|in line/).first().waitFor();
  const conversation = await page.evaluate(() => /cnv_\w+/.exec(JSON.stringify(Object.values(localStorage)))?.[0]);
  const agent = await desk(browser, { path: `/desk/c/${conversation}` });
  const { log, brief, reply } = parts(agent);
  await brief.getByText("sent 2 files: broken lamp.png, receipt.pdf").waitFor();
  const seen = log.getByRole("img", { name: "broken lamp.png" });
  await seen.waitFor();
  assert.deepEqual(await seen.evaluate((image) => image.decode().then(() => image.naturalWidth)), 320);
  // A picture opens beside the desk.
  const opened = agent.context().waitForEvent("page");
  await seen.click();
  await (await opened).close();

  await choose(agent, agent.getByRole("button", { name: "Attach files" }), [{ name: "return label.pdf", mimeType: "application/pdf", buffer: PDF }]);
  await agent.getByRole("button", { name: "Remove return label.pdf" }).waitFor();
  await reply.fill("Here is a label to send it back with.");
  await agent.locator("[data-attach]").waitFor();
  await picture(agent, "62-files-desk");
  assert.deepEqual(await violations(agent), []);
  await agent.locator("progress").waitFor({ state: "detached" });
  await reply.press("Enter");
  await log.locator(".agent").getByRole("button", { name: "return label.pdf" }).waitFor();

  const save = panel.getByRole("button", { name: "return label.pdf" });
  await save.waitFor();
  const saved = page.waitForEvent("download");
  await save.click();
  const download = await saved;
  assert.equal(download.suggestedFilename(), "return label.pdf");
  assert.deepEqual(await readFile(await download.path()), PDF);
  await picture(page, "63-files-back");
  assert.deepEqual([...page.mistakes, ...agent.mistakes], []);

  // What was sent is there again after a reload.
  await page.reload();
  await panel.getByRole("img", { name: "broken lamp.png" }).waitFor();
});

test("files are dropped and pasted, and what is refused says why and stops nothing", async () => {
  const { page, tray, panel, field } = await customer();
  const hand = (files) => page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { name, type, bytes } of files) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    return data;
  }, files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, bytes: [...buffer] })));
  const data = await hand([photo, { ...receipt, name: "really a program.png", mimeType: "image/png" }]);
  await panel.dispatchEvent("dragover", { dataTransfer: data });
  await page.locator("patchbay-widget .panel.over").waitFor();
  await picture(page, "64-files-over");
  await panel.dispatchEvent("drop", { dataTransfer: data });
  await tray.getByRole("alert").getByText("its content is not").waitFor();
  await picture(page, "65-files-refused");
  assert.deepEqual(await violations(page), []);

  const pasted = await hand([{ ...photo, name: "image.png" }]);
  await field.evaluate((element, data) => element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true })), pasted);
  await panel.getByText("image.png is ready to be sent").waitFor({ state: "attached" });
  await field.press("Enter");
  await panel.getByText("I have your 2 files (broken lamp.png, image.png)").waitFor();
  assert.equal(await panel.getByRole("img").count(), 2);
  assert.deepEqual(page.mistakes.filter((mistake) => !mistake.includes("415")), []);
});

for (const options of [{ viewport: { width: 360, height: 700 }, colorScheme: "dark" }, { locale: "ar" }]) {
  test(`files fit the panel: ${JSON.stringify(options)}`, async () => {
    const page = await visit(browser, options);
    await pieces(page).launcher.click();
    const { panel } = pieces(page);
    const input = panel.locator("input[type=file]");
    await panel.locator(".composer > .icon:visible").waitFor();
    const long = { ...receipt, name: `${"a very long name of a file ".repeat(6)}.pdf` };
    await input.setInputFiles([photo, long, { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }]);
    await panel.locator(".tray .failed").waitFor();
    await panel.locator(".tray progress").first().waitFor({ state: "detached" });
    assert.equal(await panel.evaluate((element) => element.scrollWidth <= element.clientWidth), true);
    await picture(page, `66-files-${options.locale ?? "phone"}`);
    assert.deepEqual(await violations(page), []);
  });
}

for (const [name, options] of Object.entries({ wide: {}, small: { viewport: { width: 320, height: 640 } }, dark: { colorScheme: "dark" } })) {
  test(`the desk's tray reads from right to left: ${name}`, async () => {
    const asking = await visit(browser);
    await pieces(asking).launcher.click();
    await say(asking, "which plan do I have?");
    const agent = await desk(browser, { path: `/desk/c/${await conversationOf(asking)}`, ...options });
    await parts(agent).reply.waitFor();
    await agent.evaluate(() => (document.documentElement.dir = "rtl"));
    const long = { ...receipt, name: `${"ملف طويل جدا ".repeat(8)}.pdf` };
    await choose(agent, agent.getByRole("button", { name: "Attach files" }), [photo, long, { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }]);
    const tray = agent.getByRole("list", { name: "Attach files" });
    await tray.getByRole("alert").waitFor();
    await agent.locator(".tray progress").first().waitFor({ state: "detached" });
    await picture(agent, `67-tray-rtl-${name}`);
    // The sign stands before the name, the cross after it, and all of it within the tray.
    const first = tray.getByRole("listitem").first();
    const [sign, cross, bounds] = await Promise.all([first.locator("svg").first().boundingBox(), first.getByRole("button").boundingBox(), tray.boundingBox()]);
    assert.ok(sign.x > cross.x, "the first thing is on the right");
    for (const item of await tray.getByRole("listitem").all()) {
      const box = await item.boundingBox();
      assert.ok(box.x >= bounds.x - 1 && box.x + box.width <= bounds.x + bounds.width + 1, "nothing sticks out");
    }
    assert.equal(await agent.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    const send = await agent.getByRole("button", { name: "Send" }).boundingBox();
    assert.ok(send.y + send.height <= agent.viewportSize().height, "files do not push the button off the screen");
    assert.equal(await tray.locator("bdi", { hasText: "bytes" }).first().evaluate((size) => getComputedStyle(size).direction), "ltr", "a size is not turned round");
    assert.deepEqual(await violations(agent), []);
    await tray.getByRole("button", { name: "Remove broken lamp.png" }).press("Enter");
    await agent.waitForFunction(() => document.querySelectorAll(".tray li").length === 2);
    assert.equal(await agent.evaluate(() => document.activeElement?.tagName), "TEXTAREA", "one goes on to write");
  });
}
