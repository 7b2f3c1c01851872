//! The dictionary as a page of the documentation, made from the definitions themselves.

use crate::dictionary::DEFINITIONS;
use crate::interval::FEW;
use std::fmt::Write;

const OPENING: &str = "# Figures

Every number Patchbay shows is defined once, on this page; screens, API and terminal give the same. The page is made from the program's
own dictionary: `patchbay figures --definitions` prints it.

## What is counted

A figure counts conversations by the company's day they were **opened** on (`zone` in the [configuration](configuration.md)), and only
those that have **ended**: nothing was said for `outcomes.contained_after_quiet`. Those that still run are shown apart. Whether a success
**lasted** is asked only of conversations that ended at least `outcomes.durable_after` ago; younger ones are neither successes nor failures
there. A conversation in which the customer said nothing is none.

A figure changes when a conversation goes on, is reopened, rated, or followed by another: it always says what is known now.

Beside each number stand **n**, the conversations it rests on, and an interval within which it lies with 95 % certainty. Shares have the
Wilson score interval: with share p of n and z = 1.96, (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n). Differences from the same
number of days before have Newcombe's, made of two of these. Medians lie between the order statistics whose ranks are np ± z·√(np(1−p)).
Means have the normal interval, ± z·s/√n. ";

/// The page `docs/figures.md`.
#[must_use]
pub fn page() -> String {
    let mut page = OPENING.to_owned();
    let _ = writeln!(page, "Below n = {FEW} a figure is greyed: it says little.\n");
    page.push_str(AFTER);
    for definition in DEFINITIONS {
        let _ = write!(
            page,
            "\n### {}\n\n{}\n\n| | |\n| --- | --- |\n| name | `{}` |\n| formula | {} |\n| counted from | {} |\n| 95 % interval | {} |\n",
            definition.title, definition.words, definition.name, definition.formula, definition.source, definition.interval
        );
    }
    page
}

const AFTER: &str = "Every figure opens the conversations behind it: exactly those that count.

## Where

| door | how |
| --- | --- |
| screen | `/desk/figures`, for leads |
| API | `GET /v1/insight/figures?from=2026-11-01&to=2026-11-19&channel=web&by=topic`, `GET /v1/insight/figures/NAME/rows?part=PART&after=CONVERSATION`, `GET /v1/insight/definitions` |
| terminal | `patchbay figures --from 2026-11-01 --to 2026-11-19`, `--json` |

`from` and `to` are days, both included; without them the last 28 days are told. `by` splits the outcomes by `channel`, `language` or
`topic`.

## The dictionary
";
