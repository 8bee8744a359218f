use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wechat::wire::{
    Fields, jssdk,
    sign::{SignType, sign},
};

use crate::test_simulator::{TestSimulator, text};

const PAGE: &str = "<!doctype html><html><head><title>小店</title></head><body>x</body></html>";
const POLICY: &str = "default-src 'self'; script-src 'self' 'nonce-a'";

fn page(_: &str) -> Response {
    let mut response = Response::new(Body::from(PAGE));
    let headers = response.headers_mut();
    headers.append(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.append(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers
        .append(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, HeaderValue::from_static("script-src 'none'"));
    headers.append(header::SET_COOKIE, HeaderValue::from_static("a=1"));
    headers.append(header::SET_COOKIE, HeaderValue::from_static("b=2"));
    response
}

impl TestSimulator {
    /// Uses the IPv4 address, because `localhost` can resolve to IPv6 first.
    fn phone(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.phone_url().replace("localhost", "127.0.0.1"))
    }

    fn open(&self, path: &str) -> RequestBuilder {
        self.client.get(self.phone(path)).header("accept", "text/html")
    }

    /// A call of the bridge from a page on the phone.
    pub(crate) async fn bridge(&self, name: &str, args: Value) -> Value {
        self.bridge_at(&format!("{}/pay", self.simulator.phone_url()), name, args).await
    }

    pub(crate) async fn bridge_at(&self, url: &str, name: &str, args: Value) -> Value {
        let entry = format!("{}/entry", self.simulator.phone_url());
        let call = json!({ "name": name, "args": args, "document": "d1", "url": url, "entry_url": entry });
        self.client.post(self.phone("/_phone/bridge")).json(&call).send().await.unwrap().json().await.unwrap()
    }

    async fn tap_payment_sheet(&self, prepay_id: &str, outcome: &str) -> Value {
        let tap = json!({ "prepay_id": prepay_id, "outcome": outcome });
        self.client.post(self.phone("/_phone/pay")).json(&tap).send().await.unwrap().json().await.unwrap()
    }

    /// The payment parameters that the shop gives to `WeixinJSBridge.invoke`.
    pub(crate) fn payment(&self, prepay_id: &str) -> Value {
        self.payment_signed(prepay_id, &self.account("appid"), "HMAC-SHA256")
    }

    #[track_caller]
    fn payment_signed(&self, prepay_id: &str, appid: &str, sign_type: &str) -> Value {
        let package = format!("prepay_id={prepay_id}");
        let fields: Fields = [
            ("appId", appid),
            ("timeStamp", "1795000000"),
            ("nonceStr", "n"),
            ("package", package.as_str()),
            ("signType", sign_type),
        ]
        .into_iter()
        .collect();
        let sign = sign(&fields, &self.account("api_v2_key"), sign_type.parse::<SignType>().unwrap());
        let mut args: Value = fields.iter().map(|(name, value)| (name, Value::from(value))).collect();
        args["paySign"] = sign.into();
        args
    }

    pub(crate) async fn jsapi_ticket(&self) -> String {
        let request = json!({
            "grant_type": "client_credential",
            "appid": self.account("appid"),
            "secret": self.account("secret"),
        });
        let url = format!("{}/cgi-bin/stable_token", self.simulator.url());
        let token: Value = self.client.post(url).json(&request).send().await.unwrap().json().await.unwrap();
        let token = text(&token["access_token"]);
        text(
            &self.json(&format!("/cgi-bin/ticket/getticket?access_token={token}&type=jsapi")).await["ticket"],
        )
    }

    /// The `wx.config` call of the SDK, signed for this URL.
    pub(crate) fn config(&self, ticket: &str, url: &str, apis: &[&str]) -> Value {
        json!({
            "appId": self.account("appid"),
            "verifyAppId": self.account("appid"),
            "verifySignType": "sha1",
            "verifyTimestamp": "1795000000",
            "verifyNonceStr": "n",
            "verifySignature": jssdk::signature(ticket, "n", 1_795_000_000, url),
            "verifyJsApiList": apis,
        })
    }
}

#[tokio::test]
async fn a_page_gets_the_bridge_first_and_a_policy_that_allows_only_it() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(page);
    let answer = sim.open("/a?b=c").send().await.unwrap();
    let headers = answer.headers().clone();
    let length = headers["content-length"].to_str().unwrap().parse::<usize>().unwrap();
    let body = answer.text().await.unwrap();
    assert_eq!(body.len(), length);
    let (before, rest) = body.split_once("<script>").unwrap();
    let (script, after) = rest.split_once("</script>").unwrap();
    assert_eq!(format!("{before}{after}"), PAGE);
    assert!(before.ends_with("<head>"));
    let hash = BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()));
    assert_eq!(headers["content-security-policy"], format!("{POLICY} 'sha256-{hash}'"));
    let trial = headers["content-security-policy-report-only"].to_str().unwrap();
    assert_eq!(trial, format!("script-src 'sha256-{hash}'"));
    let cookies: Vec<_> = headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[tokio::test]
