//! The calls for single orders.

use serde::Deserialize;

use super::{
    Client, PrepayRequest, RequestBody, Transaction,
    client::{Call, segment},
    response::parse_body,
};
use crate::{Error, pay::sub_merchant::NamedAccounts};

/// The path of a merchant's orders.
const DIRECT: &str = "v3/pay/transactions";
/// The path of a provider's orders for its sub-merchants.
const PARTNER: &str = "v3/pay/partner/transactions";

/// The order number in a request.
#[derive(Deserialize)]
pub(super) struct RequestedOrder {
    pub(super) out_trade_no: String,
}

impl Client {
    /// Creates an order for a page or a mini program (`v3/pay/transactions/jsapi`) and returns its `prepay_id`. It is
    /// valid for two hours. After that, the same request returns a new one. `request` comes from
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
        self.prepay("v3/pay/transactions/jsapi", "jsapi", request.as_str(), "prepay_id").await
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
        self.prepay("v3/pay/transactions/app", "app", request.as_str(), "prepay_id").await
    }

    /// Creates an order for a QR code (`v3/pay/transactions/native`) and returns the content of the code. The code is
    /// valid for two hours, or until the same request returns a new code.
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
        self.prepay("v3/pay/transactions/native", "native", request.as_str(), "code_url").await
    }

    /// Creates an order for a browser on a phone (`v3/pay/transactions/h5`) and returns the address of the payment
    /// page. The address is valid for five minutes, on a page of a registered domain.
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
        self.prepay("v3/pay/transactions/h5", "h5", request.as_str(), "h5_url").await
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
        let transaction = self.query(ENDPOINT, "out-trade-no", out_trade_no).await?;
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
        let transaction = self.query(ENDPOINT, "id", transaction_id).await?;
        if transaction.payment.as_ref().is_some_and(|payment| payment.transaction_id != transaction_id) {
            return Err(Error::verification(ENDPOINT, "the response is about another payment"));
        }
        Ok(transaction)
    }

    async fn prepay(
        &self,
        endpoint: &'static str,
        way: &str,
        request: &str,
        name: &'static str,
    ) -> Result<String, Error> {
        let base = if self.merchant().sub_merchant().is_some() { PARTNER } else { DIRECT };
        self.post_to(endpoint, &format!("/{base}/{way}"), request, name).await
    }

    async fn query(&self, endpoint: &'static str, by: &str, number: &str) -> Result<Transaction, Error> {
        let merchant = self.merchant();
        let number = segment(number);
        let mchid = segment(merchant.mchid());
        let url = match merchant.sub_merchant() {
            None => format!("/{DIRECT}/{by}/{number}?mchid={mchid}"),
            Some(sub) => {
                format!("/{PARTNER}/{by}/{number}?sp_mchid={mchid}&sub_mchid={}", segment(&sub.mch_id))
            }
        };
        let answer = self.call(&Call::get(endpoint, &url)).await?;
        self.own(endpoint, parse_body(endpoint, &answer, Transaction::from_json)?)
    }

    /// Checks that the transaction belongs to this merchant.
    pub(super) fn own(&self, endpoint: &'static str, transaction: Transaction) -> Result<Transaction, Error> {
        let merchant = self.merchant();
        if transaction.mchid != merchant.mchid() {
            return Err(Error::verification(endpoint, "the response is for another mchid"));
        }
        let sub = transaction.sub_merchant.as_ref();
        let appid = sub.map_or(&transaction.appid, |sub| &sub.provider_appid);
        let named = NamedAccounts {
            appid: Some(appid),
            sub_appid: sub.and_then(|sub| sub.sub_appid(&transaction.appid)),
            sub_mch_id: sub.map(|sub| &*sub.mch_id),
        };
        named
            .check(merchant.appid(), merchant.sub_merchant())
            .map_err(|why| Error::verification(endpoint, why))?;
        Ok(transaction)
    }

    /// Closes an unpaid order. The call may be repeated.
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
        #[serde(untagged)]
        enum Body<'a> {
            Merchant { mchid: &'a str },
            Partner { sp_mchid: &'a str, sub_mchid: &'a str },
        }
        const ENDPOINT: &str = "v3/pay/transactions/out-trade-no/close";
        let mchid = self.merchant().mchid();
        let (base, body) = match self.merchant().sub_merchant() {
            None => (DIRECT, Body::Merchant { mchid }),
            Some(sub) => (PARTNER, Body::Partner { sp_mchid: mchid, sub_mchid: &sub.mch_id }),
        };
        let url = format!("/{base}/out-trade-no/{}/close", segment(out_trade_no));
        let body = super::request_json::<()>(&body);
        let call = Call::post(ENDPOINT, &url, body.as_str());
        self.call(&call).await.map(drop)
    }
}
