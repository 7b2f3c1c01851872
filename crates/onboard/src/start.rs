//! The files a company begins with: five answers become a configuration that is right, and says at each place what comes next.

use crate::yaml::{list, quoted};
use std::collections::BTreeMap;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The company's name as customers read it.
    pub name: String,
    /// The language of its texts (BCP 47).
    pub language: String,
    /// Its time zone (IANA).
    pub zone: String,
    /// Origins of the pages that will show the widget.
    pub origins: Vec<String>,
    /// Does the shop sign its customers' tokens?
    pub signs_in: bool,
}

/// The files, by their path in the folder. Secrets are not among them.
#[must_use]
pub fn start(answers: &Start) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("patchbay.yaml", main(answers)),
        (".gitignore", "# What must not be shared: secrets, and the data folder.\nsecrets/\npatchbay-data/\n*.keys\n".to_owned()),
        ("tests/person.yaml", PERSON.to_owned()),
    ])
}

const PERSON: &str = r#"# A conversation test: `patchbay test` plays it offline.
- test: whoever wants a person gets one
  as: { level: anonymous }
  steps:
    - user: I want to talk to a person
      expect: { status: handed_over }
"#;

fn main(answers: &Start) -> String {
    let Start { name, language, zone, origins, signs_in } = answers;
    let identity = if *signs_in {
        r#"
# Your pages sign a short token for your signed-in customer (HS256, the secret is in secrets/host):
#   { "sub": "the customer's id in your systems", "aud": "patchbay", "exp": …, "iat": … }
identity:
  host: { kind: jwt, secret: "${file:secrets/host}", audience: patchbay, max_age: 12h, customer: "$.sub", gives: identified }
"#
    } else {
        "\n# Customers are visitors until you say how they prove who they are: see `identity` in the documentation.\n"
    };
    format!(
        r#"# What Patchbay knows of {plain}. `patchbay check` reads it and says everything that is wrong; every key is explained in
# docs/configuration.md. Sections may be spread over folders beside this file: backends/, tools/, skills/, texts/ …
version: 1
name: {name}
language: {language}
zone: {zone}

server:
  listen: ${{PATCHBAY_LISTEN:-localhost:8787}}
  public_url: ${{PATCHBAY_PUBLIC_URL:-http://localhost:8787}}

mind: {{ order: [builtin] }}
{identity}
channels:
  web: {{ kind: widget, origins: {origins} }}

# Your systems: patchbay backend add https://your-system.example/openapi.json

# Written knowledge: put Markdown files into knowledge/ and take away the two marks.
# knowledge:
#   sources: [{{ path: ./knowledge, audience: everyone }}]

skills:
  person:
    describe: Talk to a person.
    examples: [talk to a human, I want a person, agent please, let me speak to somebody, connect me with your staff, human, real person please]
    do: [{{ hand_over: asked_for_human }}]

topics:
  off_topic: {{ examples: [what is the weather like, tell me a joke, write me a poem, who won the match], say: not_our_business }}

texts:
  not_our_business: {not_ours}

escalation:
  triggers:
    - {{ reason: asked_for_human, when: "skill == 'person'" }}
    - {{ reason: misunderstood, when: "turn.misunderstood >= 2" }}
    - {{ reason: backend_down, when: "calls.exists(c, c.essential && c.outcome in ['timeout', 'unreachable', 'breaker_open'])" }}
    - {{ reason: needs_approval, when: "calls.exists(c, c.outcome == 'needs_approval')" }}
"#,
        plain = name.replace(['\n', '\r'], " "),
        name = quoted(name),
        language = quoted(language),
        zone = quoted(zone),
        origins = list(origins.iter().map(|origin| quoted(origin))),
        not_ours = quoted(&format!("I can help with what concerns {name}, but not with that.")),
    )
}
