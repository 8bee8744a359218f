//! Complaints that shoppers make at WeChat: none is lost, and each answer of staff is sent once.

use model::complaint::{ComplaintAnswerKind, ComplaintAnswerState, ComplaintState};
use model::record::{ComplaintAnswerRecord, ComplaintRecord};
use serde_json::{Value, json};
use server::{
    config::Config,
    doctor::{self, Finding, Verdict},
};
use shop::{ComplaintAnswer, JobKind, Registered, Role, ShopError};

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    deliveries::owner,
    on_both,
    shopper::Shopper,
    staff_messages::Robot,
};

const MUG: &str = "mug-celadon-300";
const HOUR_S: i64 = 3600;

on_both!(
    a_complaint_is_read_after_its_notification,
    a_repeated_notification_changes_nothing,
    a_complaint_about_another_systems_order_is_shown_without_an_order,
    a_complaint_whose_order_comes_later_finds_it,
    a_lost_notification_is_found_by_the_list,
    staff_reply_and_finish_in_the_console,
    the_pages_are_in_english,
    two_staff_who_reply_at_once_send_one_reply,
    a_reply_of_unknown_outcome_is_not_sent_twice,
    a_reply_that_did_not_arrive_is_sent_again,
    an_answer_waits_while_wechat_is_down,
    a_refused_answer_is_shown_with_a_sentence,
    a_wrong_key_is_named,
    a_refund_is_approved_made_and_ends_the_complaint,
    a_refused_refund_ends_the_complaint,
    each_role_answers_what_it_may,
    a_complaint_that_is_due_is_an_alarm,
    a_shop_with_v2_only_says_so,
    the_address_is_registered_and_the_doctor_sees_it,
);

async fn start(database: Database, more: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start_with(database, more).await;
    assert_eq!(app.shop.complaints().register(false).await.unwrap(), Registered::Now);
    app
}

/// A paid order, and the number of the complaint about it.
async fn complained(app: &TestApp, more: Value) -> (String, String) {
    let (order, number) = app.paid(MUG).await;
    let mut body = json!({ "out_trade_no": number });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = app.control("complaints", body).await;
    (order, answer["complaint_id"].as_str().unwrap().to_owned())
}

/// What the shop knows of a complaint that it has read.
pub(crate) async fn read(app: &TestApp, id: &str) -> ComplaintRecord {
    app.until("the complaint is read", async || {
        app.shop.store().complaint(id).await.unwrap().is_some_and(|known| known.read_ms.is_some())
    })
    .await;
    app.shop.store().complaint(id).await.unwrap().unwrap()
}

pub(crate) async fn until_state(app: &TestApp, id: &str, state: ComplaintState) {
    app.until(&format!("the complaint is {state}"), async || {
        app.shop.store().complaint(id).await.unwrap().is_some_and(|known| known.state == state)
    })
    .await;
}

async fn answers(app: &TestApp, id: &str) -> Vec<ComplaintAnswerRecord> {
    app.shop.store().complaint_answers(id).await.unwrap()
}

fn reply(words: &str, seen: usize) -> ComplaintAnswer {
    ComplaintAnswer { kind: ComplaintAnswerKind::Reply, text: words.to_owned(), seen }
}

/// The entries of this kind that WeChat has of a complaint.
pub(crate) async fn at_wechat(app: &TestApp, id: &str, kind: &str) -> Vec<String> {
    let url = format!("{}/_simulator/complaints", app.wechat_url());
    let all: Value = app.http.get(url).send().await.unwrap().json().await.unwrap();
    let known =
        all["complaints"].as_array().unwrap().iter().find(|each| each["complaint_id"] == *id).unwrap();
    let of_kind = known["history"].as_array().unwrap().iter().filter(|entry| entry["kind"] == *kind);
    of_kind.map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
}

/// Lets the job of the open answers run now.
async fn run_answers(app: &TestApp) {
    app.database.set("jobs", "run_ms", 0, &[("kind", "complaint_answer")]).await;
    app.database.set("jobs", "leased_ms", 0, &[("kind", "complaint_answer")]).await;
    app.shop.jobs().run_due_of(JobKind::ComplaintAnswer).await.unwrap();
}

