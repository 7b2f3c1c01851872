// Conversations that become one, that are parted again, and that go on in another one: at the desk and in the widget.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ownDemo } from "./demo.mjs";
import { conversationOf, desk, parts, tabTo } from "./staff.mjs";
import { launch, picture, pieces, replied, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Mika, in a browser of her own, having said this. */
async function asked(words, options) {
  const page = await visit(browser, options);
  await pieces(page).launcher.click();
  await say(page, words);
  return { page, conversation: await conversationOf(page), ...pieces(page) };
}

test("two conversations of one customer become one and are parted again", async () => {
  const first = await asked("which plan do I have?");
  const second = await asked("where is order 12288?");
  await first.field.fill("and one more thing");
  const agent = await desk(browser, { path: `/desk/c/${first.conversation}` });
  const { log } = parts(agent);
  await log.waitFor();
  await tabTo(agent, agent.getByRole("button", { name: "More actions" }));
  await tabTo(agent, agent.getByRole("button", { name: "Merge…" }));
  const dialog = agent.getByRole("dialog", { name: "Merge into another conversation" });
  const into = dialog.locator(`input[value="${second.conversation}"]`);
  await into.waitFor();
  await into.check();
  await picture(agent, "80-merge");
  assert.deepEqual(await violations(agent), []);
  await tabTo(agent, dialog.getByRole("button", { name: "Merge", exact: true }));
  await agent.waitForURL(`**/desk/c/${second.conversation}*`);
  const merged = log.getByRole("group").filter({ hasText: "Merged into this one by" });
  await merged.getByText("which plan do I have?").waitFor();
  await log.getByText("where is order 12288?").waitFor();
  await picture(agent, "81-merged");
  assert.deepEqual(await violations(agent), []);

  // The customer goes on there, with what they had begun to write, and still sees what was said.
  await first.panel.getByText("The conversation goes on here.").waitFor();
  assert.equal(await first.field.inputValue(), "and one more thing");
  assert.equal(await first.panel.locator(".mine .bubble", { hasText: "which plan do I have?" }).count(), 1);
  await first.panel.getByText(/Order 12288 is/).first().waitFor();
  const rows = await first.panel.locator(".log > *").evaluateAll((all) => all.map((one) => (one.classList.contains("note") ? "—" : one.querySelector(".thumbs") ? "thumbs" : "")));
  assert.ok(rows.indexOf("thumbs") > rows.lastIndexOf("—"), "what has ended is not rated any more");
  await picture(first.page, "82-merged-widget");
  assert.deepEqual(await violations(first.page), []);
  await first.field.press("Enter");
  await log.getByText("and one more thing").waitFor();
  await second.panel.locator(".mine .bubble", { hasText: "and one more thing" }).waitFor();
  assert.equal(await conversationOf(first.page), second.conversation);

  // The one merged away is read only, and says where it went.
  const away = await desk(browser, { path: `/desk/c/${first.conversation}` });
  await away.getByRole("link", { name: "Merged into another conversation" }).waitFor();
  await away.getByText("This conversation has ended. You can leave a note.").waitFor();
  assert.equal(await parts(away).reply.count(), 0);
  await parts(away).customer.getByRole("article").first().waitFor();
  assert.equal(await parts(away).customer.getByRole("button", { name: /device…|plan/ }).count(), 0, "nothing is done in it any more");
  await picture(away, "83-merged-away");
  assert.deepEqual(await violations(away), []);

  await tabTo(agent, merged.getByRole("button", { name: "Take the merge back" }));
  await merged.waitFor({ state: "detached" });
  await away.getByRole("link", { name: "Merged into another conversation" }).waitFor({ state: "detached" });
  await parts(away).reply.waitFor();
  assert.deepEqual([...agent.mistakes, ...first.page.mistakes], []);
});

test("after the time to reopen has passed, what the customer writes begins a new conversation that both sides know of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "patchbay-closed-"));
  let demo;
  try {
    demo = await ownDemo("--data", folder);
    await demo.stop();
    const file = join(folder, "patchbay.yaml");
    const text = await readFile(file, "utf8");
    assert.ok(!/^conversations:/m.test(text));
    await writeFile(file, `${text}\nconversations: { reopen: 1s }\n`);
    demo = await ownDemo("--data", folder);

    const customer = await asked("where is order 12345?", { path: demo.address("Shop") });
    const agent = await visit(browser, { path: demo.address("Desk"), viewport: { width: 1440, height: 900 } });
    await agent.getByRole("button").first().click();
    await agent.waitForURL("**/desk");
    await agent.goto(new URL(`/desk/c/${customer.conversation}`, agent.url()).href);
    await parts(agent).log.waitFor();
    await customer.field.fill("it came, but it is broken");
    await agent.keyboard.press("Alt+KeyE");
    await agent.locator(".head").getByText("Closed", { exact: true }).waitFor();
    assert.equal(await customer.field.inputValue(), "it came, but it is broken");
    await customer.field.press("Enter");
    await customer.panel.getByText("The conversation goes on here.").waitFor();
    await customer.panel.locator(".mine .bubble", { hasText: "it came, but it is broken" }).waitFor();
    assert.equal(await customer.panel.locator(".mine .bubble", { hasText: "where is order 12345?" }).count(), 1, "what was said is still there");
    // What is still coming in is fading in.
    await replied(customer.page, "it came, but it is broken");
    await picture(customer.page, "84-successor-widget");
    assert.deepEqual(await violations(customer.page), []);
    const next = await conversationOf(customer.page);
    assert.notEqual(next, customer.conversation);

    await tabTo(agent, agent.getByRole("link", { name: "Goes on in another conversation" }));
    await agent.waitForURL(`**/desk/c/${next}*`);
    await parts(agent).log.getByText("it came, but it is broken").waitFor();
    assert.equal(await parts(agent).log.getByText("it came, but it is broken").count(), 1, "once, although it was sent to both");
    await picture(agent, "85-successor-desk");
    assert.deepEqual(await violations(agent), []);
    await tabTo(agent, agent.getByRole("link", { name: "Follows an earlier conversation" }));
    await agent.waitForURL(`**/desk/c/${customer.conversation}*`);
    // After a reload the widget is where it was led to.
    await customer.page.reload();
    await customer.panel.locator(".mine .bubble", { hasText: "it came, but it is broken" }).waitFor();
  } finally {
    await demo?.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
