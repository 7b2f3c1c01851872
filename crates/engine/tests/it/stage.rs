//! The turn's side of a dialogue: answers calls from canned facts, proposes writes, and writes down what is said.

use patchbay_core::declare::{Access, Company};
use patchbay_core::fact::Released;
use patchbay_core::id::{ActionId, ConversationId, TurnId};
use patchbay_core::mind::{CallResult, Line, MindContext, MindStep, Occasion, Speaker};
use patchbay_core::port::Mind;
use patchbay_core::words::{CallOutcome, FactClass, Level};
use patchbay_core::{Timestamp, Value};
use patchbay_engine::builtin::{BuiltIn, Hearing, Knowing, Knows, Understands, examples};
use patchbay_text::Texts;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// What a backend says: the tool, its arguments → facts or how it failed.
pub(crate) type Backend = fn(&str, &BTreeMap<String, Value>) -> Result<Value, CallOutcome>;

/// One conversation on the stage.
pub(crate) struct Stage {
    company: Arc<Company>,
    mind: BuiltIn,
    backend: Backend,
    memory: serde_json::Value,
    history: Vec<Line>,
    pub(crate) level: Level,
    /// Tools that answer only after the useful deadline.
    pub(crate) slow: Vec<&'static str>,
    /// Tools that fail like this from now on.
    pub(crate) broken: BTreeMap<&'static str, CallOutcome>,
    /// A refusal's text by tool.
    pub(crate) refusing: BTreeMap<&'static str, &'static str>,
    turns: u32,
    proposed: Option<(u32, String, BTreeMap<String, Value>)>,
    script: String,
}

impl Stage {
    /// With an understanding that only counts words.
    pub(crate) fn new(company: Company, backend: Backend) -> Self {
        let hearing = crate::hearing::Nearest(examples(&company));
        Self::with(company, backend, Arc::new(hearing))
    }

    /// With an understanding of one's own.
    pub(crate) fn with(company: Company, backend: Backend, understanding: Arc<dyn Understands>) -> Self {
        let company = Arc::new(company);
        let texts = Arc::new(Texts::compile_in(&company.texts, &company.language, company.time_zone()).unwrap());
        let hearing = Arc::new(Hearing::new(understanding));
        let mind = BuiltIn::new(company.clone(), texts, hearing).unwrap();
        Self {
            company,
            mind,
            backend,
            memory: serde_json::Value::Null,
            history: Vec::new(),
            level: Level::Identified,
            slow: Vec::new(),
            broken: BTreeMap::new(),
            refusing: BTreeMap::new(),
            turns: 0,
            proposed: None,
            script: String::new(),
        }
    }

    /// With something written down.
    pub(crate) fn knowing(self, knowledge: Arc<dyn Knows>) -> Self {
        Self { mind: self.mind.with_knowledge(Arc::new(Knowing::new(knowledge))), ..self }
    }

    /// The customer types something.
    pub(crate) fn says(&mut self, text: &str) -> &mut Self {
        writeln!(self.script, "> {text}").unwrap();
        self.turn(Occasion::Message { text: text.to_owned(), picked: None }, Vec::new());
        self.history.push(Line { who: Speaker::Customer, text: text.to_owned() });
        self
    }

    /// The customer picks a choice.
    pub(crate) fn picks(&mut self, value: &str) -> &mut Self {
        writeln!(self.script, "> [{value}]").unwrap();
        self.turn(Occasion::Message { text: value.to_owned(), picked: Some(value.to_owned()) }, Vec::new());
        self
    }

    /// The customer says yes to the proposal.
    pub(crate) fn confirms(&mut self) -> &mut Self {
        writeln!(self.script, "> [yes]").unwrap();
        let (wish, tool, args) = self.proposed.take().unwrap_or_else(|| panic!("nothing is proposed:\n{}", self.script));
        let outcome = (self.backend)(&tool, &args);
        let result = self.result(wish, &tool, outcome.as_ref().map_or_else(|failed| *failed, |_| CallOutcome::Ok));
        let action = ActionId::from_bits(1);
        self.turn(Occasion::ActionEnded { action: action.clone() }, vec![CallResult { action: Some(action), ..result }]);
        self
    }

