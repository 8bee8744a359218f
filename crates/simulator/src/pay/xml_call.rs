//! A V2 call: reads XML, checks it with a table and its signature, and signs the XML of the response.

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{Method, header},
    response::{IntoResponse, Response},
};
use wechat::wire::{
    Fields,
    sign::{self, SignType},
    xml,
};

use super::{
    client_certificate::{CertificateOf, WRONG_CERTIFICATE},
    fields::{self, Field, FieldError},
    order::{Order, PartnerOrder, order_key},
};
use crate::{
    account::Merchant,
    app_state::AppState,
    base_url::BaseUrl,
    diagnosis::{Diagnosis, V2Message, attach, explain_v2},
    faults::{Fault, FaultKind},
    merchants::ActiveMerchant,
    random,
};

/// A request with valid fields and a valid signature.
pub(crate) struct Request {
    pub(crate) fields: Fields,
    /// The sub-merchant, if a provider calls.
    pub(crate) partner: Option<PartnerOrder>,
    pub(crate) sign_type: SignType,
    /// The merchant that signed.
    pub(crate) active: Arc<ActiveMerchant>,
    /// The base of the addresses in the response.
    pub(crate) base_url: BaseUrl,
}

impl Request {
    /// The value of a field. An empty value counts as missing.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn mch_id(&self) -> &str {
        &self.active.merchant.mch_id
    }

    /// The key of the order with this number.
    pub(crate) fn order_key(&self, out_trade_no: &str) -> String {
        order_key(self.mch_id(), out_trade_no)
    }

    /// The payer's account and the openid there. A provider names the payer by `openid`, or by `sub_openid` with `sub_appid`.
    pub(crate) fn payer(&self) -> Result<(&str, Option<&str>), Refusal> {
        let refused = |message: &str| Err(Refusal::Communication(message.to_owned()));
        let (appid, sub_appid) = (self.required("appid"), self.get("sub_appid"));
        match (self.get("openid"), self.get("sub_openid"), sub_appid) {
            (Some(_), Some(_), _) => refused("openid和sub_openid二选一"),
            (None, Some(_), None) => refused("缺少参数sub_appid"),
            (None, sub_openid, Some(sub_appid)) => Ok((sub_appid, sub_openid)),
            (openid, None, _) => Ok((appid, openid)),
        }
    }

    /// Whether the order belongs to the account and the sub-merchant that the request names.
    pub(crate) fn names(&self, order: &Order) -> bool {
        match (&self.partner, &order.partner) {
            (None, None) => self.get("appid") == Some(&order.appid),
            (Some(named), Some(known)) => {
                named.sub_mch_id == known.sub_mch_id && self.get("appid") == Some(&known.sp_appid)
            }
            _ => false,
        }
    }

    /// The value of a field that the table requires.
    pub(crate) fn required(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_default()
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }
}

/// A refusal.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// `return_code` FAIL: not signed.
    Communication(String),
    /// `result_code` FAIL: signed.
    Business(&'static str, &'static str),
}

/// A call. It returns the fields of a success.
pub(crate) type Call = fn(&AppState, &Request) -> Result<Fields, Refusal>;

/// The call of a path.
#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) table: &'static [Field],
    pub(super) call: Call,
    /// Whether an error says if the call may be repeated (`recall`).
    pub(super) recalls: bool,
}

/// A request as it arrived.
pub(crate) struct RawRequest<'a> {
    pub(crate) app: &'a AppState,
    pub(crate) method: Method,
    pub(crate) body: Bytes,
    pub(crate) base_url: BaseUrl,
    /// The merchant of the client certificate.
    pub(crate) certificate: Option<CertificateOf>,
}

/// Reads and checks the request, calls the endpoint, and signs the response.
pub(crate) fn answer(raw: RawRequest<'_>, fault: Option<&Fault>, endpoint: Endpoint) -> Response {
    let app = raw.app;
    let request = match read(raw, endpoint.table, SignType::Md5) {
        Ok(request) => request,
        Err(why) => return attach(unsigned(&why.message()), why.diagnosis()),
    };
    let kind = fault.map(|fault| fault.kind);
    // only a system error may be repeated
    let failure = |code: &str, message: &str| match failure(code, message) {
        reply if endpoint.recalls => reply.with("recall", if code == "SYSTEMERROR" { "Y" } else { "N" }),
        reply => reply,
    };
    let busy = || signed(&request, failure("SYSTEMERROR", "系统繁忙，请稍后再试"));
    match kind {
        Some(FaultKind::SystemError) => return busy(),
        Some(FaultKind::UnsignedError) => {
            return unsigned(fault.and_then(|fault| fault.message.as_deref()).unwrap_or("签名错误"));
        }
        Some(FaultKind::Error) => {
            let code = fault.and_then(|fault| fault.code.as_deref()).unwrap_or("SYSTEMERROR");
            let message = fault.and_then(|fault| fault.message.as_deref()).unwrap_or("系统错误");
            return signed(&request, failure(code, message));
        }
        _ => {}
    }
    let mut reply = match (endpoint.call)(app, &request) {
        Ok(reply) => reply,
        Err(Refusal::Communication(message)) => return unsigned(&message),
        Err(Refusal::Business(code, message)) => failure(code, message),
    };
    match kind {
        Some(FaultKind::SystemErrorAfter) => busy(),
        Some(FaultKind::WrongSignature) => {
            reply = sealed(&request, reply);
            reply.set("sign", "0".repeat(reply.get("sign").map_or(32, str::len)));
            xml_response(&reply)
        }
        _ => signed(&request, reply),
    }
}

