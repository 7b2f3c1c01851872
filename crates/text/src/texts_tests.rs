//! Texts: what they say over facts, and what they refuse to say.