async fn poll(app: &TestApp) {
    app.database.set("jobs", "run_ms", 0, &[("kind", "complaint_poll")]).await;
    app.until("the complaints are listed", async || {
        app.shop.jobs().run_due_of(JobKind::ComplaintPoll).await.unwrap();
        app.database.number("jobs", "run_ms", &[("kind", "complaint_poll")]).await > 0
    })
    .await;
}

async fn a_complaint_is_read_after_its_notification(database: Database) {
    let (robot, url) = Robot::start(&[]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK", &url)]).await;
    let (order, id) = complained(&app, json!({ "detail": "杯子碎了", "pictures": 1 })).await;
    let known = read(&app, &id).await;
    assert_eq!((known.state, known.detail.as_str()), (ComplaintState::Pending, "杯子碎了"));
    assert_eq!(known.order_id.as_ref().map(ToString::to_string), Some(order.clone()));
    app.until("the notification is acknowledged", async || {
        app.ledger().await["notifications"]
            .as_array()
            .unwrap()
            .iter()
            .any(|each| each["kind"] == "complaint" && each["acknowledged"] == true)
    })
    .await;
    // the telephone number is stored as WeChat encrypted it
    let phone = app.shop.complaints().detail(&id).await.unwrap().phone.unwrap();
    assert_eq!(phone.len(), 11);
    assert!(!known.sealed_phone.contains(&phone) && known.sealed_phone.len() > 300);

    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, "/console/complaints").await;
    assert!(page.contains("杯子碎了") && page.contains("待回复") && page.contains("还剩 23 小时"), "{page}");
    let page = text(&mut clerk, &format!("/console/complaints/{id}")).await;
    assert!(page.contains(&phone) && page.contains(&format!("/console/orders/{order}")), "{page}");
    let picture = clerk.get(&format!("/console/complaints/{id}/pictures/0")).await;
    assert_eq!(picture.headers()["content-type"], "image/bmp");
    assert!(picture.bytes().await.unwrap().starts_with(b"BM"));
    assert_eq!(clerk.get(&format!("/console/complaints/{id}/pictures/1")).await.status(), 404);
    let page = text(&mut clerk, &format!("/console/orders/{order}")).await;
    assert!(page.contains(&format!("/console/complaints/{id}")), "{page}");
    assert!(text(&mut clerk, "/console").await.contains("/console/complaints"));
    app.until("staff are told", async || robot.texts().iter().any(|told| told.contains("杯子碎了"))).await;
    let told = robot.texts().into_iter().find(|told| told.contains("杯子碎了")).unwrap();
    assert!(told.ends_with(&format!("{}/console/complaints/{id}", app.url)), "{told}");
    app.stop().await;
}

async fn a_repeated_notification_changes_nothing(database: Database) {
    let (robot, url) = Robot::start(&[]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK", &url)]).await;
    let (_, number) = app.paid(MUG).await;
    app.control("notifications", json!({ "duplicate": 2 })).await;
    let id = app.control("complaints", json!({ "out_trade_no": number })).await["complaint_id"].clone();
    let id = id.as_str().unwrap();
    read(&app, id).await;
    for _ in 0..2 {
        app.control("resend", json!({ "out_trade_no": number, "kind": "complaint" })).await;
        app.until("no job is left", async || app.database.count("jobs", &[("kind", "complaint")]).await == 0)
            .await;
    }
    assert_eq!(app.database.count("complaints", &[]).await, 1);
    assert_eq!(app.database.count("complaint_entries", &[]).await, 1);
    assert_eq!(app.database.count("messages", &[("subject", "complaint")]).await, 1);
    // the shopper writes again: that is news
    app.control("complaints", json!({ "complaint_id": id, "action": "respond", "text": "还在等" })).await;
    app.until("staff are told again", async || {
        app.database.count("messages", &[("subject", "complaint"), ("state", "sent")]).await == 2
    })
    .await;
    assert_eq!(robot.texts().iter().filter(|told| told.contains("/console/complaints/")).count(), 2);
    app.stop().await;
}

async fn a_complaint_about_another_systems_order_is_shown_without_an_order(database: Database) {
    let app = start(database, &[]).await;
    let made =
        app.control("trigger", json!({ "event": "complaint", "out_trade_no": "another-system-1" })).await;
    let id = made["complaint_id"].as_str().unwrap();
    let known = read(&app, id).await;
    assert_eq!((known.order_id, known.out_trade_no.as_str()), (None, "another-system-1"));
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, &format!("/console/complaints/{id}")).await;
    assert!(page.contains("本店没有这笔付款（another-system-1）"), "{page}");
    app.stop().await;
}

