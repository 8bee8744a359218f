use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::transaction::{fen, optional_fen};
use crate::{json, pay::v2::InvalidField};

/// A discount of a payment: `promotion_detail`.
///
/// ```
/// use wechat::pay::v3::Transaction;
///
/// let json = r#"{"appid":"wx1","mchid":"1900009191","out_trade_no":"S1","transaction_id":"42","trade_state":"SUCCESS",
///     "trade_type":"JSAPI","success_time":"2026-01-01T12:00:00+08:00","payer":{"openid":"oUpF8u"},
///     "amount":{"total":1990,"payer_total":1890},
///     "promotion_detail":[{"coupon_id":"C1","amount":100,"wechatpay_contribute":100}]}"#;
/// let order = Transaction::from_json(json)?;
/// let promotion = &order.promotion_detail[0];
/// assert_eq!((promotion.amount, promotion.wechatpay_contribute), (100, Some(100)));
/// # Ok::<(), wechat::pay::v3::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Promotion {
    /// WeChat's number of the coupon.
    pub coupon_id: String,
    /// The name of the discount.
    #[serde(default, deserialize_with = "json::optional_text")]
    pub name: Option<String>,
    /// `GLOBAL`: for the whole order; `SINGLE`: for one kind of goods.
    #[serde(default, deserialize_with = "json::optional_text")]
    pub scope: Option<String>,
    /// `CASH`: the merchant receives the full amount; `NOCASH`: the merchant receives less.
    #[serde(default, rename = "type", deserialize_with = "json::optional_text")]
    pub kind: Option<String>,
    /// The discount in fen.
    pub amount: i64,
    /// WeChat's number of the batch of coupons (`stock_id`).
    #[serde(default, deserialize_with = "json::optional_text")]
    pub stock_id: Option<String>,
    /// The part that WeChat pays, in fen.
    #[serde(default)]
    pub wechatpay_contribute: Option<i64>,
    /// The part that the merchant pays, in fen.
    #[serde(default)]
    pub merchant_contribute: Option<i64>,
    /// The part that others pay, in fen.
    #[serde(default)]
    pub other_contribute: Option<i64>,
    /// The currency; absent means `CNY`.
    #[serde(default, deserialize_with = "json::optional_text")]
    pub currency: Option<String>,
    /// The goods to which the discount applies.
    #[serde(default, deserialize_with = "json::list")]
    pub goods_detail: Vec<PromotionGoods>,
}

/// The discounts that could be read, and the number of the unreadable ones.
#[derive(Default)]
pub(super) struct Promotions {
    pub(super) readable: Vec<Promotion>,
    pub(super) unreadable: usize,
}

/// Reads each discount separately, because a payment is valid without its discounts.
pub(super) fn read_each<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Promotions, D::Error> {
    let mut promotions = Promotions::default();
    match Value::deserialize(deserializer)? {
        Value::Array(all) => {
            for one in all {
                match serde_json::from_value::<Promotion>(one) {
                    Ok(promotion) if promotion.check().is_ok() => promotions.readable.push(promotion),
                    _ => promotions.unreadable += 1,
                }
            }
        }
        Value::Null => {}
        _ => promotions.unreadable = 1,
    }
    Ok(promotions)
}

impl Promotion {
    /// Checks that no amount is negative.
    pub(super) fn check(&self) -> Result<(), InvalidField> {
        fen(Some(self.amount), "promotion_detail.amount")?;
        let goods = self.goods_detail.iter().map(|goods| (Some(goods.discount_amount), "discount_amount"));
        [
            (self.wechatpay_contribute, "wechatpay_contribute"),
            (self.merchant_contribute, "merchant_contribute"),
            (self.other_contribute, "other_contribute"),
        ]
        .into_iter()
        .chain(goods)
        .try_for_each(|(amount, name)| optional_fen(amount, name))
    }
}

/// The discount for one kind of goods.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PromotionGoods {
    /// The merchant's number of the goods.
    pub goods_id: String,
    /// The quantity.
    pub quantity: i64,
    /// The price of one, in fen.
    pub unit_price: i64,
    /// The discount in fen.
    pub discount_amount: i64,
    /// The merchant's remark about the goods.
    #[serde(default, deserialize_with = "json::optional_text")]
    pub goods_remark: Option<String>,
}
