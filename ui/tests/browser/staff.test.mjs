// Ways in for the staff: a link once, then a passkey or a password with a code.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { desk } from "./staff.mjs";
import { BASE_URL, launch, picture, violations } from "./stage.mjs";

const PASSWORD = "a long walk by the harbour";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** The code an app shows for a secret (RFC 6238), half minutes from now. */
function code(secret, later = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", key).update(step).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a member of the staff adds ways to sign in, and signs in with each of them", async () => {
  const page = await desk(browser);
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  const device = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devices.send("WebAuthn.addVirtualAuthenticator", { options: device });

  await page.goto(`${BASE_URL}/account`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("The passkey is added.").waitFor();
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("The password is set.").waitFor();
  await page.getByRole("button", { name: "Connect a code app" }).click();
  await page.locator("#app").waitFor();
  const secret = await page.locator("#secret").innerText();
  await page.getByLabel("The code it shows").fill(code(secret));
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("The code app is connected.").waitFor();
  await picture(page, "40-account");
  assert.deepEqual(await violations(page), []);
  const email = (await page.locator("#who").innerText()).split(" · ")[1];

  await page.context().clearCookies();
  await page.goto(`${BASE_URL}/sign-in`);
  assert.deepEqual(await violations(page), []);
  await picture(page, "41-sign-in");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL("**/desk");

  await page.context().clearCookies();
  await page.goto(`${BASE_URL}/sign-in?next=/account`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("not the password at all");
  await page.getByLabel("Code of your app").fill(code(secret, 1));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Check address, password and code").waitFor();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Code of your app").fill(code(secret, 1));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/account");
  assert.deepEqual(page.mistakes.filter((one) => !one.includes("401")), []);
});