async fn a_complaint_whose_order_comes_later_finds_it(database: Database) {
    let app = start(database, &[]).await;
    let (order, id) = complained(&app, json!({})).await;
    let mut known = read(&app, &id).await;
    // as after a restore from a backup that is older than the payment
    app.database.set("complaints", "order_id", "", &[("id", &id)]).await;
    known.order_id = None;
    assert_eq!(app.shop.store().complaint(&id).await.unwrap().unwrap().order_id, None);
    poll(&app).await;
    let found = app.shop.store().complaint(&id).await.unwrap().unwrap();
    assert_eq!(found.order_id.map(|id| id.to_string()), Some(order));
    app.stop().await;
}

async fn a_lost_notification_is_found_by_the_list(database: Database) {
    let app = start(database, &[]).await;
    app.control("notifications", json!({ "drop": true })).await;
    let (order, number) = {
        let mut shopper = app.shopper().await;
        let (order, number) = shopper.about_to_pay(MUG, 1).await;
        crate::shopper::thumb(&app, &number).await;
        shopper.call("order_status", &format!("order {order}\n")).await;
        (order, number)
    };
    let made = app.control("complaints", json!({ "out_trade_no": number, "detail": "没有收到" })).await;
    let id = made["complaint_id"].as_str().unwrap();
    assert_eq!(app.database.count("complaints", &[]).await, 0);
    poll(&app).await;
    let known = app.shop.store().complaint(id).await.unwrap().unwrap();
    assert_eq!((known.detail.as_str(), known.state), ("没有收到", ComplaintState::Pending));
    assert_eq!(known.order_id.map(|id| id.to_string()), Some(order));
    // an end without a notification is found too
    app.control("complaints", json!({ "complaint_id": id, "action": "confirm" })).await;
    poll(&app).await;
    until_state(&app, id, ComplaintState::Processed).await;
    let read_ms = app.database.number("complaints", "read_ms", &[]).await;
    poll(&app).await;
    assert_eq!(
        app.database.number("complaints", "read_ms", &[]).await,
        read_ms,
        "an ended one is not read again"
    );
    app.stop().await;
}

async fn staff_reply_and_finish_in_the_console(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let path = format!("/console/complaints/{id}");
    let page = text(&mut clerk, &path).await;
    assert!(page.contains(&format!("{path}/reply")) && !page.contains(&format!("{path}/finish")), "{page}");
    let (status, page) = post(&mut clerk, &format!("{path}/reply"), &[("text", "好😀"), ("seen", "0")]).await;
    assert!(status == 400 && page.contains("表情符号") && page.contains("好😀"), "{status} {page}");
    let (status, page) = post(&mut clerk, &format!("{path}/finish"), &[("seen", "0")]).await;
    assert!(status == 400 && page.contains("请先回复买家"), "{status} {page}");
    let long = "长".repeat(201);
    assert_eq!(post(&mut clerk, &format!("{path}/reply"), &[("text", &long), ("seen", "0")]).await.0, 400);
    let sent =
        post(&mut clerk, &format!("{path}/reply"), &[("text", "马上补发\r\n抱歉"), ("seen", "0")]).await;
    assert_eq!(sent, (303, format!("{path}?done=answered")));
    assert_eq!(at_wechat(&app, &id, "MERCHANT_RESPONSE").await, ["马上补发\n抱歉"]);
    let page = text(&mut clerk, &path).await;
    assert!(page.contains("处理中") && page.contains("马上补发") && page.contains("处理完成"), "{page}");
    // the page of before does not answer again
    let (status, page) =
        post(&mut clerk, &format!("{path}/reply"), &[("text", "再说一遍"), ("seen", "0")]).await;
    assert!(status == 409 && page.contains("再说一遍"), "{status} {page}");
    assert_eq!(post(&mut clerk, &format!("{path}/finish"), &[("seen", "1")]).await.0, 303);
    let page = text(&mut clerk, &path).await;
    assert!(page.contains("已完成") && !page.contains(&format!("{path}/reply")), "{page}");
    assert_eq!(app.database.count("audit", &[("what", "reply to complaint"), ("who", "anna")]).await, 1);
    assert_eq!(app.database.count("audit", &[("what", "finish complaint")]).await, 1);
    let (status, _) = post(&mut clerk, &format!("{path}/reply"), &[("text", "还有"), ("seen", "2")]).await;
    assert_eq!(status, 400);
    app.stop().await;
}

