use crate::discrepancy::DiscrepancyKind;

/// A difference between WeChat's word and the shop's records.
#[derive(Clone, Debug)]
pub struct DiscrepancyRecord {
    /// The same discrepancy twice has the same id and is one row.
    pub id: String,
    /// What does not fit.
    pub kind: DiscrepancyKind,
    /// The `out_trade_no` that it names.
    pub out_trade_no: String,
    /// When the shop saw it, ms.
    pub at_ms: i64,
    /// What the shop expected and what it got, in English.
    pub detail: String,
    /// What the shop received, byte for byte.
    pub payload: Vec<u8>,
    /// How it was resolved; empty while it is open.
    pub resolution: String,
}
