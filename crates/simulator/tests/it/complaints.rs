//! Complaints of shoppers: `/v3/merchant-service/…` and their control.

use serde_json::{Value, json};
use wechat::wire::rsa::PrivateKey;

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::VALID_SIGNATURE,
};

const PATH: &str = "/v3/merchant-service/complaints-v2";
const NOTIFICATIONS: &str = "/v3/merchant-service/complaint-notifications";
const DAYS: &str = "begin_date=2020-01-01&end_date=2020-01-31";

impl TestSimulator {
    /// A complaint about a new paid order.
    async fn complaint(&self, out_trade_no: &str, more: Value) -> String {
        self.place_v3_order(out_trade_no).await;
        self.pay_order(out_trade_no).await;
        let mut body = json!({ "out_trade_no": out_trade_no });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        text(&self.control("complaints", body).await["complaint_id"])
    }

    async fn detail(&self, id: &str) -> Value {
        let (status, detail) = self.v3("GET", &format!("{PATH}/{id}"), Value::Null).await;
        assert_eq!(status, 200, "{detail}");
        detail
    }

    async fn complaint_state(&self, id: &str) -> String {
        text(&self.detail(id).await["complaint_state"])
    }

    async fn answer(&self, id: &str, call: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.v3("POST", &format!("{PATH}/{id}/{call}"), body).await;
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    }

    async fn kinds(&self, id: &str) -> Vec<String> {
        let path = format!("{PATH}/{id}/negotiation-historys?limit=50");
        let (status, history) = self.v3("GET", &path, Value::Null).await;
        assert_eq!(status, 200, "{history}");
        history["data"].as_array().unwrap().iter().map(|entry| text(&entry["operate_type"])).collect()
    }
}

fn reply() -> Value {
    json!({ "complainted_mchid": "1900000109", "response_content": "您好，\n马上处理" })
}

fn complete() -> Value {
    json!({ "complainted_mchid": "1900000109" })
}

#[tokio::test]
async fn a_complaint_goes_from_pending_to_processed() {
    let sim = TestSimulator::start().await;
    let id = sim.complaint("order1", json!({ "detail": "少了一个杯子", "pictures": 2 })).await;
    let detail = sim.detail(&id).await;
    assert_eq!(
        (&detail["complaint_state"], &detail["complaint_detail"]),
        (&json!("PENDING"), &json!("少了一个杯子"))
    );
    assert_eq!(detail["complaint_order_info"][0]["out_trade_no"], "order1");
    assert_eq!(detail["complaint_order_info"][0]["amount"], 1990);
    let key = PrivateKey::from_pem(&sim.account("merchant_private_key_pem")).unwrap();
    let phone = key.decrypt(&text(&detail["payer_phone"])).unwrap();
    assert!(phone.iter().all(u8::is_ascii_digit) && phone.len() == 11);
    assert_eq!(sim.answer(&id, "response", reply()).await.0, 204);
    assert_eq!(sim.complaint_state(&id).await, "PROCESSING");
    assert_eq!(sim.detail(&id).await["incoming_user_response"], false);
    sim.control("complaints", json!({ "complaint_id": id, "action": "respond", "text": "还在等" })).await;
    assert_eq!(sim.detail(&id).await["incoming_user_response"], true);
    assert_eq!(sim.answer(&id, "complete", complete()).await.0, 204);
    assert_eq!(sim.complaint_state(&id).await, "PROCESSED");
    let ended = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(sim.answer(&id, "complete", complete()).await, ended);
    assert_eq!(sim.answer(&id, "response", reply()).await, ended);
    sim.control("complaints", json!({ "complaint_id": id, "action": "continue", "text": "没有解决" })).await;
    let detail = sim.detail(&id).await;
    assert_eq!((&detail["complaint_state"], &detail["user_complaint_times"]), (&json!("PENDING"), &json!(2)));
    let kinds = [
        "USER_CONTINUE_COMPLAINT",
        "MERCHANT_CONFIRM_COMPLETE",
        "USER_RESPONSE",
        "MERCHANT_RESPONSE",
        "USER_CREATE_COMPLAINT",
    ];
    assert_eq!(sim.kinds(&id).await, kinds);
}