async fn the_shop_sees_the_user_agent_and_host_without_the_cookies_of_the_phone() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(page);
    let request = sim
        .open("/")
        .header("user-agent", "Mozilla/5.0 Firefox")
        .header("cookie", "phone_user=o; s=1; phone_mode=android")
        .header("host", "localhost:8901")
        .header("accept-encoding", "gzip, br")
        .header("if-none-match", "\"x\"");
    request.send().await.unwrap();
    let headers = sim.shop.received().remove(0).headers;
    let agent = headers["user-agent"].to_str().unwrap();
    assert!(agent.contains("MicroMessenger") && agent.contains("Android"), "{agent}");
    assert_eq!(headers["cookie"], "s=1");
    assert_eq!(headers["host"], "localhost:8901");
    assert_eq!(headers["accept-encoding"], "identity");
    assert!(!headers.contains_key("if-none-match"));
    assert!(!headers.keys().any(|name| name.as_str().starts_with("x-forwarded")));
}

#[tokio::test]
async fn other_files_pass_unchanged() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(page);
    let fetched =
        sim.client.get(sim.phone("/")).header("sec-fetch-dest", "empty").header("accept", "text/html");
    let fetched = fetched.header("if-none-match", "\"x\"").header("user-agent", "My MicroMessenger");
    let answer = fetched.send().await.unwrap();
    assert_eq!(answer.headers()["content-security-policy"], POLICY);
    assert_eq!(answer.text().await.unwrap(), PAGE);
    let headers = sim.shop.received().remove(0).headers;
    assert_eq!(
        (headers["user-agent"].to_str().unwrap(), headers["if-none-match"].to_str().unwrap()),
        ("My MicroMessenger", "\"x\"")
    );
    let form = sim.client.post(sim.phone("/orders")).form(&[("a", "中")]).send().await.unwrap();
    assert_eq!(form.status(), 200);
    assert_eq!(sim.shop.received()[1].body, "a=%E4%B8%AD");
}

#[tokio::test]
async fn an_unreachable_shop_gives_a_page_that_reloads() {
    let shop = url::Url::parse("http://127.0.0.1:9").unwrap();
    let simulator = simulator::Simulator::start(simulator::Config::on_free_ports(shop)).await.unwrap();
    let client = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().unwrap();
    let url = simulator.phone_url().replace("localhost", "127.0.0.1");
    let answer = client.get(url).header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), 502);
    assert!(answer.text().await.unwrap().contains("http-equiv=\"refresh\""));
}

