//! The customers: two known by name, the others made up.

use jiff::civil::Date;

use super::days_ago;
use crate::dice::Dice;
use crate::record::customer::{Address, Customer, Preferences};

const OTHERS: usize = 134;

const FIRST: [&str; 32] = [
    "Anna", "Ben", "Clara", "David", "Elif", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Katja", "Lars", "Maja", "Nils", "Olga", "Pavel",
    "Rosa", "Sven", "Tara", "Umut", "Vera", "Willem", "Yara", "Zoran", "Aisha", "Bram", "Chloe", "Daan", "Emil", "Freya", "Gwen", "Henrik",
];
const LAST: [&str; 30] = [
    "Becker", "Jansen", "Moreau", "Novak", "Berg", "Visser", "Hansen", "Keller", "Lindner", "Peeters", "Dubois", "Kaya", "Winter",
    "Brandt", "Smit", "Holm", "Maier", "Claes", "Petit", "Aydin", "Vogel", "Bakker", "Nielsen", "Wolf", "Roux", "Martens", "Gruber",
    "Schouten", "Thomsen", "Lorenz",
];
/// Name, how its postcodes begin, country, language.
type City = (&'static str, &'static str, &'static str, &'static str);

const CITIES: [City; 12] = [
    ("Hamburg", "20", "DE", "de"),
    ("Berlin", "10", "DE", "de"),
    ("Leipzig", "04", "DE", "de"),
    ("Freiburg", "79", "DE", "de"),
    ("Utrecht", "35", "NL", "nl"),
    ("Rotterdam", "30", "NL", "nl"),
    ("Wien", "10", "AT", "de"),
    ("Graz", "80", "AT", "de"),
    ("Gent", "90", "BE", "nl"),
    ("Aarhus", "80", "DK", "da"),
    ("Lyon", "69", "FR", "fr"),
    ("Lille", "59", "FR", "fr"),
];
const STREETS: [&str; 14] = [
    "Harbour Lane",
    "Mill Road",
    "Station Street",
    "Garden Way",
    "Church Hill",
    "Bridge Street",
    "Long Row",
    "Orchard Close",
    "Canal Side",
    "Market Square",
    "Park Avenue",
    "Willow Walk",
    "North Quay",
    "School Lane",
];
const NOTES: [&str; 4] = [
    "threatened a chargeback in spring",
    "friend of a board member",
    "prefers not to be called by sales",
    "two failed deliveries, check the bell",
];

/// All customers, the known two first.
pub(super) fn customers(today: Date, dice: &mut Dice) -> Vec<Customer> {
    let mut customers = vec![
        known("mika", "Mika", "Sato", "gold", ("Harbour Lane 12", "20095", CITIES[0]), today, dice),
        known("bob", "Bob", "Miller", "basic", ("Canal Side 7", "3511", CITIES[4]), today, dice),
    ];
    for number in 0..OTHERS {
        let (first, last, city) = (dice.pick(&FIRST), dice.pick(&LAST), *dice.pick(&CITIES));
        customers.push(customer(format!("c-{}", 10_400 + number * 7), first, last, city, today, dice));
    }
    customers
}

/// A customer whose name, address and e-mail address demonstrations count on.
fn known(
    id: &str,
    first: &str,
    last: &str,
    tier: &'static str,
    (street, postcode, city): (&str, &str, City),
    today: Date,
    dice: &mut Dice,
) -> Customer {
    let mut known = customer(id.to_owned(), first, last, city, today, dice);
    known.email = format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase());
    street.clone_into(&mut known.address.street);
    postcode.clone_into(&mut known.address.postcode);
    known.tier = tier;
    "en".clone_into(&mut known.language);
    known
}

fn customer(id: String, first: &str, last: &str, city: City, today: Date, dice: &mut Dice) -> Customer {
    let (city, postcode, country, language) = city;
    let tier = match dice.between(1, 100) {
        1..=70 => "basic",
        71..=92 => "gold",
        _ => "platinum",
    };
    let digits = if matches!(country, "DE" | "FR") { 3 } else { 2 };
    let number = dice.between(10, 98);
    Customer {
        name: format!("{first} {last}"),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        // The id's number keeps addresses of namesakes apart.
        email: format!("{}.{}{}@example.com", first.to_lowercase(), last.to_lowercase(), id.trim_start_matches("c-")),
        phone: format!("+49 40 5550{}", dice.between(1000, 9999)),
        address: Address {
            street: format!("{} {}", dice.pick(&STREETS), dice.between(1, 140)),
            postcode: format!("{postcode}{number:0digits$}"),
            city: city.to_owned(),
            country: country.to_owned(),
        },
        tier,
        since: days_ago(today, dice.between(90, 2200)),
        language: language.to_owned(),
        preferences: Preferences {
            contact_by: (*dice.pick(&["email", "phone", "sms"])).to_owned(),
            leave_parcels: (*dice.pick(&["with a neighbour", "at the door", "in the garage", "nowhere"])).to_owned(),
        },
        marketing_consent: dice.chance(45),
        notes: if dice.chance(20) { vec![*dice.pick(&NOTES)] } else { Vec::new() },
        risk_score: u8::try_from(dice.between(1, 99)).unwrap_or(50),
        national_id: format!("NID-{}-{}", dice.between(100_000, 999_999), dice.between(1000, 9999)),
        id,
    }
}
