//! The encoder: all-MiniLM-L6-v2 with rounded weights, from the file that is compiled in.

use crate::layers::{Linear, Norm, add, attention, gelu};
use crate::machine::Processor;
use crate::tokenizer::{MAX_TOKENS, Tokenizer};
use crate::vector::{DIMENSIONS, Vector};
use crate::weights::{ModelError, Weights, half};

/// The width of the hidden layer inside each layer.
const INNER: usize = 4 * DIMENSIONS;
/// The width of one attention head.
const HEAD: usize = 32;
/// Word embeddings share a scale over this many numbers.
const SHARED: usize = 32;

/// Turns texts into vectors. Load it once and share it; it holds about 12 MB and never changes.
pub struct Encoder {
    tokenizer: Tokenizer,
    embeddings: Embeddings,
    layers: Vec<Layer>,
    processor: Processor,
}

impl Encoder {
    /// Names the model and the arithmetic: vectors of different names must not be compared.
    pub const MODEL: &str = "minilm-l6-q8e4/2";

    /// Unpacks the built-in model, in some 20 ms.
    pub fn load() -> Result<Self, ModelError> {
        let file = include_bytes!("../../../models/minilm-l6-q8e4.safetensors");
        let tokenizer = Tokenizer::new(include_str!("../../../models/vocab.txt"))?;
        let weights = Weights::read(file)?;
        let embeddings = Embeddings::read(&weights, tokenizer.size())?;
        let layers = (0..weights.layers()).map(|layer| Layer::read(&weights, layer)).collect::<Result<_, _>>()?;
        Ok(Self { tokenizer, embeddings, layers, processor: Processor::detect() })
    }

    /// The text's place among all meanings; the same text has the same vector, bit for bit, everywhere.
    ///
    /// It takes about 2 ms of one core for a sentence (5 ms without AVX-512 VNNI, 80 ms without AVX2) and up to 50 ms for
    /// the longest text (256 word pieces; what comes after is not read), so keep it off threads that must not block.
    pub fn encode(&self, text: &str) -> Vector {
        let pieces = self.tokenizer.pieces(text);
        self.processor.within(
            #[inline(always)]
            || self.forward(&pieces),
        )
    }

    /// Is this, in small letters, a word of the model's vocabulary? Rare words and misspelt ones are made of pieces.
    pub fn has_word(&self, word: &str) -> bool {
        self.tokenizer.has(word)
    }

    /// The text's word pieces as the model numbers them.
    #[cfg(test)]
    pub(crate) fn pieces(&self, text: &str) -> Vec<u32> {
        self.tokenizer.pieces(text)
    }

    /// The mean over all pieces, as the model's authors take it.
    #[cfg(test)]
    pub(crate) fn encode_all(&self, text: &str) -> Vector {
        direction(self.read(&self.tokenizer.pieces(text)).chunks_exact(DIMENSIONS))
    }

    /// The mean over the pieces that carry meaning. The marks, single letters and signs have been read by the others and would only
    /// blur what the text is about; a text that has nothing else is the mean of all.
    #[inline(always)]
    fn forward(&self, pieces: &[u32]) -> Vector {
        let tokens = self.read(pieces);
        let spoken = |(token, piece)| self.tokenizer.carries_meaning(piece).then_some(token);
        let mut words = tokens.chunks_exact(DIMENSIONS).zip(pieces.iter().copied()).filter_map(spoken).peekable();
        match words.peek() {
            Some(_) => direction(words),
            None => direction(tokens.chunks_exact(DIMENSIONS)),
        }
    }

    /// What each piece means among the others, one row after the other.
    #[inline(always)]
    fn read(&self, pieces: &[u32]) -> Vec<f32> {
        let mut tokens = self.embeddings.look_up(pieces);
        for layer in &self.layers {
            layer.apply(self.processor, &mut tokens);
        }
        tokens
    }
}

/// Where the rows point to together.
#[inline(always)]
fn direction<'a>(rows: impl Iterator<Item = &'a [f32]>) -> Vector {
    let mut sums = Box::new([0.0; DIMENSIONS]);
    rows.for_each(|row| add(&mut *sums, row));
    Vector::towards(sums)
}

/// What each word piece and each position brings along; stays in the file's bytes until it is looked up.
struct Embeddings {
    words: &'static [u8],
    word_scales: &'static [u8],
    positions: &'static [u8],
    position_scales: Vec<f32>,
    /// The same for every token, as there is only one kind of text.
    kind: Vec<f32>,
    norm: Norm,
}

impl Embeddings {
    fn read(weights: &Weights<'static>, words: usize) -> Result<Self, ModelError> {
        let name = |part: &str| format!("embeddings.{part}");
        let kinds = weights.bytes(&name("token_type_embeddings.weight.q8"), "I8", 1, &[2, DIMENSIONS])?;
        let kind_scales = weights.floats(&name("token_type_embeddings.weight.s"), &[2])?;
        Ok(Self {
            words: weights.bytes(&name("word_embeddings.weight.q4"), "U8", 1, &[words, DIMENSIONS / 2])?,
            word_scales: weights.bytes(&name("word_embeddings.weight.s"), "F16", 2, &[words, DIMENSIONS / SHARED])?,
            positions: weights.bytes(&name("position_embeddings.weight.q8"), "I8", 1, &[MAX_TOKENS, DIMENSIONS])?,
            position_scales: weights.floats(&name("position_embeddings.weight.s"), &[MAX_TOKENS])?,
            kind: kinds[..DIMENSIONS].iter().map(|byte| f32::from(*byte as i8) * kind_scales[0]).collect(),
            norm: norm(weights, &name("LayerNorm"))?,
        })
    }