#[tokio::test]
async fn a_browser_that_follows_the_redirect_is_a_logged_in_wechat_user() {
    let sim = TestSimulator::start().await;
    let second = text(&sim.json("/_simulator/users").await[1]["openid"]);
    let back = format!("{}/back", sim.simulator.phone_url()).replace(':', "%3A").replace('/', "%2F");
    let login = |state: &str| {
        format!(
            "{}/connect/oauth2/authorize?appid={}&redirect_uri={back}&response_type=code&scope=snsapi_base&state={state}",
            sim.simulator.url(),
            sim.account("appid")
        )
    };
    let (good, bare) = (format!("{}#wechat_redirect", login("good")), login("bare"));
    sim.shop.respond_with(move |path| {
        let location = if path == "/good" { &good } else { &bare };
        Response::builder().status(302).header("location", location).body(Body::empty()).unwrap()
    });
    let chosen = sim.open("/good").header("cookie", format!("phone_user={second}")).send().await.unwrap();
    assert!(chosen.headers()["location"].to_str().unwrap().ends_with("#wechat_redirect"));
    let answer = sim.client.get(login("good")).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let exchange = format!(
        "/sns/oauth2/access_token?appid={}&secret={}&code={code}&grant_type=authorization_code",
        sim.account("appid"),
        sim.account("secret")
    );
    assert_eq!(sim.json(&exchange).await["openid"], second);
    sim.open("/bare").send().await.unwrap();
    let page = sim.client.get(login("bare")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("#wechat_redirect"), "WeChat does not open the page without the fragment");
    let page = sim.client.get(login("never")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("请在微信客户端打开链接"));
}

#[tokio::test]
async fn a_cookie_selects_the_user_of_the_phone() {
    let sim = TestSimulator::start().await;
    let path = format!("/_phone/user?openid={}&mode=android&next=/a%3Fb", sim.openid);
    let answer = sim.open(&path).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/a?b"));
    assert_eq!(answer.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(sim.open("/_phone/user?openid=o-nobody").send().await.unwrap().status(), 400);
    let foreign = sim.open("/_phone/user?next=//evil.example").send().await.unwrap();
    assert_eq!(foreign.headers()["location"], "/");
}

#[tokio::test]
async fn a_valid_payment_shows_a_sheet_and_is_made() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_order("order1").await;
    let answer = sim.bridge("getBrandWCPayRequest", sim.payment(&prepay_id)).await;
    assert_eq!(answer["sheet"]["amount"], "19.90");
    assert_eq!(
        sim.tap_payment_sheet(&prepay_id, "cancel").await["reply"]["err_msg"],
        "get_brand_wcpay_request:cancel"
    );
    assert_eq!(
        sim.tap_payment_sheet(&prepay_id, "ok").await["reply"]["err_msg"],
        "get_brand_wcpay_request:ok"
    );
    assert_eq!(sim.query("order1").await.get("trade_state"), Some("SUCCESS"));
    let again = sim.bridge("getBrandWCPayRequest", sim.payment(&prepay_id)).await;
    assert_eq!(again["alert"], "该订单已支付");
}

#[tokio::test]
async fn an_invalid_payment_is_refused_with_the_text_of_wechat() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_order("order1").await;
    let good = sim.payment(&prepay_id);
    let without = |name: &str| {
        let mut args = good.clone();
        args.as_object_mut().unwrap().remove(name);
        args
    };
    let with = |name: &str, value: Value| {
        let mut args = good.clone();
        args[name] = value;
        args
    };
    for (args, message) in [
        (without("appId"), "调用支付JSAPI缺少参数: appId"),
        (with("timeStamp", json!(1_795_000_000)), "调用支付JSAPI缺少参数: timeStamp"),
        (with("package", json!("prepay_id=")), "调用支付JSAPI缺少参数: package"),
        (with("package", json!(prepay_id)), "调用支付JSAPI缺少参数: package"),
        (sim.payment("wx0"), "调用支付JSAPI缺少参数: total_fee"),
        (
            sim.payment_signed(&prepay_id, &sim.account("miniprogram_appid"), "HMAC-SHA256"),
            "调用支付JSAPI缺少参数: total_fee",
        ),
        (with("paySign", json!("0")), "支付验证签名失败"),
        (with("timeStamp", json!("1795000001")), "支付验证签名失败"),
        (with("signType", json!("SHA1")), "支付验证签名失败"),
        (sim.payment_signed(&prepay_id, &sim.account("appid"), "MD5"), "支付验证签名失败"),
    ] {
        let answer = sim.bridge("getBrandWCPayRequest", args).await;
        assert_eq!(answer["alert"], message);
        assert_eq!(answer["reply"]["err_msg"], "get_brand_wcpay_request:fail");
    }
    let elsewhere = sim.bridge_at("http://localhost:1/pay", "getBrandWCPayRequest", good.clone()).await;
    assert_eq!(elsewhere["alert"], "当前页面的URL未注册");
    sim.advance(7200).await;
    let expired = sim.bridge("getBrandWCPayRequest", good).await;
    assert_eq!(expired["alert"], "调用支付JSAPI缺少参数: total_fee");
    let fresh = sim.place_order("order1").await;
    assert!(sim.bridge("getBrandWCPayRequest", sim.payment(&fresh)).await["sheet"].is_object());
}

