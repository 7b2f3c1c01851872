//! The multiplication on x86-64 processors with wide registers.
//!
//! A value of [`Avx2`] or [`Vnni`] is the proof that the processor has the instructions; only `detect` makes one.
#![expect(unsafe_code, reason = "wide loads and stores, and calls of code for detected instructions; each stands alone below")]

use std::arch::x86_64::{
    __m256i, __m512i, _mm_loadu_si128, _mm256_add_epi32, _mm256_cvtepu8_epi16, _mm256_hadd_epi32, _mm256_madd_epi16,
    _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_storeu_si256, _mm512_dpbusd_epi32,
    _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_si512,
};
use std::array::from_fn;

use super::{GROUP, PANEL, Panels, STEP, surplus};

/// The processor has AVX2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    pub(super) fn within<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2")]
        fn run<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `self` exists, so AVX2 was detected.
        unsafe { run(work) }
    }

    pub(super) fn multiply(self, panels: &Panels, values: &[[i8; STEP]], results: &mut [i32]) {
        // SAFETY: `self` exists, so AVX2 was detected.
        unsafe { multiply_256(panels, values, results) }
    }
}

/// The processor has AVX-512 with VNNI.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vnni(());

impl Vnni {
    pub(super) fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512dq");
        (has && is_x86_feature_detected!("avx512vl") && is_x86_feature_detected!("avx512vnni")).then_some(Self(()))
    }

    pub(super) fn within<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
        fn run<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `self` exists, so all of these were detected.
        unsafe { run(work) }
    }

    pub(super) fn multiply(self, panels: &Panels, values: &[[i8; STEP]], results: &mut [i32]) {
        // SAFETY: `self` exists, so all of these were detected.
        unsafe { multiply_512(panels, values, results) }
    }
}

/// One panel at a time, for three tokens: twelve registers of sums.
#[target_feature(enable = "avx2")]
fn multiply_256(panels: &Panels, values: &[[i8; STEP]], results: &mut [i32]) {
    let steps = panels.steps();
    let starts: Vec<i32> = values.chunks_exact(steps).map(|token| -surplus(token)).collect();
    let wide: Vec<i64> = values.iter().map(widened).collect();
    for (panel, blocks) in panels.blocks.chunks_exact(steps).enumerate() {
        for (group, starts) in starts.chunks(3).enumerate() {
            let (wide, results) = (&wide[group * 3 * steps..], &mut results[group * 3 * panels.rows + panel * PANEL..]);
            match *starts {
                [a, b, c] => tile_256([a, b, c], blocks, wide, results, panels.rows),
                [a, b] => tile_256([a, b], blocks, wide, results, panels.rows),
                [a] => tile_256([a], blocks, wide, results, panels.rows),
                _ => {}
            }
        }
    }
}

/// Four signed bytes as four signed 16-bit numbers, the first lowest.
fn widened(step: &[i8; STEP]) -> i64 {
    step.iter().rev().fold(0, |wide, value| wide << 16 | i64::from(i16::from(*value) as u16))
}

