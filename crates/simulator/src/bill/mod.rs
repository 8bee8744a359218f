//! Bills, created from the simulator's orders and refunds (wechat-protocol.md, 4.7, 4.8 and 5.7).

mod day;
mod fund_flow;
mod table;
mod trade;

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};

pub(crate) use day::{BillUnavailable, check, ready_at};
pub(crate) use fund_flow::Account;
pub(crate) use trade::TradeKind;

use crate::{clock::Millis, database::Database};

/// A requested bill.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BillRequest {
    pub(crate) mch_id: String,
    /// One sub-merchant of a provider. `None` means all.
    #[serde(default)]
    pub(crate) sub_mch_id: Option<String>,
    /// The day of the bill, in days since 1970 in Shanghai.
    pub(crate) day: i64,
    pub(crate) kind: Kind,
    pub(crate) gzip: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Kind {
    Trade(TradeKind),
    FundFlow(Account),
}

/// The bill behind a `download_url` of V3.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Download {
    #[serde(rename = "asked")]
    pub(crate) request: BillRequest,
    pub(crate) issued_at: Millis,
}

impl BillRequest {
    /// The uncompressed file. It never changes.
    pub(crate) fn file(&self, db: &Database, now: Millis) -> Result<String, BillUnavailable> {
        check(self.day, now)?;
        let file = match self.kind {
            Kind::Trade(kind) => trade::file(db, (&self.mch_id, self.sub_mch_id.as_deref()), self.day, kind),
            Kind::FundFlow(account) => fund_flow::file(db, &self.mch_id, self.day, account),
        };
        file.ok_or(BillUnavailable::None)
    }
}

/// Compresses a file for `tar_type` GZIP.
pub(crate) fn gzip_file(file: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // writing to memory cannot fail
    encoder.write_all(file.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default()
}
