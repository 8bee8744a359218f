use super::{Merchant, SignType, SignedRequest, TradeType, sign_request};
/// An order for `pay/unifiedorder` (doc/v2/partner/4011936644).
///
/// WeChat refuses the same `out_trade_no` with any other parameter. So store the text of [`UnifiedOrder::request`] and
/// send the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnifiedOrder {
    /// The name of the goods, at most 127 bytes.
    pub body: String,
    /// The shop's order number, 6 to 32 of `0-9A-Za-z_-|*`. A merchant must not use it twice.
    pub out_trade_no: String,
    /// The amount in fen, at least 1.
    pub total_fee: i64,
    /// The payer's IP address (v4 or v6). For [`Trade::Native`] it is the server's own.
    pub spbill_create_ip: String,
    /// The address for the notification, at most 256 bytes, without a query.
    pub notify_url: String,
    /// How the payment is started, with the fields that only this way has.
    pub trade: Trade,
    /// A terminal's number, at most 32 bytes; `WEB` for a page.
    pub device_info: Option<String>,
    /// The goods, a JSON text of at most 6,000 bytes.
    pub detail: Option<String>,
    /// A text that queries and notifications return, at most 127 bytes.
    ///
    /// Never use a text that a shopper wrote: V2 signs `name=value&…` without escaping, so a value with `&` and `=`
    /// has the same signature as several fields.
    pub attach: Option<String>,
    /// The currency; absent means `CNY`.
    pub fee_type: Option<String>,
    /// When the order was created, see [`crate::time::v2_time`].
    pub time_start: Option<String>,
    /// When the order expires, see [`crate::time::v2_time`]. A `prepay_id` is always valid for two hours.
    pub time_expire: Option<String>,
    /// A tag for coupons, at most 32 bytes.
    pub goods_tag: Option<String>,
    /// `no_credit` excludes credit cards.
    pub limit_pay: Option<String>,
    /// `Y` offers an electronic receipt.
    pub receipt: Option<String>,
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
    Native {
        /// The shop's number of the product, at most 32 bytes.
        product_id: String,
    },
    /// A browser on a phone, outside WeChat.
    Mweb {
        /// A JSON text: `{"h5_info":{"type":"Wap","wap_url":"…","wap_name":"…"}}`.
        scene_info: String,
    },
    /// A phone app of the merchant.
    App,
}

impl Trade {
    /// The way to pay, without its fields.
    #[must_use]
    pub const fn trade_type(&self) -> TradeType {
        match self {
            Self::Jsapi { .. } => TradeType::Jsapi,
            Self::Native { .. } => TradeType::Native,
            Self::Mweb { .. } => TradeType::Mweb,
            Self::App => TradeType::App,
        }
    }
}

impl UnifiedOrder {
    /// An order with the required fields. Set optional fields afterwards.
    #[must_use]
    pub fn new(
        body: impl Into<String>,
        out_trade_no: impl Into<String>,
        total_fee: i64,
        spbill_create_ip: impl Into<String>,
        notify_url: impl Into<String>,
        trade: Trade,
    ) -> Self {
        Self {
            body: body.into(),
            out_trade_no: out_trade_no.into(),
            total_fee,
            spbill_create_ip: spbill_create_ip.into(),
            notify_url: notify_url.into(),
            trade,
            device_info: None,
            detail: None,
            attach: None,
            fee_type: None,
            time_start: None,
            time_expire: None,
            goods_tag: None,
            limit_pay: None,
            receipt: None,
        }
    }

    /// The signed XML. Send exactly these bytes. `nonce_str` is random, at most 32 letters and digits.
    ///
    /// ```
    /// use wechat::pay::v2::{Merchant, SignType, Trade, UnifiedOrder};
    ///
    /// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
    /// let order = UnifiedOrder::new(
    ///     "茶", "20260101000001", 1990, "203.0.113.7", "https://shop.example.com/notify",
    ///     Trade::Jsapi { openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into() },
    /// );
    /// let request = order.request(&merchant, SignType::HmacSha256, "ibuaiVcKdpRxkhJA");
    /// let sent = wechat::wire::xml::parse(request.as_str().as_bytes())?;
    /// assert_eq!(sent.get("total_fee"), Some("1990"));
    /// assert!(wechat::wire::sign::verify(&sent, merchant.key().expose(), SignType::HmacSha256));
    /// # Ok::<(), wechat::wire::xml::XmlError>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant, sign_type: SignType, nonce_str: &str) -> SignedRequest<Self> {
        let mut fields = merchant
            .fields(sign_type, nonce_str)
            .with("body", &*self.body)
            .with("out_trade_no", &*self.out_trade_no)
            .with("total_fee", self.total_fee.to_string())
            .with("spbill_create_ip", &*self.spbill_create_ip)
            .with("notify_url", &*self.notify_url)
            .with("trade_type", self.trade.trade_type().as_str());
        match &self.trade {
            Trade::Jsapi { openid } if merchant.sub_appid().is_some() => fields.set("sub_openid", &**openid),
            Trade::Jsapi { openid } => fields.set("openid", &**openid),
            Trade::Native { product_id } => fields.set("product_id", &**product_id),
            Trade::Mweb { scene_info } => fields.set("scene_info", &**scene_info),
            Trade::App => {}
        }
        for (name, value) in [
            ("device_info", &self.device_info),
            ("detail", &self.detail),
            ("attach", &self.attach),
            ("fee_type", &self.fee_type),
            ("time_start", &self.time_start),
            ("time_expire", &self.time_expire),
            ("goods_tag", &self.goods_tag),
            ("limit_pay", &self.limit_pay),
            ("receipt", &self.receipt),
        ] {
            if let Some(value) = value {
                fields.set(name, &**value);
            }
        }
        sign_request(&fields, merchant.key(), sign_type)
    }
}