#[tokio::test]
async fn only_a_paid_order_can_be_complained_about() {
    let sim = TestSimulator::start().await;
    sim.place_v3_order("order1").await;
    for (body, status) in [
        (json!({ "out_trade_no": "order1" }), 409),
        (json!({ "out_trade_no": "order2" }), 404),
        (json!({ "complaint_id": "1", "action": "respond" }), 409),
        (json!({ "complaint_id": "1", "action": "shout" }), 400),
    ] {
        let (got, answer) = sim.try_control("complaints", body).await;
        assert_eq!(got, status, "{answer}");
    }
    let answer = sim.control("trigger", json!({ "event": "complaint", "out_trade_no": "order1" })).await;
    assert_eq!(sim.detail(&text(&answer["complaint_id"])).await["problem_type"], "REFUND");
}

#[tokio::test]
async fn a_refund_is_approved_made_and_ends_the_complaint() {
    let sim = TestSimulator::start().await;
    let wanted = json!({ "problem_type": "REFUND", "apply_refund_amount": 1990 });
    let id = sim.complaint("order1", wanted.clone()).await;
    assert_eq!(sim.detail(&id).await["apply_refund_amount"], 1990);
    let approve = json!({ "action": "APPROVE", "launch_refund_day": 0 });
    assert_eq!(sim.answer(&id, "update-refund-progress", approve.clone()).await.0, 204);
    assert_eq!(sim.complaint_state(&id).await, "PROCESSING", "an approval does not refund");
    let refund = TestSimulator::v3_refund("order1", "refund1", 1990);
    assert_eq!(sim.v3("POST", "/v3/refund/domestic/refunds", refund).await.0, 200);
    assert_eq!(sim.complaint_state(&id).await, "PROCESSING");
    sim.advance(5).await;
    assert_eq!(sim.complaint_state(&id).await, "PROCESSED");
    assert_eq!(sim.detail(&id).await["complaint_full_refunded"], true);

    let other = sim.complaint("order2", wanted).await;
    let reject = json!({ "action": "REJECT", "reject_reason": "已超过退货期" });
    assert_eq!(sim.answer(&other, "update-refund-progress", reject).await.0, 204);
    assert_eq!(sim.complaint_state(&other).await, "PROCESSED");
    assert_eq!(sim.kinds(&other).await[0], "MERCHANT_REFUSE_RERUND");

    let third = sim.complaint("order3", json!({ "problem_type": "OTHERS" })).await;
    let answer = sim.answer(&third, "update-refund-progress", approve).await;
    assert_eq!(answer, (400, "INVALID_REQUEST".to_owned()));
}

