//! Dialogues with the built-in mind, over companies declared here; the turn's side is played by [`stage::Stage`].

mod companies;
mod gym;
mod hearing;
mod scripted;
mod stage;
mod telecom;
