//! The company's written knowledge: where it stands, and when it is sure enough to answer.

use crate::words::Audience;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// What a company declares about its knowledge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Knowledge {
    /// Where it is written down.
    pub sources: Vec<KnowledgeSource>,
    /// When a passage is an answer.
    pub answer: AnswerRule,
}

/// A Markdown file, or a folder of them. A file's front matter outranks what stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnowledgeSource {
    /// The file or folder.
    pub path: PathBuf,
    /// Who may read it.
    pub audience: Audience,
    /// The language it is written in (BCP 47); the company's when left out.
    pub language: Option<String>,
    /// After how long somebody has to look at it again.
    pub review_every: Option<Duration>,
}

/// When a passage is an answer. Probabilities are in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnswerRule {
    /// From here on the best passage is the answer.
    pub at_least: i64,
    /// From here on the likely passages are offered; below there is no answer.
    pub ask_back: i64,
    /// Are the passages named under the answer?
    pub cite: bool,
}

impl Default for AnswerRule {
    /// 0.6 and 0.4, cited.
    fn default() -> Self {
        Self { at_least: 600, ask_back: 400, cite: true }
    }
}
