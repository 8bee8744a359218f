//! The merchant accounts, and one interface for both versions of WeChat Pay. The API version of an attempt decides
//! which client is used.

use model::{
    PaymentParameters,
    payment::TradeType,
    record::{AttemptRecord, RefundRecord},
};
use wechat::{
    Error,
    miniprogram::RequestPayment,
    pay::{
        PaymentId, RefundRequestAmount,
        v2::{self, TradeState},
        v3,
    },
    time::{rfc3339, v2_time},
    wire::{sign::SignType, xml},
};

mod accounts;
mod merchant_account;
mod payment_method;
mod payment_result;
mod refund_result;
mod sign_type;

pub use self::merchant_account::MerchantAccount;
pub(crate) use self::{
    accounts::Accounts,
    merchant_account::paid_merchant,
    payment_method::PaymentMethod,
    payment_result::PaymentResult,
    refund_result::RefundResult,
    sign_type::{from_wire, to_wire},
};

/// A client of WeChat Pay, V2 or V3, behind the same functions.
#[derive(Clone, Debug)]
pub(crate) enum Gateway {
    V2(v2::Client, SignType),
    V3(v3::Client),
}

/// The fields of a new attempt.
pub(crate) struct NewAttempt<'a> {
    /// The text that WeChat shows with the amount.
    pub(crate) body: String,
    pub(crate) out_trade_no: &'a str,
    /// Fen.
    pub(crate) total_fee: i64,
    /// The shopper's IP address.
    pub(crate) ip: String,
    pub(crate) notify_url: &'a str,
    pub(crate) method: &'a PaymentMethod,
    /// The shop's URL, for WeChat's cashier.
    pub(crate) shop_url: &'a str,
    /// The shop's name, for WeChat's cashier.
    pub(crate) shop_name: &'a str,
    /// Seconds since 1970.
    pub(crate) start_s: i64,
    /// Seconds since 1970.
    pub(crate) expire_s: i64,
    pub(crate) nonce: &'a str,
}

/// WeChat's answer to a new attempt.
pub(crate) struct PrepayResult {
    /// Empty if WeChat returned only a URL.
    pub(crate) prepay_id: String,
    /// `code_url` or `mweb_url`.
    pub(crate) pay_url: Option<String>,
}

/// WeChat's answer to an order query.
pub(crate) struct OrderQueryResult {
    pub(crate) trade_state: TradeState,
    pub(crate) paid: Option<PaymentResult>,
    /// The answer, for the records.
    pub(crate) payload: Vec<u8>,
}

impl Gateway {
    /// Builds the request of a new attempt, byte for byte as the shop will send it.
    pub(crate) fn prepay_request(&self, order: &NewAttempt<'_>) -> String {
        match self {
            Self::V2(client, sign_type) => {
                let trade = match order.method {
                    PaymentMethod::Jsapi(openid) => v2::Trade::Jsapi { openid: openid.to_string() },
                    PaymentMethod::Native => v2::Trade::Native { product_id: order.out_trade_no.to_owned() },
                    PaymentMethod::H5 => {
                        v2::Trade::Mweb { scene_info: h5_scene(order.shop_url, order.shop_name) }
                    }
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
                request.request(client.merchant(), *sign_type, order.nonce).into_string()
            }
            Self::V3(client) => {
                let trade = match order.method {
                    PaymentMethod::Jsapi(openid) => v3::Trade::Jsapi { openid: openid.to_string() },
                    PaymentMethod::Native => v3::Trade::Native,
                    PaymentMethod::H5 => {
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
                request.request(client.merchant()).into_string()
            }
        }
    }

    /// Sends an attempt's stored request.
    pub(crate) async fn prepay(&self, trade_type: TradeType, request: &str) -> Result<PrepayResult, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let request = v2::SignedRequest::from_stored(request, *sign_type);
                let reply = client.unifiedorder(&request).await?;
                Ok(PrepayResult { prepay_id: reply.prepay_id, pay_url: reply.code_url.or(reply.mweb_url) })
            }
            Self::V3(client) => {
                let request = &v3::RequestBody::from_stored(request);
                let at = |pay_url| PrepayResult { prepay_id: String::new(), pay_url: Some(pay_url) };
                match trade_type {
                    TradeType::Native => client.native(request).await.map(at),
                    TradeType::H5 => client.h5(request).await.map(at),
                    // an attempt that the balance paid is never sent
                    TradeType::Jsapi | TradeType::Balance => {
                        client.jsapi(request).await.map(|prepay_id| PrepayResult { prepay_id, pay_url: None })
                    }
                }
            }
        }
    }