#[tokio::test]
async fn the_order_of_another_user_cannot_be_paid() {
    let sim = TestSimulator::start().await;
    let second = text(&sim.json("/_simulator/users").await[1]["openid"]);
    let order = sim.order("order1").with("openid", second.as_str());
    let reply = sim.call("/pay/unifiedorder", order).await;
    let prepay_id = reply.get("prepay_id").unwrap();
    let answer = sim.bridge("getBrandWCPayRequest", sim.payment(prepay_id)).await;
    assert_eq!(answer["alert"], "下单账号与支付账号不一致");
    assert_eq!(sim.tap_payment_sheet(prepay_id, "ok").await["alert"], "下单账号与支付账号不一致");
}

#[tokio::test]
async fn a_closed_order_cannot_be_paid() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_order("order1").await;
    let close = sim.signed_as("MD5").with("out_trade_no", "order1");
    sim.call("/pay/closeorder", close).await;
    let answer = sim.bridge("getBrandWCPayRequest", sim.payment(&prepay_id)).await;
    assert_eq!(answer["alert"], "该订单已失效");
    assert_eq!(sim.tap_payment_sheet(&prepay_id, "ok").await["alert"], "该订单已失效");
}

#[tokio::test]
async fn the_callback_can_be_lost_although_the_payment_succeeds() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_order("order1").await;
    let fault = json!({ "endpoint": "getBrandWCPayRequest", "kind": "callback_never", "times": 1 });
    sim.control("faults", fault).await;
    let answer = sim.bridge("getBrandWCPayRequest", sim.payment(&prepay_id)).await;
    assert!(answer["never"] == true && answer["sheet"].is_object());
}

#[tokio::test]
async fn a_configuration_is_checked_against_the_page_and_a_valid_ticket() {
    let sim = TestSimulator::start().await;
    let ticket = sim.jsapi_ticket().await;
    let phone = sim.simulator.phone_url().to_owned();
    let (entry, current) = (format!("{phone}/entry"), format!("{phone}/pay"));
    let apis = ["updateAppMessageShareData", "getBrandWCPayRequest"];
    // an iPhone checks the signature with the URL of the first page
    let config = async |url: &str, signed: &str, apis: &[&str]| {
        let answer = sim.bridge_at(url, "preVerifyJSAPI", sim.config(&ticket, signed, apis)).await;
        text(&answer["reply"]["err_msg"])
    };
    assert_eq!(config(&current, &entry, &apis).await, "preVerifyJSAPI:ok");
    assert_eq!(config(&current, &current, &apis).await, "preVerifyJSAPI:invalid signature");
    assert_eq!(config("http://localhost:1/", &entry, &apis).await, "preVerifyJSAPI:invalid url domain");
    let only = ["getBrandWCPayRequest"];
    assert_eq!(config(&current, &current, &only).await, "preVerifyJSAPI:invalid signature");
    sim.control("account", json!({ "lenient_choose_wxpay": true })).await;
    assert_eq!(config(&current, &current, &only).await, "preVerifyJSAPI:ok");
    sim.advance(7200).await;
    assert_eq!(config(&current, &entry, &apis).await, "preVerifyJSAPI:invalid signature");
}

