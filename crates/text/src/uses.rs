//! What a text needs: every path it prints or goes through, with the paths that were tested on the way there.

use minijinja::Environment;
use std::collections::BTreeSet;

/// One path that must be there when the text is rendered that far.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The path: `order.status`.
    pub path: String,
    /// The paths that are tested around it (`{% if order.eta %}`): with one of them missing, the text never gets here.
    pub tested: BTreeSet<String>,
}

/// A block that is open.
enum Block {
    /// The branch of an `if` at work: what its condition tests, and what was tested the other way round (`not …`) before.
    If { tested: BTreeSet<String>, otherwise: BTreeSet<String> },
    /// A loop, with what its own condition tests; the name it binds, and whether that is in force (not after `else`).
    For { binds: Vec<String>, inside: bool },
}

/// Every use in a template. What is not a template has none.
pub(crate) fn of(template: &str) -> Vec<Use> {
    let mut reading = Reading { environment: Environment::empty(), blocks: Vec::new(), set: BTreeSet::new(), uses: Vec::new() };
    let mut rest = template;
    while let Some((tag, after)) = next(rest) {
        match tag {
            Tag::Print(expression) => reading.needs(expression),
            Tag::Statement(statement) => reading.statement(statement),
        }
        rest = after;
    }
    reading.uses
}