async fn the_pages_are_in_english(database: Database) {
    let app = start(database, &[]).await;
    let wanted = json!({ "detail": "It is broken", "problem_type": "REFUND", "apply_refund_amount": 100 });
    let (_, id) = complained(&app, wanted).await;
    read(&app, &id).await;
    app.control("faults", json!({ "endpoint": "response", "kind": "http_502", "times": 1 })).await;
    app.shop.complaints().answer(&owner(), &id, &reply("Sorry", 0)).await.unwrap();
    let mut boss = signed(&app, "anna", Role::Owner).await;
    boss.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let path = format!("/console/complaints/{id}");
    // the problem is in WeChat's words
    let page = async |boss: &mut Shopper| text(boss, &path).await.replace("申请退款", "");
    assert_eq!(chinese(&page(&mut boss).await), Vec::<String>::new());
    run_answers(&app).await;
    let answered = page(&mut boss).await;
    assert!(answered.contains("Send the reply") && answered.contains("It is dealt with"), "{answered}");
    assert_eq!(chinese(&answered), Vec::<String>::new());
    assert_eq!(chinese(&text(&mut boss, "/console/complaints").await), Vec::<String>::new());
    let refused = post(&mut boss, &format!("{path}/reply"), &[("text", ""), ("seen", "1")]).await;
    assert!(refused.0 == 400 && refused.1.contains("1 to 200 characters"), "{refused:?}");
    app.stop().await;
}

async fn two_staff_who_reply_at_once_send_one_reply(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    let other = app.second_shop().await;
    let (person, words) = (owner(), [reply("甲的回复", 0), reply("乙的回复", 0)]);
    let (first, second) = tokio::join!(
        app.shop.complaints().answer(&person, &id, &words[0]),
        other.complaints().answer(&person, &id, &words[1]),
    );
    let refused = [&first, &second]
        .into_iter()
        .filter(|done| matches!(done, Err(ShopError::Changed | ShopError::Invalid(_))));
    assert_eq!(refused.count(), 1, "{first:?} {second:?}");
    assert_eq!(at_wechat(&app, &id, "MERCHANT_RESPONSE").await.len(), 1);
    assert_eq!(answers(&app, &id).await.len(), 1);
    app.stop().await;
}

async fn a_reply_of_unknown_outcome_is_not_sent_twice(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    app.control("faults", json!({ "endpoint": "response", "kind": "hang_up_after", "times": 1 })).await;
    app.shop.complaints().answer(&owner(), &id, &reply("已补发", 0)).await.unwrap();
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Sending);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, &format!("/console/complaints/{id}")).await;
    assert!(page.contains("请不要重复回复") && !page.contains("发送回复"), "{page}");
    // while it is not known whether WeChat has it, nobody can answer
    let error = app.shop.complaints().answer(&owner(), &id, &reply("已补发", 1)).await.unwrap_err();
    assert!(matches!(error, ShopError::Invalid(_)), "{error}");
    // WeChat cannot be asked: nothing is sent
    app.control("faults", json!({ "endpoint": "complaints-v2", "kind": "http_500" })).await;
    run_answers(&app).await;
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Sending);
    app.control("faults", json!({})).await;
    run_answers(&app).await;
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Sent);
    assert_eq!(at_wechat(&app, &id, "MERCHANT_RESPONSE").await, ["已补发"]);
    app.stop().await;
}

