//! The calls that give money back.

use super::{Client, RefundReply, Refunds, RefundsOf, SignType, payment, request_xml, response};
use crate::{Error, pay::failover::failover, wire::xml};

impl Client {
    /// Asks for a refund (`secapi/pay/refund`). `request` is what [`super::RefundRequest::request`] gave, byte for
    /// byte, and `sign_type` the one it was made with. Success means accepted, not refunded. Needs
    /// [`Client::with_certificate`].
    ///
    /// ```no_run
    /// use wechat::pay::v2::{RefundOf, RefundRequest, SignType};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let refund = RefundRequest::new(RefundOf::OutTradeNo("20260101000001".into()), "R1", 1990, 990);
    /// let request = refund.request(client.merchant(), SignType::HmacSha256, "a nonce"); // kept, then sent
    /// println!("accepted as {}", client.refund(&request, SignType::HmacSha256).await?.refund_id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A configuration error without the certificate. [`Error::is_refund_refused`]: query it, and if it does not exist it
    /// will never be made. After any other error the refund may be under way: ask again with the same bytes.
    pub async fn refund(&self, request: &str, sign_type: SignType) -> Result<RefundReply, Error> {
        const ENDPOINT: &str = "secapi/pay/refund";
        let asked = xml::parse(request.as_bytes())
            .ok()
            .and_then(|fields| payment::optional(&fields, "out_refund_no"))
            .ok_or_else(|| Error::configuration("the request for a refund has no out_refund_no"))?;
        let request = &*self.signed_now(request, sign_type);
        let fields = failover(self.endpoints(), |host| async move {
            response::succeeded(ENDPOINT, self.attempt_certified(host, ENDPOINT, request, sign_type).await?)
        })
        .await?;
        let reply = RefundReply::read(fields).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if reply.out_refund_no != asked {
            return Err(Error::verification(ENDPOINT, "it is about another refund"));
        }
        Ok(reply)
    }

    /// Asks how far refunds are (`pay/refundquery`). `offset` skips as many, where an order has more than an answer
    /// holds; `sign_type` is the order's own.
    ///
    /// ```no_run
    /// use wechat::pay::v2::{RefundsOf, SignType};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// let of = RefundsOf::OutRefundNo("R1".into());
    /// for refund in client.refundquery(&of, 0, SignType::HmacSha256, "a nonce").await?.refunds {
    ///     println!("{}: {:?}", refund.refund_id, refund.refund_status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refund_not_exist`] where WeChat knows no such refund.
    pub async fn refundquery(
        &self,
        of: &RefundsOf,
        offset: u32,
        sign_type: SignType,
        nonce_str: &str,
    ) -> Result<Refunds, Error> {
        const ENDPOINT: &str = "pay/refundquery";
        let merchant = self.merchant();
        let (name, number) = of.field();
        let mut fields = merchant.fields(sign_type, nonce_str).with(name, number);
        if offset > 0 {
            fields.set("offset", offset.to_string());
        }
        let request = request_xml(&fields, merchant.key(), sign_type);
        let fields = self.call(ENDPOINT, &request, sign_type).await?;
        let refunds = Refunds::read(fields).map_err(|error| Error::malformed(ENDPOINT, error))?;
        let is_asked_for = match of {
            RefundsOf::RefundId(number) => refunds.refunds.iter().all(|refund| refund.refund_id == *number),
            RefundsOf::OutRefundNo(number) => {
                refunds.refunds.iter().all(|refund| refund.out_refund_no == *number)
            }
            RefundsOf::TransactionId(number) => refunds.transaction_id == *number,
            RefundsOf::OutTradeNo(number) => refunds.out_trade_no == *number,
        };
        if is_asked_for {
            Ok(refunds)
        } else {
            Err(Error::verification(ENDPOINT, "it is about other refunds"))
        }
    }
}
