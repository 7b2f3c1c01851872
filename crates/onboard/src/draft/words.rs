//! Skills and texts: how customers ask for it, what they are asked, and what they are told.

use super::tool::{asked, slot_type};
use super::{Chosen, Drafted, Taken, free};
use crate::learn::{Field, Listed};
use crate::names::{plural, words as split};
use crate::propose::Role;
use crate::yaml::{key, list, quoted};
use patchbay_connect::openapi::{Argument, Shape};
use std::fmt::Write;

/// Values of a record that its sentence tells besides its number and state.
const MOST_TOLD: usize = 7;

/// Adds what is said around a tool.
pub(super) fn say(one: &Chosen<'_>, open: &[&Chosen<'_>], taken: &mut Taken, backend: &str, drafted: &mut Drafted) {
    match &one.proposal.role {
        Role::Change(arg) => change(one, arg, open, taken, backend, drafted),
        role => read(one, role, open, taken, backend, drafted),
    }
}

fn read(one: &Chosen<'_>, role: &Role, open: &[&Chosen<'_>], taken: &mut Taken, backend: &str, drafted: &mut Drafted) {
    let noun = &one.proposal.noun;
    let skill = free(&format!("about_{}", one.name), backend, taken);
    let describe = match role {
        Role::Own if one.learned.list.is_none() && one.proposal.is_themselves() => "What you know about me".to_owned(),
        Role::Own => format!("See my {}", plural(noun)),
        _ => format!("How it is with {} {noun}", article(noun)),
    };
    let mut yaml = format!(
        "{skill}:\n  describe: {}\n  examples: {}\n",
        quoted(&describe),
        list(questions(one, role).iter().map(|text| quoted(text)))
    );
    if let Role::One(arg) = role {
        yaml += "  slots:\n";
        yaml += &object(one, arg, open, drafted);
    }
    let _ = writeln!(yaml, "  do: [{{ call: {} }}, {{ say: {skill} }}]\n", one.name);
    drafted.skills += &yaml;
    let _ = writeln!(drafted.texts, "{skill}: {}", quoted(&told(one)));
    let arg = if let Role::One(arg) = role { Some(arg.clone()) } else { None };
    drafted.readable.push((one.name.clone(), arg));
}

fn change(one: &Chosen<'_>, arg: &str, open: &[&Chosen<'_>], taken: &mut Taken, backend: &str, drafted: &mut Drafted) {
    let noun = &one.proposal.noun;
    let asked = asked(one.proposal.operation, arg, one.proposal.who);
    let deed = deed(one);
    let skill = free(&format!("do_{}", one.name), backend, taken);
    let sample = one.sample.or_else(|| open.iter().find(|other| other.proposal.noun == *noun).and_then(|other| other.sample));
    let mut examples = vec![
        format!("{deed} my {noun}"),
        format!("please {deed} the {noun}"),
        format!("I want to {deed} my {noun}"),
        format!("can you {deed} it"),
    ];
    examples.extend(sample.map(|sample| format!("{deed} {noun} {sample}")));
    let mut yaml = format!(
        "{skill}:\n  describe: {}\n  examples: {}\n  slots:\n",
        quoted(&capital(&format!("{deed} {} {noun}", article(noun)))),
        list(examples.iter().map(|text| quoted(text)))
    );
    yaml += &object(one, arg, open, drafted);
    for more in &asked {
        let question = free(&format!("ask_{}_{}", one.name, crate::names::key(&split(&more.name))), backend, taken);
        let _ = writeln!(
            yaml,
            "    {}: {{ type: {}, from: [message, conversation], else: {{ ask: {question} }} }}",
            key(&more.name),
            slot_type(&more.shape)
        );
        let words = split(&more.name).join(" ");
        let hint = if more.describe.is_empty() { String::new() } else { format!(" ({})", more.describe.trim_end_matches('.')) };
        let _ = writeln!(drafted.texts, "{question}: {}", quoted(&format!("Please tell me the {words}{hint}.")));
    }
    let _ = writeln!(yaml, "  do: [{{ call: {} }}, {{ say: {skill} }}]\n", one.name);
    drafted.skills += &yaml;
    let thing = format!("{noun}{}", shown(one, open));
    let texts = [
        (skill.clone(), format!("It is done: {deed} {thing}{}.", with(&asked, "slots"))),
        (format!("about_to_{}", one.name), format!("{} {thing}{}?", capital(&deed), with(&asked, "args"))),
        (format!("{}_not_possible", one.name), format!("I cannot {deed} {thing} now. I can hand you to a colleague.")),
    ];
    for (name, text) in texts {
        taken.insert(name.clone());
        let _ = writeln!(drafted.texts, "{name}: {}", quoted(&text));
    }
}

