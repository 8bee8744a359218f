//! The calls for orders: create, query, close.

use super::{Client, Order, SignType, SignedRequest, TradeType, UnifiedOrder, payment};
use crate::Error;

/// The response of `pay/unifiedorder`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnifiedOrderResponse {
    /// How the payment is started.
    pub trade_type: TradeType,
    /// The id of the prepared payment. It is valid for two hours. After that, the same request returns a new id.
    pub prepay_id: String,
    /// The content of the QR code, for `NATIVE`. It is valid for two hours.
    pub code_url: Option<String>,
    /// The payment page, for `MWEB`. It is valid for five minutes.
    pub mweb_url: Option<String>,
}

impl Client {
    /// Creates an order (`pay/unifiedorder`). `request` comes from [`UnifiedOrder::request`], or from its stored text.
    /// If the APIv2 key has changed, the client signs the request again: see [`Client::signed_now`].
    ///
    /// ```no_run
    /// use wechat::pay::v2::{SignType, Trade, UnifiedOrder};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::Native { product_id: "tea".into() };
    /// let order = UnifiedOrder::new("Tea", "20260101000001", 1990, "203.0.113.7", "https://h/notify", trade);
    /// let request = order.request(client.merchant(), SignType::HmacSha256, "a nonce"); // store it, then send it
    /// let prepared = client.unifiedorder(&request).await?;
    /// println!("show {:?}", prepared.code_url);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`] and [`Error::is_order_closed`] if the order has ended; `INVALID_REQUEST` or
    /// `OUT_TRADE_NO_USED` if the number was used with other parameters.
    pub async fn unifiedorder(
        &self,
        request: &SignedRequest<UnifiedOrder>,
    ) -> Result<UnifiedOrderResponse, Error> {
        const ENDPOINT: &str = "pay/unifiedorder";
        let fields = self.call(ENDPOINT, &self.signed_now(request)).await?;
        let malformed = |error| Error::malformed(ENDPOINT, error);
        Ok(UnifiedOrderResponse {
            trade_type: TradeType::from(payment::required(&fields, "trade_type").map_err(malformed)?),
            prepay_id: payment::text(&fields, "prepay_id").map_err(malformed)?,
            code_url: payment::optional(&fields, "code_url"),
            mweb_url: payment::optional(&fields, "mweb_url"),
        })
    }

    /// Queries an order (`pay/orderquery`). `sign_type` is the one of the order.
    ///
    /// ```no_run
    /// use wechat::pay::v2::SignType;
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let order = client.orderquery("20260101000001", SignType::HmacSha256).await?;
    /// println!("{}: {:?}", order.trade_state.as_str(), order.payment.map(|payment| payment.total_fee));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`] if WeChat has no such order.
    pub async fn orderquery(&self, out_trade_no: &str, sign_type: SignType) -> Result<Order, Error> {
        const ENDPOINT: &str = "pay/orderquery";
        let fields = self.call(ENDPOINT, &self.request_for(out_trade_no, sign_type)).await?;
        let order = Order::from_fields(fields).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if order.out_trade_no != out_trade_no {
            return Err(Error::verification(ENDPOINT, "the response is about another order"));
        }
        Ok(order)
    }

    /// Closes an unpaid order (`pay/closeorder`), at the earliest five minutes after it was created. `sign_type` is
    /// the one of the order.
    ///
    /// ```no_run
    /// use wechat::pay::v2::SignType;
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// match client.closeorder("20260101000001", SignType::HmacSha256).await {
    ///     Ok(()) => println!("closed"),
    ///     Err(error) if error.is_order_closed() => println!("already closed"),
    ///     Err(error) if error.is_order_paid() => println!("it is paid: query it"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`]: the order stays paid. [`Error::is_order_closed`]: it is already closed.
    pub async fn closeorder(&self, out_trade_no: &str, sign_type: SignType) -> Result<(), Error> {
        self.call("pay/closeorder", &self.request_for(out_trade_no, sign_type)).await.map(|_| ())
    }
}