    /// The customer says no to the proposal.
    pub(crate) fn refuses(&mut self) -> &mut Self {
        writeln!(self.script, "> [no]").unwrap();
        self.proposed = None;
        self.turn(Occasion::ActionDeclined { action: ActionId::from_bits(1) }, Vec::new());
        self
    }

    /// Everything that happened, as it reads.
    pub(crate) fn script(&self) -> &str {
        &self.script
    }

    fn turn(&mut self, occasion: Occasion, results: Vec<CallResult>) {
        self.turns += 1;
        let mut facts = BTreeMap::new();
        let mut results = results;
        let mut occasion = occasion;
        for round in 0..8 {
            let calls = self.ask(occasion, &facts, &results, round);
            let mut late = Vec::new();
            let reads: Vec<_> = calls.into_iter().filter(|(wish, tool, args)| !self.proposes(*wish, tool, args)).collect();
            if reads.is_empty() {
                return;
            }
            for (wish, tool, args) in reads {
                let (result, slow) = self.read(wish, &tool, &args, &mut facts);
                results.push(result);
                late.extend(slow);
            }
            if !late.is_empty() {
                let early =
                    facts.iter().filter(|(tool, _)| !late.contains(tool)).map(|(tool, facts)| (tool.clone(), facts.clone())).collect();
                writeln!(self.script, "  … still waiting for {}", late.join(", ")).unwrap();
                self.ask(Occasion::Partial { pending: late }, &early, &results[..results.len() - 1], round);
            }
            occasion = Occasion::Results;
        }
        panic!("more than 8 rounds\n{}", self.script);
    }

    fn proposes(&mut self, wish: u32, tool: &str, args: &BTreeMap<String, Value>) -> bool {
        let writes = self.company.tools.get(tool).is_some_and(|tool| tool.access == Access::Write);
        if writes && !self.refusing.contains_key(tool) {
            writeln!(self.script, "! {tool} {}", spell(args)).unwrap();
            self.proposed = Some((wish, tool.to_owned(), args.clone()));
            return true;
        }
        false
    }

    fn read(
        &mut self,
        wish: u32,
        call: &str,
        args: &BTreeMap<String, Value>,
        facts: &mut BTreeMap<String, Released>,
    ) -> (CallResult, Vec<String>) {
        let composition = self.company.compositions.get(call).cloned();
        let tools = composition.as_ref().map_or_else(|| vec![call.to_owned()], |composition| composition.read.clone());
        let (mut missing, mut late) = (BTreeMap::new(), Vec::new());
        for tool in &tools {
            let broken = self.broken.get(tool.as_str()).copied();
            match broken.map_or_else(|| (self.backend)(tool, args), Err) {
                Ok(value) => {
                    if self.slow.contains(&tool.as_str()) {
                        late.push(tool.clone());
                    }
                    facts.insert(tool.clone(), self.released(tool, value));
                }
                Err(outcome) => {
                    missing.insert(tool.clone(), outcome);
                }
            }
        }
        let essential = composition.map_or_else(|| vec![call.to_owned()], |composition| composition.essential);
        let outcome = essential.iter().find_map(|tool| missing.get(tool)).copied().unwrap_or(CallOutcome::Ok);
        (CallResult { missing, ..self.result(wish, call, outcome) }, late)
    }

    fn result(&self, wish: u32, tool: &str, outcome: CallOutcome) -> CallResult {
        let text = self.refusing.get(tool).map(|text| (*text).to_owned());
        let outcome = if text.is_some() { CallOutcome::Refused } else { outcome };
        CallResult {
            wish,
            tool: tool.to_owned(),
            outcome,
            refusal: None,
            text,
            detail: None,
            action: None,
            verified: None,
            missing: BTreeMap::new(),
        }
    }

    fn released(&self, tool: &str, value: Value) -> Released {
        let declared = &self.company.tools[tool];
        Released {
            tool: tool.to_owned(),
            source: declared.backend.clone(),
            fetched_at: now(),
            class: FactClass::Live,
            value,
            canonical: canonical(&declared.select),
            kept: Vec::new(),
            dropped: Vec::new(),
        }
    }

