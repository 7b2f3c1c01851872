// Every kind of event on the screen, from a told story: also what a short demo does not reach, such as agents and failed writes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, picture, pieces, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const later = new Date(Date.now() + 600_000).toISOString();
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const card = (id, effect) => ({
  turn: "trn_1",
  proposal: { id, tool: "refund", args: { order_id: "12345" }, object: { order: { status: "paid", total: { amount: 5900, currency: "EUR" } } }, effect, expires: later, digest: "d" },
});

const STORY = [
  ["message", { message: "msg_1", client: null, by: "customer", text: "my card is [card ending 4242], where is my order?", masked: ["card"] }],
  ["part", { turn: "trn_1", part: 1, text: "I have hidden the card number. Please never send it here.", facts: [], citations: [] }],
  [
    "part",
    {
      turn: "trn_1",
      part: 2,
      text: "It is at the Osaka depot, due 20 Nov.",
      facts: [{ name: "a", source: "orders", fetched_at: ago(4), class: "live" }, { name: "b", source: "parcel_tracking", fetched_at: ago(150), class: "live" }],
      citations: [{ id: "c", title: "Delivery times" }],
    },
  ],
  ["closed", { turn: "trn_1", status: "answered", refusal: null }],
  ["question", { turn: "trn_2", question: { slot: "order_id", kind: "choice", text: "Which order do you mean?", choices: [{ value: "12345", label: "12345 · paid" }, { value: "12346", label: "12346 · shipped" }] } }],
  ["proposal", card("act_1", "Refund 59.00 EUR?")],
  ["action", { action: "act_1", state: "confirmed", verified: null }],
  ["action", { action: "act_1", state: "failed", verified: null }],
  ["proposal", card("act_2", "Refund 59.00 EUR to your card?")],
  ["action", { action: "act_2", state: "cancelled", verified: null }],
  ["state", { state: "waiting", by: null, position: 2, expected_wait_s: 170, open: true, opens_at: null }],
  ["state", { state: "open", by: "Jun" }],
  ["message", { message: "msg_2", client: null, by: "agent", name: "Jun", text: "Hello, Jun here. I have just sent it again.", masked: [] }],
  ["state", { state: "bot" }],
  ["question", { turn: "trn_3", question: { slot: "why", kind: "choice", text: "Did that help?", choices: [{ value: "yes", label: "Yes" }, { value: "no", label: "Not yet" }] } }],
];

/** The stream's text: the events with their places, and a part sent twice as after a reconnect. */
function stream([first, second, ...rest]) {
  const text = ([kind, data], n) => `id: ${n + 1}\nevent: ${kind}\ndata: ${JSON.stringify({ at: ago(1), ...data })}\n\n`;
  return [first, second, second, ...rest].map(text).join("");
}

/** A server that tells this story to whoever asks. */
async function told(options, events = STORY) {
  const page = await visit(browser, options);
  const sent = [];
  const answer = (route, status, body) => route.fulfill({ status, contentType: status < 400 ? "application/json" : "application/problem+json", body: JSON.stringify(body) });
  let followed = 0;
  await page.route("**/v1/**", (route) => {
    const url = new URL(route.request().url()).pathname;
    if (url.endsWith("/sessions")) return answer(route, 201, { visitor: "vis_1", token: "pass", expires: new Date(Date.now() + 30 * 86_400_000).toISOString(), level: "anonymous" });
    if (url.endsWith("/conversations")) return answer(route, 201, { id: "cnv_1", state: "bot", language: "en" });
    if (url.endsWith("/events")) return followed++ ? new Promise(() => {}) : route.fulfill({ contentType: "text/event-stream", body: stream(events) });
    if (url.endsWith("/messages")) {
      sent.push(route.request().postDataJSON());
      return sent.length > 1 ? answer(route, 422, { code: "message_too_long", detail: "" }) : answer(route, 202, { conversation: "cnv_1", message: "msg_1", turn: null, seq: 1 });
    }
    if (url.endsWith("/ratings") || url.endsWith("/person")) {
      sent.push([url.split("/").at(-1), route.request().postDataJSON()]);
      return answer(route, 201, {});
    }
    if (url.includes("/passages/")) return answer(route, 200, { title: "Delivery › Delivery times", text: "Parcels take two days.\n\nTo islands they take four." });
    if (url.includes("/actions/")) return answer(route, 410, { code: "confirmation_expired", detail: "" });
    return answer(route, 200, { seq: 0 });
  });
  await pieces(page).launcher.click();
  await pieces(page).field.fill("hello");
  await pieces(page).field.press("Enter");
  return { page, sent, ...pieces(page) };
}

