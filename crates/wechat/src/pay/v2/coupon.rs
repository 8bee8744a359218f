use super::{InvalidField, payment};
use crate::wire::Fields;

/// A coupon of a payment, or the part of it that a refund returns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coupon {
    /// WeChat's number of the coupon.
    pub id: String,
    /// `CASH`: the shopper bought it; `NO_CASH`: it was free.
    pub kind: Option<String>,
    /// The amount in fen.
    pub fee: i64,
}

/// Reads the coupons of a payment (`coupon_count`, `coupon_id_$n`, …) from the fields of a query or a notification.
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
/// [`InvalidField`] if a counted coupon is missing or has no amount.
pub fn coupons(fields: &Fields) -> Result<Vec<Coupon>, InvalidField> {
    let count = count(fields, "coupon_count", "coupon_count")?;
    (0..count).map(|n| read(fields, &format!("_{n}"), "coupon_id", "coupon_fee")).collect()
}

/// Reads the coupons of refund `n` of a query.
#[cfg(feature = "client")]
pub(super) fn of_refund(fields: &Fields, n: usize) -> Result<Vec<Coupon>, InvalidField> {
    let count = count(fields, &format!("coupon_refund_count_{n}"), "coupon_refund_count_$n")?;
    (0..count).map(|m| read(fields, &format!("_{n}_{m}"), "coupon_refund_id", "coupon_refund_fee")).collect()
}

/// Reads a count. 0 if it is missing. A count that is larger than the number of fields is an error.
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
