//! Messages to users: consent, followers, templates and fields.

use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

const SUBSCRIBE: &str = "/cgi-bin/message/subscribe/send";
const BIZSEND: &str = "/cgi-bin/message/subscribe/bizsend";
const TEMPLATE: &str = "/cgi-bin/message/template/send";

struct Accounts {
    sim: TestSimulator,
    /// The tokens of the service account and of the mini program.
    service: String,
    program: String,
    templates: Value,
}

impl Accounts {
    async fn start() -> Self {
        let sim = TestSimulator::start().await;
        let templates = sim.json("/_simulator/messages").await["templates"].clone();
        let token = async |appid: &str, secret: &str| {
            let (appid, secret) = (sim.account(appid), sim.account(secret));
            let query = format!("grant_type=client_credential&appid={appid}&secret={secret}");
            text(&sim.json(&format!("/cgi-bin/token?{query}")).await["access_token"])
        };
        let service = token("appid", "secret").await;
        let program = token("miniprogram_appid", "miniprogram_secret").await;
        Self { sim, service, program, templates }
    }

    async fn call(&self, path: &str, body: &Value) -> Value {
        let token = if path == SUBSCRIBE { &self.program } else { &self.service };
        self.call_with(path, token, body).await
    }

    async fn call_with(&self, path: &str, token: &str, body: &Value) -> Value {
        let url = format!("{}{path}?access_token={token}", self.sim.simulator.url());
        self.sim.client.post(url).json(body).send().await.unwrap().json().await.unwrap()
    }

    async fn code(&self, path: &str, body: &Value) -> i64 {
        self.call(path, body).await["errcode"].as_i64().unwrap()
    }

    /// The id of the template for paid orders.
    fn paid(&self, path: &str) -> String {
        let (account, kind) = match path {
            SUBSCRIBE => ("miniprogram_appid", "one_time"),
            BIZSEND => ("appid", "one_time"),
            _ => ("appid", "template"),
        };
        let appid = self.sim.account(account);
        let found = self.templates.as_array().unwrap().iter().find(|each| {
            each["appid"] == appid && each["kind"] == kind && each["title"] == "订单支付成功通知"
        });
        text(&found.unwrap()["id"])
    }

    /// A message that fits the template for paid orders.
    async fn message(&self, path: &str) -> Value {
        let name = if path == SUBSCRIBE { "miniprogram_openid" } else { "openid" };
        json!({
            "touser": self.sim.json("/_simulator/users").await[0][name],
            "template_id": self.paid(path),
            "data": {
                "character_string1": { "value": "202611290000000101" },
                "thing2": { "value": "青瓷马克杯" },
                "amount3": { "value": "59.00元" },
                "time4": { "value": "2026年11月29日 13:00" },
            },
        })
    }

    async fn consent(&self, template_id: &str, answer: &str) -> i64 {
        let body = json!({ "template_id": template_id, "answer": answer });
        self.sim.control("messages/consent", body).await["left"].as_i64().unwrap()
    }

