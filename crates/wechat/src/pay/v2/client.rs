use std::{borrow::Cow, sync::Arc};

use super::{Merchant, Order, SignType, TradeType, payment, request_xml, response};
use crate::{
    Endpoints, Error, Http,
    pay::failover::failover,
    wire::{Fields, sign, xml},
};

/// The calls of WeChat Pay V2 for one merchant. Cheap to clone.
///
/// Each call here may be repeated with the same bytes, so each is tried twice at most: where no answer came, the
/// second time at the backup host; where WeChat was busy (`SYSTEMERROR`, HTTP 5xx), at the same host.
/// Every answer is verified with the sign type of its request, the merchant's key, `appid` and `mch_id`.
///
/// ```
/// use wechat::{Endpoints, Http, HttpOptions, pay::v2::{Client, Merchant}};
///
/// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
/// let client = Client::new(Http::new(&HttpOptions::default())?, Endpoints::default(), merchant);
/// assert_eq!(client.merchant().mch_id(), "10000100");
/// # Ok::<(), wechat::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    http: Http,
    certified: Option<Http>,
    endpoints: Endpoints,
    merchant: Merchant,
}

/// What `pay/unifiedorder` gives to start the payment with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnifiedOrderReply {
    /// How the payment is started.
    pub trade_type: TradeType,
    /// The prepared payment; lives two hours. The same request made again gives a fresh one.
    pub prepay_id: String,
    /// What the code to scan says, for `NATIVE`; lives two hours.
    pub code_url: Option<String>,
    /// The page to open, for `MWEB`; opens for five minutes.
    pub mweb_url: Option<String>,
}

impl Client {
    /// The merchant's calls over these connections.
    #[must_use]
    pub fn new(http: Http, endpoints: Endpoints, merchant: Merchant) -> Self {
        Self(Arc::new(Inner { http, certified: None, endpoints, merchant }))
    }

    /// The same with the merchant's own certificate for the calls that ask for it (`secapi/pay/refund`,
    /// `secapi/pay/reverse`, `pay/downloadfundflow`); see [`Http::with_client_certificate`].
    ///
    /// ```
    /// use wechat::{Http, HttpOptions, pay::v2::Client};
    ///
    /// # fn certified(client: Client, certificate_pem: &str, key_pem: &str) -> Result<Client, wechat::Error> {
    /// let certified = Http::with_client_certificate(&HttpOptions::default(), certificate_pem, key_pem)?;
    /// Ok(client.with_certificate(certified))
    /// # }
    /// ```
    #[must_use]
    pub fn with_certificate(self, certified: Http) -> Self {
        let inner = Inner::clone(&self.0);
        Self(Arc::new(Inner { certified: Some(certified), ..inner }))
    }

    /// Whose calls these are.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// Places an order (`pay/unifiedorder`). `request` is what [`super::UnifiedOrder::request`] gave, byte for
    /// byte, and `sign_type` the one it was made with; see [`Client::signed_now`] for a request from before a change of
    /// the key.
    ///
    /// ```no_run
    /// use wechat::pay::v2::{SignType, Trade, UnifiedOrder};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::Native { product_id: "tea".into() };
    /// let order = UnifiedOrder::new("Tea", "20260101000001", 1990, "203.0.113.7", "https://h/notify", trade);
    /// let request = order.request(client.merchant(), SignType::HmacSha256, "a nonce"); // kept, then sent
    /// let prepared = client.unifiedorder(&request, SignType::HmacSha256).await?;
    /// println!("show {:?}", prepared.code_url);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`] and [`Error::is_order_closed`] tell of an order that has ended; `INVALID_REQUEST`
    /// and `OUT_TRADE_NO_USED` of a number used with other parameters.
    pub async fn unifiedorder(&self, request: &str, sign_type: SignType) -> Result<UnifiedOrderReply, Error> {
        const ENDPOINT: &str = "pay/unifiedorder";
        let request = self.signed_now(request, sign_type);
        let fields = self.call(ENDPOINT, &request, sign_type).await?;
        let malformed = |error| Error::malformed(ENDPOINT, error);
        Ok(UnifiedOrderReply {
            trade_type: TradeType::from(payment::required(&fields, "trade_type").map_err(malformed)?),
            prepay_id: payment::text(&fields, "prepay_id").map_err(malformed)?,
            code_url: payment::optional(&fields, "code_url"),
            mweb_url: payment::optional(&fields, "mweb_url"),
        })
    }

    /// Asks how far an order is (`pay/orderquery`). `sign_type` is the order's own.
    ///
    /// ```no_run
    /// use wechat::pay::v2::SignType;
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let order = client.orderquery("20260101000001", SignType::HmacSha256, "a nonce").await?;
    /// println!("{}: {:?}", order.trade_state.as_str(), order.payment.map(|payment| payment.total_fee));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`] where WeChat knows no such order.
    pub async fn orderquery(
        &self,
        out_trade_no: &str,
        sign_type: SignType,
        nonce_str: &str,
    ) -> Result<Order, Error> {
        const ENDPOINT: &str = "pay/orderquery";
        let request = self.request(out_trade_no, sign_type, nonce_str);
        let fields = self.call(ENDPOINT, &request, sign_type).await?;
        let order = Order::read(fields).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if order.out_trade_no != out_trade_no {
            return Err(Error::verification(ENDPOINT, "it is about another order"));
        }
        Ok(order)
    }

