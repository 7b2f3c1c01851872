//! Calls that ended, or did not end in time; writes that were carried out or declined.

use super::dialogue::Dialogue;
use super::memory::{Ended, Purpose, Waiting};
use super::program::Op;
use patchbay_core::Value;
use patchbay_core::id::ActionId;
use patchbay_core::mind::{CallResult, Draft};
use patchbay_core::words::{CallOutcome, Level};
use std::collections::BTreeSet;

impl Dialogue<'_> {
    /// Calls have ended and nothing is pending.
    pub(super) fn results(&mut self) {
        let Some(waiting) = self.memory.top().and_then(|frame| frame.waiting.clone()) else { return self.run() };
        match self.result_of(&waiting) {
            Some(result) if result.outcome == CallOutcome::NeedsConfirmation => {}
            Some(result) => {
                self.ended(&waiting, &result);
                self.run();
            }
            None => {
                self.say("cannot_confirm");
                self.fail();
                self.run();
            }
        }
    }

    fn result_of(&self, waiting: &Waiting) -> Option<CallResult> {
        self.context.results.iter().rev().find(|result| result.wish == waiting.wish).cloned()
    }

    /// A write was carried out, refused, or nobody knows.
    pub(super) fn action_ended(&mut self, action: &ActionId) {
        let result = self.context.results.iter().rev().find(|result| result.action.as_ref() == Some(action)).cloned();
        let Some(result) = result else { return self.results() };
        match self.memory.frames.iter().position(|frame| frame.awaits(&result)) {
            Some(place) => {
                // What was put above it in the meantime waits.
                let frame = self.memory.frames.remove(place);
                let waiting = frame.waiting.clone();
                self.memory.frames.push(frame);
                if let Some(waiting) = waiting {
                    self.ended(&waiting, &result);
                }
            }
            // The skill behind it was given up; the customer still learns what became of the write.
            None if result.outcome == CallOutcome::Ok => self.say("action_done"),
            None => self.explain(&result),
        }
        self.run();
    }

    /// The customer said no.
    pub(super) fn action_declined(&mut self) {
        if let Some(place) = self.memory.frames.iter().rposition(super::memory::Frame::proposing) {
            let frame = self.memory.frames.remove(place);
            self.memory.frames.push(frame);
            self.say("action_declined");
            self.fail();
            self.memory.ended = Ended::Declined;
        } else {
            self.say("action_declined");
        }
        self.run();
    }

    fn ended(&mut self, waiting: &Waiting, result: &CallResult) {
        if result.outcome == CallOutcome::NeedsStepUp && self.prove_for(waiting) {
            return;
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.waiting = None;
            frame.results.insert(waiting.tool.clone(), result.outcome.as_str().to_owned());
            frame.results.extend(result.missing.iter().map(|(tool, outcome)| (tool.clone(), outcome.as_str().to_owned())));
        }
        match (waiting.purpose, result.outcome) {
            (Purpose::Records, CallOutcome::NeedsStepUp | CallOutcome::Refused) => self.give_up(result),
            (Purpose::Records, outcome) => self.without_records(&waiting.tool, outcome),
            (_, CallOutcome::Ok) if result.verified == Some(false) => {
                self.say("outcome_unknown");
                self.fail();
            }
            (purpose, CallOutcome::Ok) => {
                if purpose == Purpose::Write {
                    self.memory.done.push((waiting.tool.clone(), waiting.args.clone()));
                }
                if let Some(frame) = self.memory.top_mut() {
                    frame.at += 1;
                    frame.missing = result.missing.keys().cloned().collect();
                    if purpose == Purpose::Write {
                        frame.written = Some(frame.at);
                        frame.spoke = false;
                    }
                }
            }
            _ => self.give_up(result),
        }
    }

    /// Says why it did not work, and ends the wish.
    fn give_up(&mut self, result: &CallResult) {
        self.explain(result);
        self.fail();
        self.memory.ended = Ended::Refused;
    }

    fn explain(&mut self, result: &CallResult) {
        use CallOutcome as Outcome;
        if let Some(text) = &result.text {
            let template =
                self.company.tools.get(&result.tool).and_then(|tool| tool.refuse.clone()).unwrap_or_else(|| "refused".to_owned());
            let facts = self.only_facts(self.texts.paths(&template));
            self.say_draft(Draft { text: text.clone(), template: Some(template), facts, citations: Vec::new() });
            return;
        }
        match result.outcome {
            Outcome::NotFound => self.say("not_found"),
            Outcome::NeedsStepUp if self.context.level == Level::Anonymous => self.say("sign_in_first"),
            Outcome::NeedsStepUp => self.say("step_up_needed"),
            Outcome::NeedsApproval => self.say("needs_approval"),
            Outcome::Unknown => self.say("outcome_unknown"),
            Outcome::Refused | Outcome::Invalid if result.action.is_some() => self.say("action_failed"),
            Outcome::Refused | Outcome::Invalid => self.say("refused"),
            Outcome::Timeout
            | Outcome::Unreachable
            | Outcome::BreakerOpen
            | Outcome::RateLimited
            | Outcome::BadAnswer
            | Outcome::TooLarge => {
                let backend = Value::Text(self.backend_behind(result));
                self.say_with("cannot_reach", &[("backend", backend)]);
            }
            Outcome::Ok | Outcome::Ambiguous | Outcome::NeedsConfirmation => self.say("cannot_confirm"),
        }
    }

    /// The backend that failed: for a composition, the one behind its first essential tool without an answer.
    fn backend_behind(&self, result: &CallResult) -> String {
        let tool = match self.company.compositions.get(&result.tool) {
            Some(composition) => {
                let failed = composition.essential.iter().find(|tool| result.missing.contains_key(*tool));
                failed.or(composition.essential.first())
            }
            None => Some(&result.tool),
        };
        let backend = tool.and_then(|tool| self.company.tools.get(tool)).map(|tool| tool.backend.clone());
        backend.unwrap_or_else(|| result.tool.clone())
    }

    /// The useful deadline has come: says what the next text can say already, or that it takes longer.
    pub(super) fn partial(&mut self, pending: &[String]) {
        let pending: BTreeSet<String> = pending.iter().cloned().collect();
        match self.early(&pending) {
            Some(draft) => {
                if let Some(frame) = self.memory.top_mut() {
                    frame.partial = Some(draft.text.clone());
                }
                self.say_draft(draft);
            }
            None => self.say("still_looking"),
        }
    }

    /// The next text over what has arrived, if it rests on something that has.
    fn early(&self, pending: &BTreeSet<String>) -> Option<Draft> {
        let (program, frame) = self.at_work()?;
        let waiting = frame.waiting.as_ref().filter(|waiting| waiting.purpose == Purpose::Read)?;
        let Some(Op::Say(text)) = program.ops.get(frame.at + 1) else { return None };
        let arrived: Vec<&str> = super::program::tools_of(self.company, &waiting.tool)
            .into_iter()
            .map(|tool| tool.name.as_str())
            .filter(|tool| !pending.contains(*tool) && self.context.facts.contains_key(*tool))
            .collect();
        let (scope, _) = self.scope_of(Some(frame), pending);
        let draft = self.draft(text, &scope)?;
        let rests = draft.facts.iter().any(|fact| arrived.iter().any(|tool| fact.split('.').next() == Some(tool)));
        rests.then_some(draft)
    }
}
