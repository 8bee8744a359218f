use serde::Serialize;

use super::{Merchant, RequestBody, SceneInfo, Trade, prepay::Payer, scene::Scene};

/// A combined order (合单): several orders, paid with one payment, for `v3/combine-transactions/{jsapi,native,h5,app}`
/// (doc/v3/merchant: 合单支付).
///
/// Store the text of [`CombinePrepayRequest::request`] and send the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombinePrepayRequest {
    /// The shop's number of the combined order, at most 32 characters: digits, letters and `_`, `-`, `|`, `*`, `@`.
    pub combine_out_trade_no: String,
    /// The orders, 1 to 50.
    pub sub_orders: Vec<SubOrder>,
    /// The address for the notification, at most 255 bytes, without a query.
    pub notify_url: String,
    /// How the payment is started, with the fields that only this way has.
    pub trade: Trade,
    /// The scene of the payment. For H5 the payer's address comes from [`Trade::H5`].
    pub scene_info: Option<SceneInfo>,
    /// When the orders were created, see [`crate::time::rfc3339`].
    pub time_start: Option<String>,
    /// When the orders expire, see [`crate::time::rfc3339`].
    pub time_expire: Option<String>,
}

/// One order of a combined order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubOrder {
    /// The number of the merchant of this order.
    pub mchid: String,
    /// The shop's number of this order, different from the numbers of all other orders.
    pub out_trade_no: String,
    /// The amount in fen, at least 1.
    pub total_amount: i64,
    /// The name of the goods, at most 127 characters.
    pub description: String,
    /// A text that queries and notifications return: 1 to 128 characters.
    pub attach: String,
    /// A tag for coupons.
    pub goods_tag: Option<String>,
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
}

#[derive(Serialize)]
struct BodyAmount {
    total_amount: i64,
    currency: &'static str,
}

impl CombinePrepayRequest {
    /// Combined orders with the required fields. Set optional fields afterwards.
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

    /// The JSON. Sign and send exactly these bytes. `merchant` combines the orders.
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
    /// assert!(request.as_str().contains(r#""amount":{"total_amount":1990,"currency":"CNY"}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant) -> RequestBody<Self> {
        let payer = match &self.trade {
            Trade::Jsapi { openid } => Some(Payer::Openid(openid)),
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
    /// An order with the required fields. Set optional fields afterwards.
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
        }
    }
}
