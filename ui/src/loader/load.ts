// Fetches the panel and the customer's language as classic scripts: they load from another origin under the page's own content policy.

import { registry } from "../contract.ts";
import type { Strings } from "../languages/strings.ts";

/** The language's words, once the panel's script and the language's are here. */
export async function load(origin: string, nonce: string, language: string): Promise<Strings> {
  const shared = registry();
  const file = FILES.languages[language];
  await Promise.all([
    shared.panel || script(`${origin}/${FILES.panel}`, nonce),
    // Without its language the panel speaks English, which is better than not at all.
    !file || shared.languages[language] || script(`${origin}/${file}`, nonce).catch(() => {}),
  ]);
  const strings = shared.languages[language] ?? shared.english;
  if (!strings) throw new Error("the panel's script brought no words");
  return strings;
}

/** Pages that allow only trusted script addresses name this policy: `trusted-types patchbay`. */
const policy = (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("patchbay", { createScriptURL: (url) => url });

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

function script(src: string, nonce: string): Promise<void> {
  return new Promise((done, fail) => {
    const element = document.createElement("script");
    element.onload = () => {
      // Once it has run it is not needed on the page.
      element.remove();
      done();
    };
    element.onerror = () => fail(new Error(`${src} did not load`));
    element.nonce = nonce;
    element.src = policy?.createScriptURL(src) ?? src;
    document.head.append(element);
  });
}
