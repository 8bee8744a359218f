//! `server doctor`: checks everything that a first payment needs, and says what to do.
//!
//! It changes nothing. It queries WeChat about an order that cannot exist. It rolls back its test transaction in the
//! database. It writes a small object to the place of pictures and deletes it.

mod address;
mod advice;
mod complaints;
mod database;
mod finding;
mod keys;
mod machine;
mod official;
mod pay_v2;
mod pay_v3;
mod pictures;
mod pushes;
mod shoppers;
mod staff;
mod time;

use shop::Clock;
use wechat::Http;

pub use self::finding::{Finding, Verdict};
use crate::{config::Config, startup};

/// An `out_trade_no` that cannot exist: the shop's numbers begin with a date.
const NO_ORDER: &str = "DOCTOR00000000000000";

/// The input of the checks.
struct CheckContext<'a> {
    config: &'a Config,
    clock: &'a dyn Clock,
    /// The HTTP client without the merchant's certificate.
    http: Http,
}

impl CheckContext<'_> {
    fn now_s(&self) -> i64 {
        self.clock.now_ms().div_euclid(1000)
    }
}

/// Runs all checks. If `is_asynchronous_accepted` is true, an asynchronous standby is only a warning. `begin` gets the
/// name of each group of checks, `found` each result.
pub async fn examine(
    config: &Config,
    clock: &dyn Clock,
    is_asynchronous_accepted: bool,
    mut begin: impl FnMut(&'static str),
    mut found: impl FnMut(Finding),
) {
    begin("the machine");
    machine::check(config).await.into_iter().for_each(&mut found);
    begin("the database");
    database::check(config, is_asynchronous_accepted).await.into_iter().for_each(&mut found);
    begin("pictures");
    pictures::check(config).await.into_iter().for_each(&mut found);
    begin("keys and certificates");
    keys::check(config, clock).into_iter().for_each(&mut found);
    // the other checks need a client; `machine::check` has reported why there is none
    let Ok(http) = startup::plain(&config.wechat) else { return };
    let context = CheckContext { config, clock, http };
    begin("the shop's address");
    address::check(&context).await.into_iter().for_each(&mut found);
    begin("the time");
    found(time::check(&context).await);
    begin("the official account");
    official::check(&context).await.into_iter().for_each(&mut found);
    begin("the shoppers");
    shoppers::check(&context).await.into_iter().for_each(&mut found);
    begin("pushed messages");
    pushes::check(&context).await.into_iter().for_each(&mut found);
    begin("the staff's channels");
    staff::check(&context).await.into_iter().for_each(&mut found);
    begin("WeChat Pay V2");
    pay_v2::check(&context).await.into_iter().for_each(&mut found);
    begin("WeChat Pay V3");
    pay_v3::check(&context).await.into_iter().for_each(&mut found);
    begin("complaints");
    complaints::check(&context).await.into_iter().for_each(&mut found);
}
