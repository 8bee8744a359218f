/// The two amounts of a refund, in fen. The fields have names, so that a caller cannot swap the amounts.
///
/// ```
/// use wechat::pay::RefundRequestAmount;
///
/// let a_part = RefundRequestAmount { total: 1990, refund: 990 };
/// assert!(a_part.refund <= a_part.total);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundRequestAmount {
    /// The order's amount, in fen: `total_fee` in V2, `amount.total` in V3.
    pub total: i64,
    /// The refunded amount, in fen: `refund_fee` in V2, `amount.refund` in V3.
    pub refund: i64,
}