/// What stands between braces.
enum Tag<'t> {
    Print(&'t str),
    Statement(&'t str),
}

/// The next tag and what follows it; comments are passed over.
fn next(text: &str) -> Option<(Tag<'_>, &str)> {
    let open = text.find("{{").into_iter().chain(text.find("{%")).chain(text.find("{#")).min()?;
    let close = match &text[open..open + 2] {
        "{{" => "}}",
        "{%" => "%}",
        _ => "#}",
    };
    let end = open + text[open..].find(close)?;
    let inside = text.get(open + 2..end)?.trim_start_matches(['-', '+']).trim_end_matches(['-', '+']).trim();
    let after = &text[end + 2..];
    match close {
        "}}" => Some((Tag::Print(inside), after)),
        "%}" => Some((Tag::Statement(inside), after)),
        _ => next(after),
    }
}

struct Reading {
    environment: Environment<'static>,
    blocks: Vec<Block>,
    set: BTreeSet<String>,
    uses: Vec<Use>,
}

impl Reading {
    fn statement(&mut self, statement: &str) {
        let (word, rest) = statement.split_once(char::is_whitespace).unwrap_or((statement, ""));
        match word {
            "if" => {
                self.compared(rest);
                let (tested, otherwise) = self.test(rest);
                self.blocks.push(Block::If { tested, otherwise });
            }
            "elif" => {
                if let Some(Block::If { tested, otherwise }) = self.blocks.last_mut() {
                    tested.clone_from(otherwise);
                }
                self.compared(rest);
                let (now, not) = self.test(rest);
                if let Some(Block::If { tested, otherwise }) = self.blocks.last_mut() {
                    *tested = now.union(otherwise).cloned().collect();
                    otherwise.extend(not);
                }
            }
            "else" => match self.blocks.last_mut() {
                Some(Block::If { tested, otherwise }) => tested.clone_from(otherwise),
                Some(Block::For { inside, .. }) => *inside = false,
                None => {}
            },
            "for" => self.enter_loop(rest),
            "endif" | "endfor" => {
                self.blocks.pop();
            }
            "set" => {
                let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
                self.needs(value.trim());
                self.set.insert(name.trim().to_owned());
            }
            _ => {}
        }
    }

    /// `item in order.items if item.id == args.id`
    fn enter_loop(&mut self, head: &str) {
        let (names, range) = head.split_once(" in ").unwrap_or((head, ""));
        let (range, filter) = range.split_once(" if ").unwrap_or((range, ""));
        self.needs(range);
        let binds = names.split(',').map(|name| name.trim().to_owned()).chain(["loop".to_owned()]).collect();
        self.blocks.push(Block::For { binds, inside: true });
        if !filter.is_empty() {
            // What is compared with must be there, or nothing is ever left.
            self.needs(filter);
        }
    }

    /// What a condition proves to be there: in its own branch, and (where it is a `not`) in the others.
    fn test(&self, condition: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        let paths = self.paths(condition).into_iter().collect();
        if condition.starts_with("not ") { (BTreeSet::new(), paths) } else { (paths, BTreeSet::new()) }
    }

    /// What a condition compares must be there, unless the condition itself tests for it before: `args.when and args.when == 'now'`.
    fn compared(&mut self, condition: &str) {
        let mut tested = BTreeSet::new();
        for part in condition.split(" and ").flat_map(|part| part.split(" or ")) {
            if [" is ", "default"].iter().any(|test| part.contains(test)) || !part.contains(['=', '<', '>', '|']) {
                tested.extend(self.paths(part));
                continue;
            }
            let before = self.uses.len();
            self.needs(part);
            self.uses[before..].iter_mut().for_each(|one| one.tested.extend(tested.iter().cloned()));
        }
    }

    fn needs(&mut self, expression: &str) {
        if expression.contains("default") {
            return;
        }
        let tested: BTreeSet<String> = self.blocks.iter().flat_map(tested).cloned().collect();
        let paths = self.paths(expression);
        self.uses.extend(paths.into_iter().map(|path| Use { path, tested: tested.clone() }));
    }

    /// The paths of an expression, but for names bound here.
    fn paths(&self, expression: &str) -> Vec<String> {
        let source = format!("{{{{ {expression} }}}}");
        let Ok(template) = self.environment.template_from_str(&source) else { return Vec::new() };
        let mut paths: Vec<String> = template.undeclared_variables(true).into_iter().filter(|path| !self.is_bound(path)).collect();
        paths.sort_unstable();
        paths
    }

    fn is_bound(&self, path: &str) -> bool {
        let head = path.split('.').next().unwrap_or(path);
        let in_loop = |block: &Block| matches!(block, Block::For { binds, inside: true } if binds.iter().any(|name| name == head));
        self.set.contains(head) || self.blocks.iter().any(in_loop)
    }
}

fn tested(block: &Block) -> impl Iterator<Item = &String> {
    match block {
        Block::If { tested, .. } => Some(tested),
        Block::For { .. } => None,
    }
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(template: &str) -> Vec<String> {
        let shown = |one: Use| {
            let tested: Vec<String> = one.tested.into_iter().collect();
            if tested.is_empty() { one.path } else { format!("{} after {}", one.path, tested.join(", ")) }
        };
        of(template).into_iter().map(shown).collect()
    }

    #[test]
    fn what_is_printed_must_be_there_unless_it_was_tested() {
        assert_eq!(uses("Order {{ order.id }} is {{ order.eta | date }}."), ["order.id", "order.eta"]);
        assert_eq!(uses("{% if parcel.place %}now at {{ parcel.place }}{% endif %}."), ["parcel.place after parcel.place"]);
        assert_eq!(uses("{%- if not parcel.place -%}?{%- else -%}{{ parcel.place }}{%- endif -%}"), ["parcel.place after parcel.place"]);
        assert_eq!(
            uses("{% if a.x %}{{ a.x }}{% elif b.y == 'z' %}{{ b.y }}{% else %}{{ c.z }}{% endif %}"),
            ["a.x after a.x", "b.y", "b.y after b.y", "c.z"]
        );
        assert_eq!(uses("{% if args.when and args.when == 'now' %}!{% endif %}"), ["args.when after args.when"]);
        assert!(uses("{{ order.note | default('none') }}{# {{ not.this }} #}").is_empty());
    }

    #[test]
    fn a_loop_needs_its_list_and_binds_its_name() {
        assert_eq!(
            uses("{% for item in order.items if item.id in args.ids %}{{ item.title }}{% if not loop.last %}, {% endif %}{% endfor %}"),
            ["order.items", "args.ids"]
        );
        assert_eq!(uses("{% for one in list.all %}{{ one.x }}{% else %}{{ one.y }}{% endfor %}"), ["list.all", "one.y"]);
        assert_eq!(uses("{% set total = order.total %}{{ total }}"), ["order.total"]);
    }
}
