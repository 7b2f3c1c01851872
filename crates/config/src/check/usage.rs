//! Which texts are used by something.

use patchbay_core::declare::{Company, Otherwise, Step};
use std::collections::BTreeSet;

/// The names of all texts that some tool, skill, topic or the handoff says.
pub(super) fn used_texts(company: &Company) -> BTreeSet<&str> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for tool in company.tools.values() {
        let slow = tool.slow.as_ref().map(|slow| slow.say.as_str());
        used.extend([tool.refuse.as_deref(), tool.preview.as_deref(), slow].into_iter().flatten());
    }
    for skill in company.skills.values() {
        said(&skill.steps, &mut used);
        used.extend(skill.slots.iter().filter_map(|slot| match &slot.otherwise {
            Otherwise::Ask { say, .. } => Some(say.as_str()),
            Otherwise::LeaveOut => None,
        }));
        used.extend(skill.slots.iter().filter_map(|slot| slot.more.as_deref()));
        used.extend(skill.refuse.iter().map(|refusal| refusal.say.as_str()));
    }
    used.extend(company.topics.values().map(|topic| topic.say.as_str()));
    let asked = company.lookups.iter().flat_map(|lookup| &lookup.ask).map(|piece| format!("ask_{piece}"));
    used.extend(asked.filter_map(|name| company.texts.get_key_value(&name)).map(|(name, _)| name.as_str()));
    used.extend(company.escalation.say.as_deref());
    used.extend(company.welcome_back.as_deref());
    used
}

fn said<'a>(steps: &'a [Step], used: &mut BTreeSet<&'a str>) {
    for step in steps {
        match step {
            Step::Say(text) => {
                used.insert(text);
            }
            Step::If { then, otherwise, .. } => {
                said(then, used);
                said(otherwise, used);
            }
            Step::Call { .. } | Step::HandOver(_) | Step::Skill(_) => {}
        }
    }
}