async fn a_reply_that_did_not_arrive_is_sent_again(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    app.control("faults", json!({ "endpoint": "response", "kind": "http_502", "times": 1 })).await;
    app.shop.complaints().answer(&owner(), &id, &reply("已补发", 0)).await.unwrap();
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Sending);
    run_answers(&app).await;
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Sent);
    assert_eq!(at_wechat(&app, &id, "MERCHANT_RESPONSE").await, ["已补发"]);
    // a server that stops in the middle leaves the same row
    app.database.set("complaint_answers", "state", "sending", &[]).await;
    app.shop.jobs().run_due_of(JobKind::ComplaintAnswer).await.unwrap();
    assert_eq!(at_wechat(&app, &id, "MERCHANT_RESPONSE").await.len(), 1);
    app.stop().await;
}

async fn an_answer_waits_while_wechat_is_down(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    let busy = json!({ "endpoint": "response", "kind": "error", "code": "FREQUENCY_LIMITED", "message": "频率超限" });
    app.control("faults", busy).await;
    app.shop.complaints().answer(&owner(), &id, &reply("稍等", 0)).await.unwrap();
    run_answers(&app).await;
    let waiting = answers(&app, &id).await;
    assert_eq!(
        (waiting[0].state, waiting[0].code.as_str()),
        (ComplaintAnswerState::Waiting, "FREQUENCY_LIMITED")
    );
    app.control("faults", json!({})).await;
    run_answers(&app).await;
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Sent);
    // after a day it is not sent any more
    app.control("faults", json!({ "endpoint": "*", "kind": "http_500" })).await;
    app.shop.complaints().answer(&owner(), &id, &reply("第二条", 1)).await.unwrap();
    app.control("faults", json!({})).await;
    app.database.set("complaint_answers", "state", "waiting", &[("text", "第二条")]).await;
    app.database.set("complaint_answers", "created_ms", 0, &[("text", "第二条")]).await;
    run_answers(&app).await;
    let states: Vec<_> = answers(&app, &id).await.iter().map(|answer| answer.state).collect();
    assert!(states.contains(&ComplaintAnswerState::TooLate), "{states:?}");
    assert_eq!(at_wechat(&app, &id, "MERCHANT_RESPONSE").await, ["稍等"]);
    app.stop().await;
}

async fn a_refused_answer_is_shown_with_a_sentence(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    // the shopper ends it, and the shop does not know yet
    app.control("complaints", json!({ "complaint_id": id, "action": "confirm" })).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let path = format!("/console/complaints/{id}");
    assert_eq!(post(&mut clerk, &format!("{path}/reply"), &[("text", "在的"), ("seen", "0")]).await.0, 303);
    assert_eq!(answers(&app, &id).await[0].state, ComplaintAnswerState::Refused);
    let page = text(&mut clerk, &path).await;
    for words in ["微信拒绝", "INVALID_REQUEST", "投诉可能已经完成或被撤销", "已完成"] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    assert_eq!(app.database.count("jobs", &[("kind", "complaint_answer")]).await, 1);
    run_answers(&app).await;
    assert_eq!(app.database.count("jobs", &[("kind", "complaint_answer")]).await, 0);
    app.stop().await;
}

