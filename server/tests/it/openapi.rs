//! The document of the REST part against the server: each path and method, and what it really answers.

use std::collections::BTreeSet;
use test_support::Database;

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};
use shop::Staff;
use wechat::push::{PushMode, PushReceiver};

use crate::{
    app::TestApp,
    multipart::{self, MULTIPART},
    notifications::genuine,
    on_both,
    shopper::thumb,
};

on_both!(the_document_names_each_method_and_no_other, responses_match_the_openapi_document);

const KEYS: [(&str, &str); 6] = [
    ("SHOP_ADMIN_CLIENTS", "erp:erp-key-0123456789"),
    ("SHOP_TOKEN_CLIENTS", "crm:crm-key-0123456789"),
    ("WECHAT_PUSH_TOKEN", PUSH_TOKEN),
    ("WECHAT_MINIPROGRAM_PUSH_TOKEN", PUSH_TOKEN),
    // plain messages
    ("WECHAT_PUSH_AES_KEY", ""),
    ("WECHAT_MINIPROGRAM_PUSH_AES_KEY", ""),
];
const PUSH_TOKEN: &str = "pushtoken";
const ADMIN: &str = "erp-key-0123456789";
const TOKEN: &str = "crm-key-0123456789";

struct Contract {
    document: Value,
    answered: BTreeSet<String>,
}

impl Contract {
    async fn of(app: &TestApp) -> Self {
        let answer = app.http.get(format!("{}/api/openapi.json", app.url)).send().await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
        Self { document: answer.json().await.unwrap(), answered: BTreeSet::new() }
    }

    #[track_caller]
    fn operations(&self) -> Vec<(String, String)> {
        let paths = self.document["paths"].as_object().unwrap();
        let of = |(path, item): (&String, &Value)| {
            let methods: Vec<_> = item.as_object().unwrap().keys().cloned().collect();
            methods.into_iter().map(|method| (path.clone(), method)).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of).collect()
    }

    /// Sends a request and holds the answer against what the document says of it.
    async fn holds(&mut self, operation: &str, status: u16, request: RequestBuilder) -> Value {
        let (method, path) = operation.split_once(' ').unwrap();
        let told = &self.document["paths"][path][method];
        assert!(told.is_object(), "{operation} is not in the document");
        let answer = request.send().await.unwrap();
        let given = answer.status().as_u16();
        let kind = answer.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let location = answer.headers().contains_key(header::LOCATION);
        let text = answer.text().await.unwrap();
        assert_eq!(given, status, "{operation}: {text}");
        let response = &told["responses"][status.to_string()];
        assert!(response.is_object(), "{operation}: {status} is not in the document");
        if response["headers"]["Location"].is_object() {
            assert!(location, "{operation}: no Location");
        }
        self.answered.insert(format!("{operation} {}", if status < 400 { "well" } else { "refused" }));
        let Some(contents) = response["content"].as_object() else { return Value::Null };
        let kind = kind.unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        let schema = &contents
            .get(kind)
            .unwrap_or_else(|| panic!("{operation}: {kind} is not in the document"))["schema"];
        let value = if kind == "application/json" {
            serde_json::from_str(&text).unwrap()
        } else {
            Value::String(text)
        };
        // the components are what the references point at
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.document["components"],
        });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<_> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{operation} {status}: {faults:?} in {value}");
        value
    }
}

async fn the_document_names_each_method_and_no_other(database: Database) {
    let app = TestApp::start_with(database, &KEYS).await;
    let contract = Contract::of(&app).await;
    let told: BTreeSet<(String, String)> = contract.operations().into_iter().collect();
    let paths: BTreeSet<&String> = told.iter().map(|(path, _)| path).collect();
    for path in paths {
        for method in ["get", "post", "put", "patch", "delete"] {
            let url = format!("{}{}", app.url, path.replace("{id}", "1"));
            let request =
                app.http.request(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), url);
            let answer = request.header(header::ORIGIN, &app.url).bearer_auth(ADMIN).send().await.unwrap();
            let is_there = answer.status() != 405;
            assert_eq!(
                is_there,
                told.contains(&(path.clone(), method.to_owned())),
                "{method} {path}: {}",
                answer.status()
            );
        }
    }
    app.stop().await;
}

