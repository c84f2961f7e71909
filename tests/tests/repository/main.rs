//! The repository itself: its rules, and what is generated in it.

mod coverage;
mod doctor_manual;
mod schemas;
mod tidy;
mod types;
