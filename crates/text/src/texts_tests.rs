//! Texts: what they say over facts, and what they refuse to say.

use super::*;

fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

fn scope() -> Scope {
    let item = |title: &str| map([("title", title.into())]);
    let order = map([
        ("id", "W12345".into()),
        ("status", "paid".into()),
        ("eta", Value::Date("2026-11-22".parse().unwrap())),
        ("placed", Value::Time("2025-12-31T23:30:00Z".parse().unwrap())),
        ("total", Value::Money("1234.50 EUR".parse().unwrap())),
        ("weight", Value::Number("0.30".parse().unwrap())),
        ("count", Value::Number(3.into())),
        ("nothing", Value::Null),
        ("items", Value::List(vec![item("lamp"), item("desk"), item("chair")])),
    ]);
    Scope::from([("order".to_owned(), order), ("now".to_owned(), Value::Time("2026-11-20T10:00:00Z".parse().unwrap()))])
}

fn texts(text: &str, language: &str) -> Texts {
    Texts::compile(&BTreeMap::from([("it".to_owned(), text.to_owned())]), language).unwrap()
}

fn render(text: &str) -> Result<String, TextError> {
    texts(text, "en").render("it", &scope()).map(|rendered| rendered.text)
}

#[test]
fn values_read_well_with_and_without_filters() {
    for (text, says) in [
        ("{{ order.total }} {{ order.total | money }} {{ order.total | plain }}", "€1,234.50 €1,234.50 1234.50 EUR"),
        ("{{ order.eta }} {{ order.eta | date }} {{ order.eta | plain }}", "22 November 22 November 2026-11-22"),
        (
            "{{ order.placed }} / {{ order.placed | date }} / {{ order.placed | time }}",
            "31 December 2025, 23:30 UTC / 31 December 2025 / 23:30 UTC",
        ),
        ("{{ order.items | list('title') }}", "lamp, desk and chair"),
        ("{% for item in order.items %}{{ item.title }};{% endfor %}", "lamp;desk;chair;"),
        ("{{ order.weight }} kg, {{ order.count }}, {{ order.count > 2 }}", "0.30 kg, 3, yes"),
        ("{% if order.count > 2 %}many{% endif %}", "many"),
        ("{% if order.status == 'paid' %}{{ order.status | capitalize }}{% endif %}", "Paid"),
        ("{{ order.nickname | default('friend') }}", "friend"),
        ("<b>{{ order.id }}</b>", "<b>W12345</b>"),
    ] {
        assert_eq!(render(text).as_deref(), Ok(says), "{text}");
    }
    let neutral = texts("{{ order.total }}, {{ order.eta }}, {{ order.items | list('title') }}", "ja").render("it", &scope()).unwrap();
    assert_eq!(neutral.text, "1234.50 EUR, 2026-11-22, lamp, desk, chair");
}

#[test]
fn a_test_of_what_is_missing_is_false_and_printing_it_is_an_error() {
    assert_eq!(
        render("a{% if shipment.eta %}b{% endif %}{% if order.nothing %}c{% endif %}{% if parcel.place.city %}d{% endif %}").unwrap(),
        "a"
    );
    assert_eq!(render("{% if shipment %}b{% else %}none{% endif %}").unwrap(), "none");
    for text in [
        "{{ shipment.eta }}",
        "{{ order.nothing }}",
        "{{ name }}",
        "{{ shipment.eta | date }}",
        "{{ order.nickname | upper }}",
        "{{ order }}",
        "{{ order.items }}",
    ] {
        let error = render(text).unwrap_err();
        assert!(!error.message.is_empty() && error.text == "it", "{text}: {error}");
    }
    assert!(render("{{ order.status | money }}").is_err());
}

#[test]
fn the_facts_are_those_that_were_read() {
    let texts = texts(
        "{{ order.id }}{% if order.status == 'lost' %}{{ order.total }}{% endif %}{% if shipment.eta %}!{% endif %}{{ order.items | list('title') }}",
        "en",
    );
    assert_eq!(texts.paths("it"), ["order.id", "order.items", "order.status", "order.total", "shipment.eta"]);
    assert_eq!(texts.render("it", &scope()).unwrap().facts, ["order.id", "order.items", "order.status"]);
}