async fn responses_match_the_openapi_document(database: Database) {
    let app = TestApp::start_with(database, &KEYS).await;
    let mut it = Contract::of(&app).await;
    let url = |path: &str| format!("{}{path}", app.url);
    let get = |path: &str| app.http.get(url(path));
    let post = |path: &str| app.http.post(url(path));

    it.holds("get /api/openapi.json", 200, get("/api/openapi.json")).await;
    it.holds("get /healthz", 200, get("/healthz")).await;
    it.holds("get /readyz", 200, get("/readyz")).await;
    it.holds("get /metrics", 200, get("/metrics")).await;
    let far = get("/metrics").header("x-forwarded-for", "203.0.113.7");
    it.holds("get /metrics", 404, far).await;

    // login
    it.holds("get /api/wechat/redirect", 302, get("/api/wechat/redirect?callback=%2F")).await;
    it.holds("get /api/wechat/redirect", 400, get("/api/wechat/redirect?callback=%2F%2Fevil.test")).await;
    let json = |request: RequestBuilder| request.header(header::ACCEPT, "application/json");
    it.holds("get /api/wechat/redirect", 400, json(get("/api/wechat/redirect?scope=all"))).await;
    it.holds("get /api/wechat/getOpenId", 400, get("/api/wechat/getOpenId?code=1&state=1")).await;
    it.holds("get /api/wechat/getOpenId", 400, json(get("/api/wechat/getOpenId?code=1&state=1"))).await;
    for wants_json in [true, false] {
        let mut shopper = app.stranger().await;
        let back = shopper.authorized(&app, "/api/wechat/redirect?callback=%2F").await;
        let cookies: Vec<String> =
            shopper.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = app.http.get(back).header(header::COOKIE, cookies.join("; "));
        let (request, status) = if wants_json { (json(request), 200) } else { (request, 302) };
        it.holds("get /api/wechat/getOpenId", status, request).await;
    }
    let mut shopper = app.shopper().await;
    let session = format!("session={}", shopper.cookies["session"]);
    let mine =
        |request: RequestBuilder| request.header(header::COOKIE, &session).header(header::ORIGIN, &app.url);
    it.holds("get /api/wechat/getUserInfo", 401, get("/api/wechat/getUserInfo")).await;
    it.holds("get /api/wechat/getUserInfo", 200, mine(get("/api/wechat/getUserInfo"))).await;

    // JS-SDK
    let page = format!("/api/wechat/jssdk?url={}/", app.url);
    it.holds("get /api/wechat/jssdk", 200, get(&page)).await;
    it.holds("get /api/wechat/jssdk", 400, get("/api/wechat/jssdk?url=https://evil.test/")).await;

    // top-up
    let wallet = "post /api/wechat/pay/payWallet";
    let pay_wallet = || post("/api/wechat/pay/payWallet");
    it.holds(wallet, 200, mine(pay_wallet()).form(&[("money", "100")])).await;
    it.holds(wallet, 200, mine(pay_wallet()).json(&json!({ "money": 200 }))).await;
    it.holds(wallet, 400, mine(pay_wallet()).form(&[("money", "1.5")])).await;
    it.holds(wallet, 401, pay_wallet().header(header::ORIGIN, &app.url).form(&[("money", "100")])).await;
    it.holds(wallet, 403, pay_wallet().header(header::COOKIE, &session).form(&[("money", "100")])).await;

    // notifications
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let (_, other) = shopper.about_to_pay("test-sticker-1", 1).await;
    let genuine = genuine(&app, &other, &[]).await;
    for path in
        ["/api/wechat/pay/callback", "/api/wechat/pay/refund-callback", "/api/wechat/pay/complaint-callback"]
    {
        let operation = format!("post {path}");
        it.holds(&operation, 400, post(path).header(header::CONTENT_TYPE, "text/xml").body("<xml/>")).await;
        it.holds(&operation, 400, post(path).json(&json!({ "id": "1" }))).await;
        it.holds(&operation, 413, post(path).body("x".repeat(100_000))).await;
        let sent = post(path).header(header::CONTENT_TYPE, "text/xml").body(genuine.clone());
        it.holds(&operation, 200, sent).await;
    }

    // pushed messages
    let receiver = PushReceiver::new("", PUSH_TOKEN, PushMode::Plain);
    for path in ["/api/wechat/push", "/api/wechat/miniprogram/push"] {
        let right = receiver.sign_check(1, "2", "echo");
        it.holds(&format!("get {path}"), 200, get(path).query(&right)).await;
        it.holds(&format!("get {path}"), 403, get(path)).await;
        let message = r#"{"ToUserName":"g","FromUserName":"o","CreateTime":1,"MsgType":"text","MsgId":"1"}"#;
        it.holds(&format!("post {path}"), 200, post(path).query(&right).body(message)).await;
        it.holds(&format!("post {path}"), 403, post(path).body(message)).await;
        it.holds(&format!("post {path}"), 413, post(path).body("x".repeat(100_000))).await;
    }

    // token
    it.holds("get /api/wechat/token", 401, get("/api/wechat/token")).await;
    let token = it.holds("get /api/wechat/token", 200, get("/api/wechat/token").bearer_auth(TOKEN)).await;
    let refresh = || post("/api/wechat/token/refresh").bearer_auth(TOKEN);
    let failed = json!({ "access_token": token["data"]["access_token"] });
    it.holds("post /api/wechat/token/refresh", 200, refresh().json(&failed)).await;
    it.holds("post /api/wechat/token/refresh", 400, refresh().json(&json!({}))).await;
    it.holds("post /api/wechat/token/refresh", 401, post("/api/wechat/token/refresh").json(&failed)).await;

    // mini program
    it.holds("get /api/miniprogram/products", 200, get("/api/miniprogram/products")).await;
    let log_in = || post("/api/miniprogram/login");
    it.holds("post /api/miniprogram/login", 400, log_in().json(&json!({ "code": "invented" }))).await;
    let code = app.control("miniprogram", json!({})).await["code"].clone();
    let login = it.holds("post /api/miniprogram/login", 200, log_in().json(&json!({ "code": code }))).await;
    let bearer = login["data"]["token"].as_str().unwrap().to_owned();
    let pay = "post /api/miniprogram/pay";
    let mini = || post("/api/miniprogram/pay").bearer_auth(&bearer);
    let items = json!({ "items": [{ "sku": "test-sticker-1", "quantity": 1 }] });
    let paying = it.holds(pay, 200, mini().json(&items)).await;
    it.holds(pay, 400, mini().json(&json!({ "items": [] }))).await;
    it.holds(pay, 401, post("/api/miniprogram/pay").json(&items)).await;
    it.holds(pay, 404, mini().json(&json!({ "order": order, "key": "guessed" }))).await;
    it.holds(pay, 409, mini().json(&json!({ "items": [{ "sku": "throw-wool-1", "quantity": 99 }] }))).await;

    let price = "post /api/miniprogram/price";
    let ask = |region: &str| {
        let items = &items["items"];
        post("/api/miniprogram/price").bearer_auth(&bearer).json(&json!({ "items": items, "region": region }))
    };
    let priced = it.holds(price, 200, ask("新疆维吾尔自治区 喀什地区")).await;
    assert!(priced["data"]["freight_fee"].as_i64() > Some(0), "{priced}");
    it.holds(price, 400, post("/api/miniprogram/price").bearer_auth(&bearer).json(&json!({}))).await;
    let unknown = json!({ "items": [{ "sku": "unknown", "quantity": 1 }] });
    it.holds(price, 404, post("/api/miniprogram/price").bearer_auth(&bearer).json(&unknown)).await;

    let own = paying["data"]["order"].as_str().unwrap();
    let received = "post /api/miniprogram/orders/{id}/received";
    let path = format!("/api/miniprogram/orders/{own}/received");
    it.holds(received, 401, post(&path)).await;
    it.holds(received, 404, post("/api/miniprogram/orders/1/received").bearer_auth(&bearer)).await;
    thumb(&app, paying["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until_state(own, "paid").await;
    it.holds(received, 409, post(&path).bearer_auth(&bearer)).await;
    app.shop.shipping().hand_over(&Staff::at_command_line(), &own.parse().unwrap()).await.unwrap();
    it.holds(received, 200, post(&path).bearer_auth(&bearer)).await;

    let invoice = "post /api/miniprogram/orders/{id}/invoice";
    let path = format!("/api/miniprogram/orders/{own}/invoice");
    let form = json!({ "kind": "person", "title": "小王", "email": "w@example.com" });
    it.holds(invoice, 401, post(&path).json(&form)).await;
    it.holds(invoice, 400, post(&path).bearer_auth(&bearer).json(&json!({ "kind": "dog" }))).await;
    let not_own = post("/api/miniprogram/orders/1/invoice").bearer_auth(&bearer);
    it.holds(invoice, 404, not_own.json(&form)).await;
    it.holds(invoice, 200, post(&path).bearer_auth(&bearer).json(&form)).await;
    let after_sales = "post /api/miniprogram/orders/{id}/after-sales";
    let path = format!("/api/miniprogram/orders/{own}/after-sales");
    let ask = |kind: &str| json!({ "kind": kind, "reason": "不想要了" });
    let mine = |path: &str| post(path).bearer_auth(&bearer);
    it.holds(after_sales, 401, post(&path).json(&ask("refund"))).await;
    it.holds(after_sales, 400, mine(&path).json(&ask("gift"))).await;
    it.holds(after_sales, 404, mine("/api/miniprogram/orders/1/after-sales").json(&ask("refund"))).await;
    let asked = it.holds(after_sales, 200, mine(&path).json(&ask("refund"))).await;
    it.holds(after_sales, 409, mine(&path).json(&ask("refund"))).await;
    it.holds("get /api/miniprogram/orders/{id}/after-sales", 200, get(&path).bearer_auth(&bearer)).await;
    it.holds("get /api/miniprogram/orders/{id}/after-sales", 401, get(&path)).await;
    let of_it = format!("/api/miniprogram/after-sales/{}", asked["data"]["id"].as_str().unwrap());
    let parcel = "post /api/miniprogram/after-sales/{id}/parcel";
    let sent = || mine(&format!("{of_it}/parcel"));
    it.holds(parcel, 400, sent().json(&json!({}))).await;
    it.holds(parcel, 409, sent().json(&json!({ "carrier": "顺丰", "tracking_no": "SF1" }))).await;
    let pictures = "post /api/miniprogram/after-sales/{id}/pictures";
    let upload = |path: &str, file: &[u8]| {
        let body = multipart::body(&[], &[("picture", "a", file)]);
        mine(&format!("{path}/pictures")).header("content-type", MULTIPART).body(body)
    };
    it.holds(pictures, 400, upload(&of_it, b"PK")).await;
    it.holds(pictures, 404, upload("/api/miniprogram/after-sales/1S1", crate::after_sales::PNG)).await;
    it.holds(pictures, 200, upload(&of_it, crate::after_sales::PNG)).await;
    let picture = "get /api/miniprogram/after-sales/{id}/pictures/{number}";
    let read = |number: u8| get(&format!("{of_it}/pictures/{number}"));
    it.holds(picture, 401, read(1)).await;
    it.holds(picture, 404, read(2).bearer_auth(&bearer)).await;
    it.holds(picture, 200, read(1).bearer_auth(&bearer)).await;
    let withdraw = "post /api/miniprogram/after-sales/{id}/withdraw";
    it.holds(withdraw, 404, mine("/api/miniprogram/after-sales/1S1/withdraw")).await;
    it.holds(withdraw, 200, mine(&format!("{of_it}/withdraw"))).await;
    let back = json!({ "kind": "return", "reason": "不合适" });
    let asked = it.holds(after_sales, 200, mine(&path).json(&back)).await;
    let id: model::AfterSaleId = asked["data"]["id"].as_str().unwrap().parse().unwrap();
    app.shop.after_sales().agree(&crate::deliveries::owner(), &id, "示例路 1 号").await.unwrap();
    let sent = mine(&format!("/api/miniprogram/after-sales/{id}/parcel"));
    it.holds(parcel, 200, sent.json(&json!({ "carrier": "顺丰", "tracking_no": "SF1" }))).await;
    // a request is open
    let erase = app.http.delete(url("/api/miniprogram/personal-data")).bearer_auth(&bearer);
    it.holds("delete /api/miniprogram/personal-data", 409, erase).await;
    app.shop.after_sales().decline(&crate::deliveries::owner(), &id, "商品已使用").await.unwrap();

    let path = "/api/miniprogram/personal-data";
    it.holds("get /api/miniprogram/personal-data", 401, get(path)).await;
    let data = it.holds("get /api/miniprogram/personal-data", 200, get(path).bearer_auth(&bearer)).await;
    assert_eq!(data["data"]["orders"][0]["number"], own);
    let erase = "delete /api/miniprogram/personal-data";
    let delete = || app.http.delete(url(path));
    it.holds(erase, 401, delete()).await;
    // WeChat knows the delivery
    app.shop.jobs().run_due().await.unwrap();
    it.holds(erase, 200, delete().bearer_auth(&bearer)).await;

    // merchant
    let see = "get /api/admin/orders/{id}";
    let path = format!("/api/admin/orders/{order}");
    let refunds = format!("{path}/refunds");
    it.holds(see, 401, get(&path)).await;
    it.holds(see, 404, get("/api/admin/orders/1").bearer_auth(ADMIN)).await;
    it.holds(see, 200, get(&path).bearer_auth(ADMIN)).await;
    let give_back = "post /api/admin/orders/{id}/refunds";
    let admin = || post(&refunds).bearer_auth(ADMIN);
    it.holds(give_back, 400, admin().json(&json!({}))).await;
    it.holds(give_back, 401, post(&refunds).json(&json!({ "reason": "x" }))).await;
    let nobody = post("/api/admin/orders/1/refunds").bearer_auth(ADMIN);
    it.holds(give_back, 404, nobody.json(&json!({ "reason": "x" }))).await;
    it.holds(give_back, 200, admin().json(&json!({ "reason": "试退", "refund_fee": 100 }))).await;
    it.holds(give_back, 409, admin().json(&json!({ "reason": "试退", "refund_fee": 1_000_000 }))).await;
    // with a refund on it
    it.holds(see, 200, get(&path).bearer_auth(ADMIN)).await;

    let missing: Vec<_> = it
        .operations()
        .into_iter()
        .map(|(path, method)| format!("{method} {path} well"))
        .filter(|operation| !it.answered.contains(operation))
        .collect();
    assert!(missing.is_empty(), "nothing was seen of {missing:?}");
    app.stop().await;
}
