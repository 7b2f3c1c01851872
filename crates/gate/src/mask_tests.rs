//! Masking: every spelling of a card number, and no order number.
