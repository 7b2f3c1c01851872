//! Rules: what compiles, what does not and where it says so, what holds.
