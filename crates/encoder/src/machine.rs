//! The one multiplication everything waits for: small integers, in the widest form the processor has.
//!
//! All forms give the same exact integers, so the choice changes only the time a text takes.

#[cfg(target_arch = "x86_64")]
mod x86;

use std::array::from_fn;

/// Rows of weights that lie together, column by column.
const PANEL: usize = 16;
/// Columns that are multiplied in one step.
const STEP: usize = 4;
/// [`Panels`] come in groups of this many, so that a wide processor can hold one group's sums.
const GROUP: usize = 4;
/// Weights are stored with this added, because the wide instructions want one side without a sign.
const SHIFT: i32 = 128;

/// A matrix of 8-bit weights, laid out so that each step reads 16 rows × 4 columns = 64 neighbouring bytes.
pub(crate) struct Panels {
    blocks: Vec<[u8; PANEL * STEP]>,
    rows: usize,
    columns: usize,
}

impl Panels {
    /// Lays out `rows` × `columns` signed bytes, given row by row; rows are a multiple of 64, columns of 4.
    pub(crate) fn pack(weights: &[u8], rows: usize, columns: usize) -> Self {
        assert!(rows.is_multiple_of(PANEL * GROUP) && columns.is_multiple_of(STEP) && weights.len() == rows * columns);
        let steps = columns / STEP;
        let mut blocks = vec![[0; PANEL * STEP]; rows / PANEL * steps];
        for (row, weights) in weights.chunks_exact(columns).enumerate() {
            let at = row % PANEL * STEP;
            let blocks = &mut blocks[row / PANEL * steps..][..steps];
            for (block, weights) in blocks.iter_mut().zip(weights.as_chunks::<STEP>().0) {
                // Flipping the sign bit adds 128.
                block[at..at + STEP].copy_from_slice(&weights.map(|weight| weight ^ 0x80));
            }
        }
        Self { blocks, rows, columns }
    }

    /// How many values each token brings.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    fn steps(&self) -> usize {
        self.columns / STEP
    }
}

/// What the processor can do, found out once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Processor {
    /// Anything: plain loops.
    Portable,
    /// 256-bit registers.
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    /// 512-bit registers with an instruction for exactly this multiplication.
    #[cfg(target_arch = "x86_64")]
    Vnni(x86::Vnni),
}

impl Processor {
    /// The best form for the processor we run on.
    pub(crate) fn detect() -> Self {
        Self::all().pop().unwrap_or(Self::Portable)
    }

    /// Every form that runs here, the best last.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        all.extend(x86::Avx2::detect().map(Self::Avx2));
        #[cfg(target_arch = "x86_64")]
        all.extend(x86::Vnni::detect().map(Self::Vnni));
        all
    }

    /// Runs `work` compiled for this processor, as far as it is inlined into the closure.
    pub(crate) fn within<R>(self, work: impl FnOnce() -> R) -> R {
        match self {
            Self::Portable => work(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(machine) => machine.within(work),
            #[cfg(target_arch = "x86_64")]
            Self::Vnni(machine) => machine.within(work),
        }
    }

    /// Each token's values times each row of weights: `results[token][row] = Σ values[token][column] · weight[row][column]`.
    pub(crate) fn multiply(self, panels: &Panels, values: &[i8], results: &mut [i32]) {
        let values = values.as_chunks::<STEP>().0;
        debug_assert_eq!(values.len() / panels.steps() * panels.rows, results.len());
        match self {
            Self::Portable => portable(panels, values, results),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(machine) => machine.multiply(panels, values, results),
            #[cfg(target_arch = "x86_64")]
            Self::Vnni(machine) => machine.multiply(panels, values, results),
        }
    }
}

/// What the added 128 of every weight would add to a token's results, to be taken off again.
fn surplus(values: &[[i8; STEP]]) -> i32 {
    SHIFT * values.as_flattened().iter().map(|value| i32::from(*value)).sum::<i32>()
}

/// Four rows at a time, with a sum for each of their columns until the end: loops that any compiler makes wide.
fn portable(panels: &Panels, values: &[[i8; STEP]], results: &mut [i32]) {
    let steps = panels.steps();
    for (values, results) in values.chunks_exact(steps).zip(results.chunks_exact_mut(panels.rows)) {
        let surplus = surplus(values);
        let values: Vec<[i16; 16]> = values.iter().map(|step| from_fn(|at| step[at % STEP].into())).collect();
        for (blocks, results) in panels.blocks.chunks_exact(steps).zip(results.as_chunks_mut::<PANEL>().0) {
            for (quarter, results) in results.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let mut sums = [0; 16];
                for (block, values) in blocks.iter().zip(&values) {
                    let weights = &block.as_chunks::<16>().0[quarter];
                    for at in 0..16 {
                        // At most 255 · 128, so sixteen bits are enough for the product.
                        sums[at] += i32::from(i16::from(weights[at]).wrapping_mul(values[at]));
                    }
                }
                for (result, sums) in results.iter_mut().zip(sums.as_chunks::<STEP>().0) {
                    *result = sums.iter().sum::<i32>() - surplus;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes without a pattern that a wrong order could hide behind, extremes included.
    fn bytes(count: usize, seed: u32) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match state >> 28 {
                0 => 0x80,
                1 => 0x7f,
                _ => (state >> 16) as u8,
            }
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn every_form_gives_the_exact_products() {
        let (rows, columns) = (128, 36);
        let weights = bytes(rows * columns, 1);
        let panels = Panels::pack(&weights, rows, columns);
        for tokens in 1..=15 {
            let values: Vec<i8> = bytes(tokens * columns, 2).iter().map(|byte| (*byte as i8).max(-127)).collect();
            let product = |token: usize, row: usize| -> i32 {
                (0..columns).map(|c| i32::from(values[token * columns + c]) * i32::from(weights[row * columns + c] as i8)).sum()
            };
            let expected: Vec<i32> = (0..tokens * rows).map(|at| product(at / rows, at % rows)).collect();
            for processor in Processor::all() {
                let mut results = vec![0; tokens * rows];
                processor.multiply(&panels, &values, &mut results);
                assert_eq!(results, expected, "{processor:?} with {tokens} tokens");
            }
        }
    }
}