#[test]
fn a_broken_text_is_found_when_it_is_loaded() {
    let broken = [("one", "{{ order.id"), ("two", "fine\n{{ order.eta | dat }}"), ("three", "{% if a %}"), ("four", "{{ a or 'x|y' }}")];
    let company = broken.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let errors = Texts::compile(&company, "en").unwrap_err();
    assert_eq!(errors.iter().map(|error| error.text.as_str()).collect::<Vec<_>>(), ["one", "three", "two"]);
    assert_eq!(errors[2].to_string(), format!("text 'two', line 2: there is no filter 'dat'; there are {}", filters::NAMES.join(", ")));
}

#[test]
fn a_text_cannot_take_for_ever() {
    let list = Value::List(vec!["x".into(); 300]);
    let scope = Scope::from([("many".to_owned(), list)]);
    let texts = texts("{% for a in many %}{% for b in many %}{% for c in many %}.{% endfor %}{% endfor %}{% endfor %}", "en");
    assert!(texts.render("it", &scope).is_err());
}

#[test]
fn the_product_has_its_own_texts_and_a_company_may_replace_them() {
    let texts = Texts::compile(&BTreeMap::from([("greeting".to_owned(), "Moin!".to_owned())]), "en").unwrap();
    assert_eq!(texts.render("greeting", &Scope::new()).unwrap().text, "Moin!");
    let argument = map([("name", "order".into()), ("value", "W12345".into())]);
    let value = |source: &str, value: &str| map([("value", value.into()), ("source", source.into()), ("time", "14:02 UTC".into())]);
    let full = Scope::from([
        ("backend".to_owned(), "orders".into()),
        ("describe".to_owned(), "Cancel an order.".into()),
        ("args".to_owned(), Value::List(vec![argument])),
        ("what".to_owned(), "delivery date".into()),
        ("skills".to_owned(), Value::List(vec!["Cancel an order".into(), "Send something back".into()])),
        ("value".to_owned(), "20 November".into()),
        (
            "queue".to_owned(),
            map([
                ("open", Value::Bool(true)),
                ("position", Value::Number(1.into())),
                ("position_or_hours", "You are next in line.".into()),
            ]),
        ),
        ("values".to_owned(), Value::List(vec![value("orders", "20 November"), value("carrier", "22 November")])),
        ("files".to_owned(), map([("count", Value::Number(1.into())), ("names", "receipt.pdf".into()), ("alone", Value::Bool(true))])),
    ]);
    for (name, _) in TEXTS {
        let said = texts.render(name, &full).unwrap().text;
        assert!(!said.is_empty() && !said.contains("{{"), "{name}: {said}");
    }
    assert_eq!(texts.render("confirm_preview", &full).unwrap().text, "Cancel an order. (order: W12345) Shall I do that?");
    assert!(texts.render("disagree", &full).unwrap().text.contains("20 November (orders, as of 14:02 UTC), 22 November (carrier"));
    assert!(texts.has("not_found") && !texts.has("no_such_text") && texts.render("no_such_text", &full).is_err());
}

#[test]
fn days_and_times_are_those_of_the_company() {
    let texts = BTreeMap::from([("visit".to_owned(), "{{ visit.at | date }} at {{ visit.at | time }}, {{ visit.at }}".to_owned())]);
    let at = BTreeMap::from([("at".to_owned(), Value::Time("2026-11-20T23:30:00Z".parse().unwrap()))]);
    let scope = Scope::from([("visit".to_owned(), Value::Map(at))]);
    let said = |zone: &str| {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        Texts::compile_in(&texts, "en", zone).unwrap().render("visit", &scope).unwrap().text
    };
    assert_eq!(said("Europe/Berlin"), "21 November 2026 at 00:30, 21 November 2026, 00:30");
    assert_eq!(said("UTC"), "20 November 2026 at 23:30 UTC, 20 November 2026, 23:30 UTC");
}
