//! `server doctor`: looks at everything that has to fit for a first payment, and says what to do.
//!
//! Nothing is changed anywhere: WeChat is asked for what every call may be asked for, and about an order that cannot
//! exist; the database is written to in a transaction that is given up.

mod address;
mod advice;
mod database;
mod finding;
mod keys;
mod machine;
mod official;
mod pay_v2;
mod pay_v3;
mod time;

use shop::Clock;
use wechat::Http;

pub use self::finding::{Finding, Verdict};
use crate::{config::Config, startup};

/// An order of this number cannot exist: the shop's own begin with a date.
const NO_ORDER: &str = "DOCTOR00000000000000";

/// What the checks look at.
struct Patient<'a> {
    config: &'a Config,
    clock: &'a dyn Clock,
    /// The machine's connections.
    http: Http,
}

impl Patient<'_> {
    fn now_s(&self) -> i64 {
        self.clock.now_ms().div_euclid(1000)
    }
}

/// Looks at everything; `begin` hears what is looked at next, `found` what was found.
pub async fn examine(
    config: &Config,
    clock: &dyn Clock,
    mut begin: impl FnMut(&'static str),
    mut found: impl FnMut(Finding),
) {
    begin("the machine");
    machine::check(config).await.into_iter().for_each(&mut found);
    begin("the database");
    database::check(config).await.into_iter().for_each(&mut found);
    begin("keys and certificates");
    keys::check(config, clock).into_iter().for_each(&mut found);
    // said by the machine's check
    let Ok(http) = startup::plain(&config.wechat) else { return };
    let patient = Patient { config, clock, http };
    begin("the shop's address");
    address::check(&patient).await.into_iter().for_each(&mut found);
    begin("the time");
    found(time::check(&patient).await);
    begin("the official account");
    official::check(&patient).await.into_iter().for_each(&mut found);
    begin("WeChat Pay V2");
    pay_v2::check(&patient).await.into_iter().for_each(&mut found);
    begin("WeChat Pay V3");
    pay_v3::check(&patient).await.into_iter().for_each(&mut found);
}
