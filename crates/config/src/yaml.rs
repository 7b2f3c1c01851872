//! YAML text to a located tree. Tags, anchors, aliases and merge keys are refused here, before anything is interpreted.
//!
//! This reads the events of the parser below `serde-saphyr` directly: decoding into types stops at the first error and forgets where
//! a value stood, while every problem of a configuration is to be shown at once and at its place.

use crate::node::{Body, Entry, Node};
use crate::problem::{At, Report, below, element};
use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::sync::Arc;

/// How deep a configuration may be nested.
const DEPTH: usize = 64;

/// Reads one document. Problems go to the report; `None` when nothing usable could be read.
pub(crate) fn read(file: &Arc<str>, text: &str, report: &mut Report) -> Option<Node> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    let mut reader = Reader { events: Parser::new_from_str_with_options(text, options), file, report };
    reader.document().unwrap_or_default()
}

/// The parser could not go on; the problem is reported.
struct Stop;

type Events<'a> = Parser<'a, granit_parser::StrInput<'a>>;

struct Reader<'a> {
    events: Events<'a>,
    file: &'a Arc<str>,
    report: &'a mut Report,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut found: Option<Node> = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd | Event::StreamEnd => {}
                Event::DocumentStart(..) if found.is_some() => {
                    let at = self.at(span);
                    self.report.add_at(&at, "", "a second document begins here", None, "keep one document per file: remove the line `---`");
                    return Err(Stop);
                }
                Event::DocumentStart(..) => {}
                event => found = Some(self.node(&event, span, "")?),
            }
        }
        Ok(found)
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Stop> {
        let event = loop {
            match self.events.next_event() {
                // Comments are for people.
                Some(Ok((Event::Comment(..), _))) => {}
                other => break other,
            }
        };
        match event {
            None => Ok(None),
            Some(Ok(pair)) => Ok(Some(pair)),
            Some(Err(error)) => {
                let marker = error.marker();
                let at = At { file: Arc::clone(self.file), line: marker.line(), column: marker.col() + 1 };
                let message = format!("this is not YAML: {}", error.info());
                self.report.add_at(
                    &at,
                    "",
                    message,
                    None,
                    "correct the spelling; texts with `:`, `#`, `{` or quotes in them belong in quotes",
                );
                Err(Stop)
            }
        }
    }

    /// The node that begins with this event.
    fn node(&mut self, event: &Event<'a>, span: Span, key: &str) -> Result<Node, Stop> {
        let at = self.at(span);
        let refused = self.refuse(event, &at, key);
        let body = match event {
            Event::Scalar(text, style, ..) => scalar(text, *style),
            Event::SequenceStart(..) => Body::List(self.list(key)?),
            Event::MappingStart(..) => Body::Map(self.map(key)?),
            _ => Body::Refused,
        };
        Ok(Node { at, body: if refused { Body::Refused } else { body } })
    }

    /// Reports tags, anchors and aliases.
    fn refuse(&mut self, event: &Event<'a>, at: &At, key: &str) -> bool {
        let mut refused = false;
        if let Some(tag) = event.tag() {
            let message = format!("tags are refused, and here stands '{}'", tag.original());
            self.report.add_at(at, key, message, None, "put the value in quotes if the '!' belongs to it, otherwise remove the tag");
            refused = true;
        }
        if event.anchor_id().is_some() {
            self.report.add_at(at, key, "anchors (&name) are refused", None, "write the value out wherever it is used");
            refused = true;
        }
        if event.is_alias() {
            self.report.add_at(
                at,
                key,
                "aliases (*name) are refused",
                None,
                "write the value out, or put it in quotes if the '*' belongs to it",
            );
            refused = true;
        }
        refused
    }

    fn list(&mut self, key: &str) -> Result<Vec<Node>, Stop> {
        let mut nodes = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            nodes.push(self.node(&event, span, &element(key, nodes.len()))?);
        }
        Ok(nodes)
    }

    fn map(&mut self, key: &str) -> Result<Vec<Entry>, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::MappingEnd {
                break;
            }
            let at = self.at(span);
            let name = self.key(&event, span, key)?;
            let Some((event, span)) = self.next()? else { break };
            let path = below(key, name.as_deref().unwrap_or("?"));
            let value = self.node(&event, span, &path)?;
            let Some(name) = name else { continue };
            if name == "<<" {
                self.report.add_at(&at, &path, "merge keys (<<) are refused", None, "write the keys out wherever they are used");
            } else if let Some(first) = entries.iter().find(|entry| entry.key == name) {
                let message = format!("the key '{name}' stands here twice, first in line {}", first.at.line);
                self.report.add_at(&at, &path, message, None, "remove one of the two, or rename it");
            } else {
                entries.push(Entry { key: name, at, value });
            }
        }
        Ok(entries)
    }

    /// The name of a key; `None` when it is no plain name, which is reported.
    fn key(&mut self, event: &Event<'a>, span: Span, key: &str) -> Result<Option<String>, Stop> {
        let node = self.node(event, span, key)?;
        match node.body {
            Body::Text { text, .. } => Ok(Some(text)),
            Body::Refused => Ok(None),
            _ => {
                self.report.add_at(
                    &node.at,
                    key,
                    format!("a key has to be a name, and here stands {}", node.describe()),
                    None,
                    "write `name: value`",
                );
                Ok(None)
            }
        }
    }

    fn at(&self, span: Span) -> At {
        At { file: Arc::clone(self.file), line: span.start.line(), column: span.start.col() + 1 }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Body {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null") => Body::Empty,
        _ => Body::Text { text: text.to_owned(), quoted: style != ScalarStyle::Plain },
    }
}
