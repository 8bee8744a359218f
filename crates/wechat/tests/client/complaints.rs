//! Tests of the calls for complaints.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wechat::{
    ErrorKind,
    bill::BillDate,
    pay::v3::{
        ComplaintQuery, ComplaintReply, ComplaintState, NegotiationKind, ProblemKind, RefundProgress, UserTag,
    },
    wire::rsa::PublicKey,
};

use crate::{
    fake_wechat::{FakeWechat, silent, status, text},
    pay_v3::{client, merchant, refused, replies, signed},
};

const ID: &str = "200201820200101080076610000";
const PATH: &str = "/v3/merchant-service/complaints-v2";

/// A complaint with every documented field, and with words and fields that are newer than this crate.
fn complaint() -> Value {
    let key = PublicKey::from_pem(include_str!("../keys/merchant_public.pem")).unwrap();
    json!({
        "complaint_id": ID,
        "complaint_time": "2015-05-20T13:29:35.120+08:00",
        "complaint_detail": "反馈一个重复扣费的问题",
        "complaint_state": "PENDING",
        "complainted_mchid": "1900009191",
        "payer_phone": key.encrypt(b"18500000000").unwrap(),
        "payer_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "complaint_order_info": [{
            "transaction_id": "4200000404201909069117582536", "out_trade_no": "20190906154617947762231", "amount": 3,
        }],
        "complaint_media_list": [{ "media_type": "USER_COMPLAINT_IMAGE", "media_url": ["https://api.mch.weixin.qq.com/v3/merchant-service/images/a"] }],
        "complaint_full_refunded": true,
        "incoming_user_response": true,
        "user_complaint_times": 2,
        "problem_description": "不满意商家服务",
        "problem_type": "REFUND",
        "apply_refund_amount": 10,
        "user_tag_list": ["TRUSTED", "A_LATER_TAG"],
        "service_order_info": [{ "order_id": "15646546545165651651" }],
        "additional_info": { "type": "SHARE_POWER_TYPE" },
        "in_platform_service": true,
        "need_immediate_service": true,
        "a_later_field": {},
    })
}

fn changed(name: &str, value: Value) -> Value {
    let mut complaint = complaint();
    complaint[name] = value;
    complaint
}

#[tokio::test]
async fn a_complaint_is_read_and_its_phone_number_decrypted() {
    let fake = replies(200, complaint()).await;
    let client = client(&fake.url);
    let read = client.complaint(ID).await.unwrap();
    assert_eq!(fake.requests()[0].url(), format!("{PATH}/{ID}"));
    assert_eq!((&read.state, &read.problem_kind), (&ComplaintState::Pending, &Some(ProblemKind::Refund)));
    assert_eq!((read.times, read.apply_refund_amount, read.is_fully_refunded), (2, Some(10), true));
    assert_eq!(read.user_tags, [UserTag::Trusted, UserTag::Unknown("A_LATER_TAG".into())]);
    assert!(read.in_platform_service && read.need_immediate_service && read.has_unanswered_response);
    assert_eq!(read.orders[0].out_trade_no, "20190906154617947762231");
    let phone = read.payer_phone(client.merchant().credential()).unwrap().unwrap();
    assert_eq!(&*phone, "18500000000");
}

#[tokio::test]
async fn a_phone_number_for_another_key_is_an_error_and_none_is_none() {
    let other = PublicKey::from_pem(include_str!("../keys/wechatpay_public.pem")).unwrap();
    let fake = replies(200, changed("payer_phone", other.encrypt(b"1").unwrap().into())).await;
    let read = client(&fake.url).complaint(ID).await.unwrap();
    assert!(read.payer_phone(merchant().credential()).is_err());
    let fake = replies(200, changed("payer_phone", "".into())).await;
    let read = client(&fake.url).complaint(ID).await.unwrap();
    assert_eq!(read.payer_phone(merchant().credential()), Ok(None));
}

#[tokio::test]
async fn an_unknown_state_is_kept() {
    let fake = replies(200, changed("complaint_state", "FROZEN".into())).await;
    let read = client(&fake.url).complaint(ID).await.unwrap();
    assert_eq!(read.state, ComplaintState::Unknown("FROZEN".into()));
}

