//! The model file: named tensors behind a JSON header (the safetensors container), read in place.

use serde_json::{Map, Value};

/// The model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The container itself is damaged.
    #[error("the encoder's model file is not a safetensors container: {0}")]
    Container(String),
    /// A tensor is absent or does not have the expected type and shape.
    #[error("the encoder's model file has no tensor {name:?} of type {kind} and shape {shape:?}")]
    Tensor {
        /// What was looked for.
        name: String,
        /// The expected type of its elements, as the container writes it.
        kind: &'static str,
        /// The expected lengths, outermost first.
        shape: Vec<usize>,
    },
    /// The list of word pieces does not fit the model.
    #[error("the encoder's vocabulary {0}")]
    Vocabulary(String),
}

/// The tensors of a model file, borrowed from its bytes.
pub(crate) struct Weights<'a> {
    header: Map<String, Value>,
    data: &'a [u8],
}

impl<'a> Weights<'a> {
    /// Reads the header; nothing is copied.
    pub(crate) fn read(file: &'a [u8]) -> Result<Self, ModelError> {
        let broken = |why: &str| ModelError::Container(why.to_owned());
        let (length, rest) = file.split_first_chunk::<8>().ok_or_else(|| broken("it is shorter than its length field"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| broken("its header is too long"))?;
        let (header, data) = rest.split_at_checked(length).ok_or_else(|| broken("it ends inside its header"))?;
        let header = serde_json::from_slice(header).map_err(|error| ModelError::Container(error.to_string()))?;
        Ok(Self { header, data })
    }

    /// How many layers there are: names `encoder.layer.N.…` count from zero.
    pub(crate) fn layers(&self) -> usize {
        (0..).take_while(|n| self.header.contains_key(&format!("encoder.layer.{n}.output.dense.bias"))).count()
    }

    /// A tensor of 32-bit floating-point numbers.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let bytes = self.bytes(name, "F32", 4, shape)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
    }

    /// The bytes of a tensor whose elements take `size` bytes each.
    pub(crate) fn bytes(&self, name: &str, kind: &'static str, size: usize, shape: &[usize]) -> Result<&'a [u8], ModelError> {
        let find = || {
            let entry = self.header.get(name)?;
            let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
            let lengths: Vec<usize> = entry.get("shape")?.as_array()?.iter().map(number).collect::<Option<_>>()?;
            let offsets: Vec<usize> = entry.get("data_offsets")?.as_array()?.iter().map(number).collect::<Option<_>>()?;
            let [start, end] = offsets[..] else { return None };
            let bytes = self.data.get(start..end)?;
            let fits = entry.get("dtype")? == kind && lengths == shape && bytes.len() == size * shape.iter().product::<usize>();
            fits.then_some(bytes)
        };
        find().ok_or_else(|| ModelError::Tensor { name: name.to_owned(), kind, shape: shape.to_owned() })
    }
}

/// The number that a 16-bit floating-point pattern stands for (normal and subnormal; scales are never infinite).
pub(crate) fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023) / 1024.0);
    match exponent {
        0 => sign * fraction * 2f32.powi(-14),
        _ => sign * (1.0 + fraction) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_exactly() {
        for (bits, value) in [(0, 0.0), (0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8)] {
            assert_eq!(half(bits), value);
        }
    }

    #[test]
    fn damage_is_named() {
        assert!(Weights::read(&[1, 2]).is_err_and(|error| error.to_string().contains("shorter")));
        assert!(Weights::read(&[255, 0, 0, 0, 0, 0, 0, 0, 1]).is_err_and(|error| error.to_string().contains("inside its header")));
        let empty = [&2u64.to_le_bytes()[..], b"{}"].concat();
        let weights = Weights::read(&empty).expect("an empty container");
        let error = weights.floats("a.b", &[3]).expect_err("absent").to_string();
        assert!(error.contains("\"a.b\" of type F32 and shape [3]"), "{error}");
    }
}
