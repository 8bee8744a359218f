//! The two generations of WeChat Pay behind one face: what the shop asks, it asks of an attempt's gateway.

use model::PaymentParameters;
use wechat::{
    Error,
    miniprogram::RequestPayment,
    pay::{
        v2::{self, TradeState, TradeType},
        v3,
    },
    time::{rfc3339, v2_time},
    wire::{sign::SignType, xml},
};

use super::{Paid, Way, refund_told::RefundTold};
use crate::store::rows::{AttemptRow, RefundRow};

/// The way to WeChat for attempts of one generation.
#[derive(Clone, Debug)]
pub(crate) enum Gateway {
    V2(v2::Client, SignType),
    V3(v3::Client),
}

/// What a new attempt asks for.
pub(super) struct NewOrder<'a> {
    /// What the shopper reads beside the amount.
    pub(super) body: String,
    pub(super) out_trade_no: &'a str,
    /// Fen.
    pub(super) total_fee: i64,
    /// The shopper's address.
    pub(super) ip: String,
    pub(super) notify_url: &'a str,
    pub(super) way: &'a Way,
    /// The shop's address and name, for WeChat's cashier.
    pub(super) shop: (&'a str, &'a str),
    /// Seconds since 1970.
    pub(super) start_s: i64,
    /// Seconds since 1970.
    pub(super) expire_s: i64,
    pub(super) nonce: &'a str,
}

/// What WeChat answers to an order's request.
pub(super) struct Ordered {
    /// Empty where the address is all that there is.
    pub(super) prepay_id: String,
    /// `code_url` or `mweb_url`.
    pub(super) pay_url: Option<String>,
}

/// What WeChat says about an order.
pub(super) struct Asked {
    pub(super) trade_state: TradeState,
    pub(super) paid: Option<Paid>,
    /// The reply, for the books.
    pub(super) payload: Vec<u8>,
}

impl Gateway {
    /// The request of an order, byte for byte as it will be sent.
    pub(super) fn request(&self, order: &NewOrder<'_>) -> String {
        match self {
            Self::V2(client, sign_type) => {
                let trade = match order.way {
                    Way::Jsapi(openid) => v2::Trade::Jsapi { openid: openid.to_string() },
                    Way::Native => v2::Trade::Native { product_id: order.out_trade_no.to_owned() },
                    Way::H5 => v2::Trade::Mweb { scene_info: h5_scene(order.shop) },
                };
                let (body, ip) = (order.body.as_str(), order.ip.as_str());
                let mut request = v2::UnifiedOrder::new(
                    body,
                    order.out_trade_no,
                    order.total_fee,
                    ip,
                    order.notify_url,
                    trade,
                );
                request.time_start = Some(v2_time(order.start_s));
                request.time_expire = Some(v2_time(order.expire_s));
                request.request(client.merchant(), *sign_type, order.nonce)
            }
            Self::V3(client) => {
                let trade = match order.way {
                    Way::Jsapi(openid) => v3::Trade::Jsapi { openid: openid.to_string() },
                    Way::Native => v3::Trade::Native,
                    Way::H5 => {
                        v3::Trade::H5 { payer_client_ip: order.ip.clone(), h5_info: v3::H5Info::wap() }
                    }
                };
                let mut request = v3::PrepayRequest::new(
                    order.body.as_str(),
                    order.out_trade_no,
                    order.total_fee,
                    order.notify_url,
                    trade,
                );
                request.time_expire = Some(rfc3339(order.expire_s));
                request.scene_info = Some(v3::SceneInfo::new(order.ip.as_str()));
                request.request(client.merchant())
            }
        }
    }