    #[inline(always)]
    fn look_up(&self, pieces: &[u32]) -> Vec<f32> {
        let mut tokens = vec![0.0; pieces.len() * DIMENSIONS];
        for (position, (token, piece)) in tokens.chunks_exact_mut(DIMENSIONS).zip(pieces).enumerate() {
            let piece = *piece as usize;
            let word = &self.words[piece * DIMENSIONS / 2..][..DIMENSIONS / 2];
            let scales = &self.word_scales[piece * DIMENSIONS / SHARED * 2..][..DIMENSIONS / SHARED * 2];
            let groups = token.chunks_exact_mut(SHARED).zip(word.chunks_exact(SHARED / 2));
            for ((numbers, bytes), scale) in groups.zip(scales.as_chunks::<2>().0) {
                let scale = half(u16::from_le_bytes(*scale));
                for (pair, byte) in numbers.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
                    *pair = [byte & 15, byte >> 4].map(|nibble| (f32::from(nibble) - 8.0) * scale);
                }
            }
            let place = &self.positions[position * DIMENSIONS..][..DIMENSIONS];
            let scale = self.position_scales[position];
            for (number, (byte, kind)) in token.iter_mut().zip(place.iter().zip(&self.kind)) {
                *number += f32::from(*byte as i8) * scale + kind;
            }
        }
        self.norm.apply(&mut tokens);
        tokens
    }
}

/// One of the six layers: attention, then a hidden layer, each added to what was there and normalised.
struct Layer {
    attend: Linear,
    mix: Linear,
    mix_norm: Norm,
    widen: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

impl Layer {
    fn read(weights: &Weights<'_>, layer: usize) -> Result<Self, ModelError> {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let attend = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Ok(Self {
            attend: linear(weights, &attend.each_ref().map(String::as_str), DIMENSIONS, DIMENSIONS)?,
            mix: linear(weights, &[&name("attention.output.dense")], DIMENSIONS, DIMENSIONS)?,
            mix_norm: norm(weights, &name("attention.output.LayerNorm"))?,
            widen: linear(weights, &[&name("intermediate.dense")], INNER, DIMENSIONS)?,
            narrow: linear(weights, &[&name("output.dense")], DIMENSIONS, INNER)?,
            narrow_norm: norm(weights, &name("output.LayerNorm"))?,
        })
    }

    #[inline(always)]
    fn apply(&self, processor: Processor, tokens: &mut [f32]) {
        let seen = attention::<HEAD>(&self.attend.apply(processor, tokens), DIMENSIONS);
        add(tokens, &self.mix.apply(processor, &seen));
        self.mix_norm.apply(tokens);
        let mut inner = self.widen.apply(processor, tokens);
        gelu(&mut inner);
        add(tokens, &self.narrow.apply(processor, &inner));
        self.narrow_norm.apply(tokens);
    }
}

/// One matrix from several that are applied to the same input, one below the other.
fn linear(weights: &Weights<'_>, names: &[&str], rows: usize, columns: usize) -> Result<Linear, ModelError> {
    let (mut bytes, mut scales, mut constants) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        bytes.extend_from_slice(weights.bytes(&format!("{name}.weight.q8"), "I8", 1, &[rows, columns])?);
        scales.extend(weights.floats(&format!("{name}.weight.s"), &[rows])?);
        constants.extend(weights.floats(&format!("{name}.bias"), &[rows])?);
    }
    Ok(Linear::new(&bytes, &scales, &constants))
}

fn norm(weights: &Weights<'_>, name: &str) -> Result<Norm, ModelError> {
    let read = |part: &str| weights.floats(&format!("{name}.{part}"), &[DIMENSIONS]);
    Ok(Norm { scales: read("weight")?, constants: read("bias")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_single_letters_say_little() {
        let encoder = Encoder::load().expect("the built-in model");
        let cosine = |one: &str, two: &str| encoder.encode(one).cosine(&encoder.encode(two));
        assert!(cosine("where is my order", "Where is my order?!") > 0.97);
        assert!(cosine("cancel the order - 7", "cancel the order") > 0.9);
        for text in ["", "?", "a b 1 !"] {
            assert_eq!(encoder.encode(text), encoder.encode_all(text), "{text:?} has nothing else");
        }
    }

    #[test]
    fn every_processor_form_gives_the_same_bits() {
        let mut encoder = Encoder::load().expect("the built-in model");
        for text in ["", "Where is my order?", &"The parcel came broken, twice. ".repeat(60)] {
            let vectors: Vec<Vector> = Processor::all()
                .into_iter()
                .map(|processor| {
                    encoder.processor = processor;
                    encoder.encode(text)
                })
                .collect();
            assert!(vectors.iter().all(|vector| *vector == vectors[0]), "{text:.20}");
        }
    }
}
