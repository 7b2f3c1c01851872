//! Forms: texts whose values are filled in one by one, so that one that is missing stays a blank and the rest is said.

use crate::{Scope, TextError, Texts};
use std::collections::BTreeMap;

/// A text for a person to finish: words, and blanks that show one value each. It decides nothing (`{% if … %}`), because what is
/// not known must not choose what is said.
#[derive(Debug)]
pub struct Form {
    pieces: Vec<Piece>,
    blanks: Texts,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// A place for a value.
    Blank(Blank),
}

/// A place for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// What it shows, as it was written: `order.eta | date`.
    pub shows: String,
    /// The paths it reads (`order.eta`), in order of their names. Mostly one.
    pub paths: Vec<String>,
    name: String,
}

impl Form {
    /// Reads a form; errors name it by `name`. `language` (BCP 47) decides how values read.
    ///
    /// # Errors
    /// Everything that is wrong with it: a blank that is not closed, a statement, a filter that does not exist, a blank without a value.
    pub fn read(name: &str, text: &str, language: &str) -> Result<Self, Vec<TextError>> {
        let (cut, mut errors) = cut(name, text);
        let expressions = cut.iter().enumerate().filter_map(|(n, (cut, _))| match cut {
            Cut::Words(_) => None,
            Cut::Blank(shows) => Some((n.to_string(), format!("{{{{ {shows} }}}}"))),
        });
        let blanks = Texts::compile(&expressions.collect::<BTreeMap<_, _>>(), language).map_err(|wrong| {
            let at = |error: &TextError| error.text.parse::<usize>().ok().and_then(|n| cut.get(n)).map(|(_, line)| *line);
            errors.extend(wrong.into_iter().map(|error| TextError { line: at(&error), text: name.to_owned(), ..error }));
        });
        let Ok(blanks) = blanks else { return Err(errors) };
        let mut pieces = Vec::new();
        for (n, (cut, line)) in cut.into_iter().enumerate() {
            let shows = match cut {
                Cut::Words(words) => {
                    pieces.push(Piece::Words(words));
                    continue;
                }
                Cut::Blank(shows) => shows,
            };
            let place = n.to_string();
            let mut paths = blanks.paths(&place);
            paths.sort_unstable();
            if paths.is_empty() {
                let message = format!("'{shows}' shows no value; write the words themselves");
                errors.push(TextError { text: name.to_owned(), line: Some(line), message });
            }
            pieces.push(Piece::Blank(Blank { shows, paths, name: place }));
        }
        if errors.is_empty() { Ok(Self { pieces, blanks }) } else { Err(errors) }
    }

    /// Its parts, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Its blanks, in order.
    pub fn blanks(&self) -> impl Iterator<Item = &Blank> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Words(_) => None,
            Piece::Blank(blank) => Some(blank),
        })
    }

    /// What stands in one blank, over these values.
    ///
    /// # Errors
    /// When the value is missing or empty, or its filter cannot show it.
    pub fn fill(&self, blank: &Blank, scope: &Scope) -> Result<String, TextError> {
        let filled = self.blanks.render(&blank.name, scope)?.text;
        if filled.trim().is_empty() {
            return Err(TextError { text: blank.shows.clone(), line: None, message: "the value is empty".to_owned() });
        }
        Ok(filled)
    }
}

/// A part of the template, before it is known to be right.
enum Cut {
    Words(String),
    Blank(String),
}

/// The parts of a template with their lines, and what cannot stand in one. Comments are left out.
fn cut(name: &str, text: &str) -> (Vec<(Cut, usize)>, Vec<TextError>) {
    let (mut cuts, mut errors) = (Vec::new(), Vec::new());
    let mut from = 0;
    while let Some(open) = ["{{", "{%", "{#"].iter().filter_map(|mark| text[from..].find(mark)).min().map(|at| from + at) {
        if open > from {
            cuts.push((Cut::Words(text[from..open].to_owned()), 0));
        }
        let line = text[..open].matches('\n').count() + 1;
        let mut wrong = |message: &str| errors.push(TextError { text: name.to_owned(), line: Some(line), message: message.to_owned() });
        let (mark, close) = match &text[open..open + 2] {
            "{{" => ("{{", "}}"),
            "{%" => ("{%", "%}"),
            _ => ("{#", "#}"),
        };
        let Some(end) = text[open..].find(close).map(|at| open + at) else {
            wrong(&format!("'{mark}' is never closed with '{close}'"));
            return (cuts, errors);
        };
        match mark {
            "{{" => cuts.push((Cut::Blank(text[open + 2..end].trim_matches(['-', '+']).trim().to_owned()), line)),
            // The first one says it for all.
            "{%" => {
                wrong("nothing can be decided here: it only shows values, as in {{ order.status }}");
                return (cuts, errors);
            }
            _ => {}
        }
        from = end + 2;
    }
    if from < text.len() {
        cuts.push((Cut::Words(text[from..].to_owned()), 0));
    }
    (cuts, errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_core::Value;

    fn order() -> Scope {
        let order = [("id", Value::text("12345")), ("eta", Value::Date("2026-11-24".parse().unwrap())), ("note", Value::text(" "))];
        let order = order.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Scope::from([("order".to_owned(), Value::Map(order))])
    }

    fn filled(text: &str) -> String {
        let form = Form::read("eta", text, "en").unwrap();
        let piece = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Blank(blank) => form.fill(blank, &order()).unwrap_or_else(|_| format!("<{}>", blank.paths.join(" "))),
        };
        form.pieces().iter().map(piece).collect()
    }

    #[test]
    fn each_value_is_filled_in_by_itself() {
        assert_eq!(filled("Order {{ order.id }} comes on {{ order.eta | date }}."), "Order 12345 comes on 24 November 2026.");
        assert_eq!(filled("Order {{order.id}}:\n{{- order.place }}{# said before #}!"), "Order 12345:\n<order.place>!");
        assert_eq!(filled("{{ order.place | date }} {{ parcel.place }} {{ order.note }}"), "<order.place> <parcel.place> <order.note>");
        assert_eq!(filled("with {{ order.carrier | default('our carrier') }}"), "with our carrier");
        assert_eq!(filled("no value at all"), "no value at all");
    }

    #[test]
    fn what_cannot_be_a_form_is_told_with_its_line() {
        let wrong = |text: &str| Form::read("eta", text, "en").unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            wrong("{{ order.id }}\n{% if order.eta %}soon{% endif %}"),
            ["text 'eta', line 2: nothing can be decided here: it only shows values, as in {{ order.status }}"]
        );
        assert_eq!(wrong("\n\n{{ order.id"), ["text 'eta', line 3: '{{' is never closed with '}}'"]);
        assert!(wrong("\n{{ order.id | dat }}")[0].starts_with("text 'eta', line 2: there is no filter 'dat'"));
        assert_eq!(wrong("{{ 'x' }}"), ["text 'eta', line 1: ''x'' shows no value; write the words themselves"]);
        assert_eq!(wrong("{{ order. }}").len(), 1);
    }
}
