//! Prints the median time, in microseconds, in which the encoder turns a message into a vector: the one it is given, else one of
//! 20 tokens.

use patchbay_encoder::Encoder;
use std::time::{Duration, Instant};

const TIMES: usize = 300;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let encoder = Encoder::load()?;
    // 18 words and the two tokens that begin and end every text.
    let usual = "hello my parcel was due last week but it is still not here can you look please";
    let text = std::env::args().nth(1).unwrap_or_else(|| usual.to_owned());
    let mut times: Vec<Duration> = (0..TIMES).map(|_| once(&encoder, &text)).collect();
    times.sort_unstable();
    println!("{}", times[TIMES / 2].as_micros());
    Ok(())
}

fn once(encoder: &Encoder, text: &str) -> Duration {
    let began = Instant::now();
    std::hint::black_box(encoder.encode(std::hint::black_box(text)));
    began.elapsed()
}
