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
  ["state", { state: "waiting" }],
  ["state", { state: "open" }],
  ["message", { message: "msg_2", client: null, by: "agent", text: "Hello, Jun here. I have just sent it again.", masked: [] }],
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
    assert.deepEqual(await panel.locator(".note").allInnerTexts(), ["Handed over to our team", "A person has joined", "The assistant is back"]);
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
