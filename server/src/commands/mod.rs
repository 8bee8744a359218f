//! The sub-commands of the server.

mod backup;
mod bill;
mod complaints;
mod doctor;
mod jobs;
mod pictures;
mod progress;
mod ready;
mod reconcile;
mod refund;
mod staff;

use std::io::Write;

use server::{Metrics, StartupError, config::Config, open_shop};
use shop::{Clock, Shop};

pub(crate) use self::{
    backup::backup,
    bill::bill,
    complaints::register_complaints,
    doctor::doctor,
    jobs::jobs,
    pictures::{PicturesCommand, pictures},
    ready::ready,
    reconcile::{differences, reconcile},
    refund::refund,
    staff::{StaffCommand, staff},
};

/// The result of a command: an error is one line for the operator.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The shop of this configuration.
async fn open(config: &Config, clock: impl Clock) -> Result<Shop, StartupError> {
    // a command has no /metrics, so these are not read
    open_shop(config, clock, &Metrics::new()).await
}

/// Prints a line to standard output; a closed output does not stop the command.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