/// What a change does, as a phrase that its object ends: `cancelBooking` is `cancel` (a booking), `changeDates` `change the dates of`.
fn deed(one: &Chosen<'_>) -> String {
    let noun = &one.proposal.noun;
    let names = split(&one.proposal.operation.id);
    let (verb, object): (Vec<_>, Vec<_>) =
        names.iter().filter(|word| *word != noun && **word != plural(noun)).enumerate().partition(|(n, _)| *n == 0);
    let words = |part: Vec<(usize, &String)>| part.into_iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ");
    let (verb, object) = (words(verb), words(object));
    if object.is_empty() || names.contains(noun) {
        format!("{verb} {object}").trim_end().to_owned()
    } else {
        format!("{verb} the {object} of")
    }
}

/// What a change was told, so that a card shows all that is confirmed: `args` on the card, `slots` once the skill says that it is done.
fn with(asked: &[&Argument], of: &str) -> String {
    let plain = |arg: &&&Argument| arg.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let one = |arg: &&Argument| {
        let name = &arg.name;
        let value = match &arg.shape {
            Shape::Bool => format!("{{% if {of}.{name} %}}yes{{% else %}}no{{% endif %}}"),
            Shape::Text { format: Some(format), .. } if format == "date" => format!("{{{{ {of}.{name} | date }}}}"),
            _ => format!("{{{{ {of}.{name} }}}}"),
        };
        format!("{}: {value}", split(&arg.name).join(" "))
    };
    let all: Vec<String> = asked.iter().filter(plain).map(one).collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// How the object of a change is named in a text, by the read it rests on.
fn shown(one: &Chosen<'_>, open: &[&Chosen<'_>]) -> String {
    let read = open.iter().find(|other| other.proposal.noun == one.proposal.noun && matches!(other.proposal.role, Role::One(_)));
    let name = read.map(|read| read.name.clone()).unwrap_or_default();
    let id = read.and_then(|read| read.learned.fields.iter().find(|field| field.name == "id" || field.name == "number"));
    id.map(|id| format!(" {{{{ {name}.{} }}}}", id.name)).unwrap_or_default()
}

/// The slot of the object, and the question for it where nobody asks it yet.
fn object(one: &Chosen<'_>, arg: &str, open: &[&Chosen<'_>], drafted: &mut Drafted) -> String {
    let question = format!("which_{}", one.id_type);
    let line = format!("{question}: ");
    if !drafted.texts.lines().any(|text| text.starts_with(&line)) {
        let noun = &one.proposal.noun;
        let _ = writeln!(drafted.texts, "{line}{}", quoted(&format!("Which {noun} do you mean? Please tell me its number.")));
    }
    // Where the customer's own ones are listed, they need not know the number.
    let listed =
        open.iter().filter(|other| other.proposal.noun == one.proposal.noun && other.proposal.role == Role::Own).find_map(|other| {
            let records = other.learned.list.as_ref()?;
            let take = records.fields.iter().find(|field| field.name == "id" || field.name == one.id_type)?;
            Some((format!("{}.{}", other.name, records.name), &take.name))
        });
    let (source, choices) = match listed {
        Some((records, take)) => (format!(", {{ one_of: {records}, take: {take} }}"), format!(", choices: {records}")),
        None => (String::new(), String::new()),
    };
    let types = &one.id_type;
    format!("    {}: {{ type: {types}, from: [message, conversation{source}], else: {{ ask: {question}{choices} }} }}\n", key(arg))
}

