//! The calls for refunds.

use serde::Deserialize;

use super::{
    Client, Refund, RefundRequest, RequestBody,
    client::{Call, segment},
    response::parse_body,
};
use crate::{Error, json};

/// The refund number in a request.
#[derive(Deserialize)]
struct RequestedRefund {
    out_refund_no: String,
}

impl Client {
    /// Requests a refund (`v3/refund/domestic/refunds`). `request` comes from [`RefundRequest::request`],
    /// or from its stored text. An accepted refund is [`super::RefundStatus::Processing`].
    ///
    /// ```no_run
    /// use wechat::pay::v3::{PaymentId, RefundRequest, RefundRequestAmount};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let amount = RefundRequestAmount { total: 1990, refund: 990 };
    /// let request = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount).request();
    /// // store the request here: a repetition must send the same bytes
    /// let refund = client.refund(&request).await?;
    /// println!("{}: {:?}", refund.refund_id, refund.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `NOT_ENOUGH` if the merchant's balance is too low; `INVALID_REQUEST` if the refunds together are larger than the
    /// order. After [`Error::is_refund_refused`], query the refund; if it does not exist, WeChat will never make it.
    /// After any other error the refund may exist: send the same bytes again.
    pub async fn refund(&self, request: &RequestBody<RefundRequest>) -> Result<Refund, Error> {
        const ENDPOINT: &str = "v3/refund/domestic/refunds";
        let requested: RequestedRefund = json::read(request.as_str().as_bytes())
            .map_err(|_| Error::configuration("the request was not created by RefundRequest::request"))?;
        let call = Call::post(ENDPOINT, "/v3/refund/domestic/refunds", request.as_str());
        let answer = self.call(&call).await?;
        read_refund(ENDPOINT, &answer, &requested.out_refund_no)
    }

    /// Queries a refund by the shop's number.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// println!("{:?}", client.query_refund("R1").await?.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refund_not_exist`] if WeChat has no such refund.
    pub async fn query_refund(&self, out_refund_no: &str) -> Result<Refund, Error> {
        const ENDPOINT: &str = "v3/refund/domestic/refunds/out_refund_no";
        let mut url = format!("/v3/refund/domestic/refunds/{}", segment(out_refund_no));
        if let Some(sub) = self.merchant().sub_merchant() {
            url += &format!("?sub_mchid={}", segment(&sub.mch_id));
        }
        let call = Call::get(ENDPOINT, &url);
        let answer = self.call(&call).await?;
        read_refund(ENDPOINT, &answer, out_refund_no)
    }
}

pub(super) fn read_refund(
    endpoint: &'static str,
    answer: &[u8],
    out_refund_no: &str,
) -> Result<Refund, Error> {
    let refund = parse_body(endpoint, answer, Refund::from_json)?;
    if refund.out_refund_no != out_refund_no {
        return Err(Error::verification(endpoint, "the response is about another refund"));
    }
    Ok(refund)
}
