// The figures in a browser: numbers with their meaning, their rows and their tables; filters in the address; nothing for axe.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk } from "./staff.mjs";
import { launch, picture, pieces, say, violations, visit } from "./stage.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** The figures' page; with what the server says of a made-up quarter, where the demo's own conversations still run. */
async function figures(path = "/desk/figures", options = {}) {
  const page = await desk(browser, { path: "/desk", ...options });
  await page.route("**/v1/insight/figures?*", answer);
  await page.route("**/v1/insight/figures", answer);
  await page.goto(new URL(path, page.url()).href);
  await page.locator(".tiles, .empty, .failure").first().waitFor();
  return page;
}

/** The server's own answer with the cases of a whole quarter: the demo is minutes old. */
async function answer(route) {
  const response = await route.fetch();
  const body = await response.json();
  if (response.ok()) fill(body);
  await route.fulfill({ response, json: body });
}

const wilson = (count, n) => {
  const [z, p] = [1.96, count / n];
  const [middle, half] = [(p + (z * z) / (2 * n)) / (1 + (z * z) / n), (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))];
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
};

function fill(body) {
  const days = Array.from({ length: 28 }, (_, day) => new Date(Date.parse(body.to) - (27 - day) * 86_400_000).toISOString().slice(0, 10));
  const course = (share, n) => days.map((at, day) => ({ at, count: Math.round(share * (n + (day % 7))), n: n + (day % 7), value: share * (0.9 + (day % 5) / 40) }));
  const part = (name, count, n) => ({ name, value: count / n, count, n, interval: wilson(count, n), few: n < 30, change: { value: 0.04, interval: [0.01, 0.07] }, course: course(count / n, 20) });
  const parts = {
    outcomes: Object.entries({ abandoned: 40, unassisted: 25, escalated: 60, assisted_escalation: 75, contained: 320, verified: 180 }).map(([name, count]) => part(name, count, 700)),
    escalation_reasons: Object.entries({ asked_for_human: 70, no_answer: 45, backend_down: 20 }).map(([name, count]) => part(name, count, 135)),
    drop_off: ["1", "2", "3"].map((name, n) => part(name, 35 - 10 * n, 65)),
    volume: Array.from({ length: 168 }, (_, hour) => part(`${Math.floor(hour / 24) + 1}-${String(hour % 24).padStart(2, "0")}`, hour % 24 > 7 ? 6 + (hour % 5) : 1, 700)),
    inquiries: Object.entries({ where_is_it: 320, knowledge: 200, cancel: 160, talk: 20 }).map(([name, count]) => part(name, count, 700)),
    failing_topics: [part("cancel", 70, 160), part("where_is_it", 30, 320), part("talk", 15, 20)],
    depth: [{ ...part("p90", 4, 700), value: 4 }, { ...part("contained", 2, 320), value: 2 }],
    csat: [{ ...part("bot", 40, 40), value: 4.2 }, { ...part("person", 20, 20), value: 3.6 }],
  };
  const times = { first_answer: 1_600, wait_for_person: 190_000, resolution_time: 310_000 };
  for (const figure of body.figures) {
    const share = figure.unit === "share";
    Object.assign(figure, { n: figure.name === "helpful" ? 12 : 700, count: 420, few: figure.name === "helpful", value: share ? 0.6 : 700, interval: share ? wilson(420, 700) : null });
    Object.assign(figure, { course: course(0.6, 20), change: share ? { value: -0.02, interval: [-0.05, 0.01] } : null, parts: parts[figure.name] ?? [] });
    if (times[figure.name]) Object.assign(figure, { value: times[figure.name], course: [], interval: [times[figure.name] * 0.9, times[figure.name] * 1.2] });
    if (figure.name === "csat") Object.assign(figure, { value: 3.9, n: 60, interval: [3.7, 4.1], standing: "watch", spread: [1, 2, 3, 4, 5].map((value) => ({ value, count: value * 4 })), course: course(4, 3).map((point) => ({ ...point, value: 3.9 })) });
    if (figure.name === "depth") Object.assign(figure, { value: 2, spread: [1, 2, 3, 4, 12].map((value) => ({ value, count: 300 / value })), course: [] });
  }
  body.channels = ["web", "app"];
}

test("every number opens its meaning and its conversations, and every drawing is a table as well", async () => {
  const page = await figures();
  await page.getByRole("heading", { level: 1, name: "Figures" }).waitFor();
  await page.getByRole("link", { name: "What “Durable” means" }).click();
  const meaning = page.getByRole("dialog", { name: "Durable" });
  await meaning.getByText(/÷ conversations that ended at least durable_after ago/).waitFor();
  assert.match(page.url(), /meaning=durable/);
  await page.keyboard.press("Escape");
  await meaning.waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "Conversations behind “Durable”", exact: true }).click();
  await page.getByRole("dialog", { name: /^Durable/ }).waitFor();
  await page.goBack();
  await page.getByRole("dialog").waitFor({ state: "hidden" });

  for (const name of ["Where conversations end", "CSAT", "When customers write", "Messages per conversation", "Where customers leave", "Why people took over"]) {
    const frame = page.getByRole("region", { name, exact: true }).first();
    await frame.getByRole("button", { name: `Table: ${name}` }).click();
    assert.ok((await frame.getByRole("table").getByRole("row").count()) > 1, `${name} has a table`);
  }
  assert.ok((await page.getByText("Fewer than 30: says little").count()) > 0, "a figure on too few says so");
  assert.deepEqual(page.mistakes, []);
});

test("filters stand in the address, and back takes them away", async () => {
  const page = await figures();
  await page.getByRole("combobox", { name: "Split by" }).selectOption("topic");
  await page.waitForURL(/by=topic/);
  await page.getByRole("link", { name: "The last 7 days" }).click();
  await page.waitForURL(/from=\d{4}-\d\d-\d\d/);
  await page.getByRole("link", { name: "The last 7 days" }).and(page.locator("[aria-current]")).waitFor();
  await page.goBack();
  await page.goBack();
  assert.equal(new URL(page.url()).search, "");
  // What cannot be meant is said in words.
  const wrong = await desk(browser, { path: "/desk/figures?from=2026-11-20&to=2026-11-01" });
  await wrong.getByRole("alert").getByText(/2026-11-20 is after 2026-11-01/).waitFor();
});

test("the demo's own conversations run, and are said to be counted nowhere yet", async () => {
  const customer = await visit(browser);
  await pieces(customer).launcher.click();
  await say(customer, "where is order 12345?");
  const page = await desk(browser, { path: "/desk/figures" });
  // Beside the figures of those that ended, or alone where none has.
  await page.getByText(/still runs? and (is|are) counted nowhere yet|conversations? (is|are) still running/).waitFor();
  await picture(page, "42-figures-running");
});

const WAYS = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["rtl", { colorScheme: "light" }],
  ["narrow", { colorScheme: "light", viewport: { width: 320, height: 800 } }],
];

for (const [name, options] of WAYS) {
  test(`nothing for axe to say: figures ${name}`, async () => {
    const page = await figures("/desk/figures", options);
    if (name === "rtl") await page.evaluate(() => (document.documentElement.dir = "rtl"));
    assert.deepEqual(await violations(page), []);
    const sides = await page.evaluate(() => document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth);
    assert.ok(sides <= 0, `nothing hangs over the side: ${sides}`);
    await picture(page, `40-figures-${name}`);
    await page.goto(`${page.url()}?meaning=durable`);
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.goto(page.url().replace(/meaning=\w+/, "rows=conversations"));
    await page.getByRole("dialog").locator("table, p.muted").first().waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, `41-rows-${name}`);
  });
}
