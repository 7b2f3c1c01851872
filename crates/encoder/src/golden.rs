//! The encoder against what the unrounded model and the reference tokenizer say (see `scripts/make_encoder.py`).

use serde_json::Value;

use crate::{DIMENSIONS, Encoder, Vector};

fn numbers(entry: &Value, name: &str) -> Vec<i64> {
    entry[name].as_array().expect("a list").iter().map(|number| number.as_i64().expect("whole")).collect()
}

#[test]
fn agrees_with_the_unrounded_model() {
    let golden: Vec<Value> = serde_json::from_str(include_str!("../tests/golden.json")).expect("golden file");
    let encoder = Encoder::load().expect("the built-in model");
    let cosines = golden.iter().map(|entry| {
        let expected: Box<[f32; DIMENSIONS]> =
            numbers(entry, "vector").iter().map(|n| *n as f32).collect::<Box<[f32]>>().try_into().expect("384");
        let text = entry["text"].as_str().expect("a text");
        let cosine = encoder.encode_all(text).cosine(&Vector::towards(expected));
        assert!(cosine > 0.985, "{cosine}: {text:.60}");
        cosine
    });
    let mean = cosines.sum::<f32>() / golden.len() as f32;
    assert!(mean > 0.996, "{mean}");
}

#[test]
fn splits_like_the_reference_tokenizer() {
    let golden: Vec<Value> = serde_json::from_str(include_str!("../tests/golden.json")).expect("golden file");
    let encoder = Encoder::load().expect("the built-in model");
    for entry in &golden {
        let text = entry["text"].as_str().expect("a text");
        let pieces: Vec<i64> = encoder.pieces(text).into_iter().map(i64::from).collect();
        assert_eq!(pieces, numbers(entry, "pieces"), "{text:.60}");
    }
}

#[test]
fn meaning_is_closer_than_wording() {
    let encoder = Encoder::load().expect("the built-in model");
    let [asked, meant, worded] = ["Where is my parcel?", "I still have not received the package", "Where is my keyboard layout set?"];
    let close = encoder.encode(asked).cosine(&encoder.encode(meant));
    let far = encoder.encode(asked).cosine(&encoder.encode(worded));
    assert!(close > far + 0.1, "{close} {far}");
}
