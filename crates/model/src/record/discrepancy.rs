use crate::discrepancy::DiscrepancyKind;

/// Something about money that staff may have to decide.
#[derive(Clone, Debug)]
pub struct DiscrepancyRecord {
    /// Its kind and what it is about. The same discrepancy has the same id, so it is one row.
    pub id: String,
    /// What does not match.
    pub kind: DiscrepancyKind,
    /// The `out_trade_no` that it names.
    pub out_trade_no: String,
    /// When the shop saw it, ms.
    pub at_ms: i64,
    /// What the shop expected and what it got, in English.
    pub detail: String,
    /// What WeChat sent, for the records: the message, the decrypted message, or the fields of the answer. May be
    /// empty.
    pub payload: Vec<u8>,
    /// How it was resolved; empty while it is open.
    pub resolution: String,
}
