//! The calls of single orders and refunds.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Client, InvalidField, ReadError, Refund, Transaction,
    client::{Call, segment},
};
use crate::{Error, json};

/// The number that a request for a payment names.
#[derive(Deserialize)]
pub(super) struct Asked {
    pub(super) out_trade_no: String,
}

/// The number that a request for a refund names.
#[derive(Deserialize)]
struct AskedRefund {
    out_refund_no: String,
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
        self.own(endpoint, read(endpoint, &answer, Transaction::from_json)?)
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

    /// Asks for a refund (`v3/refund/domestic/refunds`). `request` is what [`super::RefundRequest::request`] gave,
    /// byte for byte; being accepted is no more than [`super::RefundStatus::Processing`].
    ///
    /// ```no_run
    /// use wechat::pay::v3::{RefundOf, RefundRequest};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let request = RefundRequest::new(RefundOf::OutTradeNo("20260101000001".into()), "R1", 990, 1990).request();
    /// let refund = client.refund(&request).await?; // kept before it is sent
    /// println!("{}: {:?}", refund.refund_id, refund.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `NOT_ENOUGH` where the balance does not suffice; `INVALID_REQUEST` where the sum would be above the order's.
    /// [`Error::is_refund_refused`]: query it, and if it does not exist it will never be made. After any other error the
    /// refund may be under way: ask again with the same bytes.
    pub async fn refund(&self, request: &str) -> Result<Refund, Error> {
        const ENDPOINT: &str = "v3/refund/domestic/refunds";
        let asked: AskedRefund = json::read(request.as_bytes())
            .map_err(|_| Error::configuration("the request for a refund is not one of this crate's"))?;
        let call = Call::post(ENDPOINT, "/v3/refund/domestic/refunds", request);
        let answer = self.call(&call).await?;
        read_refund(ENDPOINT, &answer, &asked.out_refund_no)
    }

    /// Asks how far a refund is, by the shop's number.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// println!("{:?}", client.query_refund("R1").await?.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refund_not_exist`] where WeChat knows no such refund.
    pub async fn query_refund(&self, out_refund_no: &str) -> Result<Refund, Error> {
        const ENDPOINT: &str = "v3/refund/domestic/refunds/out_refund_no";
        let url = format!("/v3/refund/domestic/refunds/{}", segment(out_refund_no));
        let call = Call::get(ENDPOINT, &url);
        let answer = self.call(&call).await?;
        read_refund(ENDPOINT, &answer, out_refund_no)
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        endpoint: &'static str,
        url: &str,
    ) -> Result<T, Error> {
        let answer = self.call(&Call::get(endpoint, url)).await?;
        json::read(&answer).map_err(|error| Error::malformed(endpoint, error))
    }

    /// Posts to the path that the endpoint itself names, and takes the one text from the answer that stands under this
    /// name: what a payment is started with.
    pub(super) async fn post_for(
        &self,
        endpoint: &'static str,
        request: &str,
        name: &'static str,
    ) -> Result<String, Error> {
        let url = format!("/{endpoint}");
        let answer = self.call(&Call::post(endpoint, &url, request)).await?;
        let answer: Value = json::read(&answer).map_err(|error| Error::malformed(endpoint, error))?;
        match answer.get(name).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(Error::malformed(endpoint, InvalidField(name))),
        }
    }
}

/// What an answer tells.
pub(super) fn read<T>(
    endpoint: &'static str,
    answer: &[u8],
    from_json: impl Fn(&str) -> Result<T, ReadError>,
) -> Result<T, Error> {
    let json = std::str::from_utf8(answer).map_err(|error| Error::malformed(endpoint, error))?;
    from_json(json).map_err(|error| Error::malformed(endpoint, error))
}

pub(super) fn read_refund(
    endpoint: &'static str,
    answer: &[u8],
    out_refund_no: &str,
) -> Result<Refund, Error> {
    let refund = read(endpoint, answer, Refund::from_json)?;
    if refund.out_refund_no != out_refund_no {
        return Err(Error::verification(endpoint, "it is about another refund"));
    }
    Ok(refund)
}
