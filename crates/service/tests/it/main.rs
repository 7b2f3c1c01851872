//! The driver's tests: a whole house, spoken to through its doors.

mod house;
mod proof;
