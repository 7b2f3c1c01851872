//! The running skill goes on: slots first, then step by step, until something has to be waited for.

use super::dialogue::Dialogue;
use super::memory::{Ended, Filled, Frame, Origin, Purpose};
use super::program::{Op, Program, RefusalPlan, SlotPlan, tools_of, with_needs, writes};
use super::proving::Proving;
use super::scope::at;
use super::slots::Resolution;
use patchbay_core::declare::{Access, Disagreement};
use patchbay_core::mind::Draft;
use patchbay_core::words::Level;
use patchbay_core::{Timestamp, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Operations in one go, at most: a guard against skills that go round in circles.
const OPERATIONS: usize = 200;
/// An interrupted skill is taken up again at most this often.
const RESUMES: u32 = 2;

/// Does the skill go on by itself?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Yes.
    Go,
    /// It waits for a call or the customer.
    Wait,
}

impl Dialogue<'_> {
    /// Goes on until everything is done or something has to be waited for.
    pub(super) fn run(&mut self) {
        for _ in 0..OPERATIONS {
            if self.memory.frames.is_empty() && !self.take_next_wish() {
                return;
            }
            if self.advance() == Next::Wait {
                return;
            }
        }
        self.memory.drop_everything();
        self.say("cannot_confirm");
    }

    fn advance(&mut self) -> Next {
        let Some((program, frame)) = self.at_work() else {
            // The configuration changed and the skill is gone.
            self.memory.frames.pop();
            return Next::Go;
        };
        let proving = self.memory.proving.as_ref().is_some_and(Proving::holds);
        if proving || frame.waiting.is_some() || frame.asked.is_some() {
            return Next::Wait;
        }
        if let Some((place, plan)) = open_refusal(program, frame) {
            return self.look_at(place, plan);
        }
        if let Some(plan) = program.slots.iter().find(|plan| !frame.slots.contains_key(&plan.slot.name)) {
            return self.take(plan);
        }
        let Some(op) = program.ops.get(frame.at) else {
            self.end();
            return Next::Go;
        };
        match op {
            Op::Call { call, with } => {
                return self.call_step(call, with);
            }
            Op::Say(text) => self.say_step(text),
            Op::HandOver(reason) => {
                self.hand_over(reason);
                return Next::Wait;
            }
            Op::Unless { rule, to } => {
                let holds = rule.holds(&self.scope()).unwrap_or(false);
                self.go_to(if holds { frame_at(self) + 1 } else { *to });
                return Next::Go;
            }
            Op::Jump(to) => {
                self.go_to(*to);
                return Next::Go;
            }
            Op::Skill(name) => {
                self.go_to(frame_at(self) + 1);
                self.enter(name);
                return Next::Go;
            }
        }
        self.go_to(frame_at(self) + 1);
        Next::Go
    }

    /// Looks at what the company itself refuses.
    fn look_at(&mut self, place: usize, plan: &RefusalPlan) -> Next {
        let Some(frame) = self.memory.top() else { return Next::Go };
        if let Some(tool) = plan.reads.iter().find(|tool| self.must_be_read(tool, frame)) {
            let args = self.arguments(tool, &BTreeMap::new());
            self.call(tool, args, Purpose::Records);
            return Next::Wait;
        }
        if plan.rule.holds(&self.scope()).unwrap_or(false) {
            self.refuse(&plan.say);
            self.fail();
            self.memory.ended = Ended::Refused;
        } else if let Some(frame) = self.memory.top_mut() {
            frame.allowed.insert(place);
        }
        Next::Go
    }

    /// Would all that the skill changes be refused in the end, because the customer has proven too little and has no way here to
    /// prove more? Then nothing is asked and nothing is looked up for it.
    fn is_out_of_reach(&self) -> bool {
        let Some((program, _)) = self.at_work() else { return false };
        let calls = program.ops.iter().filter_map(|op| if let Op::Call { call, .. } = op { self.company.tools.get(call) } else { None });
        let mut changes = calls.filter(|tool| tool.access == Access::Write).peekable();
        changes.peek().is_some() && changes.all(|tool| tool.auth > self.context.level && !self.may_be_proven(tool.auth))
    }

    /// Brings one slot further.
    fn take(&mut self, plan: &SlotPlan) -> Next {
        let resolution = self.resolve(plan);
        if !matches!(resolution, Resolution::Known(..) | Resolution::Refuse(_)) && self.is_out_of_reach() {
            self.refuse(if self.context.level == Level::Anonymous { "sign_in_first" } else { "step_up_needed" });
            self.fail();
            self.memory.ended = Ended::Refused;
            return Next::Go;
        }
        match resolution {
            Resolution::Known(value, from) => {
                if from == Origin::Records {
                    self.note_seen(plan);
                    self.queue_listed(plan, &value);
                }
                self.fill(&plan.slot.name, value, from);
                Next::Go
            }
            Resolution::Records(tool) => {
                let args = self.arguments(&tool, &BTreeMap::new());
                self.call(&tool, args, Purpose::Records);
                Next::Wait
            }
            Resolution::AskEach(place, question) => {
                self.ask_for_place(place, question);
                Next::Wait
            }
            Resolution::Refuse(say) => {
                self.refuse(&say);
                self.fail();
                self.memory.ended = Ended::Refused;
                Next::Go
            }
            Resolution::AskMore(question) => {
                self.ask_for_more(question);
                Next::Wait
            }
            Resolution::Ask(question) => {
                self.ask_slot(question);
                Next::Wait
            }
        }
    }

    /// Fills a slot of the skill at work; the conversation remembers it.
    pub(super) fn fill(&mut self, slot: &str, value: Value, from: Origin) {
        if !value.is_null() {
            self.memory.known.insert(slot.to_owned(), value.clone());
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.fill(slot, value, from);
        }
    }

    fn go_to(&mut self, place: usize) {
        if let Some(frame) = self.memory.top_mut() {
            frame.at = place;
        }
    }

    fn call_step(&mut self, call: &str, with: &BTreeMap<String, String>) -> Next {
        let args = self.arguments(call, with);
        let purpose = if writes(self.company, call) { Purpose::Write } else { Purpose::Read };
        if purpose == Purpose::Write && self.is_done_already(call, &args) {
            self.say("already_done");
            self.fail();
            return Next::Go;
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.partial = None;
            frame.missing.clear();
            frame.missing_told = false;
        }
        self.call(call, args, purpose);
        Next::Wait
    }

    /// Was just this done in this conversation? It is proposed once more only where the customer says so.
    fn is_done_already(&self, call: &str, args: &BTreeMap<String, Value>) -> bool {
        let again =
            || self.memory.top().is_some_and(|frame| frame.heard.iter().any(|text| self.lexicon().wishes_again(&self.listen(text).words)));
        self.memory.done.iter().any(|(tool, done)| tool == call && done == args) && !again()
    }

    /// The arguments of a call and of what it needs: what is given, else the slots of the same names. What a tool takes from facts or
    /// identity is never given.
    fn arguments(&self, call: &str, with: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
        let scope = self.scope();
        let mut args = BTreeMap::new();
        for tool in with_needs(self.company, tools_of(self.company, call)) {
            for name in tool.args.iter().filter(|(_, arg)| arg.from.is_none()).map(|(name, _)| name) {
                let own = || self.memory.top().and_then(|frame| frame.value(name)).cloned();
                let value = match with.get(name) {
                    Some(path) => at(&scope, path).cloned(),
                    None => own(),
                };
                args.extend(value.map(|value| (name.clone(), value)));
            }
        }
        args
    }

    fn say_step(&mut self, text: &str) {
        let Some(frame) = self.memory.top() else { return };
        let (hidden, told, partial) = (frame.missing.clone(), frame.missing_told, frame.partial.clone());
        let (scope, disagreements) = self.scope_of(Some(frame), &hidden);
        match self.about_field(text).or_else(|| self.draft(text, &scope)) {
            Some(draft) => {
                self.say_unless_said(draft, partial.as_deref());
                let paths = self.texts.paths(text);
                for disagreement in disagreements.iter().filter(|one| paths.iter().any(|path| path.starts_with(&one.canonical))) {
                    self.say_disagreement(disagreement);
                }
            }
            None => self.say_over("cannot_confirm", &scope),
        }
        if !told {
            self.say_missing(&hidden);
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.spoke = true;
            frame.missing_told = true;
            frame.partial = None;
        }
    }

    fn say_unless_said(&mut self, draft: Draft, partial: Option<&str>) {
        if partial != Some(draft.text.as_str()) {
            self.say_draft(draft);
        }
    }

    /// Two systems say different things and none has the authority: both, with their times, and no choice of ours.
    fn say_disagreement(&mut self, disagreement: &Disagreement) {
        let value = |(value, source, at): &(Value, String, Timestamp)| {
            let fields = [("value", value.clone()), ("source", Value::text(source)), ("time", Value::Time(*at))];
            Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        };
        let values = Value::List(disagreement.values.iter().map(value).collect());
        let what = disagreement.canonical.rsplit('.').next().unwrap_or(&disagreement.canonical).replace('_', " ");
        self.say_with("disagree", &[("what", Value::Text(what)), ("values", values)]);
    }

    /// The systems behind tools that did not answer are named, once each.
    fn say_missing(&mut self, missing: &BTreeSet<String>) {
        let mut backends: Vec<&str> =
            missing.iter().filter_map(|tool| self.company.tools.get(tool)).map(|tool| tool.backend.as_str()).collect();
        backends.sort_unstable();
        backends.dedup();
        for backend in backends {
            self.say_with("cannot_reach", &[("backend", Value::text(backend))]);
        }
    }

    /// Does another skill as a step, with the slots of this one.
    fn enter(&mut self, skill: &str) {
        let Some(caller) = self.memory.top() else { return };
        let slots = caller.slots.iter().map(|(name, filled)| (name.clone(), Filled { value: filled.value.clone(), from: Origin::Caller }));
        let frame =
            Frame { skill: skill.to_owned(), slots: slots.collect(), heard: caller.heard.clone(), called: true, ..Frame::default() };
        self.memory.frames.push(frame);
    }

    /// The skill at work has come to its end.
    fn end(&mut self) {
        if self.memory.top().is_some_and(|frame| frame.written.is_some() && !frame.spoke) {
            self.say("action_done");
        }
        let Some(frame) = self.memory.frames.pop() else { return };
        if frame.called {
            // What the inner skill learned, its caller may use.
            if let Some(caller) = self.memory.top_mut() {
                for (slot, filled) in frame.slots {
                    caller.slots.entry(slot).or_insert(filled);
                }
                caller.results.extend(frame.results);
                caller.spoke |= frame.spoke;
            }
            return;
        }
        self.memory.last = Some(frame);
        self.memory.ended = Ended::Done;
        self.resume();
    }

    /// Ends the wish of the skill at work without success: the skills that called it end with it.
    pub(super) fn fail(&mut self) {
        while let Some(frame) = self.memory.frames.pop() {
            let called = frame.called;
            self.memory.last = Some(frame);
            self.memory.ended = Ended::Open;
            if !called {
                break;
            }
        }
        self.resume();
    }

    /// What was interrupted goes on where it stood: its question is asked again, its proposal shown again.
    pub(super) fn resume(&mut self) {
        let Some(frame) = self.memory.top_mut() else { return };
        frame.resumed += 1;
        if frame.resumed > RESUMES {
            self.memory.frames.pop();
            return self.resume();
        }
        self.take_up_again();
    }

    /// The skill at work asks its question again, or makes its call again.
    pub(super) fn take_up_again(&mut self) {
        let proving = self.memory.proving.as_ref().and_then(|proving| proving.question.clone());
        let Some(frame) = self.memory.top_mut() else { return };
        // The call is made anew: what was known of it may be old by now.
        frame.waiting = None;
        if let Some(question) = proving.or(frame.asked.clone()) {
            self.ask(question);
        }
    }
}

fn frame_at(dialogue: &Dialogue<'_>) -> usize {
    dialogue.memory.top().map_or(0, |frame| frame.at)
}

/// The next refusal of the company's own that can be looked at by now.
fn open_refusal<'p>(program: &'p Program, frame: &Frame) -> Option<(usize, &'p RefusalPlan)> {
    let known = |slot: &String| frame.slots.contains_key(slot);
    program.refusals.iter().enumerate().find(|(place, plan)| !frame.allowed.contains(place) && plan.needs.iter().all(known))
}
