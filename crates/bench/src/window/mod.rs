//! The real program's window, driven from outside: started, typed into, clicked, read. What is measured in the page is
//! measured by scripts that are injected into it; the product holds none of them.

pub mod answers;
pub mod delay;
pub mod long;
pub mod models;
pub mod start;

mod data;
mod processes;
mod program;
mod text;
