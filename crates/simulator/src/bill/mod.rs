//! Bills, made from the simulator's own ledger (wechat-protocol.md, 4.7, 4.8 and 5.7).

mod day;
mod fund_flow;
mod table;
mod trade;

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};

pub(crate) use day::{Unready, check, ready_at};
pub(crate) use fund_flow::Account;
pub(crate) use trade::TradeKind;

use crate::{clock::Millis, state::State};

/// A bill that somebody has asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// The day's number.
    pub(crate) day: i64,
    pub(crate) kind: Kind,
    pub(crate) gzip: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Kind {
    Trade(TradeKind),
    FundFlow(Account),
}

/// What a `download_url` of V3 leads to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Download {
    pub(crate) asked: Asked,
    pub(crate) issued_at: Millis,
}

impl Asked {
    /// The file as it is before it is packed: the same at each time, as a bill is made once.
    pub(crate) fn file(&self, state: &State, now: Millis) -> Result<String, Unready> {
        check(self.day, now)?;
        let file = match self.kind {
            Kind::Trade(kind) => trade::file(state, self.day, kind),
            Kind::FundFlow(account) => fund_flow::file(state, self.day, account),
        };
        file.ok_or(Unready::None)
    }
}

/// As `tar_type` GZIP has it.
pub(crate) fn packed(file: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // memory takes what it is given
    encoder.write_all(file.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default()
}
