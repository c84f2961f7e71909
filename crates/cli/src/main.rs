//! Kittiwake in the terminal: one question, a conversation, a test, a sign-in, files of settings, or the Guide as a server.

mod answer;
mod args;
mod ask;
mod chat;
mod config;
mod details;
mod doctor;
mod exit;
mod kinds;
mod lines;
mod models;
mod neutral;
mod output;
mod page;
mod render;
mod secret;
mod serve;
mod session;
mod sign_in;
mod signals;
mod token;
mod turn;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { data_dir, command } = Cli::parse();
    let ended = match command {
        Command::Ask(ask) => ask::run(data_dir, ask).await,
        Command::Chat(chat) => chat::run(data_dir, chat).await,
        Command::Doctor(doctor) => doctor::run(data_dir, doctor).await,
        Command::Models(models) => models::run(data_dir, models).await,
        Command::SignIn(known) => sign_in::sign_in(data_dir, known).await,
        Command::SignOut(known) => sign_in::sign_out(data_dir, known).await,
        Command::Config(wanted) => config::run(data_dir, &wanted),
        Command::Secret(wanted) => secret::run(data_dir, wanted).await,
        Command::Serve(serve) => serve::run(data_dir, serve).await,
    };
    ended.unwrap_or_else(|trouble| trouble.tell()).into()
}
