//! The data: labelled messages with their vectors, and choices of them by chance that is the same every time.

use patchbay_encoder::{Encoder, Vector, VectorCache};
use patchbay_engine::understand::{Embed, Example};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Everything that is read once.
pub(crate) struct Data {
    pub(crate) encoder: Arc<Encoder>,
    pub(crate) banking: Vec<Example>,
    pub(crate) clinc: Vec<Example>,
    pub(crate) clinc_validation: Vec<Example>,
    pub(crate) outside: Vec<Example>,
    pub(crate) known: Known,
}

/// Looks vectors up that were computed before; what was read otherwise than it was written has none yet.
pub(crate) struct Known {
    vectors: HashMap<String, Vector>,
    encoder: Arc<Encoder>,
}

impl Embed for Known {
    fn embed(&self, text: &str) -> Vector {
        self.vectors.get(text).cloned().unwrap_or_else(|| self.encoder.encode(text))
    }

    fn knows(&self, word: &str) -> bool {
        self.encoder.has_word(word)
    }
}

impl Data {
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let read = |name: &str| examples(&folder.join("intents").join(name));
        let encoder = Arc::new(Encoder::load()?);
        let (banking, clinc, clinc_validation) =
            (read("banking77_train.jsonl")?, read("clinc150_train.jsonl")?, read("clinc150_val.jsonl")?);
        let outside = [read("clinc150_oos_val.jsonl")?, read("clinc150_oos_train.jsonl")?].concat();
        let mut known = HashMap::new();
        for set in [&banking, &clinc, &clinc_validation, &outside] {
            let names = names(set);
            for examples in [set, &names] {
                let texts: Vec<&str> = examples.iter().map(|example| example.text.as_str()).collect();
                known.extend(texts.iter().map(|text| (*text).to_owned()).zip(embed(&encoder, &texts)?));
            }
        }
        let known = Known { vectors: known, encoder: Arc::clone(&encoder) };
        Ok(Self { encoder, banking, clinc, clinc_validation, outside, known })
    }
}

/// The vectors of texts, from the cache or computed now.
pub(crate) fn embed(encoder: &Encoder, texts: &[&str]) -> Result<Vec<Vector>> {
    let cache = VectorCache::new(std::env::temp_dir().join("patchbay-eval"));
    if let Some(vectors) = cache.load(texts) {
        return Ok(vectors);
    }
    let vectors: Vec<Vector> = texts.iter().map(|text| encoder.encode(text)).collect();
    cache.store(texts, &vectors)?;
    Ok(vectors)
}

/// What each intent is called, as a company says of its skills.
pub(crate) fn names(examples: &[Example]) -> Vec<Example> {
    let labels: BTreeMap<&str, String> = examples.iter().map(|example| (example.label.as_str(), example.label.replace('_', " "))).collect();
    labels.into_iter().map(|(label, name)| Example::describing(label, name)).collect()
}

/// Some examples of each label, and what the labels are called.
pub(crate) fn taught(from: &[&Example], shots: usize, seed: u64) -> Vec<Example> {
    let mut by_label: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
    from.iter().for_each(|example| by_label.entry(&example.label).or_default().push(example));
    let few = |mut examples: Vec<&Example>| {
        examples.sort_by_key(|example| hash(&example.text, seed + 1));
        examples.into_iter().take(shots).cloned().collect::<Vec<_>>()
    };
    let mut taught: Vec<Example> = by_label.into_values().flat_map(few).collect();
    taught.extend(names(&taught));
    taught
}

pub(crate) fn lines<T: serde::de::DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn examples(file: &Path) -> Result<Vec<Example>> {
    let lines: Vec<HashMap<String, String>> = lines(file)?;
    Ok(lines.iter().map(|line| Example::said(&line["intent"], &line["text"])).collect())
}

/// An order that has nothing to do with the data's own.
pub(crate) fn hash(text: &str, seed: u64) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
}
