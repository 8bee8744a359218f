//! The subcommands of the server, such as `server refund`.

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

/// The result of a command. An error is one line for the operator.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Opens the shop of this configuration.
async fn open(config: &Config, clock: impl Clock) -> Result<Shop, StartupError> {
    // a command has no /metrics, so nothing reads these metrics
    open_shop(config, clock, &Metrics::new()).await
}

/// Prints a line to standard output. A closed output must not stop the command.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