async fn a_wrong_key_is_named(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({})).await;
    let known = read(&app, &id).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let path = format!("/console/complaints/{id}");
    // as after a change of the merchant's certificate
    let other: String = known.sealed_phone.chars().rev().collect();
    app.database.set("complaints", "sealed_phone", other.as_str(), &[]).await;
    let page = text(&mut clerk, &path).await;
    assert!(page.contains("商户证书已更换"), "{page}");
    let wrong = json!({ "endpoint": "response", "kind": "error", "code": "SIGN_ERROR", "message": "签名错误", "times": 1 });
    app.control("faults", wrong).await;
    assert_eq!(post(&mut clerk, &format!("{path}/reply"), &[("text", "在的"), ("seen", "0")]).await.0, 303);
    let page = text(&mut clerk, &path).await;
    assert!(page.contains("server doctor") && page.contains("签名错误"), "{page}");
    // a notification that the APIv3 key does not open is no complaint
    app.control(
        "resend",
        json!({ "out_trade_no": known.out_trade_no, "kind": "complaint", "tamper": "sign" }),
    )
    .await;
    let forged = async || {
        let ledger = app.ledger().await;
        let all = ledger["notifications"].as_array().unwrap().clone();
        let of_complaint = all.into_iter().filter(|each| each["kind"] == "complaint");
        of_complaint
            .flat_map(|each| each["attempts"].as_array().unwrap().clone())
            .any(|attempt| attempt["status"] == 400)
    };
    app.until("the forged notification is refused", forged).await;
    app.stop().await;
}

async fn a_refund_is_approved_made_and_ends_the_complaint(database: Database) {
    let app = start(database, &[crate::app::ADMIN]).await;
    let (order, id) =
        complained(&app, json!({ "problem_type": "REFUND", "apply_refund_amount": 5900 })).await;
    read(&app, &id).await;
    let mut boss = signed(&app, "anna", Role::Owner).await;
    let path = format!("/console/complaints/{id}");
    let page = text(&mut boss, &path).await;
    assert!(page.contains("希望退款") && page.contains("59.00") && page.contains("不会自动退款"), "{page}");
    assert_eq!(post(&mut boss, &format!("{path}/approve"), &[("seen", "0")]).await.0, 303);
    until_state(&app, &id, ComplaintState::Processing).await;
    assert_eq!(app.state(&order).await, "paid", "an approval does not refund");
    let (status, answer) =
        app.refund(&order, json!({ "reason": "投诉退款", "out_refund_no": "complaint-refund-1" })).await;
    assert_eq!(status, 200, "{answer}");
    app.wait(5).await;
    until_state(&app, &id, ComplaintState::Processed).await;
    app.until_state(&order, "refunded").await;
    app.stop().await;
}

async fn a_refused_refund_ends_the_complaint(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({ "problem_type": "REFUND" })).await;
    read(&app, &id).await;
    let mut boss = signed(&app, "anna", Role::Owner).await;
    let path = format!("/console/complaints/{id}");
    assert_eq!(post(&mut boss, &format!("{path}/refuse"), &[("text", ""), ("seen", "0")]).await.0, 400);
    assert_eq!(
        post(&mut boss, &format!("{path}/refuse"), &[("text", "已签收 30 天"), ("seen", "0")]).await.0,
        303
    );
    until_state(&app, &id, ComplaintState::Processed).await;
    assert_eq!(at_wechat(&app, &id, "MERCHANT_REFUSE_RERUND").await, ["已签收 30 天"]);
    let page = text(&mut boss, &path).await;
    assert!(page.contains("拒绝退款") && page.contains("已签收 30 天"), "{page}");
    app.stop().await;
}

async fn each_role_answers_what_it_may(database: Database) {
    let app = start(database, &[]).await;
    let (_, id) = complained(&app, json!({ "problem_type": "REFUND" })).await;
    read(&app, &id).await;
    let path = format!("/console/complaints/{id}");
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let mut reader = signed(&app, "bert", Role::Reader).await;
    let page = text(&mut clerk, &path).await;
    assert!(page.contains(&format!("{path}/reply")) && !page.contains(&format!("{path}/approve")), "{page}");
    assert!(!text(&mut reader, &path).await.contains(&format!("{path}/reply")));
    assert_eq!(post(&mut clerk, &format!("{path}/approve"), &[("seen", "0")]).await.0, 403);
    assert_eq!(post(&mut reader, &format!("{path}/reply"), &[("text", "我"), ("seen", "0")]).await.0, 403);
    assert_eq!(text(&mut reader, "/console/complaints").await.matches(&id).count(), 1);
    let unknown = reader.get("/console/complaints/123").await;
    assert_eq!(unknown.status(), 404);
    assert_eq!(app.database.count("complaint_answers", &[]).await, 0);
    app.stop().await;
}