#[tokio::test]
async fn a_response_about_another_complaint_or_merchant_is_refused() {
    for (name, value) in [("complaint_id", "2"), ("complainted_mchid", "1900000001")] {
        let fake = replies(200, changed(name, value.into())).await;
        let error = client(&fake.url).complaint(ID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification, "{name}");
    }
    for (name, value) in [("complaint_time", "yesterday".into()), ("complaint_state", Value::Null)] {
        let fake = replies(200, changed(name, value)).await;
        let error = client(&fake.url).complaint(ID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{name}");
    }
}

#[tokio::test]
async fn a_list_is_a_page_of_days() {
    let fake =
        replies(200, json!({ "data": [complaint()], "limit": 50, "offset": 50, "total_count": 51 })).await;
    let (begin_date, end_date) =
        (BillDate::parse("2026-01-01").unwrap(), BillDate::parse("2026-01-31").unwrap());
    let query = ComplaintQuery { begin_date, end_date, limit: 50, offset: 50 };
    let page = client(&fake.url).complaints(&query).await.unwrap();
    assert_eq!((page.data.len(), page.total_count), (1, 51));
    let url = format!("{PATH}?limit=50&offset=50&begin_date=2026-01-01&end_date=2026-01-31");
    assert_eq!(fake.requests()[0].url(), url);
    let fake = replies(200, json!({ "data": [changed("complainted_mchid", "1".into())] })).await;
    assert_eq!(client(&fake.url).complaints(&query).await.unwrap_err().kind(), ErrorKind::Verification);
    // an empty list has no data
    let fake = replies(200, json!({ "limit": 50, "offset": 0, "total_count": 0 })).await;
    assert!(client(&fake.url).complaints(&query).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_negotiation_has_pictures_in_both_forms() {
    let entry = |media: Value| {
        json!({
            "log_id": "300285320210322170000071077", "operator": "投诉人", "operate_time": "2015-05-20T13:29:35+08:00",
            "operate_type": "USER_CREATE_COMPLAINT", "operate_details": "已与用户电话沟通解决", "image_list": ["https://h/1"],
            "complaint_media_list": media,
        })
    };
    let media = json!({ "media_type": "OPERATION_IMAGE", "media_url": ["https://h/1", "https://h/2"] });
    let mut later = entry(json!([media]));
    later["operate_type"] = "A_LATER_TYPE".into();
    later.as_object_mut().unwrap().remove("image_list");
    let fake = replies(200, json!({ "data": [entry(media.clone()), later], "total_count": 2 })).await;
    let page = client(&fake.url).negotiation_history(ID, 50, 0).await.unwrap();
    assert_eq!(fake.requests()[0].url(), format!("{PATH}/{ID}/negotiation-historys?limit=50&offset=0"));
    assert_eq!(page.data[0].kind, NegotiationKind::UserCreateComplaint);
    assert_eq!(page.data[1].kind, NegotiationKind::Unknown("A_LATER_TYPE".into()));
    for entry in &page.data {
        assert_eq!(entry.picture_urls(), ["https://h/1", "https://h/2"]);
    }
}

#[tokio::test]
async fn answers_are_written_like_the_documents() {
    let fake = replies(204, Value::Null).await;
    let client = client(&fake.url);
    let mut reply = ComplaintReply::new("已与用户沟通解决");
    client.reply_to_complaint(ID, &reply).await.unwrap();
    reply.images = vec!["file23578_21798531.jpg".into()];
    reply.jump = Some(("https://www.xxx.com/notify".into(), "查看订单详情".into()));
    client.reply_to_complaint(ID, &reply).await.unwrap();
    client.complete_complaint(ID).await.unwrap();
    client.update_refund_progress(ID, &RefundProgress::Approve { launch_refund_day: 3 }).await.unwrap();
    let reject = RefundProgress::Reject { reason: "拒绝退款".into() };
    client.update_refund_progress(ID, &reject).await.unwrap();
    let sent = fake.requests();
    let body = |at: usize| serde_json::from_slice::<Value>(&sent[at].body).unwrap();
    assert_eq!(sent[0].path, format!("{PATH}/{ID}/response"));
    assert_eq!(body(0), json!({ "complainted_mchid": "1900009191", "response_content": "已与用户沟通解决" }));
    assert_eq!(
        body(1),
        json!({
            "complainted_mchid": "1900009191", "response_content": "已与用户沟通解决",
            "response_images": ["file23578_21798531.jpg"], "jump_url": "https://www.xxx.com/notify",
            "jump_url_text": "查看订单详情",
        })
    );
    assert_eq!(
        (sent[2].path.as_str(), body(2)),
        (&*format!("{PATH}/{ID}/complete"), json!({ "complainted_mchid": "1900009191" }))
    );
    assert_eq!(sent[3].path, format!("{PATH}/{ID}/update-refund-progress"));
    assert_eq!(body(3), json!({ "action": "APPROVE", "launch_refund_day": 3 }));
    assert_eq!(body(4), json!({ "action": "REJECT", "reject_reason": "拒绝退款" }));
}

#[tokio::test]
async fn a_reply_is_sent_once_even_if_wechat_is_busy() {
    let fake = FakeWechat::start(|_, _| async { refused(500, "SYSTEM_ERROR") }).await;
    let error = client(&fake.url).reply_to_complaint(ID, &ComplaintReply::new("好")).await.unwrap_err();
    assert_eq!((error.code(), fake.requests().len()), (Some("SYSTEM_ERROR"), 1));
    let mute = silent().await;
    let client = client(&mute.url);
    let reply = ComplaintReply::new("好");
    let waits = client.reply_to_complaint(ID, &reply);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), waits).await.is_err());
    assert_eq!(mute.requests().len(), 1);
}

