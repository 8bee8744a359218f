//! Messages to staff: a group robot and e-mail, each with a small receiver on this machine.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use serde_json::{Value, json};
use shop::{AfterSaleForm, JobKind, Role};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use test_support::Database;

use crate::{app::TestApp, console::signed, on_both, shopper::Shopper};

on_both!(
    staff_hear_of_a_new_order_an_application_and_a_discrepancy,
    staff_read_what_a_buyer_asks_for_and_what_to_do_until_when,
    a_top_up_is_no_new_order_for_staff,
    a_busy_robot_is_tried_again_and_a_refusal_is_shown,
    a_robot_without_an_answer_is_not_told_twice,
    mail_waits_for_its_server_and_a_refusal_is_shown,
);

/// A robot's answer: the status and the text.
pub(crate) type RobotAnswer = (u16, &'static str);

const DONE: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

#[derive(Clone, Default)]
pub(crate) struct Robot {
    texts: Arc<Mutex<Vec<String>>>,
    /// The next answers; after these it takes everything.
    answers: Arc<Mutex<VecDeque<RobotAnswer>>>,
}

impl Robot {
    pub(crate) async fn start(answers: &[RobotAnswer]) -> (Self, String) {
        let robot = Self::default();
        robot.answers.lock().unwrap().extend(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/cgi-bin/webhook/send?key=robot-secret", listener.local_addr().unwrap());
        let router = Router::new().route("/cgi-bin/webhook/send", post(hear)).with_state(robot.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (robot, url)
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.texts.lock().unwrap().clone()
    }
}

async fn hear(State(robot): State<Robot>, body: String) -> (StatusCode, &'static str) {
    let message: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(message["msgtype"], "text");
    robot.texts.lock().unwrap().push(message["text"]["content"].as_str().unwrap().to_owned());
    let (status, text) = robot.answers.lock().unwrap().pop_front().unwrap_or((200, DONE));
    (StatusCode::from_u16(status).unwrap(), text)
}

/// A mail server without TLS that knows one password.
#[derive(Clone, Default)]
struct MailServer {
    mails: Arc<Mutex<Vec<String>>>,
    /// The answers to the end of a mail; after these it takes everything.
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl MailServer {
    async fn start(address: &str, answers: &[&'static str]) -> (Self, String) {
        let server = Self::default();
        server.answers.lock().unwrap().extend(answers);
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().serve(stream));
            }
        });
        (server, address)
    }

    async fn serve(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 mail.example ESMTP\r\n").await.ok()?;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let answer = match line.split_whitespace().next().unwrap_or_default() {
                "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
                // base64 of \0shop\0mail-secret
                "AUTH" if line.contains("AHNob3AAbWFpbC1zZWNyZXQ=") => "235 welcome",
                "AUTH" => "535 wrong password",
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.ok()?;
                    let mut mail = String::new();
                    while !mail.ends_with("\r\n.\r\n") {
                        stream.read_line(&mut mail).await.ok()?;
                    }
                    let answer = self.answers.lock().unwrap().pop_front().unwrap_or("250 taken");
                    self.mails.lock().unwrap().push(mail);
                    answer
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
    }

    fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}

fn mail_variables(address: &str) -> Vec<(String, String)> {
    [
        ("SHOP_STAFF_MAIL_SERVER", &*format!("smtp://{address}")),
        ("SHOP_STAFF_MAIL_USER", "shop"),
        ("SHOP_STAFF_MAIL_PASSWORD", "mail-secret"),
        ("SHOP_STAFF_MAIL_FROM", "shop@example.com"),
        ("SHOP_STAFF_MAIL_TO", "anna@example.com,berta@example.com"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

async fn start(database: Database, variables: &[(String, String)]) -> TestApp {
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    TestApp::start_with(database, &variables).await
}

async fn count(app: &TestApp, channel: &str, state: &str) -> i64 {
    app.database.count("messages", &[("channel", channel), ("state", state)]).await
}

async fn run_jobs(app: &TestApp) {
    app.database.set("jobs", "run_ms", 0, &[("kind", "message")]).await;
    app.shop.jobs().run_due_of(JobKind::Message).await.unwrap();
}

async fn order_page(app: &TestApp, order: &str) -> String {
    let mut owner = signed(app, "anna", Role::Owner).await;
    owner.get(&format!("/console/orders/{order}")).await.text().await.unwrap()
}

/// Applies for a refund of an order that another shopper's fixture has paid.
async fn apply(app: &TestApp, order: &str) {
    let shopper = app.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap().shopper;
    let id = order.parse().unwrap();
    app.shop.after_sales().apply(&shopper, &id, AfterSaleForm::whole("不想要了")).await.unwrap();
}

async fn staff_hear_of_a_new_order_an_application_and_a_discrepancy(database: Database) {
    let (robot, url) = Robot::start(&[]).await;
    let (mail, address) = MailServer::start("127.0.0.1:0", &[]).await;
    let mut variables = mail_variables(&address);
    variables.push(("SHOP_STAFF_WEBHOOK".to_owned(), url));
    let app = start(database, &variables).await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.until("both are told of the order", async || robot.texts().len() == 1 && mail.mails().len() == 1)
        .await;
    let console = format!("{}/console/orders/{order}", app.url);
    assert!(robot.texts()[0].starts_with(&format!("新订单 {order}：")), "{:?}", robot.texts());
    assert!(robot.texts()[0].ends_with(&console), "{:?}", robot.texts());
    let mails = mail.mails();
    assert!(mails[0].contains("To: anna@example.com, berta@example.com"), "{mails:?}");
    apply(&app, &order).await;
    app.until("both are told of the application", async || {
        robot.texts().len() == 2 && mail.mails().len() == 2
    })
    .await;
    assert!(robot.texts()[1].contains("不想要了"), "{:?}", robot.texts());
    // a notification of an unknown order is a discrepancy
    app.control("notifications", json!({ "tamper": { "kind": "signed_unknown_order", "times": 2 } })).await;
    app.paid("test-sticker-1").await;
    app.until("both are told of the discrepancy", async || {
        let is_told = |text: &String| text.contains("/console/differences");
        robot.texts().iter().any(is_told) && mail.mails().len() == robot.texts().len()
    })
    .await;
    // each link leads to a page of the console, which asks for the sign-in
    for text in robot.texts() {
        let link = text.lines().last().unwrap().to_owned();
        assert_eq!(app.http.get(&link).send().await.unwrap().status(), 303, "{link}");
    }
    app.until("everything is sent", async || {
        for (channel, state) in
            [("webhook", "waiting"), ("webhook", "sending"), ("mail", "waiting"), ("mail", "sending")]
        {
            if count(&app, channel, state).await > 0 {
                return false;
            }
        }
        true
    })
    .await;
    assert_eq!(count(&app, "webhook", "sent").await, i64::try_from(robot.texts().len()).unwrap());
    assert_eq!(count(&app, "mail", "sent").await, i64::try_from(mail.mails().len()).unwrap());
    app.stop().await;
}

async fn staff_read_what_a_buyer_asks_for_and_what_to_do_until_when(database: Database) {
    let (robot, url) = Robot::start(&[]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK".to_owned(), url)]).await;
    let told = async |words: &str| {
        app.until(words, async || robot.texts().iter().any(|text| text.starts_with(words))).await;
        robot.texts().into_iter().find(|text| text.starts_with(words)).unwrap()
    };
    let until = |after_sale: &model::record::AfterSaleRecord| {
        shop::shanghai(after_sale.due_ms.unwrap()).strftime("%m-%d %H:%M").to_string()
    };
    // money only
    let (order, _) = app.paid("mug-celadon-300").await;
    apply(&app, &order).await;
    let text = told("买家申请仅退款").await;
    let id: model::AfterSaleId = format!("{order}S1").parse().unwrap();
    let asked = app.shop.store().after_sale(&id).await.unwrap().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("买家申请仅退款 ¥59.00，订单 {order}：不想要了"));
    assert_eq!(lines[1], format!("请在 {} 前退款或拒绝；逾期自动退款。", until(&asked)));
    assert_eq!(lines[2], format!("{}/console/orders/{order}", app.url));
    // goods that come back: the request, and later the parcel
    let (order, _) = app.paid("mug-celadon-300").await;
    let own = shop::Staff::at_command_line();
    let number = order.parse().unwrap();
    app.shop.shipping().hand_over(&own, &number).await.unwrap();
    let shopper = app.shop.store().order(&number).await.unwrap().unwrap().shopper;
    let form =
        AfterSaleForm { kind: model::after_sale::AfterSaleKind::Return, ..AfterSaleForm::whole("太小") };
    app.shop.after_sales().apply(&shopper, &number, form).await.unwrap();
    let text = told("买家申请退货退款").await;
    assert!(
        text.contains("¥59.00") && text.contains("太小") && text.contains("填写退货地址，或拒绝"),
        "{text}"
    );
    let id: model::AfterSaleId = format!("{order}S1").parse().unwrap();
    app.shop.after_sales().agree(&own, &id, "上海市徐汇区衡山路 1 号 小店 13800000000").await.unwrap();
    app.shop.after_sales().send_back(&shopper, &id, "顺丰速运", "SF123").await.unwrap();
    let text = told("退货已寄回").await;
    let sent = app.shop.store().after_sale(&id).await.unwrap().unwrap();
    assert!(text.contains(&order) && text.contains("顺丰速运 SF123"), "{text}");
    assert!(
        text.contains(&format!("请在 {} 前确认收货，再退款或拒绝；逾期自动退款。", until(&sent))),
        "{text}"
    );
    // the same parcel again, corrected, is told once
    app.shop.after_sales().send_back(&shopper, &id, "顺丰速运", "SF124").await.unwrap();
    run_jobs(&app).await;
    assert_eq!(app.database.count("messages", &[("subject", "refund_wanted")]).await, 3);
    app.stop().await;
}

async fn a_top_up_is_no_new_order_for_staff(database: Database) {
    let (robot, url) = Robot::start(&[]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK".to_owned(), url)]).await;
    let mut shopper: Shopper = app.shopper().await;
    let answer = shopper.post("/api/wechat/pay/payWallet", &[("money", "1000")]).await;
    let answer: Value = answer.json().await.unwrap();
    crate::shopper::thumb(&app, answer["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until("it is paid", async || app.database.count("orders", &[("state", "paid")]).await == 1).await;
    run_jobs(&app).await;
    assert!(robot.texts().is_empty(), "{:?}", robot.texts());
    app.stop().await;
}

async fn a_busy_robot_is_tried_again_and_a_refusal_is_shown(database: Database) {
    let busy = (200, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#);
    let unknown = (200, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#);
    let (robot, url) = Robot::start(&[busy, unknown, (403, "no")]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK".to_owned(), url)]).await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.until("it is busy", async || {
        app.database.count("messages", &[("state", "waiting"), ("code", "45009")]).await == 1
    })
    .await;
    run_jobs(&app).await;
    assert_eq!(count(&app, "webhook", "refused").await, 1);
    app.paid("test-sticker-1").await;
    app.until("the next one is refused", async || count(&app, "webhook", "refused").await == 2).await;
    run_jobs(&app).await;
    assert_eq!(robot.texts().len(), 3);
    let page = order_page(&app, &order).await;
    assert!(page.contains("群机器人") && page.contains("invalid webhook url"), "{page}");
    assert!(!page.contains("robot-secret"));
    app.stop().await;
}

async fn a_robot_without_an_answer_is_not_told_twice(database: Database) {
    let (robot, url) = Robot::start(&[(502, "<html>")]).await;
    let app = start(database, &[("SHOP_STAFF_WEBHOOK".to_owned(), url)]).await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.until("its outcome is unknown", async || count(&app, "webhook", "unknown").await == 1).await;
    run_jobs(&app).await;
    assert_eq!(robot.texts().len(), 1);
    let page = order_page(&app, &order).await;
    assert!(page.contains("不会重发") && !page.contains("robot-secret"), "{page}");
    app.stop().await;
}

async fn mail_waits_for_its_server_and_a_refusal_is_shown(database: Database) {
    // a port on which nothing listens yet
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let app = start(database, &mail_variables(&address)).await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.until("it waits for the server", async || {
        app.database
            .connect()
            .await
            .table("messages")
            .with("state", "waiting")
            .without("detail", "")
            .count()
            .await
            == 1
    })
    .await;
    let (mail, _) = MailServer::start(&address, &["452 full", "550 no such user"]).await;
    run_jobs(&app).await;
    assert_eq!(count(&app, "mail", "waiting").await, 1, "452 is for a while");
    run_jobs(&app).await;
    assert_eq!(count(&app, "mail", "refused").await, 1, "550 is for good");
    run_jobs(&app).await;
    assert_eq!(mail.mails().len(), 2);
    let page = order_page(&app, &order).await;
    assert!(page.contains("邮件") && page.contains("no such user"), "{page}");
    assert!(!page.contains("mail-secret"));
    app.paid("test-sticker-1").await;
    app.until("the next one is sent", async || count(&app, "mail", "sent").await == 1).await;
    app.stop().await;
}