async fn a_complaint_that_is_due_is_an_alarm(database: Database) {
    let (robot, url) = Robot::start(&[]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK", &url)]).await;
    let (_, id) = complained(&app, json!({})).await;
    read(&app, &id).await;
    let due = async || {
        let text = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
        text.lines().find_map(|line| line.strip_prefix("shop_complaints_due ")).unwrap().to_owned()
    };
    assert_eq!(due().await, "0");
    app.clock.advance(19 * HOUR_S);
    poll(&app).await;
    assert_eq!(
        (due().await.as_str(), app.database.count("messages", &[("subject", "complaint")]).await),
        ("0", 1)
    );
    app.clock.advance(2 * HOUR_S);
    for _ in 0..2 {
        poll(&app).await;
    }
    assert_eq!(due().await, "1");
    app.until("staff are reminded", async || robot.texts().iter().any(|told| told.contains("投诉快到期了")))
        .await;
    assert_eq!(app.database.count("messages", &[("subject", "complaint")]).await, 2, "once");
    app.shop.complaints().answer(&owner(), &id, &reply("稍等", 0)).await.unwrap();
    assert_eq!(due().await, "0", "the end is due later");
    app.clock.advance(49 * HOUR_S);
    poll(&app).await;
    assert_eq!(due().await, "1");
    assert_eq!(app.database.count("messages", &[("subject", "complaint")]).await, 3);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    app.clock.advance(5 * HOUR_S);
    let page = text(&mut clerk, "/console/complaints").await;
    assert!(page.contains("已超时"), "{page}");
    app.stop().await;
}

async fn a_shop_with_v2_only_says_so(database: Database) {
    let app = TestApp::start_with(database, &[("WECHAT_API_V3_KEY", "")]).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, "/console/complaints").await;
    assert!(page.contains("本店只配置了 APIv2"), "{page}");
    assert_eq!(app.database.count("jobs", &[("kind", "complaint_poll")]).await, 0);
    assert!(matches!(app.shop.complaints().register(false).await, Err(ShopError::NoPayV3)));
    let found = examine(&app).await;
    assert_eq!(found.verdict, Verdict::Warning, "{found}");
    app.stop().await;
}

/// What the doctor says about complaints.
async fn examine(app: &TestApp) -> Finding {
    let variables = app.variables().iter().map(|(name, value)| (&**name, &**value));
    let config = Config::from_variables(variables).unwrap();
    let mut all = Vec::new();
    doctor::examine(&config, &app.clock, true, |_| {}, |finding| all.push(finding)).await;
    all.into_iter().find(|finding| finding.check == "complaints").unwrap()
}

async fn the_address_is_registered_and_the_doctor_sees_it(database: Database) {
    let app = TestApp::start(database).await;
    let found = examine(&app).await;
    assert_eq!(found.verdict, Verdict::Warning);
    assert!(found.remedy.contains("server complaints register"), "{found}");
    let complaints = app.shop.complaints();
    assert_eq!(complaints.register(false).await.unwrap(), Registered::Now);
    assert_eq!(complaints.register(false).await.unwrap(), Registered::Before);
    assert_eq!(examine(&app).await.verdict, Verdict::Ok);
    // another system's address is not taken away by accident
    let mut other = app;
    other.restart_with(&[("SHOP_PUBLIC_URL", "http://localhost:1")]).await;
    let found = examine(&other).await;
    assert!(found.verdict == Verdict::Warning && found.remedy.contains("--replace"), "{found}");
    let complaints = other.shop.complaints();
    assert!(matches!(complaints.register(false).await, Err(ShopError::BadRequest(_))));
    assert!(matches!(complaints.register(true).await, Ok(Registered::Replaces(_))));
    other.stop().await;
}
