//! The calls of single orders.

use serde::Deserialize;

use super::{
    Client, Transaction,
    client::{Call, segment},
    response::parse_body,
};
use crate::Error;

/// The number that a request for a payment names.
#[derive(Deserialize)]
pub(super) struct RequestedOrder {
    pub(super) out_trade_no: String,
}

impl Client {
    /// Places an order for a page or a mini program (`v3/pay/transactions/jsapi`) and tells its `prepay_id`, which
    /// lives two hours; the same request made again gives a fresh one. `request` is what
    /// [`super::PrepayRequest::request`] gave, byte for byte.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::Jsapi { openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into() };
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // kept, then sent
    /// println!("prepay_id: {}", client.jsapi(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`] and [`Error::is_order_closed`] tell of an order that has ended; `OUT_TRADE_NO_USED`
    /// and `INVALID_REQUEST` of a number used with other parameters.
    pub async fn jsapi(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/jsapi", request, "prepay_id").await
    }

    /// Places an order for another app (`v3/pay/transactions/app`) and tells its `prepay_id`, which lives two hours.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::App;
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // kept, then sent
    /// println!("prepay_id: {}", client.app(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn app(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/app", request, "prepay_id").await
    }

    /// Places an order for a code to scan (`v3/pay/transactions/native`) and tells what the code says; it lives two
    /// hours, or until the order is placed again.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::Native;
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // kept, then sent
    /// println!("code: {}", client.native(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn native(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/native", request, "code_url").await
    }

    /// Places an order for a phone's browser (`v3/pay/transactions/h5`) and tells the page to open; it opens for five
    /// minutes, from a page of a registered domain.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{H5Info, PrepayRequest, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let trade = Trade::H5 { payer_client_ip: "203.0.113.7".into(), h5_info: H5Info::wap() };
    /// let order = PrepayRequest::new("Tea", "20260101000001", 1990, "https://h/notify", trade);
    /// let request = order.request(client.merchant()); // kept, then sent
    /// println!("page: {}", client.h5(&request).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn h5(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/pay/transactions/h5", request, "h5_url").await
    }

    /// Asks how far an order is, by the shop's number.
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
    /// [`Error::is_order_not_exist`] where WeChat knows no such order.
    pub async fn query_by_out_trade_no(&self, out_trade_no: &str) -> Result<Transaction, Error> {
        const ENDPOINT: &str = "v3/pay/transactions/out-trade-no";
        let transaction = self.query(ENDPOINT, out_trade_no).await?;
        if transaction.out_trade_no != out_trade_no {
            return Err(Error::verification(ENDPOINT, "it is about another order"));
        }
        Ok(transaction)
    }

    /// Asks how far an order is, by WeChat's number: it is paid, or was.
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
            return Err(Error::verification(ENDPOINT, "it is about another payment"));
        }
        Ok(transaction)
    }

    async fn query(&self, endpoint: &'static str, number: &str) -> Result<Transaction, Error> {
        let merchant = self.merchant();
        let url = format!("/{endpoint}/{}?mchid={}", segment(number), segment(merchant.mchid()));
        let answer = self.call(&Call::get(endpoint, &url)).await?;
        self.own(endpoint, parse_body(endpoint, &answer, Transaction::from_json)?)
    }

    /// The transaction, where it is this merchant's.
    pub(super) fn own(&self, endpoint: &'static str, transaction: Transaction) -> Result<Transaction, Error> {
        let merchant = self.merchant();
        if transaction.mchid != merchant.mchid() {
            return Err(Error::verification(endpoint, "it is for another mchid"));
        }
        if transaction.appid != merchant.appid() {
            return Err(Error::verification(endpoint, "it is for another appid"));
        }
        Ok(transaction)
    }

    /// Closes an unpaid order; may be repeated.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// match client.close("20260101000001").await {
    ///     Ok(()) => println!("closed"),
    ///     Err(error) if error.is_order_paid() => println!("the shopper was faster: query it"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_paid`]: it is paid, and stays so. [`Error::is_order_closed`]: nothing is left to do.
    pub async fn close(&self, out_trade_no: &str) -> Result<(), Error> {
        #[derive(serde::Serialize)]
        struct Body<'a> {
            mchid: &'a str,
        }
        const ENDPOINT: &str = "v3/pay/transactions/out-trade-no/close";
        let url = format!("/v3/pay/transactions/out-trade-no/{}/close", segment(out_trade_no));
        let body = super::request_json(&Body { mchid: self.merchant().mchid() });
        let call = Call::post(ENDPOINT, &url, &body);
        self.call(&call).await.map(drop)
    }
}