for (const colorScheme of ["light", "dark"]) {
  test(`every kind of event is shown: ${colorScheme}`, async () => {
    const { page, panel, sent } = await told({ colorScheme, viewport: { width: 1280, height: 1500 } });
    await panel.getByRole("button", { name: "Not yet" }).waitFor();
    await page.evaluate(() => (document.querySelector("patchbay-widget").shadowRoot.querySelector(".panel").style.blockSize = "1380px"));
    const chips = (await panel.locator(".chip").allTextContents()).map((text) => text.replace(/^Source: |\b\d+s/g, ""));
    assert.deepEqual(chips, ["Orders ·  ago", "Parcel tracking · 2m ago", "Delivery times"]);
    assert.equal(await panel.getByRole("button", { name: "12345 · paid" }).count(), 0, "an old question offers nothing");
    assert.deepEqual(await panel.locator(".result").allInnerTexts(), ["It did not work", "Left as it is"]);
    assert.deepEqual(await panel.locator(".note").allInnerTexts(), ["Handed over to our team", "Jun has joined", "The assistant is back"]);
    await panel.locator("summary").last().click();
    await picture(page, `20-story-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
    await panel.getByRole("button", { name: "Not yet" }).click();
    await panel.getByText("Not sent. The message is too long.").waitFor();
    assert.deepEqual({ ...sent[1], id: "" }, { id: "", text: "Not yet", picked: "no" });
    await panel.getByRole("button", { name: "Try again" }).click();
    await panel.getByText("Not sent.").waitFor();
    assert.deepEqual(sent[2], sent[1], "the same message under the same id");
    await picture(page, `21-story-failed-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
  });
}

test("progress is said in the server's words, and a card that has expired says so", async () => {
  const { panel, page } = await told({}, [STORY[0], STORY[2], ["proposal", card("act_9", "Refund?")], ["message", STORY[0][1]], ["progress", { text: "Looking up your order…" }]]);
  await panel.getByText("Looking up your order…").waitFor();
  await picture(page, "22-progress");
  await panel.getByRole("button", { name: "Yes, do it" }).click();
  await panel.locator(".result", { hasText: "This offer has expired. Please ask again." }).waitFor();
  assert.equal(await panel.locator(".actions").isVisible(), false);
});

const ANSWER = [STORY[0], STORY[2], STORY[3]];

test("a passage opens from its chip, by keyboard alone, and gives the keyboard back", async () => {
  const { panel, page } = await told({}, ANSWER);
  const chip = panel.getByRole("button", { name: "Read “Delivery times”" });
  await chip.focus();
  await page.keyboard.press("Enter");
  await panel.getByRole("heading", { name: "Delivery › Delivery times" }).waitFor();
  assert.deepEqual(await panel.locator(".text p").allInnerTexts(), ["Parcels take two days.", "To islands they take four."]);
  await picture(page, "23-passage");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await panel.locator(".reader").isVisible(), false);
  assert.equal(await chip.evaluate((element) => element.getRootNode().activeElement === element), true);
});

test("an answer is rated with a thumb, and a no may say why", async () => {
  const { panel, page, sent } = await told({}, ANSWER);
  await panel.getByRole("button", { name: "Not helpful" }).click();
  await panel.getByRole("textbox", { name: "What was missing or wrong?" }).fill("no address");
  await picture(page, "24-thumbs");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await panel.getByText("Thank you!").waitFor();
  assert.deepEqual(sent.slice(1), [
    ["ratings", { kind: "helpful", turn: "trn_1", score: 0 }],
    ["ratings", { kind: "helpful", turn: "trn_1", score: 0, reason: "no address" }],
  ]);
});

test("the survey takes stars and a word, once", async () => {
  const { panel, page, sent } = await told({}, [...ANSWER, ["state", { state: "resolved", by: "Jun" }], ["survey", { kind: "csat" }]]);
  await panel.getByRole("radio", { name: "1 of 5" }).focus();
  for (let star = 1; star < 4; star++) await page.keyboard.press("ArrowRight");
  await panel.getByRole("textbox", { name: "What could we do better?" }).fill("quicker, please");
  await picture(page, "25-survey");
  assert.deepEqual(await violations(page), []);
  await panel.locator(".survey").getByRole("button", { name: "Send" }).click();
  await panel.locator(".survey").getByText("Thank you!").waitFor();
  assert.deepEqual(sent.slice(1), [["ratings", { kind: "csat", score: 4, reason: "quicker, please" }]]);
  assert.equal(await panel.getByRole("radio", { name: "2 of 5" }).isDisabled(), true);
});

test("whoever waits sees their place in line, or when people are back", async () => {
  const waiting = (line) => ["state", { state: "waiting", by: null, ...line }];
  const inLine = await told({}, [...ANSWER, waiting({ position: 2, expected_wait_s: 170, open: true, opens_at: null })]);
  await inLine.panel.getByText("Waiting for a person · Place in line: 2 · about 3 min").waitFor();
  await picture(inLine.page, "26-in-line");
  const closed = await told({ timezoneId: "UTC" }, [...ANSWER, waiting({ position: 1, expected_wait_s: null, open: false, opens_at: "2026-11-23T09:00:00Z" })]);
  await closed.panel.getByText("We are closed until Monday").waitFor();
});

test("a person is asked for by the button's own address", async () => {
  const { panel, sent } = await told({}, ANSWER);
  await panel.getByRole("button", { name: "Talk to a person" }).click();
  await panel.page().waitForTimeout(300);
  assert.deepEqual(sent.slice(1), [["person", null]]);
});
