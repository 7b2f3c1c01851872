// The page that signs somebody in: with a passkey of the device, or with a password and a code.
const wanted = new URLSearchParams(location.search).get("next") ?? "";
// Only pages of the desk are gone on to, never another site.
const next = /^\/(desk(\/[\w./-]*)?|account)$/.test(wanted) ? wanted : "/desk";
const said = document.getElementById("said");
const form = document.getElementById("proof");
const passkey = document.getElementById("passkey");

const able = typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
passkey.hidden = document.getElementById("or").hidden = !able;
passkey.addEventListener("click", () => attempt(withPasskey));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(withCode);
});

async function attempt(way) {
  said.textContent = "Signing in…";
  try {
    const problem = await way();
    if (!problem) return location.replace(next);
    said.textContent = problem.detail;
  } catch (error) {
    // Somebody closed the device's own window.
    said.textContent = error?.name === "NotAllowedError" ? "Nothing was used." : "The server cannot be reached. Check the connection and try again.";
  }
}

async function withCode() {
  const { email, password, code } = Object.fromEntries(new FormData(form));
  const problem = await post("/v1/staff/sign-in/password", { email, password, code: code.replaceAll(" ", "") });
  if (problem.refused) form.code.value = "";
  return problem.refused;
}

async function withPasskey() {
  const asked = await post("/v1/staff/sign-in/passkey");
  if (asked.refused) return asked.refused;
  const { ceremony, options } = asked.answer;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  const credential = await navigator.credentials.get({ publicKey });
  return (await post("/v1/staff/sign-in/passkey/answer", { ceremony, credential: credential.toJSON() })).refused;
}

async function post(path, body = {}) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "Patchbay-Desk": "1" }, body: JSON.stringify(body) });
  const answer = await response.json();
  return response.ok ? { answer } : { refused: answer };
}
