//! Markdown, split by its headings: of each section the questions it names, its plain text and its HTML.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The line after which a list names how else a section is asked for.
const ALSO_ASKED_AS: &str = "also asked as";

/// What stands under one heading, before the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// The headings above it, outermost first; none before the first heading.
    pub(crate) headings: Vec<String>,
    pub(crate) questions: Vec<String>,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) html: String,
}

/// One block of a document: a heading, a paragraph, a list, a table.
type Block<'a> = Vec<Event<'a>>;

/// The sections of a document, those without a word of their own left out.
pub(crate) fn sections(markdown: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut headings: Vec<(HeadingLevel, String)> = Vec::new();
    let mut open: Vec<Block<'_>> = Vec::new();
    for block in blocks(markdown) {
        if let Some(Event::Start(Tag::Heading { level, .. })) = block.first() {
            sections.extend(section(&headings, std::mem::take(&mut open)));
            headings.retain(|(above, _)| above < level);
            headings.push((*level, plain(&block)));
        } else {
            open.push(block);
        }
    }
    sections.extend(section(&headings, open));
    sections
}

/// The outermost blocks. HTML of the author's own and images are taken out, links keep only addresses that are safe to click.
fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut depth = 0_usize;
    let mut links = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        if depth == 0 {
            blocks.push(Vec::new());
        }
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        let kept = match &event {
            Event::Html(_) | Event::InlineHtml(_) => false,
            Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                let safe = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| dest_url.starts_with(scheme));
                links.push(safe);
                safe
            }
            Event::End(TagEnd::Link) => links.pop().unwrap_or(false),
            _ => true,
        };
        if let (true, Some(block)) = (kept, blocks.last_mut()) {
            block.push(event);
        }
    }
    blocks
}

/// A section of these blocks; `None` where they say nothing.
fn section(headings: &[(HeadingLevel, String)], mut blocks: Vec<Block<'_>>) -> Option<Section> {
    let questions = take_questions(&mut blocks);
    let paragraphs: Vec<String> = blocks.iter().map(|block| plain(block)).filter(|text| !text.is_empty()).collect();
    if paragraphs.is_empty() {
        return None;
    }
    let mut written = String::new();
    html::push_html(&mut written, blocks.into_iter().flatten());
    let headings = headings.iter().map(|(_, text)| text.clone()).collect();
    Some(Section { headings, questions, paragraphs, html: written })
}

/// Takes the list after the line "Also asked as:" out, as questions.
fn take_questions(blocks: &mut Vec<Block<'_>>) -> Vec<String> {
    let named = |block: &Block<'_>| plain(block).trim_end_matches(':').eq_ignore_ascii_case(ALSO_ASKED_AS);
    let is_list = |block: &Block<'_>| matches!(block.first(), Some(Event::Start(Tag::List(_))));
    let Some(at) = blocks.windows(2).position(|pair| named(&pair[0]) && is_list(&pair[1])) else { return Vec::new() };
    let taken: Vec<Block<'_>> = blocks.drain(at..at + 2).collect();
    taken[1].split(|event| matches!(event, Event::Start(Tag::Item))).skip(1).map(plain).filter(|question| !question.is_empty()).collect()
}

/// The words of a block: list items and table rows on lines of their own.
fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    let mut lists: Vec<Option<u64>> = Vec::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak => text.push(' '),
            Event::HardBreak => text.push('\n'),
            Event::Start(Tag::List(first)) => lists.push(*first),
            Event::End(TagEnd::List(_)) => drop(lists.pop()),
            Event::Start(Tag::Item) => match lists.last_mut() {
                Some(Some(number)) => {
                    text.push_str(&format!("\n{number}. "));
                    *number += 1;
                }
                _ => text.push_str("\n- "),
            },
            Event::Start(Tag::TableRow) | Event::End(TagEnd::Paragraph) => text.push('\n'),
            Event::End(TagEnd::TableCell) => text.push_str(" · "),
            _ => {}
        }
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches('·').trim_end());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_begins_a_section_below_the_headings_above_it() {
        let found = sections(
            "Before.\n\n# Returns\n\nIn short.\n\n## How long\n\n30 days.\n\n### Gifts\n\nThe same.\n\n## Empty\n\n## Costs\n\nNone.\n",
        );
        let headings: Vec<String> = found.iter().map(|section| section.headings.join("/")).collect();
        assert_eq!(headings, ["", "Returns", "Returns/How long", "Returns/How long/Gifts", "Returns/Costs"]);
        assert_eq!(found[2].paragraphs, ["30 days."]);
    }

    #[test]
    fn the_list_of_questions_is_no_part_of_the_text() {
        let found = sections("## Costs\n\nAlso asked as:\n\n- Who pays?\n- Is it **free**?\n\nWe do.\n\n- always\n- gladly\n");
        assert_eq!(found[0].questions, ["Who pays?", "Is it free?"]);
        assert_eq!(found[0].paragraphs, ["We do.", "- always\n- gladly"]);
        assert!(!found[0].html.contains("Who pays"));
    }

    #[test]
    fn html_keeps_what_is_safe_and_nothing_else() {
        let page = "Hi <b onclick=x>you</b> & [shop](https://a.example/?q=1&b) [bad](javascript:alert(1)) ![eye](https://spy.example/i.png)\n\n<script>steal()</script>\n\n1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n";
        let found = &sections(page)[0];
        assert!(!["<script", "onclick", "javascript:", "<img", "steal"].iter().any(|bad| found.html.contains(bad)), "{}", found.html);
        assert!(found.html.contains("<a href=\"https://a.example/?q=1&amp;b\">shop</a>"), "{}", found.html);
        assert_eq!(found.paragraphs[1], "1. one\n2. two");
        assert_eq!(found.paragraphs[2], "a · b\n1 · 2");
    }
}
