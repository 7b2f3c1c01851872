//! A telephone company: lines, data used, a lost card, a technician.
