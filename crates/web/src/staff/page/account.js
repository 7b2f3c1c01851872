// The page of one's own account: shows the ways to sign in, adds and removes them.
const at = (id) => document.getElementById(id);
const said = at("said");
const KINDS = { code: "Code app", passkey: "Passkey" };
let secret = "";

at("key").hidden = !(typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in PublicKeyCredential);
at("add-key").addEventListener("click", () => attempt(addKey, "The passkey is added."));
at("offer").addEventListener("click", () => attempt(offer, ""));
at("password").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(setPassword, "The password is set.");
});
at("app").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(connect, "The code app is connected.");
});
at("invite").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(invite, "");
});
void attempt(() => call("GET", "/v1/staff/me"), "");

async function attempt(work, done) {
  try {
    const me = await work();
    if (me?.factors) draw(me);
    said.textContent = done;
  } catch (error) {
    if (error.code === "staff_required") return location.replace("/sign-in?next=/account");
    said.textContent = error?.name === "NotAllowedError" ? "Nothing was added." : (error.detail ?? "The server cannot be reached. Check the connection and try again.");
  }
}

function draw(me) {
  at("who").textContent = [me.name, me.email, me.roles.join(", ")].filter(Boolean).join(" · ");
  at("empty").hidden = me.factors.length > 0;
  if (me.roles.includes("admin")) void colleagues().catch(() => {});
  at("factors").replaceChildren(
    ...me.factors.map(({ id, kind, label }) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = `${KINDS[kind] ?? kind} · ${label}`;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "quiet";
      remove.textContent = "Remove";
      remove.setAttribute("aria-label", `Remove ${name.textContent}`);
      remove.addEventListener("click", () => attempt(() => call("DELETE", `/v1/staff/me/factors/${id}`), "It is removed."));
      row.append(name, remove);
      return row;
    }),
  );
}

async function colleagues() {
  const { data } = await call("GET", "/v1/staff");
  at("staff").hidden = false;
  at("colleagues").replaceChildren(
    ...data.map((one) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = [one.name, one.email, one.roles.join(", "), one.active ? "" : "has left"].filter(Boolean).join(" · ");
      const act = one.active ? button("New link", name, () => show(() => call("POST", `/v1/staff/${one.id}/link`, {}))) : undefined;
      const turn = button(one.active ? "Sign out for good" : "Bring back", name, () => change(one.id, !one.active));
      row.append(name, ...(act ? [act, turn] : [turn]));
      return row;
    }),
  );
}

function button(text, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  made.setAttribute("aria-label", `${text}: ${name.textContent}`);
  made.addEventListener("click", () => attempt(act, ""));
  return made;
}

async function change(id, active) {
  await call("PATCH", `/v1/staff/${id}`, { active });
  await colleagues();
}

async function invite() {
  const { name, email } = at("invite");
  const roles = [...at("invite").querySelectorAll("[name=roles]:checked")].map((box) => box.value);
  await show(() => call("POST", "/v1/staff", { name: name.value, email: email.value || null, roles }));
  at("invite").reset();
}

/** A fresh link, to be passed on by hand. */
async function show(make) {
  const { member, link } = await make();
  at("whose").textContent = member.name;
  at("new-link").textContent = link;
  at("invited").hidden = at("new-link").parentElement.hidden = false;
  await colleagues();
}

async function addKey() {
  const { ceremony, options } = await call("POST", "/v1/staff/me/passkey", {});
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
  const credential = await navigator.credentials.create({ publicKey });
  const label = navigator.userAgentData?.platform || "this device";
  return call("POST", "/v1/staff/me/passkey/answer", { ceremony, credential: credential.toJSON(), label });
}

async function setPassword() {
  await call("PUT", "/v1/staff/me/password", { password: at("password").password.value });
  at("password").reset();
}

async function offer() {
  const offered = await call("POST", "/v1/staff/me/code", {});
  secret = offered.secret;
  at("secret").textContent = secret.replace(/(.{4})/g, "$1 ").trim();
  at("link").href = offered.link;
  at("app").hidden = false;
  at("app").code.focus();
}

async function connect() {
  const me = await call("POST", "/v1/staff/me/code/app", { secret, code: at("app").code.value.replaceAll(" ", ""), label: "code app" });
  at("app").hidden = true;
  at("app").reset();
  return me;
}

async function call(method, path, body) {
  const headers = { "Patchbay-Desk": "1", ...(body && { "Content-Type": "application/json" }) };
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const answer = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw answer;
  return answer;
}
