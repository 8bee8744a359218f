use serde::{Deserialize, Serialize};

use super::{
    Merchant, Payment, Promotion, ReadError, SceneInfo, Trade,
    prepay::{Payer, SettleInfo},
    promotion::{self, Promotions},
    scene::Scene,
    transaction::{self, fen},
};
use crate::{
    json,
    pay::v2::{InvalidField, TradeState, TradeType},
};

/// Several orders paid at once, for `v3/combine-transactions/{jsapi,native,h5,app}` (doc/v3/merchant: 合单支付).
///
/// As with a single order, [`CombinePrepayRequest::request`] is made once, kept, and sent again byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombinePrepayRequest {
    /// The shop's number of them all, at most 32 of `0-9A-Za-z_-|*@`.
    pub combine_out_trade_no: String,
    /// The orders, at most 50.
    pub sub_orders: Vec<SubOrder>,
    /// Where the notification goes, at most 255 bytes and without a query.
    pub notify_url: String,
    /// How the payment is started, with what belongs to it.
    pub trade: Trade,
    /// Where the payment takes place; for H5 the payer's address is taken from [`Trade::H5`].
    pub scene_info: Option<SceneInfo>,
    /// When the orders were made, see [`crate::time::rfc3339`].
    pub time_start: Option<String>,
    /// When they end, see [`crate::time::rfc3339`].
    pub time_expire: Option<String>,
}

/// One of several orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubOrder {
    /// The merchant of this one.
    pub mchid: String,
    /// The shop's number of this one.
    pub out_trade_no: String,
    /// Its amount in fen, at least 1.
    pub total_amount: i64,
    /// What is bought, at most 127 characters.
    pub description: String,
    /// A text that query and notification hand back, at most 128 characters; not empty.
    pub attach: String,
    /// A mark for coupons.
    pub goods_tag: Option<String>,
    /// Whether the amount is frozen for sharing.
    pub profit_sharing: Option<bool>,
}

#[derive(Serialize)]
struct Body<'a> {
    combine_appid: &'a str,
    combine_mchid: &'a str,
    combine_out_trade_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scene_info: Option<Scene<'a>>,
    sub_orders: Vec<BodyOrder<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    combine_payer_info: Option<Payer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_start: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_expire: Option<&'a str>,
    notify_url: &'a str,
}

#[derive(Serialize)]
struct BodyOrder<'a> {
    mchid: &'a str,
    attach: &'a str,
    amount: BodyAmount,
    out_trade_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_tag: Option<&'a str>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_info: Option<SettleInfo>,
}

#[derive(Serialize)]
struct BodyAmount {
    total_amount: i64,
    currency: &'static str,
}

impl CombinePrepayRequest {
    /// Orders with what all have; the rest is set on the fields.
    #[must_use]
    pub fn new(
        combine_out_trade_no: impl Into<String>,
        sub_orders: Vec<SubOrder>,
        notify_url: impl Into<String>,
        trade: Trade,
    ) -> Self {
        Self {
            combine_out_trade_no: combine_out_trade_no.into(),
            sub_orders,
            notify_url: notify_url.into(),
            trade,
            scene_info: None,
            time_start: None,
            time_expire: None,
        }
    }

    /// The JSON, exactly as it is to be sent and signed. `merchant` is the one that combines.
    ///
    /// ```
    /// use wechat::pay::v3::{ApiV3Key, CombinePrepayRequest, Credential, Merchant, SubOrder, Trade};
    ///
    /// # let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// # let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// # let merchant = Merchant::new("wxd678efh567hg6787", credential,
    /// #     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
    /// let orders = vec![SubOrder::new("1900009191", "S1", 1990, "Tea", "attached")];
    /// let request = CombinePrepayRequest::new("C1", orders, "https://h/notify", Trade::App).request(&merchant);
    /// assert!(request.contains(r#""amount":{"total_amount":1990,"currency":"CNY"}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant) -> String {
        let payer = match &self.trade {
            Trade::Jsapi { openid } => Some(Payer { openid }),
            Trade::Native | Trade::H5 { .. } | Trade::App => None,
        };
        super::request_json(&Body {
            combine_appid: merchant.appid(),
            combine_mchid: merchant.mchid(),
            combine_out_trade_no: &self.combine_out_trade_no,
            scene_info: Scene::of(&self.trade, self.scene_info.as_ref()),
            sub_orders: self.sub_orders.iter().map(SubOrder::body).collect(),
            combine_payer_info: payer,
            time_start: self.time_start.as_deref(),
            time_expire: self.time_expire.as_deref(),
            notify_url: &self.notify_url,
        })
    }
}

impl SubOrder {
    /// An order with what every order has; the rest is set on the fields.
    #[must_use]
    pub fn new(
        mchid: impl Into<String>,
        out_trade_no: impl Into<String>,
        total_amount: i64,
        description: impl Into<String>,
        attach: impl Into<String>,
    ) -> Self {
        Self {
            mchid: mchid.into(),
            out_trade_no: out_trade_no.into(),
            total_amount,
            description: description.into(),
            attach: attach.into(),
            goods_tag: None,
            profit_sharing: None,
        }
    }

    fn body(&self) -> BodyOrder<'_> {
        BodyOrder {
            mchid: &self.mchid,
            attach: &self.attach,
            amount: BodyAmount { total_amount: self.total_amount, currency: "CNY" },
            out_trade_no: &self.out_trade_no,
            goods_tag: self.goods_tag.as_deref(),
            description: &self.description,
            settle_info: self.profit_sharing.map(|profit_sharing| SettleInfo { profit_sharing }),
        }
    }
}

/// Several orders paid at once, as query and notification tell them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombineTransaction {
    /// The account of the merchant that combines.
    pub combine_appid: String,
    /// The merchant that combines.
    pub combine_mchid: String,
    /// The shop's number of them all.
    pub combine_out_trade_no: String,
    /// The orders.
    pub sub_orders: Vec<SubTransaction>,
}

/// One of several orders paid at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubTransaction {
    /// The merchant of this one.
    pub mchid: String,
    /// The shop's number of this one.
    pub out_trade_no: String,
    /// How far it is.
    pub trade_state: TradeState,
    /// What the order was made with.
    pub attach: Option<String>,
    /// The payment, in the states [`TradeState::Success`] and [`TradeState::Refund`] always, else never. Its `openid`
    /// is that of the one who paid them all.
    pub payment: Option<Payment>,
    /// The discounts.
    pub promotion_detail: Vec<Promotion>,
}

impl CombineTransaction {
    /// Reads the JSON of a query or a notification. Nothing vouches for it here, see
    /// [`super::Transaction::from_json`].
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
    /// [`ReadError`] says what is wrong.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        Ok(json::read::<Raw>(json.as_bytes())?.read()?)
    }
}

/// Combined orders as they stand in JSON.
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
        let payment = if self.trade_state.is_paid() {
            let amount = self.amount.ok_or(InvalidField("amount"))?;
            Some(Payment {
                transaction_id: self.transaction_id.ok_or(InvalidField("transaction_id"))?,
                openid: openid.map(str::to_owned),
                trade_type: self.trade_type.map(|word| TradeType::from(&*word)),
                bank_type: self.bank_type,
                total: fen(amount.total_amount, "total_amount")?,
                payer_total: amount.payer_amount.filter(|fee| *fee >= 0),
                currency: amount.currency,
                payer_currency: amount.payer_currency,
                success_time: self.success_time,
            })
        } else {
            None
        };
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
