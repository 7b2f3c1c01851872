//! Other names for people, places and numbers: the same one for the same thing all through a test, and of the same shape.
//!
//! What is personal is known by where it stands: fields that are called like names, addresses, telephones or ids, and the customer's
//! own id. It is replaced there and wherever it turns up again, in the customer's words as well. E-mail addresses are known by
//! themselves. A name that stands in no answer of a backend and in no argument cannot be told from any other word.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The customer of a test.
const CUSTOMER: &str = "customer-1";
/// First and family names to give away; numbers follow where there are not enough.
const FIRST: [&str; 8] = ["Alex", "Robin", "Sasha", "Noor", "Kim", "Jamie", "Toni", "Charlie"];
const FAMILY: [&str; 8] = ["Example", "Sample", "Specimen", "Pattern", "Model", "Muster", "Draft", "Instance"];
/// So many digits in a row are a number that somebody has, also in words; fewer count things.
const TELLING: usize = 4;

/// What a field holds, as far as it is about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    FirstName,
    FamilyName,
    WholeName,
    Street,
    /// Numbers and letters that only their digits tell apart: ids, postcodes, telephones.
    Number,
}

/// What has been replaced by what.
#[derive(Debug, Default)]
pub(super) struct Disguise {
    /// Whole values and what stands for them.
    values: BTreeMap<String, String>,
    /// Runs of digits of ids and what stands for them.
    runs: BTreeMap<String, String>,
    first: usize,
    family: usize,
    streets: usize,
    mails: usize,
}

impl Disguise {
    /// Knows the customer's own id.
    pub(super) fn of_customer(id: Option<&str>) -> Self {
        let mut disguise = Self::default();
        if let Some(id) = id {
            disguise.values.insert(id.to_owned(), CUSTOMER.to_owned());
        }
        disguise
    }

    /// Looks through an answer, or the arguments of a call, for what is about somebody.
    pub(super) fn learn(&mut self, name: &str, value: &Json) {
        match value {
            Json::Object(fields) => {
                let person = fields.keys().any(|field| tells_a_person(field)) || PEOPLE.contains(&plain(name).as_str());
                for (field, value) in fields {
                    if person && plain(field) == "name" {
                        self.learn_text(About::WholeName, value);
                    } else {
                        self.learn(field, value);
                    }
                }
            }
            Json::Array(values) => values.iter().for_each(|value| self.learn(name, value)),
            _ => {
                if let Some(about) = about(name) {
                    self.learn_text(about, value);
                }
            }
        }
    }

