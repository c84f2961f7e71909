//! Journeys: what a person does in the window, in the real program. `cargo xtask test` builds it and gives it a display.

mod attachments;
mod browser;
mod check;
mod composing;
mod conversations;
mod developer;
mod doctor;
mod gallery;
mod guide;
mod keychain;
mod leaks;
mod managed;
mod models;
mod office;
mod patience;
mod pictures;
mod profile;
mod routes;
mod start;
mod widgets;
