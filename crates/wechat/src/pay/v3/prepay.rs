use serde::Serialize;

use super::{H5Info, Merchant, RequestBody, SceneInfo, scene::Scene};

/// An order for `v3/pay/transactions/{jsapi,native,h5,app}` (doc/v3/merchant/4012791856 and the pages after it).
///
/// WeChat refuses the same `out_trade_no` with any other parameter. So store the text of [`PrepayRequest::request`]
/// and send the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrepayRequest {
    /// The name of the goods, at most 127 characters.
    pub description: String,
    /// The shop's order number, 6 to 32 of `0-9A-Za-z_-|*`. A merchant must not use it twice.
    pub out_trade_no: String,
    /// The amount in fen, at least 1.
    pub total: i64,
    /// The address for the notification, at most 255 bytes, without a query.
    pub notify_url: String,
    /// How the payment is started, with the fields that only this way has.
    pub trade: Trade,
    /// When the order expires, see [`crate::time::rfc3339`]. WeChat extends a shorter time than one minute to one
    /// minute.
    pub time_expire: Option<String>,
    /// A text that queries and notifications return, at most 128 characters.
    pub attach: Option<String>,
    /// A tag for coupons, at most 32 characters.
    pub goods_tag: Option<String>,
    /// Whether WeChat offers the payer an electronic invoice (电子发票).
    pub support_fapiao: Option<bool>,
    /// The goods, for WeChat's discounts.
    pub detail: Option<Detail>,
    /// The scene of the payment. For H5 the payer's address comes from [`Trade::H5`].
    pub scene_info: Option<SceneInfo>,
    /// The ways to pay that the order excludes: `no_balance`, `no_debit`.
    pub limit_pay: Vec<String>,
}

/// The way to pay, and the fields that only this way has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trade {
    /// A page inside WeChat, or a mini program.
    Jsapi {
        /// The payer's openid for the merchant's `appid`.
        openid: String,
    },
    /// A QR code that the shopper scans.
    Native,
    /// A browser on a phone, outside WeChat.
    H5 {
        /// The payer's IP address, v4 or v6.
        payer_client_ip: String,
        /// The page or app that starts the payment.
        h5_info: H5Info,
    },
    /// A phone app of the merchant.
    App,
}

/// The goods of an order.
///
/// ```
/// use wechat::pay::v3::{Detail, GoodsDetail, PrepayRequest, Trade};
///
/// let tea = GoodsDetail {
///     merchant_goods_id: "tea".into(),
///     wechatpay_goods_id: None,
///     goods_name: Some("Tea, 50 g".into()),
///     quantity: 1,
///     unit_price: 1990,
/// };
/// let mut order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", Trade::Native);
/// order.detail = Some(Detail { cost_price: None, invoice_id: None, goods_detail: vec![tea] });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The price before discounts, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_price: Option<i64>,
    /// The receipt's number, at most 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// The list of goods, at most 6,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods_detail: Vec<GoodsDetail>,
}

/// One kind of goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoodsDetail {
    /// The merchant's number of the goods, 1 to 32 characters.
    pub merchant_goods_id: String,
    /// WeChat's number of the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wechatpay_goods_id: Option<String>,
    /// The name of the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_name: Option<String>,
    /// The quantity.
    pub quantity: i64,
    /// The price of one, in fen.
    pub unit_price: i64,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    accounts: Accounts<'a>,
    description: &'a str,
    out_trade_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_expire: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attach: Option<&'a str>,
    notify_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_fapiao: Option<bool>,
    amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    payer: Option<Payer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a Detail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scene_info: Option<Scene<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    limit_pay: &'a [String],
}

#[derive(Serialize)]
pub(super) struct Amount {
    pub(super) total: i64,
    pub(super) currency: &'static str,
}

/// The account and the merchant of an order.
#[derive(Serialize)]
#[serde(untagged)]
enum Accounts<'a> {
    Merchant {
        appid: &'a str,
        mchid: &'a str,
    },
    Partner {
        sp_appid: &'a str,
        sp_mchid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sub_appid: Option<&'a str>,
        sub_mchid: &'a str,
    },
}

impl<'a> Accounts<'a> {
    fn of(merchant: &'a Merchant) -> Self {
        match merchant.sub_merchant() {
            None => Self::Merchant { appid: merchant.appid(), mchid: merchant.mchid() },
            Some(sub) => Self::Partner {
                sp_appid: &sub.provider_appid,
                sp_mchid: merchant.mchid(),
                sub_appid: merchant.sub_appid(),
                sub_mchid: &sub.mch_id,
            },
        }
    }
}

/// The payer's openid. The name of the field says to which account it belongs.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Payer<'a> {
    Openid(&'a str),
    SpOpenid(&'a str),
    SubOpenid(&'a str),
}

impl<'a> Payer<'a> {
    fn of(merchant: &Merchant, openid: &'a str) -> Self {
        match merchant.sub_merchant() {
            None => Self::Openid(openid),
            Some(_) if merchant.sub_appid().is_some() => Self::SubOpenid(openid),
            Some(_) => Self::SpOpenid(openid),
        }
    }
}

impl PrepayRequest {
    /// An order with the required fields. Set optional fields afterwards.
    #[must_use]
    pub fn new(
        description: impl Into<String>,
        out_trade_no: impl Into<String>,
        total: i64,
        notify_url: impl Into<String>,
        trade: Trade,
    ) -> Self {
        Self {
            description: description.into(),
            out_trade_no: out_trade_no.into(),
            total,
            notify_url: notify_url.into(),
            trade,
            time_expire: None,
            attach: None,
            goods_tag: None,
            support_fapiao: None,
            detail: None,
            scene_info: None,
            limit_pay: Vec::new(),
        }
    }

    /// The JSON. Sign and send exactly these bytes.
    ///
    /// ```
    /// use wechat::pay::v3::{ApiV3Key, Credential, Merchant, PrepayRequest, Trade};
    ///
    /// let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// let merchant = Merchant::new(
    ///     "wxd678efh567hg6787",
    ///     Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?,
    ///     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?,
    /// );
    /// let order = PrepayRequest::new("茶", "20260101000001", 1990, "https://shop.example.com/notify", Trade::Native);
    /// assert_eq!(order.request(&merchant).as_str(), "{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\",\
    ///     \"description\":\"茶\",\"out_trade_no\":\"20260101000001\",\
    ///     \"notify_url\":\"https://shop.example.com/notify\",\"amount\":{\"total\":1990,\"currency\":\"CNY\"}}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant) -> RequestBody<Self> {
        let payer = match &self.trade {
            Trade::Jsapi { openid } => Some(Payer::of(merchant, openid)),
            Trade::Native | Trade::H5 { .. } | Trade::App => None,
        };
        let body = Body {
            accounts: Accounts::of(merchant),
            description: &self.description,
            out_trade_no: &self.out_trade_no,
            time_expire: self.time_expire.as_deref(),
            attach: self.attach.as_deref(),
            notify_url: &self.notify_url,
            goods_tag: self.goods_tag.as_deref(),
            support_fapiao: self.support_fapiao,
            amount: Amount { total: self.total, currency: "CNY" },
            payer,
            detail: self.detail.as_ref(),
            scene_info: Scene::of(&self.trade, self.scene_info.as_ref()),
            limit_pay: &self.limit_pay,
        };
        super::request_json(&body)
    }
}
