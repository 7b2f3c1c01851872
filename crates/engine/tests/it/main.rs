//! Dialogues with the built-in mind, over companies declared here; the turn's side is played by [`stage::Stage`].

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod companies;
mod gym;
mod hearing;
mod homeware;
mod hotel;
mod knowledge;
mod library;
mod music_school;
mod music_shop;
mod outfitter;
mod rental;
mod scripted;
mod stage;
mod telecom;
