//! What the company sells: things for the home, each in a few variants.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::days_ago;
use crate::dice::Dice;
use crate::money::Cents;
use crate::record::stock::Stock;

/// Product code, name, price in cents, what the variants differ in, and the variants.
type Product = (&'static str, &'static str, i64, &'static str, &'static [&'static str]);

const PRODUCTS: [Product; 18] = [
    ("LMP-01", "Reading lamp", 5990, "colour", &["white", "black", "sage"]),
    ("LMP-02", "Floor lamp", 12900, "colour", &["white", "black"]),
    ("BLB-01", "Smart bulb", 1490, "base", &["E14", "E27", "GU10"]),
    ("PLG-01", "Smart plug", 1990, "pack", &["single", "double", "quad"]),
    ("SNS-01", "Motion sensor", 2990, "colour", &["white", "graphite"]),
    ("SNS-02", "Window sensor", 2490, "pack", &["single", "double"]),
    ("CAM-01", "Indoor camera", 7990, "colour", &["white", "black"]),
    ("CAM-02", "Outdoor camera", 14900, "colour", &["white", "black"]),
    ("HUB-01", "Home hub", 9900, "colour", &["white", "graphite"]),
    ("LCK-01", "Door lock", 19900, "finish", &["brass", "steel"]),
    ("BEL-01", "Doorbell", 11900, "power", &["battery", "wired"]),
    ("THM-01", "Thermostat", 8990, "colour", &["white", "black", "copper"]),
    ("KTL-01", "Gooseneck kettle", 7450, "size", &["0.8 l", "1.2 l"]),
    ("MUG-01", "Stoneware mug", 1600, "colour", &["sand", "sage", "slate"]),
    ("THR-01", "Wool throw", 8400, "colour", &["oat", "moss"]),
    ("CSH-01", "Linen cushion", 3450, "size", &["40 cm", "50 cm"]),
    ("RUG-01", "Jute rug", 13900, "size", &["120 cm", "160 cm", "200 cm"]),
    ("SPK-01", "Shelf speaker", 16900, "colour", &["walnut", "black"]),
];

/// Every article with what lies in the warehouse. About one in nine is sold out.
pub(super) fn stock(today: Date, dice: &mut Dice) -> Vec<Stock> {
    let mut articles = Vec::new();
    for (code, name, cents, option, variants) in PRODUCTS {
        for (step, variant) in (0_i64..).zip(variants) {
            let ending: String = variant.chars().filter(char::is_ascii_alphanumeric).collect();
            // Sizes and packs cost more step by step; colours cost the same.
            let dearer = if matches!(option, "size" | "pack") { cents * step * 6 / 10 } else { 0 };
            let is_sold_out = dice.chance(11);
            let available = if is_sold_out { 0 } else { u32::try_from(dice.between(3, 140)).unwrap_or(3) };
            articles.push(Stock {
                sku: format!("{code}-{}", ending.to_uppercase()),
                name: name.to_owned(),
                options: BTreeMap::from([(option, *variant)]),
                price: Cents(cents + dearer / 10 * 10),
                available,
                reserved: u32::try_from(dice.between(0, 6)).unwrap_or(0),
                restock_on: is_sold_out.then(|| days_ago(today, -dice.between(4, 25))),
                reservations: Vec::new(),
            });
        }
    }
    articles
}