    pub(crate) async fn query(&self, out_trade_no: &str) -> Result<OrderQueryResult, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let order = client.orderquery(out_trade_no, *sign_type).await?;
                let payload = xml::write(order.fields()).into_bytes();
                let paid = order.payment.map(PaymentResult::from);
                Ok(OrderQueryResult { trade_state: order.trade_state, paid, payload })
            }
            Self::V3(client) => {
                let order = client.query_by_out_trade_no(out_trade_no).await?;
                let payload = order.json().as_bytes().to_vec();
                let paid = PaymentResult::of_transaction(&order);
                Ok(OrderQueryResult { trade_state: order.trade_state, paid, payload })
            }
        }
    }

    pub(crate) async fn close(&self, out_trade_no: &str) -> Result<(), Error> {
        match self {
            Self::V2(client, sign_type) => client.closeorder(out_trade_no, *sign_type).await,
            Self::V3(client) => client.close(out_trade_no).await,
        }
    }

    /// Builds the request of a refund, byte for byte as the shop will send it.
    pub(crate) fn refund_request(
        &self,
        attempt: &AttemptRecord,
        refund: &RefundRecord,
        notify_url: &str,
        nonce: &str,
    ) -> String {
        let of = PaymentId::OutTradeNo(attempt.out_trade_no.to_string());
        let out_refund_no = refund.out_refund_no.as_str();
        let amount = RefundRequestAmount { total: attempt.wechat_fee().0, refund: refund.wechat_fee().0 };
        match self {
            Self::V2(client, sign_type) => {
                let mut request = v2::RefundRequest::new(of, out_refund_no, amount);
                request.refund_desc = Some(refund.reason.clone());
                request.notify_url = Some(notify_url.to_owned());
                request.request(client.merchant(), *sign_type, nonce).into_string()
            }
            Self::V3(client) => {
                let mut request = v3::RefundRequest::new(of, out_refund_no, amount);
                request.reason = Some(refund.reason.clone());
                request.notify_url = Some(notify_url.to_owned());
                request.sub_mchid = client.merchant().sub_merchant().map(|sub| sub.mch_id.clone());
                request.request().into_string()
            }
        }
    }

    /// Sends a refund's stored request.
    pub(crate) async fn refund(&self, request: &str) -> Result<RefundResult, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let request = v2::SignedRequest::from_stored(request, *sign_type);
                client.refund(&request).await.map(RefundResult::from)
            }
            Self::V3(client) => {
                client.refund(&v3::RequestBody::from_stored(request)).await.map(RefundResult::from)
            }
        }
    }

    /// Queries WeChat about a refund.
    pub(crate) async fn query_refund(&self, out_refund_no: &str) -> Result<RefundResult, Error> {
        match self {
            Self::V2(client, sign_type) => {
                let of = v2::RefundQuery::OutRefundNo(out_refund_no.to_owned());
                let refunds = client.refundquery(&of, 0, *sign_type).await?;
                Ok(RefundResult::of_query(&refunds, |refund| refund.out_refund_no == out_refund_no))
            }
            Self::V3(client) => client.query_refund(out_refund_no).await.map(RefundResult::from),
        }
    }

    /// Lists all refunds of an attempt, also those that another program made. Only V2 can list refunds, also of
    /// payments with V3. So a V3 attempt uses the client `v2`. Returns `None` if no V2 client is configured.
    pub(crate) async fn list_refunds(
        &self,
        v2: Option<&v2::Client>,
        out_trade_no: &str,
    ) -> Result<Option<Vec<RefundResult>>, Error> {
        let (client, sign_type) = match (self, v2) {
            (Self::V2(client, sign_type), _) => (client, *sign_type),
            (Self::V3(_), Some(client)) => (client, SignType::HmacSha256),
            (Self::V3(_), None) => return Ok(None),
        };
        let of = v2::RefundQuery::OutTradeNo(out_trade_no.to_owned());
        let mut all = Vec::new();
        loop {
            // WeChat allows 50 refunds of a payment (申请退款), and a page of the query has 10
            let offset = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let page = client.refundquery(&of, offset, sign_type).await?;
            all.extend(RefundResult::all_of(&page));
            if page.refunds.is_empty() || all.len() >= page.total_refund_count.unwrap_or(0) {
                return Ok(Some(all));
            }
        }
    }

    /// Signs the parameters of the payment sheet.
    pub(crate) fn parameters(
        &self,
        out_trade_no: &str,
        prepay_id: &str,
        now_s: i64,
        nonce: &str,
    ) -> PaymentParameters {
        // `wx.requestPayment` of the mini program takes the same parameters, without the appid
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

/// `scene_info` of an H5 payment: the shop's URL and name, which the cashier shows.
fn h5_scene(url: &str, name: &str) -> String {
    serde_json::json!({ "h5_info": { "type": "Wap", "wap_url": url, "wap_name": name } }).to_string()
}