#[tokio::test]
async fn an_address_is_registered_replaced_and_deleted() {
    const URL: &str = "https://shop.example/complaints";
    let url: Arc<Mutex<Option<String>>> = Arc::default();
    let known = Arc::clone(&url);
    let fake = FakeWechat::start(move |_, request| {
        let known = Arc::clone(&known);
        async move {
            let mut known = known.lock().unwrap();
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            assert_eq!(request.path, "/v3/merchant-service/complaint-notifications");
            assert_eq!(request.header("content-type").is_empty(), request.body.is_empty());
            match (request.method.as_str(), known.clone()) {
                ("POST", None) | ("PUT", Some(_)) => *known = sent["url"].as_str().map(str::to_owned),
                ("GET", Some(_)) => {}
                ("DELETE", Some(_)) => {
                    *known = None;
                    return signed(204, "");
                }
                _ => return refused(400, "INVALID_REQUEST"),
            }
            signed(200, &json!({ "mchid": "1900009191", "url": known.clone() }).to_string())
        }
    })
    .await;
    let client = client(&fake.url);
    assert_eq!(client.complaint_notification_url().await.unwrap(), None);
    assert!(client.update_complaint_notification_url(URL).await.is_err());
    client.create_complaint_notification_url("https://h/1").await.unwrap();
    assert!(client.create_complaint_notification_url(URL).await.is_err());
    client.update_complaint_notification_url(URL).await.unwrap();
    assert_eq!(client.complaint_notification_url().await.unwrap().as_deref(), Some(URL));
    client.delete_complaint_notification_url().await.unwrap();
    assert_eq!(*url.lock().unwrap(), None);
}

#[tokio::test]
async fn a_registration_is_compared_with_the_response() {
    let body = json!({ "mchid": "1900009191", "url": "https://h/2" });
    let fake = replies(200, body).await;
    let error = client(&fake.url).create_complaint_notification_url("https://h/1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
    let fake = replies(200, json!({ "mchid": "1", "url": "https://h/1" })).await;
    let error = client(&fake.url).complaint_notification_url().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
    // a merchant without the right is not one without an address
    let fake = replies(403, json!({ "code": "NO_AUTH", "message": "无权限" })).await;
    assert_eq!(client(&fake.url).complaint_notification_url().await.unwrap_err().code(), Some("NO_AUTH"));
}

#[tokio::test]
async fn a_picture_comes_from_wechat_only() {
    let fake = FakeWechat::start(|number, _| async move {
        match number {
            0 => text("\u{1}picture"),
            1 => signed(200, "signed"),
            _ => status(404),
        }
    })
    .await;
    let client = client(&fake.url);
    let url = "https://api.mch.weixin.qq.com/v3/merchant-service/images/a%3D?b=1";
    assert_eq!(client.complaint_picture(url).await.unwrap(), b"\x01picture");
    let request = &fake.requests()[0];
    assert_eq!(request.url(), "/v3/merchant-service/images/a%3D?b=1", "to the configured host");
    assert!(request.header("authorization").starts_with("WECHATPAY2-SHA256-RSA2048 "));
    assert_eq!(client.complaint_picture(url).await.unwrap(), b"signed");
    assert_eq!(client.complaint_picture(url).await.unwrap_err().kind(), ErrorKind::Service);
    for other in
        ["https://h/other", "file:///etc/passwd", "", "https://h/v3/merchant-service/images/../../pay"]
    {
        assert_eq!(
            client.complaint_picture(other).await.unwrap_err().kind(),
            ErrorKind::Malformed,
            "{other}"
        );
    }
    assert_eq!(fake.requests().len(), 3);
}
