//! A passage: what stands under one heading, with everything that decides who finds it and when.

use patchbay_core::Timestamp;
use patchbay_core::id::PassageId;
use patchbay_core::reply::Citation;
use patchbay_core::words::{Audience, Level};
use std::time::Duration;

/// What stands under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its id: from the document's name and the headings above it, so edits elsewhere do not change it.
    pub id: PassageId,
    /// The document's name.
    pub document: String,
    /// The headings above it, outermost first; the document's title is the first.
    pub headings: Vec<String>,
    /// How else it is asked for.
    pub questions: Vec<String>,
    /// Its paragraphs, lists and tables as plain text.
    pub paragraphs: Vec<String>,
    /// The same as HTML: no scripts, images or HTML of the author's own.
    pub html: String,
    /// Who may read it.
    pub audience: Audience,
    /// Its language (BCP 47).
    pub language: String,
    /// When it holds.
    pub validity: Validity,
    /// When somebody has to look at it again.
    pub review: Review,
}

/// From when until when something holds. The end itself no longer does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// No longer from here on.
    pub until: Option<Timestamp>,
}

/// When somebody has to look at a passage again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Review {
    /// When somebody last did.
    pub last: Option<Timestamp>,
    /// How often somebody should.
    pub every: Option<Duration>,
}

/// A text by which a passage is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrasing {
    /// Its heading.
    Heading,
    /// Its heading below the document's title.
    Headings,
    /// A question it says it answers.
    Question,
    /// A paragraph of it, counted from zero.
    Paragraph(usize),
}

impl Validity {
    /// Does it hold at this time?
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| now >= from) && self.until.is_none_or(|until| now < until)
    }
}

impl Review {
    /// When it is due: `None` where nobody asked for it; the beginning of time where nobody ever did it.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.every.map(|every| self.last.map_or(Timestamp(0), |last| last.plus(every)))
    }
}

impl Passage {
    /// Its title as it is cited: the headings, outermost first.
    #[must_use]
    pub fn title(&self) -> String {
        self.headings.join(" › ")
    }

    /// Its own heading.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.headings.last().map_or("", String::as_str)
    }

    /// May somebody who has proven this much read it at this time?
    #[must_use]
    pub fn is_open(&self, level: Level, now: Timestamp) -> bool {
        self.audience.admits(level) && self.validity.holds(now)
    }

    /// How an answer refers to it.
    #[must_use]
    pub fn citation(&self) -> Citation {
        Citation { id: self.id.to_string(), title: self.title() }
    }

    /// Whole paragraphs of it, `most` characters at most but one paragraph at least, from the one that was found on.
    #[must_use]
    pub fn extract(&self, found: Phrasing, most: usize) -> String {
        let sizes: Vec<usize> = self.paragraphs.iter().map(|paragraph| paragraph.chars().count()).collect();
        let first = match found {
            Phrasing::Paragraph(n) if sizes.iter().sum::<usize>() > most => n.min(sizes.len().saturating_sub(1)),
            _ => 0,
        };
        let mut total = 0;
        let fits = sizes[first..].iter().take_while(|size| {
            total += **size;
            total <= most
        });
        let count = fits.count().max(1).min(sizes.len() - first);
        self.paragraphs[first..first + count].join("\n\n")
    }

    /// Every text it is found by.
    pub(crate) fn phrasings(&self) -> Vec<(Phrasing, String)> {
        let mut phrasings = vec![(Phrasing::Heading, self.heading().to_owned())];
        if self.headings.len() > 1 {
            phrasings.push((Phrasing::Headings, self.headings.join(": ")));
        }
        phrasings.extend(self.questions.iter().map(|question| (Phrasing::Question, question.clone())));
        phrasings.extend(self.paragraphs.iter().enumerate().map(|(n, paragraph)| (Phrasing::Paragraph(n), paragraph.clone())));
        phrasings
    }
}