    async fn sent(&self) -> Vec<Value> {
        self.sim.json("/_simulator/messages").await["messages"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn one_consent_is_one_message() {
    let accounts = Accounts::start().await;
    for path in [SUBSCRIBE, BIZSEND] {
        let mut message = accounts.message(path).await;
        message["page"] = "pages/order/order?id=1".into();
        let template_id = accounts.paid(path);
        let refused = accounts.call(path, &message).await;
        assert_eq!(refused["errcode"], 43101);
        let errmsg = text(&refused["errmsg"]);
        assert!(errmsg.starts_with("user refuse to accept the msg rid: "), "{errmsg}");
        assert_eq!(accounts.consent(&template_id, "accept").await, 1);
        assert_eq!(accounts.consent(&template_id, "accept").await, 2);
        assert_eq!(accounts.consent(&template_id, "reject").await, 2, "earlier consents stay");
        assert_eq!(accounts.code(path, &message).await, 0);
        assert_eq!(accounts.code(path, &message).await, 0);
        assert_eq!(accounts.code(path, &message).await, 43101);
    }
    let sent = accounts.sent().await;
    assert_eq!(sent.len(), 4);
    assert_eq!(sent[0]["title"], "订单支付成功通知");
    assert_eq!(sent[0]["data"]["thing2"], "青瓷马克杯");
    assert_eq!(sent[0]["page"], "pages/order/order?id=1");
    let page = accounts.sim.get("/").await.text().await.unwrap();
    assert!(page.contains("订单支付成功通知") && page.contains("青瓷马克杯"));
}

#[tokio::test]
async fn a_template_message_needs_a_follower() {
    let accounts = Accounts::start().await;
    let mut message = accounts.message(TEMPLATE).await;
    assert_eq!(accounts.code(TEMPLATE, &message).await, 43004);
    accounts.sim.control("follow", json!({})).await;
    let msgid = accounts.call(TEMPLATE, &message).await["msgid"].as_i64().unwrap();
    assert!(msgid > 1 << 53, "a number that a float cannot hold");
    // a client_msg_id counts once within ten minutes
    message["client_msg_id"] = "order1".into();
    let first = accounts.call(TEMPLATE, &message).await["msgid"].clone();
    assert_eq!(accounts.call(TEMPLATE, &message).await["msgid"], first);
    assert_eq!(accounts.sent().await.len(), 2);
    accounts.sim.advance(600).await;
    assert_ne!(accounts.call(TEMPLATE, &message).await["msgid"], first);
    accounts.sim.control("follow", json!({ "follows": false })).await;
    assert_eq!(accounts.code(TEMPLATE, &message).await, 43004);
}

#[tokio::test]
async fn each_mistake_in_a_message_has_its_code() {
    let accounts = Accounts::start().await;
    accounts.sim.control("follow", json!({})).await;
    for path in [SUBSCRIBE, BIZSEND] {
        accounts.consent(&accounts.paid(path), "accept").await;
    }
    for path in [SUBSCRIBE, BIZSEND, TEMPLATE] {
        let good = accounts.message(path).await;
        let other_path = if path == TEMPLATE { BIZSEND } else { TEMPLATE };
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut body = good.clone();
            change(&mut body);
            body
        };
        for (what, body, code) in [
            ("no user", changed(&|body| body["touser"] = "oNobody".into()), 40003),
            ("no template", changed(&|body| body["template_id"] = "x".into()), 40037),
            (
                "the template of another call",
                changed(&|body| body["template_id"] = accounts.paid(other_path).into()),
                40037,
            ),
            ("no data", changed(&|body| body["data"] = json!({})), 47003),
            ("empty", changed(&|body| body["data"]["thing2"]["value"] = "".into()), 47003),
            ("long", changed(&|body| body["data"]["thing2"]["value"] = "一".repeat(21).into()), 47003),
            ("two lines", changed(&|body| body["data"]["thing2"]["value"] = "a\nb".into()), 47003),
            ("unknown field", changed(&|body| body["data"]["thing9"] = json!({ "value": "a" })), 47003),
            ("language", changed(&|body| body["lang"] = "fr_FR".into()), 40097),
            ("state", changed(&|body| body["miniprogram_state"] = "released".into()), 40097),
            ("not an object", json!([]), 47001),
        ] {
            assert_eq!(accounts.code(path, &body).await, code, "{path}: {what}");
        }
        let refused =
            accounts.call(path, &changed(&|body| body["data"]["amount3"]["value"] = "x".into())).await;
        let errmsg = text(&refused["errmsg"]);
        assert!(errmsg.starts_with("argument invalid! data.amount3.value invalid rid: "), "{errmsg}");
        let other_token = if path == SUBSCRIBE { &accounts.service } else { &accounts.program };
        assert_eq!(accounts.call_with(path, other_token, &good).await["errcode"], 48001);
        assert_eq!(accounts.call_with(path, "short", &good).await["errcode"], 40014);
        assert_eq!(accounts.call_with(path, &"x".repeat(100), &good).await["errcode"], 40001);
    }
    assert!(accounts.sent().await.is_empty());
    // no mistake used the consent
    let message = accounts.message(SUBSCRIBE).await;
    assert_eq!(accounts.code(SUBSCRIBE, &message).await, 0);
}

#[tokio::test]
async fn faults_apply_to_each_call() {
    let accounts = Accounts::start().await;
    accounts.consent(&accounts.paid(SUBSCRIBE), "accept").await;
    let message = accounts.message(SUBSCRIBE).await;
    let fault = json!({ "endpoint": "subscribe/send", "kind": "error", "code": "45009", "message": "api freq out of limit", "times": 1 });
    accounts.sim.control("faults", fault).await;
    assert_eq!(accounts.code(SUBSCRIBE, &message).await, 45009);
    assert_eq!(accounts.code(SUBSCRIBE, &message).await, 0, "the fault did not use the consent");
    accounts
        .sim
        .control(
            "faults",
            json!({ "endpoint": "template/send", "kind": "error", "code": "43107", "times": 1 }),
        )
        .await;
    accounts.sim.control("follow", json!({})).await;
    let message = accounts.message(TEMPLATE).await;
    assert_eq!(accounts.code(TEMPLATE, &message).await, 43107);
    assert_eq!(accounts.code(TEMPLATE, &message).await, 0);
}

#[tokio::test]
async fn a_seed_has_its_own_templates_and_followers() {
    let accounts = Accounts::start().await;
    let sim = &accounts.sim;
    let id = "LongTermTemplate_LongTermTemplate_LongTerm1";
    let added = json!({
        "service_accounts": [{
            "appid": "wx00000000000000aa",
            "secret": "SecondServiceAccountsSecret01234",
            "templates": [{ "id": id, "title": "公共服务", "kind": "long_term", "fields": ["phrase1"] }],
        }],
        "users": [{ "nickname": "小李", "openids": { "wx00000000000000aa": "oFollower" }, "follows": ["wx00000000000000aa"] }],
    });
    sim.control("accounts", added).await;
    let query =
        "grant_type=client_credential&appid=wx00000000000000aa&secret=SecondServiceAccountsSecret01234";
    let token = text(&sim.json(&format!("/cgi-bin/token?{query}")).await["access_token"]);
    let consent = json!({ "template_id": id, "openid": "oFollower" });
    sim.control("messages/consent", consent).await;
    let message =
        json!({ "touser": "oFollower", "template_id": id, "data": { "phrase1": { "value": "配送中" } } });
    for _ in 0..3 {
        assert_eq!(accounts.call_with(BIZSEND, &token, &message).await["errcode"], 0, "for the long term");
    }
    sim.control("messages/consent", json!({ "template_id": id, "openid": "oFollower", "answer": "reject" }))
        .await;
    assert_eq!(accounts.call_with(BIZSEND, &token, &message).await["errcode"], 43101);
    let unknown = sim.try_control("messages/consent", json!({ "template_id": "x" })).await;
    assert_eq!(unknown.0, 404);
    let template = json!({ "template_id": accounts.paid(TEMPLATE) });
    assert_eq!(sim.try_control("messages/consent", template).await.0, 409);
}

#[tokio::test]
async fn the_mini_programs_stand_in_asks_for_consent() {
    let accounts = Accounts::start().await;
    let phone = accounts.sim.simulator.phone_url().replace("localhost", "127.0.0.1");
    let id = accounts.paid(SUBSCRIBE);
    let shown = async |ids: &str| {
        let url = format!("{phone}/_phone/miniprogram?url=/pages/pay/pay%3FtmplIds%3D{ids}");
        accounts.sim.client.get(url).send().await.unwrap().text().await.unwrap()
    };
    let page = shown(&id).await;
    assert!(page.contains("wechat-subscribe-allow") && page.contains("订单支付成功通知"), "{page}");
    assert!(shown("unknown").await.contains("20001"));
    assert!(shown("1,2,3,4").await.contains("20003"));
    let give = async |answer: &str| -> Value {
        let body = json!({ "templates": [id], "answer": answer, "page": "/pages/pay/pay" });
        let url = format!("{phone}/_phone/miniprogram/subscribe");
        accounts.sim.client.post(url).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let message = accounts.message(SUBSCRIBE).await;
    let rejected = give("reject").await;
    assert_eq!(
        (&rejected["errMsg"], &rejected[&id]),
        (&json!("requestSubscribeMessage:ok"), &json!("reject"))
    );
    assert_eq!(accounts.code(SUBSCRIBE, &message).await, 43101);
    assert_eq!(give("accept").await[&id], "accept");
    assert_eq!(accounts.code(SUBSCRIBE, &message).await, 0);
    let calls = accounts.sim.ledger().await["miniprogram"].clone();
    assert_eq!(calls[1]["api"], "requestSubscribeMessage");
}

#[tokio::test]
async fn the_open_tag_needs_the_pages_configuration() {
    let accounts = Accounts::start().await;
    let sim = &accounts.sim;
    let url = format!("{}/_phone/subscribe", sim.simulator.phone_url().replace("localhost", "127.0.0.1"));
    let tap = async |answer: Option<&str>| -> Value {
        let body = json!({ "document": "d1", "templates": [accounts.paid(BIZSEND)], "answer": answer });
        sim.client.post(&url).json(&body).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(tap(Some("accept")).await["errCode"], 10003);
    let message = accounts.message(BIZSEND).await;
    assert_eq!(accounts.code(BIZSEND, &message).await, 43101);
    let entry = format!("{}/entry", sim.simulator.phone_url());
    let mut config = sim.config(&sim.jsapi_ticket().await, &entry, &["openAddress"]);
    sim.bridge("preVerifyJSAPI", config.clone()).await;
    assert_eq!(tap(Some("accept")).await["errCode"], 10003, "the tag is not in openTagList");
    config["verifyOpenTagList"] = json!(["wx-open-subscribe"]);
    assert_eq!(sim.bridge("preVerifyJSAPI", config).await["open_tags"], json!(["wx-open-subscribe"]));
    assert_eq!(tap(None).await["titles"], json!(["订单支付成功通知"]));
    assert_eq!(accounts.code(BIZSEND, &message).await, 43101, "the user has not answered");
    assert_eq!(tap(Some("accept")).await["answers"][accounts.paid(BIZSEND)], "accept");
    assert_eq!(accounts.code(BIZSEND, &message).await, 0);
}