#[tokio::test]
async fn the_sdk_can_call_only_the_apis_of_its_configuration() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_order("order1").await;
    let mut payment = sim.payment(&prepay_id);
    payment["verifySignType"] = "sha1".into();
    let share = json!({ "title": "t", "verifySignType": "sha1" });
    let before = sim.bridge("getBrandWCPayRequest", payment.clone()).await;
    assert_eq!(
        before["reply"]["err_msg"],
        "get_brand_wcpay_request:fail, the permission value is offline verifying"
    );
    let entry = format!("{}/entry", sim.simulator.phone_url());
    let ticket = sim.jsapi_ticket().await;
    let config = sim.config(&ticket, &entry, &["updateAppMessageShareData"]);
    sim.bridge("preVerifyJSAPI", config).await;
    let shared = sim.bridge("updateAppMessageShareData", share.clone()).await;
    assert_eq!(shared["reply"]["err_msg"], "updateAppMessageShareData:ok");
    assert_eq!(sim.ledger().await["shares"][0]["data"], json!({ "title": "t" }));
    let other = sim.bridge("updateTimelineShareData", share).await;
    assert_eq!(other["reply"]["err_msg"], "updateTimelineShareData:permission denied");
    assert!(sim.bridge("getBrandWCPayRequest", payment).await["sheet"].is_null());
    let unknown = sim.bridge("flyToTheMoon", json!({})).await;
    assert_eq!(unknown["reply"]["err_msg"], "flyToTheMoon:function_not_exist");
}

impl TestSimulator {
    /// A call of the bridge from a page in the mini program's web-view.
    async fn web_view(&self, name: &str, args: Value) -> Value {
        let url = format!("{}/pay", self.simulator.phone_url());
        let call = json!({ "name": name, "args": args, "document": "d1", "url": url, "entry_url": url });
        let request =
            self.client.post(self.phone("/_phone/bridge")).header("cookie", "phone_mode=miniprogram");
        request.json(&call).send().await.unwrap().json().await.unwrap()
    }

    async fn mini_program_openid(&self) -> String {
        text(&self.json("/_simulator/users").await[0]["miniprogram_openid"])
    }

    async fn place_mini_program_order(&self, out_trade_no: &str) -> String {
        let order = self.order(out_trade_no).with("appid", self.account("miniprogram_appid"));
        let order = order.with("openid", self.mini_program_openid().await);
        self.call("/pay/unifiedorder", order).await.get("prepay_id").unwrap().to_owned()
    }

    async fn mini_program_page(&self, url: &str) -> String {
        let query: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        self.open(&format!("/_phone/miniprogram?url={query}")).send().await.unwrap().text().await.unwrap()
    }

    async fn tap_mini_program_page(&self, prepay_id: &str, outcome: &str) -> String {
        let tap = json!({ "prepay_id": prepay_id, "outcome": outcome, "page": "/pages/pay" });
        let url = self.phone("/_phone/miniprogram/pay");
        let answer = self.client.post(url).json(&tap).send().await.unwrap();
        text(&answer.json::<Value>().await.unwrap()["errMsg"])
    }
}

#[tokio::test]
async fn a_web_view_is_recognizable_and_cannot_pay() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(page);
    let chosen = sim.open("/_phone/user?mode=miniprogram").send().await.unwrap();
    assert!(chosen.headers()["set-cookie"].to_str().unwrap().starts_with("phone_mode=miniprogram"));
    let shown = sim.open("/").header("cookie", "phone_mode=miniprogram").send().await.unwrap();
    let shown = shown.text().await.unwrap();
    assert!(shown.contains("__wxjs_environment") && shown.contains("miniProgram/wx8b3f6a1d0c9e2745"));
    let agent = sim.shop.received().remove(0).headers["user-agent"].to_str().unwrap().to_owned();
    assert!(agent.contains("MicroMessenger") && agent.contains("miniProgram/wx"), "{agent}");
    let prepay_id = sim.place_order("order1").await;
    let answer = sim.web_view("getBrandWCPayRequest", sim.payment(&prepay_id)).await;
    assert_eq!(answer["reply"]["err_msg"], "system:access_denied");
    assert!(answer["sheet"].is_null());
    let env = sim.web_view("invokeMiniProgramAPI", json!({ "name": "getEnv", "arg": {} })).await;
    assert_eq!(env["reply"]["miniprogram"], true);
    let outside = sim.bridge("invokeMiniProgramAPI", json!({ "name": "getEnv", "arg": {} })).await;
    assert_eq!(outside["reply"]["err_msg"], "invokeMiniProgramAPI:function_not_exist");
}