/// How customers ask to read it.
fn questions(one: &Chosen<'_>, role: &Role) -> Vec<String> {
    let noun = &one.proposal.noun;
    if *role == Role::Own && one.learned.list.is_none() && one.proposal.is_themselves() {
        return ["what do you know about me", "show me my details", "which address do you have of me", "is my e-mail address right"]
            .map(str::to_owned)
            .to_vec();
    }
    if *role == Role::Own {
        let many = plural(noun);
        return vec![
            format!("show me my {many}"),
            format!("what {many} do I have"),
            format!("how is it with my {noun}"),
            format!("tell me about my {noun}"),
            format!("my {noun} please"),
        ];
    }
    let mut all = vec![
        format!("where is my {noun}"),
        format!("what is the status of my {noun}"),
        format!("how is it with my {noun}"),
        format!("I have a question about my {noun}"),
        format!("when will my {noun} be ready"),
    ];
    all.extend(one.sample.map(|sample| format!("what about {noun} {sample}")));
    all
}

/// The sentence that tells a record.
fn told(one: &Chosen<'_>) -> String {
    let (tool, learned) = (&one.name, one.learned);
    let by_name = |name: &str| learned.fields.iter().find(|field| field.name == name);
    if let (Role::Own, Some(records)) = (&one.proposal.role, &learned.list) {
        let many = plural(&one.proposal.noun);
        return format!(
            "{{% if {tool}.{0} %}}Your {many}: {1}.{{% else %}}There are no {many}.{{% endif %}}",
            records.name,
            each(tool, records)
        );
    }
    let mut text = capital(&one.proposal.noun);
    let id = by_name("id").or_else(|| by_name("number"));
    if let Some(id) = id {
        let _ = write!(text, " {{{{ {tool}.{} }}}}", id.name);
    }
    let status = by_name("status").or_else(|| by_name("state"));
    match status {
        Some(status) => {
            let _ = write!(text, "{{% if {tool}.{0} %}}: {{{{ {tool}.{0} }}}}{{% endif %}}.", status.name);
        }
        None => text.push('.'),
    }
    let rest = learned.fields.iter().filter(|field| Some(*field) != id && Some(*field) != status).take(MOST_TOLD);
    for field in rest {
        let _ = write!(text, "{{% if {tool}.{} %}} {}: {}.{{% endif %}}", field.name, label(&field.name), shows(tool, field));
    }
    if let Some(records) = &learned.list {
        let name = &records.name;
        let _ = write!(text, "{{% if {tool}.{name} %}} {}: {}.{{% endif %}}", label(name), each(tool, records));
    }
    text
}

fn each(tool: &str, records: &Listed) -> String {
    let mut shown = records.fields.iter().filter(|field| field.kind != "bool").take(3);
    let one = match shown.next() {
        None => "{{ one }}".to_owned(),
        Some(first) => {
            let more = shown.map(|field| format!("{{% if one.{0} %}} {1}{{% endif %}}", field.name, shows("one", field)));
            format!("{}{}", shows("one", first), more.collect::<String>())
        }
    };
    format!("{{% for one in {tool}.{} %}}{one}{{% if not loop.last %}}; {{% endif %}}{{% endfor %}}", records.name)
}

fn shows(of: &str, field: &Field) -> String {
    match field.kind {
        "date" | "time" => format!("{{{{ {of}.{} | date }}}}", field.name),
        "bool" => "yes".to_owned(),
        _ => format!("{{{{ {of}.{} }}}}", field.name),
    }
}

fn label(name: &str) -> String {
    capital(&split(name).join(" "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
