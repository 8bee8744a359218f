//! The calls for single orders.

use serde::Deserialize;

use super::{
    Client, PrepayRequest, RequestBody, Transaction,
    client::{Call, segment},
    response::parse_body,
};
use crate::Error;

/// The order number in a request.
#[derive(Deserialize)]
pub(super) struct RequestedOrder {
    pub(super) out_trade_no: String,
}

impl Client {
    /// Creates an order for a page or a mini program (`v3/pay/transactions/jsapi`) and returns its `prepay_id`. It is
    /// valid for two hours; the same request then returns a new one. `request` comes from
    /// [`PrepayRequest::request`], or from its stored text.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::Jsapi { openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into() };
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // store it, then send it
    /// println!("prepay_id: {}", client.jsapi(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`] and [`Error::is_order_closed`] if the order has ended; `OUT_TRADE_NO_USED` or
    /// `INVALID_REQUEST` if the number was used with other parameters.
    pub async fn jsapi(&self, request: &RequestBody<PrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/jsapi", request.as_str(), "prepay_id").await
    }

    /// Creates an order for a phone app (`v3/pay/transactions/app`) and returns its `prepay_id`, which is valid for
    /// two hours.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::App;
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // store it, then send it
    /// println!("prepay_id: {}", client.app(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn app(&self, request: &RequestBody<PrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/app", request.as_str(), "prepay_id").await
    }

    /// Creates an order for a QR code (`v3/pay/transactions/native`) and returns the content of the code. It is valid
    /// for two hours, or until the order is created again.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::Native;
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // store it, then send it
    /// println!("code: {}", client.native(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn native(&self, request: &RequestBody<PrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/native", request.as_str(), "code_url").await
    }

    /// Creates an order for a browser on a phone (`v3/pay/transactions/h5`) and returns the payment page. It opens for
    /// five minutes, from a page of a registered domain.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{H5Info, PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::H5 { payer_client_ip: "203.0.113.7".into(), h5_info: H5Info::wap() };
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // store it, then send it
    /// println!("page: {}", client.h5(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn h5(&self, request: &RequestBody<PrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/h5", request.as_str(), "h5_url").await
    }

    /// Queries an order by the shop's order number.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let order = client.query_by_out_trade_no("20260101000001").await?;
    /// if let Some(payment) = order.payment {
    ///     println!("{} fen", payment.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`] if WeChat has no such order.
    pub async fn query_by_out_trade_no(&self, out_trade_no: &str) -> Result<Transaction, Error> {
        const ENDPOINT: &str = "v3/pay/transactions/out-trade-no";
        let transaction = self.query(ENDPOINT, out_trade_no).await?;
        if transaction.out_trade_no != out_trade_no {
            return Err(Error::verification(ENDPOINT, "the response is about another order"));
        }
        Ok(transaction)
    }

    /// Queries a paid order by WeChat's number of the payment.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let order = client.query_by_transaction_id("4200000000202601010000000001").await?;
    /// println!("{}", order.out_trade_no);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::query_by_out_trade_no`].
    pub async fn query_by_transaction_id(&self, transaction_id: &str) -> Result<Transaction, Error> {
        const ENDPOINT: &str = "v3/pay/transactions/id";
        let transaction = self.query(ENDPOINT, transaction_id).await?;
        if transaction.payment.as_ref().is_some_and(|payment| payment.transaction_id != transaction_id) {
            return Err(Error::verification(ENDPOINT, "the response is about another payment"));
        }
        Ok(transaction)
    }

    async fn query(&self, endpoint: &'static str, number: &str) -> Result<Transaction, Error> {
        let merchant = self.merchant();
        let url = format!("/{endpoint}/{}?mchid={}", segment(number), segment(merchant.mchid()));
        let answer = self.call(&Call::get(endpoint, &url)).await?;
        self.own(endpoint, parse_body(endpoint, &answer, Transaction::from_json)?)
    }

    /// Checks that the transaction belongs to this merchant.
    pub(super) fn own(&self, endpoint: &'static str, transaction: Transaction) -> Result<Transaction, Error> {
        let merchant = self.merchant();
        if transaction.mchid != merchant.mchid() {
            return Err(Error::verification(endpoint, "the response is for another mchid"));
        }
        if transaction.appid != merchant.appid() {
            return Err(Error::verification(endpoint, "the response is for another appid"));
        }
        Ok(transaction)
    }

    /// Closes an unpaid order. It may be repeated.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// match client.close("20260101000001").await {
    ///     Ok(()) => println!("closed"),
    ///     Err(error) if error.is_order_paid() => println!("it is paid: query it"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`]: the order stays paid. [`Error::is_order_closed`]: it is already closed.
    pub async fn close(&self, out_trade_no: &str) -> Result<(), Error> {
        #[derive(serde::Serialize)]
        struct Body<'a> {
            mchid: &'a str,
        }
        const ENDPOINT: &str = "v3/pay/transactions/out-trade-no/close";
        let url = format!("/v3/pay/transactions/out-trade-no/{}/close", segment(out_trade_no));
        let body = super::request_json::<()>(&Body { mchid: self.merchant().mchid() });
        let call = Call::post(ENDPOINT, &url, body.as_str());
        self.call(&call).await.map(drop)
    }
}