/// Why a request cannot be read.
pub(super) enum RequestError {
    Message(&'static str),
    Field(FieldError),
    /// The signature is wrong, with the mistake that explains it.
    Signature(Option<Diagnosis>),
}

impl RequestError {
    /// The mistake in a signature.
    pub(super) fn diagnosis(self) -> Option<Diagnosis> {
        match self {
            Self::Signature(diagnosis) => diagnosis,
            Self::Message(_) | Self::Field(_) => None,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Message(message) => (*message).to_owned(),
            Self::Field(wrong) => wrong.to_string(),
            Self::Signature(_) => "签名错误".to_owned(),
        }
    }
}

/// Reads and checks a request. `usual` is the sign type if the request has none.
pub(super) fn read(raw: RawRequest<'_>, table: &[Field], usual: SignType) -> Result<Request, RequestError> {
    let RawRequest { app, method, body, base_url, certificate } = raw;
    if method != Method::POST {
        return Err(RequestError::Message("请使用post方法"));
    }
    if body.is_empty() {
        return Err(RequestError::Message("post数据为空"));
    }
    let fields = match xml::parse(&body) {
        Ok(fields) => fields,
        Err(xml::XmlError::NotUtf8) => return Err(RequestError::Message("编码格式错误")),
        Err(_) => return Err(RequestError::Message("XML格式错误")),
    };
    let get = |name: &str| fields.get(name).filter(|value| !value.is_empty());
    let mch_id = get("mch_id").ok_or(RequestError::Field(FieldError::Missing("mch_id")))?;
    let active = app.merchants().get(mch_id);
    let active = active.ok_or(RequestError::Field(FieldError::Format("mch_id")))?;
    match get("appid") {
        None => return Err(RequestError::Field(FieldError::Missing("appid"))),
        Some(appid) if active.merchant.is_bound_to(appid) => {}
        Some(_) => return Err(RequestError::Message("appid和mch_id不匹配")),
    }
    let partner = partner(&active.merchant, &fields)?;
    let sign_type = match get("sign_type") {
        None => usual,
        Some(word) => word.parse().map_err(|_| RequestError::Field(FieldError::Format("sign_type")))?,
    };
    if fields.iter().any(|(_, value)| has_four_byte_character(value)) {
        return Err(RequestError::Message("编码格式错误"));
    }
    fields::check(table, &fields).map_err(RequestError::Field)?;
    if !sign::verify(&fields, &active.merchant.api_v2_key, sign_type) {
        let message = V2Message::new(&fields, sign_type, active.known_keys.clone());
        return Err(RequestError::Signature(explain_v2(&message)));
    }
    // the documents do not name the message for the certificate of another merchant
    if certificate.is_some_and(|CertificateOf(owner)| owner != active.merchant.mch_id) {
        return Err(RequestError::Message(WRONG_CERTIFICATE));
    }
    Ok(Request { fields, partner, sign_type, active, base_url })
}

/// The sub-merchant of a provider's request (wechat-protocol-2.md, 5).
fn partner(merchant: &Merchant, fields: &Fields) -> Result<Option<PartnerOrder>, RequestError> {
    let get = |name: &str| fields.get(name).filter(|value| !value.is_empty());
    let refused = |message| Err(RequestError::Message(message));
    let Some(sub_mch_id) = get("sub_mch_id") else {
        return if merchant.sub_merchants.is_empty() {
            Ok(None)
        } else {
            refused("受理机构必须传入sub_mch_id")
        };
    };
    if sub_mch_id == merchant.mch_id {
        return refused("子商户mchid不能与自身mchid相同");
    }
    let Some(sub) = merchant.sub_merchants.iter().find(|sub| sub.mch_id == sub_mch_id) else {
        return refused("受理关系不存在");
    };
    let sub_appid = get("sub_appid").map(str::to_owned);
    if sub_appid.as_ref().is_some_and(|appid| !sub.appids.contains(appid)) {
        return refused("sub_mch_id与sub_appid不匹配");
    }
    let sp_appid = get("appid").unwrap_or_default().to_owned();
    Ok(Some(PartnerOrder { sp_appid, sub_mch_id: sub_mch_id.to_owned(), sub_appid }))
}

/// Whether a text contains characters with four bytes in UTF-8, such as emoji. WeChat refuses them (V2 since
/// 2024-11-18, V3 always). The message of V2 is not documented.
pub(crate) fn has_four_byte_character(text: &str) -> bool {
    text.chars().any(|character| character.len_utf8() > 3)
}

fn failure(code: &str, message: &str) -> Fields {
    Fields::new().with("result_code", "FAIL").with("err_code", code).with("err_code_des", message)
}

fn sealed(request: &Request, reply: Fields) -> Fields {
    let mut fields = Fields::new()
        .with("return_code", "SUCCESS")
        .with("return_msg", "OK")
        .with("appid", request.required("appid"))
        .with("mch_id", request.mch_id());
    for name in ["sub_mch_id", "sub_appid", "device_info"] {
        if let Some(value) = request.get(name) {
            fields.set(name, value);
        }
    }
    fields.set("nonce_str", random::alphanumeric(16));
    if reply.get("result_code").is_none() {
        fields.set("result_code", "SUCCESS");
    }
    for (name, value) in reply.iter() {
        fields.set(name, value);
    }
    let sign = sign::sign(&fields, &request.active.merchant.api_v2_key, request.sign_type);
    fields.with("sign", sign)
}

fn signed(request: &Request, reply: Fields) -> Response {
    xml_response(&sealed(request, reply))
}

/// An unsigned error. WeChat sends it as plain text (wechat-protocol-2.md, 12).
pub(super) fn unsigned(message: &str) -> Response {
    let fields = Fields::new().with("return_code", "FAIL").with("return_msg", message);
    ([(header::CONTENT_TYPE, "text/plain")], xml::write(&fields)).into_response()
}

pub(super) fn xml_response(fields: &Fields) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], xml::write(fields)).into_response()
}
