//! From text to the library's syntax tree, safely.
//!
//! The parser descends recursively and takes a lot of stack per level in debug builds, so length and nesting are limited
//! before it sees the text, and it runs on a thread of its own with a large stack. That happens at load only.

use crate::rule::RuleError;
use cel::IdedExpr;
use cel::common::ast::SourceInfo;
use cel::parser::Parser;

/// The longest rule, in bytes.
const LONGEST: usize = 4096;
/// The deepest nesting of brackets and choices.
const DEEPEST: usize = 16;
const STACK: usize = 16 << 20;

/// The syntax tree of one rule.
pub(crate) struct Tree {
    /// The root.
    pub(crate) root: IdedExpr,
    /// The text, for the exact spelling of numbers.
    pub(crate) text: String,
    info: SourceInfo,
}

impl Tree {
    /// Where a node stands, in bytes. The parser counts characters.
    pub(crate) fn offset(&self, node: &IdedExpr) -> usize {
        let characters = self.info.offset_for(node.id).map_or(0, |(start, _)| start as usize);
        self.text.char_indices().nth(characters).map_or(0, |(offset, _)| offset)
    }
}

/// Checks the text, parses it and hands the tree to `then`, all of it on a thread with a large stack.
pub(crate) fn read<T: Send>(text: &str, then: impl FnOnce(&Tree) -> Result<T, RuleError> + Send) -> Result<T, RuleError> {
    check(text)?;
    let work = || {
        let (root, info) = Parser::new().parse_with_source_info(text).map_err(|errors| unreadable(text, &errors))?;
        then(&Tree { root, text: text.to_owned(), info })
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("rule".to_owned()).stack_size(STACK).spawn_scoped(scope, work);
        let outcome = thread.map(std::thread::ScopedJoinHandle::join);
        match outcome {
            Ok(Ok(read)) => read,
            Ok(Err(_)) => Err(RuleError::at(0, "the parser could not cope with this rule; write it in simpler parts")),
            Err(error) => Err(RuleError::at(0, format!("no thread to read the rule on: {error}"))),
        }
    })
}

/// Length, nesting and the spellings whose nesting could not be counted reliably.
fn check(text: &str) -> Result<(), RuleError> {
    if text.len() > LONGEST {
        return Err(RuleError::at(LONGEST, format!("the rule has {} bytes; {LONGEST} are allowed", text.len())));
    }
    if text.trim().is_empty() {
        return Err(RuleError::at(0, "the rule is empty; write `always` if it should always hold"));
    }
    let (mut open, mut choices) = (0_usize, 0_usize);
    let mut before = ' ';
    let mut characters = text.char_indices();
    while let Some((offset, character)) = characters.next() {
        match character {
            '\'' | '"' => {
                let rest = &text[offset..];
                if before.is_alphanumeric() || rest.starts_with("'''") || rest.starts_with("\"\"\"") {
                    return Err(RuleError::at(offset, "write texts as '…' or \"…\", without a prefix and on one line"));
                }
                skip_text(&mut characters, character).ok_or_else(|| RuleError::at(offset, "this text has no end"))?;
            }
            '/' if before == '/' => return Err(RuleError::at(offset - 1, "rules have no comments")),
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            // A chain of these nests to the right, one level each.
            '?' => choices += 1,
            '!' | '-' if before == character => choices += 1,
            _ => {}
        }
        if open + choices > DEEPEST {
            return Err(RuleError::at(offset, format!("nested deeper than {DEEPEST}; write it in simpler parts")));
        }
        before = character;
    }
    Ok(())
}

/// Skips to the end of a text in quotes.
fn skip_text(characters: &mut std::str::CharIndices<'_>, quote: char) -> Option<()> {
    while let Some((_, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()?),
            '\n' | '\r' => return None,
            _ if character == quote => return Some(()),
            _ => {}
        }
    }
    None
}

fn unreadable(text: &str, errors: &cel::parser::ParseErrors) -> RuleError {
    let Some(first) = errors.errors.first() else {
        return RuleError::at(0, "this is no CEL expression");
    };
    let (line, column) = (usize::try_from(first.pos.0).unwrap_or(1), usize::try_from(first.pos.1).unwrap_or(0));
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let within = text[before..].char_indices().nth(column.saturating_sub(1)).map_or(0, |(offset, _)| offset);
    RuleError::at(before + within, format!("this is no CEL expression: {}", first.msg))
}
