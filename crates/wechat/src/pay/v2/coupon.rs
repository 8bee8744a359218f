use super::{InvalidField, payment};
use crate::wire::Fields;

/// A coupon of a payment, or the part of it that a refund gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    /// Its number.
    pub id: String,
    /// `CASH`: bought; `NO_CASH`: given.
    pub kind: Option<String>,
    /// Its amount in fen.
    pub fee: i64,
}

/// The coupons of a payment (`coupon_count`, `coupon_id_$n`, …), from the fields of a query or a notification.
///
/// ```
/// use wechat::{pay::v2::coupons, wire::Fields};
///
/// let fields = Fields::new().with("coupon_count", "1").with("coupon_id_0", "10000").with("coupon_fee_0", "100");
/// assert_eq!(coupons(&fields)?[0].fee, 100);
/// assert!(coupons(&Fields::new())?.is_empty());
/// # Ok::<(), wechat::pay::v2::InvalidField>(())
/// ```
///
/// # Errors
/// [`InvalidField`] where a coupon that is counted is not there, or has no amount.
pub fn coupons(fields: &Fields) -> Result<Vec<Coupon>, InvalidField> {
    let count = count(fields, "coupon_count", "coupon_count")?;
    (0..count).map(|n| read(fields, &format!("_{n}"), "coupon_id", "coupon_fee")).collect()
}

/// The coupons of the `n`th refund of a query.
#[cfg(feature = "client")]
pub(super) fn of_refund(fields: &Fields, n: usize) -> Result<Vec<Coupon>, InvalidField> {
    let count = count(fields, &format!("coupon_refund_count_{n}"), "coupon_refund_count_$n")?;
    (0..count).map(|m| read(fields, &format!("_{n}_{m}"), "coupon_refund_id", "coupon_refund_fee")).collect()
}

/// A count that may be missing; no message has more fields than it may have.
pub(super) fn count(fields: &Fields, name: &str, label: &'static str) -> Result<usize, InvalidField> {
    match fields.get(name) {
        None | Some("") => Ok(0),
        Some(text) => text.parse().ok().filter(|count| *count <= fields.len()).ok_or(InvalidField(label)),
    }
}

fn read(fields: &Fields, suffix: &str, id: &'static str, fee: &'static str) -> Result<Coupon, InvalidField> {
    Ok(Coupon {
        id: payment::optional(fields, &format!("{id}{suffix}")).ok_or(InvalidField(id))?,
        kind: payment::optional(fields, &format!("coupon_type{suffix}")),
        fee: payment::parse_fen(fields.get(&format!("{fee}{suffix}"))).ok_or(InvalidField(fee))?,
    })
}
