use serde::Deserialize;

use super::{
    Payment, Promotion, ReadError,
    promotion::{self, Promotions},
    transaction::{self, AmountFields, PaymentFields, fen},
};
use crate::{
    json,
    pay::v2::{InvalidField, TradeState},
};

/// The state of combined orders, in a query and in a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CombineTransaction {
    /// The `appid` of the merchant that combines the orders.
    pub combine_appid: String,
    /// The number of the merchant that combines the orders.
    pub combine_mchid: String,
    /// The shop's number of the combined order.
    pub combine_out_trade_no: String,
    /// The orders.
    pub sub_orders: Vec<SubTransaction>,
}

/// One order of a combined order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubTransaction {
    /// The number of the merchant of this order.
    pub mchid: String,
    /// The shop's number of this order.
    pub out_trade_no: String,
    /// The state of the order.
    pub trade_state: TradeState,
    /// The `attach` text of the order.
    pub attach: Option<String>,
    /// The payment. It is present exactly in the states [`TradeState::Success`] and [`TradeState::Refund`]. Its
    /// `openid` is the payer of all orders.
    pub payment: Option<Payment>,
    /// The discounts of this order.
    pub promotion_detail: Vec<Promotion>,
}

impl CombineTransaction {
    /// Reads the JSON of a query or a notification. It verifies no signature: see [`super::Transaction::from_json`].
    ///
    /// ```
    /// let orders = wechat::pay::v3::CombineTransaction::from_json(r#"{"combine_appid":"wxd678efh567hg6787",
    ///     "combine_mchid":"1900009191","combine_out_trade_no":"C1",
    ///     "sub_orders":[{"mchid":"1900009191","out_trade_no":"S1","trade_state":"NOTPAY"}]}"#)?;
    /// assert_eq!(orders.sub_orders[0].out_trade_no, "S1");
    /// # Ok::<(), wechat::pay::v3::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] names the mistake.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        Ok(json::read::<Raw>(json.as_bytes())?.read()?)
    }
}

/// Combined orders in JSON.
#[derive(Deserialize)]
struct Raw {
    combine_appid: String,
    combine_mchid: String,
    combine_out_trade_no: String,
    sub_orders: Vec<RawOrder>,
    #[serde(default, deserialize_with = "json::lenient")]
    combine_payer_info: Option<transaction::Payer>,
}

#[derive(Deserialize)]
struct RawOrder {
    mchid: String,
    out_trade_no: String,
    #[serde(deserialize_with = "json::word")]
    trade_state: TradeState,
    #[serde(default, deserialize_with = "json::lenient_text")]
    attach: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    transaction_id: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    trade_type: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    bank_type: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    success_time: Option<String>,
    #[serde(default)]
    amount: Option<RawAmount>,
    #[serde(default, deserialize_with = "promotion::read_each")]
    promotion_detail: Promotions,
}

#[derive(Deserialize)]
struct RawAmount {
    #[serde(default)]
    total_amount: Option<i64>,
    #[serde(default, deserialize_with = "json::lenient")]
    payer_amount: Option<i64>,
    #[serde(default, deserialize_with = "json::optional_text")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    payer_currency: Option<String>,
}

impl Raw {
    fn read(self) -> Result<CombineTransaction, InvalidField> {
        let openid = self.combine_payer_info.and_then(|payer| payer.openid);
        let sub_orders = self
            .sub_orders
            .into_iter()
            .map(|order| order.read(openid.as_deref()))
            .collect::<Result<_, _>>()?;
        Ok(CombineTransaction {
            combine_appid: self.combine_appid,
            combine_mchid: self.combine_mchid,
            combine_out_trade_no: self.combine_out_trade_no,
            sub_orders,
        })
    }
}

impl RawOrder {
    fn read(self, openid: Option<&str>) -> Result<SubTransaction, InvalidField> {
        let payment = PaymentFields {
            transaction_id: self.transaction_id,
            openid: openid.map(str::to_owned),
            trade_type: self.trade_type,
            bank_type: self.bank_type,
            success_time: self.success_time,
            amount: self.amount.map(|amount| AmountFields {
                total: fen(amount.total_amount, "total_amount"),
                payer_total: amount.payer_amount,
                currency: amount.currency,
                payer_currency: amount.payer_currency,
            }),
        };
        let payment = self.trade_state.is_paid().then(|| payment.read()).transpose()?;
        Ok(SubTransaction {
            mchid: self.mchid,
            out_trade_no: self.out_trade_no,
            trade_state: self.trade_state,
            attach: self.attach,
            payment,
            promotion_detail: self.promotion_detail.readable,
        })
    }
}
