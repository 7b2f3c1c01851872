//! Texts as templates over facts; dates and money as people read them.
