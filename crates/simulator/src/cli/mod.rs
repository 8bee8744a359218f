//! The command line: the server, and verbs for a server that is running.

mod arguments;
mod client;
mod print;
mod serve;
mod verbs;

use std::{fmt::Display, process::ExitCode};

use clap::Parser;

use self::{arguments::Arguments, client::Failure};

/// The exit code if a control refused the verb.
const REFUSED: u8 = 1;

/// The exit code for a wrong command line, a server that cannot start, or a verb without a running simulator.
const UNUSABLE: u8 = 2;

/// Runs the command line.
pub(crate) async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let Some(verb) = arguments.verb else { return serve::run(arguments.serve).await };
    let client = match client::Client::new(verb.target()) {
        Ok(client) => client,
        Err(failure) => return fail(&failure),
    };
    match verbs::run(&client, verb).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

/// Prints one line for people.
fn complain(what: impl Display) {
    eprintln!("{}: {what}", env!("CARGO_BIN_NAME"));
}

fn fail(failure: &Failure) -> ExitCode {
    complain(failure);
    ExitCode::from(match failure {
        Failure::Refused(_) => REFUSED,
        Failure::NotRunning(_) | Failure::Client(_) | Failure::Answer(_) => UNUSABLE,
    })
}
