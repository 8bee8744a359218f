//! The calls of refunds.

use serde::Deserialize;

use super::{
    Client, Refund,
    client::{Call, segment},
    response::parse_body,
};
use crate::{Error, json};

/// The number that a request for a refund names.
#[derive(Deserialize)]
struct RequestedRefund {
    out_refund_no: String,
}

impl Client {
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
        let asked: RequestedRefund = json::read(request.as_bytes())
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
}

pub(super) fn read_refund(
    endpoint: &'static str,
    answer: &[u8],
    out_refund_no: &str,
) -> Result<Refund, Error> {
    let refund = parse_body(endpoint, answer, Refund::from_json)?;
    if refund.out_refund_no != out_refund_no {
        return Err(Error::verification(endpoint, "it is about another refund"));
    }
    Ok(refund)
}
