//! Staff accounts at the command line: `server staff add` creates the first owner.

use std::io::{IsTerminal, stdin};

use clap::Subcommand;
use server::config::Config;
use shop::{Enrolment, Role, Staff, StaffName, shanghai};

use super::{Outcome, open, say};

/// A command about staff accounts.
#[derive(Subcommand)]
pub(crate) enum StaffCommand {
    /// Add a staff member; the command asks for the password, or reads it from the standard input.
    Add {
        /// The name to sign in with: Chinese characters, small letters, digits, - and _.
        name: StaffName,
        /// owner, clerk, reader or shipping.
        #[arg(long)]
        role: Role,
        /// Without a second factor: only to try the shop on this machine.
        #[arg(long)]
        no_totp: bool,
    },
    /// List all staff members.
    List,
    /// Remove a staff member and end their sessions.
    Remove {
        /// The name of the staff member.
        name: StaffName,
    },
    /// Give a staff member a new password and a new second factor, and end their sessions.
    Reset {
        /// The name of the staff member.
        name: StaffName,
        /// Without a second factor: only to try the shop on this machine.
        #[arg(long)]
        no_totp: bool,
    },
}

/// Runs the command.
pub(crate) async fn staff(config: Config, command: StaffCommand) -> Outcome {
    let shop = open(&config, config.clock()).await?;
    let own = Staff::at_command_line();
    match command {
        StaffCommand::Add { name, role, no_totp } => {
            let enrolment = shop.staff().add(&own, &name, role, &password()?, !no_totp).await;
            show(&name, enrolment?);
        }
        StaffCommand::Reset { name, no_totp } => {
            let enrolment = shop.staff().reset(&own, &name, &password()?, !no_totp).await;
            show(&name, enrolment?);
        }
        StaffCommand::Remove { name } => {
            shop.staff().remove(&own, &name).await?;
            say(&format!("{name} is removed"));
        }
        StaffCommand::List => {
            for account in shop.staff().list(&own).await? {
                let factor = if account.has_totp { "TOTP" } else { "password only" };
                let changed = shanghai(account.changed_ms).strftime("%F %T");
                let role = account.role.map_or("(a role of a newer version)", Role::as_str);
                say(&format!("{} {role} ({factor}, last changed {changed})", account.name));
            }
        }
    }
    Ok(())
}

fn password() -> std::io::Result<String> {
    if stdin().is_terminal() {
        return rpassword::prompt_password("password: ");
    }
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn show(name: &StaffName, enrolment: Option<Enrolment>) {
    say(&format!("{name} signs in at /console"));
    if let Some(enrolment) = enrolment {
        say(&format!("TOTP secret, shown this once: {}", enrolment.secret));
        say(&enrolment.uri);
        say("recovery codes, shown this once; each signs in once in the place of the six digits:");
        for code in &enrolment.recovery_codes {
            say(&format!("  {code}"));
        }
    }
}