#[tokio::test]
async fn calls_of_a_web_view_to_its_mini_program_are_done_and_recorded() {
    let sim = TestSimulator::start().await;
    let invoke = async |name: &str, arg: Value| {
        sim.web_view("invokeMiniProgramAPI", json!({ "name": name, "arg": arg })).await
    };
    let to = invoke("navigateTo", json!({ "url": "/pages/pay?a=1&b=2" })).await;
    assert_eq!(to["leave"]["page"], "/_phone/miniprogram?url=%2Fpages%2Fpay%3Fa%3D1%26b%3D2");
    assert_eq!(to["leave"]["replace"], false);
    assert_eq!(invoke("redirectTo", json!({ "url": "/pages/a" })).await["leave"]["replace"], true);
    assert_eq!(invoke("navigateBack", json!({ "delta": 2 })).await["leave"]["back"], 2);
    let message = invoke("postMessage", json!({ "data": { "paid": true } })).await;
    assert!(message["leave"].is_null() && message["reply"]["err_msg"] == "invokeMiniProgramAPI:ok");
    for (name, arg) in [("navigateTo", json!({})), ("fly", json!({ "url": "/a" }))] {
        assert_eq!(invoke(name, arg).await["reply"]["err_msg"], "invokeMiniProgramAPI:fail");
    }
    let calls = sim.ledger().await["miniprogram"].clone();
    let reported: Vec<_> = calls.as_array().unwrap().iter().map(|call| text(&call["api"])).collect();
    assert_eq!(reported, ["navigateTo", "redirectTo", "navigateBack", "postMessage", "navigateTo", "fly"]);
    assert_eq!(calls[3]["arg"]["data"]["paid"], true);
    assert_eq!(calls[0]["openid"], sim.openid);
}

#[tokio::test]
async fn the_mini_program_page_shows_its_path_and_pays_with_its_own_signature() {
    let sim = TestSimulator::start().await;
    let plain = sim.mini_program_page("/pages/<b>?x=1").await;
    assert!(plain.contains("/pages/&lt;b&gt;?x=1") && !plain.contains("id=\"wechat-pay-sheet\""));
    let prepay_id = sim.place_mini_program_order("order1").await;
    let address = |payment: &Value| {
        let mut query = url::form_urlencoded::Serializer::new("/pages/pay?".to_owned());
        for name in ["timeStamp", "nonceStr", "package", "signType", "paySign"] {
            query.append_pair(name, payment[name].as_str().unwrap());
        }
        query.finish().replace("?&", "?")
    };
    let own = sim.account("miniprogram_appid");
    let right = address(&sim.payment_signed(&prepay_id, &own, "HMAC-SHA256"));
    let page = sim.mini_program_page(&right).await;
    assert!(page.contains("¥19.90") && page.contains("wechat-pay-confirm"), "{page}");
    let wrong = address(&sim.payment(&prepay_id));
    assert!(
        sim.mini_program_page(&wrong).await.contains("支付验证签名失败"),
        "the signature is for the service account"
    );
    assert_eq!(sim.tap_mini_program_page(&prepay_id, "cancel").await, "requestPayment:fail cancel");
    assert_eq!(sim.tap_mini_program_page(&prepay_id, "ok").await, "requestPayment:ok");
    assert_eq!(sim.ledger().await["orders"][0]["trade_state"], "SUCCESS");
    assert_eq!(sim.tap_mini_program_page(&prepay_id, "ok").await, "requestPayment:fail 该订单已支付");
    let calls = sim.ledger().await["miniprogram"].clone();
    assert_eq!(
        (&calls[2]["api"], &calls[2]["result"]),
        (&json!("requestPayment"), &json!("requestPayment:ok"))
    );
    sim.place_mini_program_order("order2").await;
    assert!(sim.mini_program_page("/pages/pay?out_trade_no=order2").await.contains("wechat-pay-confirm"));
    sim.place_order("order3").await;
    assert!(sim.mini_program_page("/pages/pay?out_trade_no=order3").await.contains("订单不存在"));
}