    /// Sends an attempt's stored request.
    pub(super) async fn prepay(&self, trade_type: &TradeType, request: &str) -> Result<Ordered, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let reply = client.unifiedorder(request, *sign_type).await?;
                Ok(Ordered { prepay_id: reply.prepay_id, pay_url: reply.code_url.or(reply.mweb_url) })
            }
            Self::V3(client) => {
                let at = |pay_url| Ordered { prepay_id: String::new(), pay_url: Some(pay_url) };
                match trade_type {
                    TradeType::Native => client.native(request).await.map(at),
                    TradeType::Mweb => client.h5(request).await.map(at),
                    _ => client.jsapi(request).await.map(|prepay_id| Ordered { prepay_id, pay_url: None }),
                }
            }
        }
    }

    pub(super) async fn query(&self, out_trade_no: &str, nonce: &str) -> Result<Asked, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let order = client.orderquery(out_trade_no, *sign_type, nonce).await?;
                let payload = xml::write(order.fields()).into_bytes();
                let paid = order.payment.map(Paid::from);
                Ok(Asked { trade_state: order.trade_state, paid, payload })
            }
            Self::V3(client) => {
                let order = client.query_by_out_trade_no(out_trade_no).await?;
                let payload = order.json().as_bytes().to_vec();
                let paid = Paid::of_transaction(&order);
                Ok(Asked { trade_state: order.trade_state, paid, payload })
            }
        }
    }

    pub(super) async fn close(&self, out_trade_no: &str, nonce: &str) -> Result<(), Error> {
        match self {
            Self::V2(client, sign_type) => client.closeorder(out_trade_no, *sign_type, nonce).await,
            Self::V3(client) => client.close(out_trade_no).await,
        }
    }

    /// The request of a refund, byte for byte as it will be sent.
    pub(crate) fn refund_request(
        &self,
        attempt: &AttemptRow,
        refund: &RefundRow,
        notify_url: &str,
        nonce: &str,
    ) -> String {
        let (number, total) = (attempt.out_trade_no.to_string(), attempt.total_fee.0);
        let (out_refund_no, fee) = (refund.out_refund_no.as_str(), refund.refund_fee.0);
        match self {
            Self::V2(client, sign_type) => {
                let of = v2::PaymentId::OutTradeNo(number);
                let mut request = v2::RefundRequest::new(of, out_refund_no, total, fee);
                request.refund_desc = Some(refund.reason.clone());
                request.notify_url = Some(notify_url.to_owned());
                request.request(client.merchant(), *sign_type, nonce)
            }
            Self::V3(_) => {
                let of = v3::PaymentId::OutTradeNo(number);
                let mut request = v3::RefundRequest::new(of, out_refund_no, fee, total);
                request.reason = Some(refund.reason.clone());
                request.notify_url = Some(notify_url.to_owned());
                request.request()
            }
        }
    }

    /// Sends a refund's stored request.
    pub(crate) async fn refund(&self, request: &str) -> Result<RefundTold, Error> {
        match self {
            Self::V2(client, sign_type) => client.refund(request, *sign_type).await.map(RefundTold::from),
            Self::V3(client) => client.refund(request).await.map(RefundTold::from),
        }
    }

    /// Asks how far a refund is.
    pub(crate) async fn query_refund(&self, out_refund_no: &str, nonce: &str) -> Result<RefundTold, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let of = v2::RefundQuery::OutRefundNo(out_refund_no.to_owned());
                let refunds = client.refundquery(&of, 0, *sign_type, nonce).await?;
                Ok(RefundTold::of_query(&refunds, |refund| refund.out_refund_no == out_refund_no))
            }
            Self::V3(client) => client.query_refund(out_refund_no).await.map(RefundTold::from),
        }
    }

    /// Lists all refunds of an order, whoever made them. Only Pay V2 has such a list; it knows the orders of V3 too, so V3's
    /// are listed with `v2` where that is configured. `None` where WeChat cannot be asked.
    pub(super) async fn list_refunds(
        &self,
        v2: Option<&v2::Client>,
        out_trade_no: &str,
        nonce: &str,
    ) -> Result<Option<Vec<RefundTold>>, Error> {
        let (client, sign_type) = match (self, v2) {
            (Self::V2(client, sign_type), _) => (client, *sign_type),
            (Self::V3(_), Some(client)) => (client, SignType::HmacSha256),
            (Self::V3(_), None) => return Ok(None),
        };
        let of = v2::RefundQuery::OutTradeNo(out_trade_no.to_owned());
        let mut all = Vec::new();
        loop {
            // an order has fifty refunds at most, and a page ten
            let offset = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let page = client.refundquery(&of, offset, sign_type, nonce).await?;
            all.extend(RefundTold::all_of(&page));
            if page.refunds.is_empty() || all.len() >= page.total_refund_count.unwrap_or(0) {
                return Ok(Some(all));
            }
        }
    }

    /// What the bridge takes to open the payment sheet.
    pub(super) fn parameters(
        &self,
        out_trade_no: &str,
        prepay_id: &str,
        now_s: i64,
        nonce: &str,
    ) -> PaymentParameters {
        // the mini program's parameters are the page's, but for the appid
        let (app_id, signed): (&str, RequestPayment) = match self {
            Self::V2(client, sign_type) => {
                let merchant = client.merchant();
                let signed = v2::jsapi_parameters(merchant, *sign_type, prepay_id, now_s, nonce);
                (merchant.appid(), signed.into())
            }
            Self::V3(client) => {
                let merchant = client.merchant();
                (merchant.appid(), v3::jsapi_parameters(merchant, prepay_id, now_s, nonce).into())
            }
        };
        PaymentParameters {
            app_id: app_id.to_owned(),
            time_stamp: signed.time_stamp,
            nonce_str: signed.nonce_str,
            package: signed.package,
            sign_type: signed.sign_type,
            pay_sign: signed.pay_sign,
            out_trade_no: out_trade_no.to_owned(),
        }
    }
}

/// `scene_info` of an H5 order: what the cashier shows as the way back.
fn h5_scene((url, name): (&str, &str)) -> String {
    serde_json::json!({ "h5_info": { "type": "Wap", "wap_url": url, "wap_name": name } }).to_string()
}
