//! The calls for refunds.

use super::{
    Client, RefundQuery, RefundRequest, RefundResponse, Refunds, SignType, SignedRequest, payment, response,
};
use crate::{Error, pay::failover::failover, wire::xml};

impl Client {
    /// Requests a refund (`secapi/pay/refund`). `request` comes from [`RefundRequest::request`], or from its stored
    /// text. After a success WeChat has accepted the refund; the money has not arrived yet. Requires
    /// [`Client::with_certificate`].
    ///
    /// ```no_run
    /// use wechat::pay::v2::{PaymentId, RefundRequest, RefundRequestAmount, SignType};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let amount = RefundRequestAmount { total: 1990, refund: 990 };
    /// let refund = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount);
    /// let request = refund.request(client.merchant(), SignType::HmacSha256, "a nonce"); // store it, then send it
    /// println!("accepted as {}", client.refund(&request).await?.refund_id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A configuration error without the certificate. After [`Error::is_refund_refused`], query the refund; if it does
    /// not exist, WeChat will never make it. After any other error the refund may exist: send the same bytes again.
    pub async fn refund(&self, request: &SignedRequest<RefundRequest>) -> Result<RefundResponse, Error> {
        const ENDPOINT: &str = "secapi/pay/refund";
        let requested = xml::parse(request.as_str().as_bytes())
            .ok()
            .and_then(|fields| payment::optional(&fields, "out_refund_no"))
            .ok_or_else(|| Error::configuration("the request for a refund has no out_refund_no"))?;
        let request = &self.signed_now(request);
        let fields = failover(self.endpoints(), |host| async move {
            response::succeeded(ENDPOINT, self.attempt_certified(host, ENDPOINT, request).await?)
        })
        .await?;
        let reply = RefundResponse::from_fields(fields).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if reply.out_refund_no != requested {
            return Err(Error::verification(ENDPOINT, "the response is about another refund"));
        }
        Ok(reply)
    }

    /// Queries refunds (`pay/refundquery`). If one response does not have all refunds of an order, `offset` skips that
    /// many. `sign_type` is the one of the order.
    ///
    /// ```no_run
    /// use wechat::pay::v2::{RefundQuery, SignType};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let of = RefundQuery::OutRefundNo("R1".into());
    /// for refund in client.refundquery(&of, 0, SignType::HmacSha256).await?.refunds {
    ///     println!("{}: {:?}", refund.refund_id, refund.refund_status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refund_not_exist`] if WeChat has no such refund.
    pub async fn refundquery(
        &self,
        of: &RefundQuery,
        offset: u32,
        sign_type: SignType,
    ) -> Result<Refunds, Error> {
        const ENDPOINT: &str = "pay/refundquery";
        let (name, number) = of.field();
        let mut fields = self.fields(sign_type).with(name, number);
        if offset > 0 {
            fields.set("offset", offset.to_string());
        }
        let fields = self.call(ENDPOINT, &self.sign(fields, sign_type)).await?;
        let refunds = Refunds::from_fields(fields).map_err(|error| Error::malformed(ENDPOINT, error))?;
        let is_asked_for = match of {
            RefundQuery::RefundId(number) => refunds.refunds.iter().all(|refund| refund.refund_id == *number),
            RefundQuery::OutRefundNo(number) => {
                refunds.refunds.iter().all(|refund| refund.out_refund_no == *number)
            }
            RefundQuery::TransactionId(number) => refunds.transaction_id == *number,
            RefundQuery::OutTradeNo(number) => refunds.out_trade_no == *number,
        };
        if is_asked_for {
            Ok(refunds)
        } else {
            Err(Error::verification(ENDPOINT, "the response is about other refunds"))
        }
    }
}
