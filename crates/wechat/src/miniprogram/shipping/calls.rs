use serde::{Deserialize, Serialize};

use super::{DeliveryCompany, ManagedOrder, PaymentKey, ShippingInfo, info::ShippingBody};
use crate::{Error, miniprogram::MiniProgram, official::response, time::rfc3339_millis};

/// The code for a report that WeChat has already.
const NOT_CHANGED: &str = "10060023";

#[derive(Serialize)]
struct Upload<'a> {
    #[serde(flatten)]
    shipping: ShippingBody<'a>,
    upload_time: String,
    payer: Payer<'a>,
}

#[derive(Serialize)]
struct CombinedUpload<'a> {
    order_key: &'a PaymentKey,
    sub_orders: Vec<ShippingBody<'a>>,
    upload_time: String,
    payer: Payer<'a>,
}

#[derive(Serialize)]
struct Payer<'a> {
    openid: &'a str,
}

/// The payment in `get_order` and `notify_confirm_receive`. Its fields have other names than in `upload_shipping_info`.
#[derive(Serialize)]
struct OrderQuery<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_trade_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_time: Option<i64>,
}

impl<'a> OrderQuery<'a> {
    fn of(key: &'a PaymentKey, received_time: Option<i64>) -> Self {
        let (transaction_id, merchant_id, merchant_trade_no) = match key {
            PaymentKey::TransactionId(id) => (Some(&**id), None, None),
            PaymentKey::OutTradeNo { mch_id, out_trade_no } => (None, Some(&**mch_id), Some(&**out_trade_no)),
        };
        Self { transaction_id, merchant_id, merchant_trade_no, received_time }
    }
}

#[derive(Deserialize)]
struct OrderReply {
    order: ManagedOrder,
}

#[derive(Serialize)]
struct AppidRequest<'a> {
    appid: &'a str,
}

#[derive(Deserialize)]
struct ManagedReply {
    is_trade_managed: bool,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Deserialize)]
struct CompaniesReply {
    delivery_list: Vec<DeliveryCompany>,
}

impl MiniProgram {
    /// Reports a delivery (`upload_shipping_info`). `upload_time_ms` is the present time in milliseconds since 1970; a
    /// later report of the same payment needs a later time. If WeChat has the same report already, the call succeeds.
    ///
    /// A complete report can be repeated once, until the payer confirms the receipt. So after a lost response call
    /// [`MiniProgram::managed_order`] before you repeat this call.
    ///
    /// # Errors
    /// [`Error::is_payment_unknown`]: WeChat does not know the payment yet; try again after 10 to 60 seconds. Code
    /// `10060004`: the payment was refunded, or its delivery was reported on mp.weixin.qq.com. The errors of
    /// [`Official::access_token`](crate::Official::access_token).
    pub async fn upload_shipping_info(&self, info: &ShippingInfo, upload_time_ms: i64) -> Result<(), Error> {
        let body = Upload {
            shipping: info.body(),
            upload_time: rfc3339_millis(upload_time_ms),
            payer: Payer { openid: &info.payer },
        };
        accepted(self.post("wxa/sec/order/upload_shipping_info", &body).await)
    }

    /// Reports the deliveries of the orders of one combined payment (`upload_combined_shipping_info`).
    ///
    /// # Errors
    /// As [`MiniProgram::upload_shipping_info`]; code `10060013` if two orders have the same number.
    pub async fn upload_combined_shipping_info(
        &self,
        combined: &PaymentKey,
        payer: &str,
        orders: &[ShippingInfo],
        upload_time_ms: i64,
    ) -> Result<(), Error> {
        let body = CombinedUpload {
            order_key: combined,
            sub_orders: orders.iter().map(ShippingInfo::body).collect(),
            upload_time: rfc3339_millis(upload_time_ms),
            payer: Payer { openid: payer },
        };
        accepted(self.post("wxa/sec/order/upload_combined_shipping_info", &body).await)
    }

    /// What WeChat knows about a payment under trade management (`get_order`).
    ///
    /// # Errors
    /// [`Error::is_payment_unknown`]; the errors of [`Official::access_token`](crate::Official::access_token).
    pub async fn managed_order(&self, payment: &PaymentKey) -> Result<ManagedOrder, Error> {
        const ENDPOINT: &str = "wxa/sec/order/get_order";
        let body = self.post(ENDPOINT, &OrderQuery::of(payment, None)).await?;
        Ok(response::read_repaired::<OrderReply>(ENDPOINT, &body)?.order)
    }

    /// Reminds the payer to confirm the receipt (`notify_confirm_receive`): only for express, and once for each order.
    /// `received_time` is when the parcel arrived, in seconds since 1970.
    ///
    /// # Errors
    /// Code `10060028`: the delivery is not reported yet; `10060030`: the payer was reminded before; `10060032`: the
    /// order was not sent by express. The errors of [`Official::access_token`](crate::Official::access_token).
    pub async fn notify_confirm_receive(
        &self,
        payment: &PaymentKey,
        received_time: i64,
    ) -> Result<(), Error> {
        let query = OrderQuery::of(payment, Some(received_time));
        self.post("wxa/sec/order/notify_confirm_receive", &query).await.map(drop)
    }

    /// Whether WeChat keeps the money of this mini program's orders until their deliveries are reported
    /// (`is_trade_managed`).
    ///
    /// # Errors
    /// The errors of [`Official::access_token`](crate::Official::access_token).
    pub async fn is_trade_managed(&self) -> Result<bool, Error> {
        const ENDPOINT: &str = "wxa/sec/order/is_trade_managed";
        let body = self.post(ENDPOINT, &AppidRequest { appid: self.account().appid() }).await?;
        Ok(response::read::<ManagedReply>(ENDPOINT, &body)?.is_trade_managed)
    }

    /// The companies for [`super::Parcel`] (`get_delivery_list`): more than a thousand.
    ///
    /// # Errors
    /// The errors of [`Official::access_token`](crate::Official::access_token).
    pub async fn delivery_companies(&self) -> Result<Vec<DeliveryCompany>, Error> {
        const ENDPOINT: &str = "cgi-bin/express/delivery/open_msg/get_delivery_list";
        let body = self.post(ENDPOINT, &Nothing {}).await?;
        Ok(response::read_repaired::<CompaniesReply>(ENDPOINT, &body)?.delivery_list)
    }
}

fn accepted(reply: Result<Vec<u8>, Error>) -> Result<(), Error> {
    match reply {
        Err(error) if error.code() != Some(NOT_CHANGED) => Err(error),
        _ => Ok(()),
    }
}
