// The page of a one-time link: one press uses it up. Whoever is signed in already goes on at once.
const given = new URLSearchParams(location.search);
const token = given.get("t");
const wanted = given.get("next") ?? "";
// Only pages of the desk are gone on to, never another site.
const next = /^\/desk(\/[\w./-]*)?$/.test(wanted) ? wanted : "/desk";
const said = document.getElementById("said");
const press = document.getElementById("press");

if (token) {
  document.getElementById("link").hidden = false;
  press.focus();
  press.addEventListener("click", start);
} else {
  const known = signedIn();
  known.then((yes) => (yes ? location.replace(next) : (document.getElementById("none").hidden = false)));
}

async function signedIn() {
  try {
    return (await fetch("/v1/staff/me")).ok;
  } catch {
    return false;
  }
}

async function start() {
  press.disabled = true;
  said.textContent = "Signing in…";
  try {
    const answer = await fetch("/v1/staff/start", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Patchbay-Desk": "1" },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) return location.replace(next);
    const problem = await answer.json();
    // Pressed twice, or opened again by somebody who got in: the session is what counts.
    if (problem.code === "start_link_used" && (await signedIn())) return location.replace(next);
    said.textContent = problem.code === "start_link_used" ? "This link was used or has expired. Ask for a new one." : problem.detail;
    press.disabled = problem.code === "start_link_used";
  } catch {
    said.textContent = "The server cannot be reached. Check the connection and press again.";
    press.disabled = false;
  }
}