#[target_feature(enable = "avx2")]
#[inline]
fn tile_256<const T: usize>(starts: [i32; T], blocks: &[[u8; 64]], values: &[i64], results: &mut [i32], stride: usize) {
    let steps = blocks.len();
    let values: [&[i64]; T] = from_fn(|token| &values[token * steps..][..steps]);
    // Each row's sum is held in two halves until the end, so half the start goes into each.
    let mut sums = [[_mm256_setzero_si256(); 4]; T];
    for token in 0..T {
        sums[token] = [_mm256_set1_epi32(starts[token] / 2); 4];
    }
    for (step, block) in blocks.iter().enumerate() {
        let mut shared = [_mm256_setzero_si256(); T];
        for token in 0..T {
            shared[token] = _mm256_set1_epi64x(values[token][step]);
        }
        for (quarter, rows) in block.as_chunks::<16>().0.iter().enumerate() {
            let weights = load_256(rows);
            for token in 0..T {
                sums[token][quarter] = _mm256_add_epi32(sums[token][quarter], _mm256_madd_epi16(weights, shared[token]));
            }
        }
    }
    for (token, [a, b, c, d]) in sums.into_iter().enumerate() {
        let results = results[token * stride..][..PANEL].as_chunks_mut::<8>().0;
        store_256(&mut results[0], _mm256_permute4x64_epi64::<0b1101_1000>(_mm256_hadd_epi32(a, b)));
        store_256(&mut results[1], _mm256_permute4x64_epi64::<0b1101_1000>(_mm256_hadd_epi32(c, d)));
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn load_256(bytes: &[u8; 16]) -> __m256i {
    // SAFETY: sixteen bytes are there to be read, in any alignment.
    _mm256_cvtepu8_epi16(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[target_feature(enable = "avx2")]
#[inline]
fn store_256(place: &mut [i32; 8], sums: __m256i) {
    // SAFETY: 32 bytes are there to be written, in any alignment.
    unsafe { _mm256_storeu_si256(place.as_mut_ptr().cast(), sums) }
}

/// Four panels at a time, for up to six tokens: 24 registers of sums.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
fn multiply_512(panels: &Panels, values: &[[i8; STEP]], results: &mut [i32]) {
    let steps = panels.steps();
    let starts: Vec<i32> = values.chunks_exact(steps).map(|token| -surplus(token)).collect();
    for (group, blocks) in panels.blocks.chunks_exact(GROUP * steps).enumerate() {
        for (few, starts) in starts.chunks(6).enumerate() {
            let (values, results) = (&values[few * 6 * steps..], &mut results[few * 6 * panels.rows + group * GROUP * PANEL..]);
            match *starts {
                [a, b, c, d, e, f] => tile_512([a, b, c, d, e, f], blocks, values, results, panels.rows),
                [a, b, c, d, e] => tile_512([a, b, c, d, e], blocks, values, results, panels.rows),
                [a, b, c, d] => tile_512([a, b, c, d], blocks, values, results, panels.rows),
                [a, b, c] => tile_512([a, b, c], blocks, values, results, panels.rows),
                [a, b] => tile_512([a, b], blocks, values, results, panels.rows),
                [a] => tile_512([a], blocks, values, results, panels.rows),
                _ => {}
            }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
#[inline]
fn tile_512<const T: usize>(starts: [i32; T], blocks: &[[u8; 64]], values: &[[i8; STEP]], results: &mut [i32], stride: usize) {
    let steps = blocks.len() / GROUP;
    let blocks: [&[[u8; 64]]; GROUP] = from_fn(|panel| &blocks[panel * steps..][..steps]);
    let values: [&[[i8; STEP]]; T] = from_fn(|token| &values[token * steps..][..steps]);
    let mut sums = [[_mm512_setzero_si512(); GROUP]; T];
    for token in 0..T {
        sums[token] = [_mm512_set1_epi32(starts[token]); GROUP];
    }
    for step in 0..steps {
        let mut weights = [_mm512_setzero_si512(); GROUP];
        for panel in 0..GROUP {
            weights[panel] = load_512(&blocks[panel][step]);
        }
        for token in 0..T {
            let value = _mm512_set1_epi32(i32::from_le_bytes(values[token][step].map(i8::cast_unsigned)));
            for panel in 0..GROUP {
                sums[token][panel] = _mm512_dpbusd_epi32(sums[token][panel], weights[panel], value);
            }
        }
    }
    for (token, sums) in sums.iter().enumerate() {
        let results = results[token * stride..][..GROUP * PANEL].as_chunks_mut::<PANEL>().0;
        for (place, sums) in results.iter_mut().zip(sums) {
            store_512(place, *sums);
        }
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load_512(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are there to be read, in any alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn store_512(place: &mut [i32; PANEL], sums: __m512i) {
    // SAFETY: 64 bytes are there to be written, in any alignment.
    unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), sums) }
}