    fn learn_text(&mut self, about: About, value: &Json) {
        let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty() && !self.values.contains_key(*text)) else { return };
        let text = text.to_owned();
        match about {
            About::FirstName => self.learn_name(&text, true),
            About::FamilyName => self.learn_name(&text, false),
            About::WholeName => {
                let words: Vec<&str> = text.split_whitespace().collect();
                for (place, word) in words.iter().enumerate() {
                    self.learn_name(word, place + 1 < words.len() || words.len() == 1);
                }
            }
            About::Street => {
                self.streets += 1;
                let new = street(&text, self.streets);
                self.values.insert(text, new);
            }
            About::Number => {
                let new = self.renumbered(&text);
                if new != text {
                    self.values.insert(text, new);
                }
            }
        }
    }

    fn learn_name(&mut self, name: &str, first: bool) {
        if name.chars().count() < 2 || self.values.contains_key(name) {
            return;
        }
        let (names, count) = if first { (&FIRST, &mut self.first) } else { (&FAMILY, &mut self.family) };
        *count += 1;
        let again = (*count - 1) / names.len();
        let new = names[(*count - 1) % names.len()];
        let new = if again == 0 { new.to_owned() } else { format!("{new}{}", again + 1) };
        self.values.insert(name.to_owned(), new);
    }

    /// The same with other digits: each long run of them becomes another one of its length, the same run always the same.
    fn renumbered(&mut self, text: &str) -> String {
        let mut new = String::new();
        for piece in runs(text) {
            let digits = piece.starts_with(|letter: char| letter.is_ascii_digit());
            if digits && piece.len() >= TELLING {
                let count = self.runs.len() + 1;
                let other = self.runs.entry(piece.to_owned()).or_insert_with(|| format!("1{count:0>width$}", width = piece.len() - 1));
                new.push_str(other);
            } else {
                new.push_str(piece);
            }
        }
        new
    }

    /// A text with everything replaced that is known, and every e-mail address.
    pub(super) fn text(&mut self, text: &str) -> String {
        if let Some(new) = self.values.get(text) {
            return new.clone();
        }
        let text = self.without_mails(text);
        let mut known: Vec<(&String, &String)> = self.values.iter().collect();
        // A street before the name within it, an id before its part.
        known.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
        let long = |run: &&String| run.len() > TELLING;
        known.extend(self.runs.iter().filter(|(run, _)| long(run)));
        replace_all(&text, &known)
    }

    /// A value with everything replaced in it.
    pub(super) fn json(&mut self, value: &Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.text(text)),
            Json::Array(values) => values.iter().map(|value| self.json(value)).collect(),
            Json::Object(fields) => Json::Object(fields.iter().map(|(name, value)| (name.clone(), self.json(value))).collect()),
            other => other.clone(),
        }
    }

    fn without_mails(&mut self, text: &str) -> String {
        let ends = |letter: char| letter.is_whitespace() || "<>()[]{},;:\"'“”?!".contains(letter);
        let mut new = String::new();
        for word in text.split_inclusive(ends) {
            let (mail, mark) = word.split_at(word.trim_end_matches(ends).len());
            let dot = if mail.ends_with('.') { "." } else { "" };
            let mail = mail.trim_end_matches('.');
            let is_mail = mail.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'));
            if is_mail {
                if !self.values.contains_key(mail) {
                    self.mails += 1;
                    self.values.insert(mail.to_owned(), format!("person{}@example.com", self.mails));
                }
                new.push_str(&self.values[mail]);
                new.push_str(dot);
                new.push_str(mark);
            } else {
                new.push_str(word);
            }
        }
        new
    }
}

/// Records that are people, by the field they stand in.
const PEOPLE: [&str; 9] = ["customer", "recipient", "person", "contact", "holder", "owner", "consignee", "buyer", "guest"];

/// What a field is about, by its name.
fn about(field: &str) -> Option<About> {
    let name = plain(field);
    let is = |names: &[&str]| names.contains(&name.as_str());
    let ends = |endings: &[&str]| endings.contains(&last_word(field).as_str());
    if is(&["firstname", "givenname", "forename", "middlename"]) {
        Some(About::FirstName)
    } else if is(&["lastname", "surname", "familyname"]) {
        Some(About::FamilyName)
    } else if is(&["fullname", "customername", "recipient", "recipientname", "accountholder", "cardholder", "contactname", "username"]) {
        Some(About::WholeName)
    } else if is(&["street", "streetaddress", "addressline1", "line1", "address1"]) {
        Some(About::Street)
    } else if is(&["zip", "postcode", "postalcode", "zipcode", "telephone", "mobile", "iban"])
        || ends(&["id", "ids", "number", "reference", "phone"])
    {
        Some(About::Number)
    } else {
        None
    }
}

/// Does a field say that its record is a person?
fn tells_a_person(field: &str) -> bool {
    ["email", "phone", "telephone", "birthday", "dateofbirth", "firstname", "lastname"].contains(&plain(field).as_str())
}

/// `first_name`, `firstName` and `First name` are one.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `order_id`, `orderId` and `id` end with the same word, `paid` does not.
fn last_word(name: &str) -> String {
    let begins = name.char_indices().rev().find(|(at, letter)| !letter.is_alphanumeric() || (letter.is_uppercase() && *at > 0));
    let word = begins.map_or(name, |(at, letter)| if letter.is_alphanumeric() { &name[at..] } else { &name[at + letter.len_utf8()..] });
    word.to_lowercase()
}

/// Another street, with its number where it was and the word for its kind.
fn street(text: &str, number: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let has_digit = |word: &&&str| word.starts_with(|letter: char| letter.is_ascii_digit());
    let named: Vec<&&str> = words.iter().filter(|word| !has_digit(word)).collect();
    let kind = named.last().filter(|_| named.len() > 1).map_or("Street", |kind| **kind);
    let leads = words.first().is_some_and(|word| has_digit(&word));
    if leads { format!("{number} Sample {kind}") } else { format!("Sample {kind} {number}") }
}