#[tokio::test]
async fn a_wrong_answer_is_refused_with_the_documented_code() {
    let sim = TestSimulator::start().await;
    let id = sim.complaint("order1", json!({ "problem_type": "REFUND" })).await;
    let mchid = "1900000109";
    for (call, body) in [
        ("response", json!({ "complainted_mchid": mchid })),
        ("response", json!({ "complainted_mchid": "1900000001", "response_content": "好" })),
        ("response", json!({ "complainted_mchid": mchid, "response_content": "好".repeat(201) })),
        (
            "response",
            json!({ "complainted_mchid": mchid, "response_content": "好", "jump_url": "https://h/" }),
        ),
        ("response", json!({ "complainted_mchid": mchid, "response_content": "好", "images": [] })),
        ("complete", json!({})),
        ("update-refund-progress", json!({ "action": "APPROVE" })),
        (
            "update-refund-progress",
            json!({ "action": "REJECT", "launch_refund_day": 1, "reject_reason": "不" }),
        ),
        ("update-refund-progress", json!({ "action": "MAYBE" })),
    ] {
        let answer = sim.answer(&id, call, body.clone()).await;
        assert_eq!(answer, (400, "PARAM_ERROR".to_owned()), "{call} {body}");
    }
    assert_eq!(sim.kinds(&id).await, ["USER_CREATE_COMPLAINT"]);
    assert_eq!(sim.answer("2", "complete", complete()).await, (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(sim.v3("GET", &format!("{PATH}/2"), Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_list_has_thirty_days_and_pages() {
    let sim = TestSimulator::start().await;
    for number in 1..=3 {
        sim.complaint(&format!("order{number}"), json!({})).await;
        sim.advance(60).await;
    }
    let now = text(&sim.ledger().await["now"]);
    let today = &now[..10];
    let list = async |query: String| {
        let (status, list) = sim.v3("GET", &format!("{PATH}?{query}"), Value::Null).await;
        (status, list)
    };
    let (_, all) = list(format!("begin_date={today}&end_date={today}&limit=2")).await;
    assert_eq!((all["total_count"].as_u64(), all["data"].as_array().unwrap().len()), (Some(3), 2));
    let (_, rest) = list(format!("begin_date={today}&end_date={today}&limit=2&offset=2")).await;
    assert_eq!(rest["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        rest["data"][0]["complaint_order_info"][0]["out_trade_no"], "order1",
        "the newest comes first"
    );
    assert_eq!(list(DAYS.to_owned()).await.1["data"], json!([]));
    for wrong in [
        "begin_date=2020-01-01".to_owned(),
        "begin_date=2020-01-01&end_date=2020-02-01".to_owned(),
        "begin_date=20200101&end_date=20200102".to_owned(),
        format!("{DAYS}&limit=51"),
        format!("{DAYS}&offset=-1"),
        format!("{DAYS}&complainted_mchid=1"),
    ] {
        let (status, answer) = list(wrong.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!("PARAM_ERROR")), "{wrong}");
    }
}

#[tokio::test]
async fn the_address_of_notifications_is_kept() {
    let sim = TestSimulator::start().await;
    let url = sim.shop.notify_url();
    let code = async |method: &str, body: Value| {
        let (status, answer) = sim.v3(method, NOTIFICATIONS, body).await;
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    };
    let none = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(code("GET", Value::Null).await, none);
    assert_eq!(code("PUT", json!({ "url": url })).await, none);
    assert_eq!(code("POST", json!({ "url": "http://shop.example/" })).await.0, 400);
    assert_eq!(code("POST", json!({ "url": url })).await.0, 200);
    assert_eq!(code("POST", json!({ "url": url })).await, none);
    let (_, known) = sim.v3("GET", NOTIFICATIONS, Value::Null).await;
    assert_eq!(known, json!({ "mchid": "1900000109", "url": url }));
    assert_eq!(code("PUT", json!({ "url": format!("{url}/2") })).await.0, 200);
    assert_eq!(code("DELETE", Value::Null).await.0, 204);
    assert_eq!(code("GET", Value::Null).await, none);
}

#[tokio::test]
async fn a_notification_is_encrypted_signed_and_repeated() {
    let sim = TestSimulator::start().await;
    sim.acknowledge_v3();
    let registered = json!({ "url": sim.shop.notify_url() });
    assert_eq!(sim.v3("POST", NOTIFICATIONS, registered).await.0, 200);
    let about = |ledger: &Value| -> Vec<Value> {
        let all = ledger["notifications"].as_array().unwrap();
        all.iter().filter(|each| each["kind"] == "complaint").cloned().collect()
    };
    let id = sim.complaint("order1", json!({})).await;
    sim.until(|ledger| about(ledger).iter().any(|each| each["acknowledged"] == true)).await;
    let received =
        sim.shop.received().into_iter().find(|each| each.body.contains("COMPLAINT.CREATE")).unwrap();
    assert!(sim.is_signed(&received.headers, received.body.as_bytes()));
    let envelope: Value = serde_json::from_str(&received.body).unwrap();
    let plain = sim.decrypted(&envelope["resource"]);
    assert_eq!(plain, json!({ "complaint_id": id, "action_type": "CREATE_COMPLAINT" }));
    // a shop that does not acknowledge hears of it again after five seconds, then each minute
    sim.shop.respond_with(|_| axum::response::Response::new(axum::body::Body::from("no")));
    sim.control("complaints", json!({ "complaint_id": id, "action": "respond", "text": "在吗" })).await;
    for (seconds, attempts) in [(0, 1), (6, 2), (61, 3), (61, 4)] {
        sim.advance(seconds).await;
        sim.until(|ledger| {
            about(ledger).last().is_some_and(|each| each["attempts"].as_array().unwrap().len() == attempts)
        })
        .await;
    }
    assert!(sim.shop.received().iter().any(|each| each.body.contains("COMPLAINT.STATE_CHANGE")));
}

#[tokio::test]
async fn a_picture_needs_a_signed_request_of_its_merchant() {
    let sim = TestSimulator::start().await;
    let id = sim.complaint("order1", json!({ "pictures": 1 })).await;
    let url = text(&sim.detail(&id).await["complaint_media_list"][0]["media_url"][0]);
    let path = url.strip_prefix(sim.simulator.url().to_string().trim_end_matches('/')).unwrap().to_owned();
    let answer = sim.v3_with("GET", &path, "", &VALID_SIGNATURE, "").await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "image/bmp")
    );
    assert!(answer.bytes().await.unwrap().starts_with(b"BM"));
    assert_eq!(sim.client.get(&url).send().await.unwrap().status(), 401);
    let other = sim.v3_with("GET", "/v3/merchant-service/images/none", "", &VALID_SIGNATURE, "").await;
    assert_eq!(other.status(), 400);
}