    /// Closes an unpaid order (`pay/closeorder`); not sooner than five minutes after it was made. `sign_type` is the
    /// order's own.
    ///
    /// ```no_run
    /// use wechat::pay::v2::SignType;
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// match client.closeorder("20260101000001", SignType::HmacSha256, "a nonce").await {
    ///     Ok(()) => println!("closed"),
    ///     Err(error) if error.is_order_closed() => println!("closed before"),
    ///     Err(error) if error.is_order_paid() => println!("the shopper was faster: query it"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`]: it is paid, and stays so. [`Error::is_order_closed`]: nothing is left to do.
    pub async fn closeorder(
        &self,
        out_trade_no: &str,
        sign_type: SignType,
        nonce_str: &str,
    ) -> Result<(), Error> {
        let request = self.request(out_trade_no, sign_type, nonce_str);
        self.call("pay/closeorder", &request, sign_type).await.map(|_| ())
    }

    /// The request that query, close and reverse have in common.
    pub(super) fn request(&self, out_trade_no: &str, sign_type: SignType, nonce_str: &str) -> String {
        let merchant = &self.0.merchant;
        let fields = merchant.fields(sign_type, nonce_str).with("out_trade_no", out_trade_no);
        request_xml(&fields, merchant.key(), sign_type)
    }

    /// A stored request as it has to be sent now. One that was signed with an earlier APIv2 key is signed again with the
    /// current one; its numbers and all other fields stay, so that to WeChat it is the same request.
    ///
    /// ```
    /// use wechat::{Endpoints, Http, HttpOptions, pay::v2::{Client, Merchant, RefundOf, RefundRequest, SignType}};
    ///
    /// let client = |key: &str| {
    ///     let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", key);
    ///     Ok::<_, wechat::Error>(Client::new(Http::new(&HttpOptions::default())?, Endpoints::default(), merchant))
    /// };
    /// let (old, new) = (client("192006250b4c09247ec02edce69f6a2d")?, client("00000000000000000000000000000000")?);
    /// let stored = RefundRequest::new(RefundOf::OutTradeNo("20260101000001".into()), "R1", 1990, 990)
    ///     .request(old.merchant(), SignType::Md5, "a nonce");
    /// assert_eq!(old.signed_now(&stored, SignType::Md5), stored);
    /// assert_ne!(new.signed_now(&stored, SignType::Md5), stored);
    /// # Ok::<(), wechat::Error>(())
    /// ```
    #[must_use]
    pub fn signed_now<'a>(&self, request: &'a str, sign_type: SignType) -> Cow<'a, str> {
        let key = self.0.merchant.key();
        match xml::parse(request.as_bytes()) {
            Ok(mut fields) if !sign::verify(&fields, key.expose(), sign_type) => {
                fields.remove("sign");
                Cow::Owned(request_xml(&fields, key, sign_type))
            }
            // what cannot be read is WeChat's to refuse
            _ => Cow::Borrowed(request),
        }
    }

    pub(super) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(super) fn certified(&self) -> Result<&Http, Error> {
        self.0.certified.as_ref().ok_or_else(|| {
            Error::configuration(
                "this call needs the merchant's client certificate: see Client::with_certificate",
            )
        })
    }

    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    pub(super) async fn call(
        &self,
        endpoint: &'static str,
        request: &str,
        sign_type: SignType,
    ) -> Result<Fields, Error> {
        failover(self.endpoints(), |host| self.attempt(host, endpoint, request, sign_type)).await
    }

    /// One attempt over the merchant's certificate; a signed refusal comes back as it is.
    pub(super) async fn attempt_certified(
        &self,
        host: &str,
        endpoint: &'static str,
        request: &str,
        sign_type: SignType,
    ) -> Result<Fields, Error> {
        let answer = send(self.certified()?, host, endpoint, request).await?;
        response::verified(endpoint, &self.0.merchant, sign_type, &answer)
    }

    pub(super) async fn attempt(
        &self,
        host: &str,
        endpoint: &'static str,
        request: &str,
        sign_type: SignType,
    ) -> Result<Fields, Error> {
        let Inner { http, merchant, .. } = &*self.0;
        let answer = send(http, host, endpoint, request).await?;
        response::read(endpoint, merchant, sign_type, &answer)
            .inspect_err(|error| http.refused(endpoint, error))
    }
}

async fn send(http: &Http, host: &str, endpoint: &'static str, request: &str) -> Result<Vec<u8>, Error> {
    let post = http
        .post(&format!("{host}/{endpoint}"))
        .header("content-type", "text/xml; charset=utf-8")
        .body(request.to_owned());
    http.send(endpoint, post).await
}