/// A text cut into runs of digits and what stands between them.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// Each of the known where it stands by itself, whatever its capitals; what was put in is not looked at again.
fn replace_all(text: &str, known: &[(&String, &String)]) -> String {
    let mut new = String::new();
    let mut at = 0;
    'text: while at < text.len() {
        let rest = &text[at..];
        if !text[..at].ends_with(char::is_alphanumeric) {
            for (old, other) in known {
                let same = rest.get(..old.len()).is_some_and(|head| head.eq_ignore_ascii_case(old));
                if same && !rest[old.len()..].starts_with(char::is_alphanumeric) {
                    new.push_str(other);
                    at += old.len();
                    continue 'text;
                }
            }
        }
        let letter = rest.chars().next().map_or(1, char::len_utf8);
        new.push_str(&rest[..letter]);
        at += letter;
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known() -> Disguise {
        let mut disguise = Disguise::of_customer(Some("mika"));
        disguise.learn("body", &json!({ "id": "mika", "first_name": "Mika", "last_name": "Sato", "email": "mika.sato@mail.test" }));
        disguise.learn("body", &json!({ "id": "#W12345", "items": [{ "id": "i1", "name": "Mika lamp 5000" }], "placed_at": "2026-01-13" }));
        disguise.learn("args", &json!({ "street": "Mill Road 3", "postcode": "10115", "returns": [{ "id": "R12345-1" }] }));
        disguise
    }

    #[test]
    fn the_same_thing_is_the_same_everywhere() {
        let mut disguise = known();
        assert_eq!(disguise.text("I am Mika Sato, where is #W12345?"), "I am Alex Example, where is #W10001?");
        assert_eq!(disguise.text("return 12345, label to mika.sato@mail.test."), "return 10001, label to person1@example.com.");
        assert_eq!(disguise.text("to mill road 3, 10115 Berlin"), "to Sample Road 1, 10002 Berlin");
        assert_eq!(
            disguise.json(&json!({ "id": "mika", "mail": "mika.sato@mail.test" })),
            json!({ "id": "customer-1", "mail": "person1@example.com" })
        );
        assert_eq!(disguise.json(&json!(["R12345-1", "#W12345", "i1"])), json!(["R10001-1", "#W10001", "i1"]));
    }

    #[test]
    fn what_is_about_nobody_stays() {
        let mut disguise = known();
        for text in ["2026-01-13T09:30:00Z", "Berlin", "Stoneware mug", "paid", "mikado and 123456", "59.90"] {
            assert_eq!(disguise.text(text), text);
        }
        assert_eq!(disguise.json(&json!({ "total": 12345, "name": "Floor lamp" })), json!({ "total": 12345, "name": "Floor lamp" }));
    }

    #[test]
    fn a_name_is_a_persons_only_where_the_record_is_one() {
        let mut disguise = Disguise::default();
        disguise.learn("body", &json!({ "recipient": { "name": "Bo Berg" }, "items": [{ "name": "Bo lamp" }], "name": "Willow" }));
        assert_eq!(disguise.text("for Bo Berg, the Willow"), "for Alex Example, the Willow");
        disguise.learn("body", &json!({ "name": "Willow Winter", "phone": "+49 40 5550123" }));
        assert_eq!(disguise.text("Willow Winter, +49 40 5550123"), "Robin Sample, +49 40 1000001");
    }

    #[test]
    fn a_number_is_somebodys_by_the_last_word_of_its_name() {
        let mut disguise = Disguise::default();
        disguise.learn("body", &json!({ "orderId": "A-5566", "paid": "1234.50", "total_paid": "99887.00", "invoice_number": "778899" }));
        assert_eq!(disguise.text("A-5566, 1234.50, 99887.00, 778899"), "A-1002, 1234.50, 99887.00, 100001");
    }

    #[test]
    fn streets_keep_their_shape() {
        assert_eq!(street("12 Elm Street", 4), "4 Sample Street");
        assert_eq!(street("Gartenstraße 5", 1), "Sample Street 1");
    }
}