    fn ask(
        &mut self,
        occasion: Occasion,
        facts: &BTreeMap<String, Released>,
        results: &[CallResult],
        round: u32,
    ) -> Vec<(u32, String, BTreeMap<String, Value>)> {
        let conversation = ConversationId::from_bits(1);
        let turn = TurnId::from_bits(self.turns.into());
        let context = MindContext {
            conversation,
            ask: turn.ask(round),
            turn,
            now: now(),
            occasion,
            history: self.history.clone(),
            level: self.level,
            lookups: Vec::new(),
            customer: BTreeMap::from([("id".to_owned(), Value::text("mika"))]),
            facts: facts.clone(),
            results: results.to_vec(),
            tools: self.company.tools.keys().cloned().collect(),
            memory: self.memory.clone(),
        };
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = heard.clone();
        let mut answer = self.mind.answer(context, Box::new(move |step| ear.lock().unwrap().push(step)));
        let Poll::Ready(done) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!("the mind waits") };
        drop(answer);
        // As it comes back from the log.
        self.memory = serde_json::from_str(&serde_json::to_string(&done.unwrap().memory).unwrap()).unwrap();
        let steps = std::mem::take(&mut *heard.lock().unwrap());
        steps.into_iter().filter_map(|step| self.note(step)).collect()
    }

    /// Writes one step down; a call is given back.
    fn note(&mut self, step: MindStep) -> Option<(u32, String, BTreeMap<String, Value>)> {
        match step {
            MindStep::Understood(one) => {
                let zone = one.zone.map_or("-", |zone| zone.as_str());
                let slots: Vec<String> = one.slots.iter().map(|(slot, from)| format!("{slot} from {from}")).collect();
                let lost = if one.misunderstood { " misunderstood" } else { "" };
                writeln!(
                    self.script,
                    "  ({zone} {}{lost}{}{})",
                    one.skill.as_deref().unwrap_or("-"),
                    if slots.is_empty() { "" } else { "; " },
                    slots.join(", ")
                )
                .unwrap();
            }
            MindStep::Say(draft) => {
                self.bot("<", &draft.text);
                draft.citations.iter().for_each(|citation| writeln!(self.script, "    from {}", citation.title).unwrap());
            }
            MindStep::Decline(draft) => self.bot("< [declined]", &draft.text),
            MindStep::Refuse(draft) => self.bot("< [refused]", &draft.text),
            MindStep::Ask(question) => {
                self.bot(&format!("? [{} {}]", question.slot, question.kind), &question.text);
                for offer in question.choices {
                    writeln!(self.script, "    - {}: {}", offer.value, offer.label).unwrap();
                }
            }
            MindStep::Identify { lookup, answers } => writeln!(self.script, "  identify by {lookup} {}", spell(&answers)).unwrap(),
            MindStep::HandOver { reason } => writeln!(self.script, "  hand over: {reason}").unwrap(),
            MindStep::Call { wish, tool, args } => {
                if self.company.tools.get(&tool).is_none_or(|tool| tool.access != Access::Write) {
                    writeln!(self.script, "  {tool} {}", spell(&args)).unwrap();
                }
                return Some((wish, tool, args));
            }
        }
        None
    }

    fn bot(&mut self, mark: &str, text: &str) {
        writeln!(self.script, "{mark} {text}").unwrap();
        self.history.push(Line { who: Speaker::Bot, text: text.to_owned() });
    }
}

/// Friday, 20 November 2026, noon.
pub(crate) fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn canonical(selection: &patchbay_core::declare::Selection) -> BTreeMap<String, String> {
    use patchbay_core::declare::Selected;
    let names = selection.0.iter().filter_map(|(name, selected)| match selected {
        Selected::One { canonical: Some(canonical), .. } => Some((name.clone(), canonical.clone())),
        _ => None,
    });
    names.collect()
}

fn spell(args: &BTreeMap<String, Value>) -> String {
    let args: Vec<String> = args.iter().map(|(name, value)| format!("{name}={}", value.to_json().to_string().replace('"', ""))).collect();
    format!("({})", args.join(", "))
}
