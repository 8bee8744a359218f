use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, WECHAT, text};

impl TestSimulator {
    fn authorize(&self, redirect: &str, scope: &str) -> String {
        let redirect: String = url::form_urlencoded::byte_serialize(redirect.as_bytes()).collect();
        format!(
            "{}/connect/oauth2/authorize?appid={}&redirect_uri={redirect}&response_type=code&scope={scope}&state=a1",
            self.simulator.url(),
            self.account("appid")
        )
    }

    fn back(&self) -> String {
        format!("{}/back?x=1#top", self.simulator.phone_url())
    }

    async fn visit(&self, url: &str, agent: &str) -> reqwest::Response {
        self.client.get(url).header("user-agent", agent).send().await.unwrap()
    }

    async fn code(&self) -> String {
        let answer = self.visit(&self.authorize(&self.back(), "snsapi_base"), WECHAT).await;
        code_of(&location(&answer)).unwrap()
    }

    async fn exchange(&self, code: &str) -> Value {
        let (appid, secret) = (self.account("appid"), self.account("secret"));
        self.json(&format!(
            "/sns/oauth2/access_token?appid={appid}&secret={secret}&code={code}&grant_type=authorization_code"
        ))
        .await
    }
}

#[track_caller]
fn location(answer: &reqwest::Response) -> String {
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[track_caller]
fn code_of(location: &str) -> Option<String> {
    let url = url::Url::parse(location).unwrap();
    url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned())
}

#[tokio::test]
async fn a_silent_login_keeps_query_and_fragment_and_returns_the_openid_once() {
    let sim = TestSimulator::start().await;
    let answer = sim.visit(&sim.authorize(&sim.back(), "snsapi_base"), WECHAT).await;
    let location = location(&answer);
    assert!(location.starts_with(&format!("{}/back?x=1&code=", sim.simulator.phone_url())), "{location}");
    assert!(location.ends_with("&state=a1#top"), "{location}");
    let code = code_of(&location).unwrap();
    let token = sim.exchange(&code).await;
    assert_eq!(token["openid"], sim.openid);
    assert!(token.get("errcode").is_none() && token.get("unionid").is_none());
    assert_eq!(sim.exchange(&code).await["errcode"], 40163);
}

#[tokio::test]
async fn a_code_is_valid_for_five_minutes() {
    let sim = TestSimulator::start().await;
    let (first, second) = (sim.code().await, sim.code().await);
    sim.advance(299).await;
    assert_eq!(sim.exchange(&first).await["openid"], sim.openid);
    sim.advance(1).await;
    assert_eq!(sim.exchange(&second).await["errcode"], 40029);
    assert_eq!(sim.exchange("never").await["errcode"], 40029);
}

#[tokio::test]
async fn errors_of_the_exchange_have_the_documented_codes_and_a_request_id() {
    let sim = TestSimulator::start().await;
    let (appid, secret) = (sim.account("appid"), sim.account("secret"));
    let grant = "grant_type=authorization_code";
    for (query, code) in [
        (format!("secret={secret}&code=a&{grant}"), 41002),
        (format!("appid={appid}&code=a&{grant}"), 41004),
        (format!("appid={appid}&secret={secret}&{grant}"), 41008),
        (format!("appid={appid}&secret={secret}&code=a"), 40002),
        (format!("appid=wx0&secret={secret}&code=a&{grant}"), 40013),
        (format!("appid={appid}&secret=0&code=a&{grant}"), 40125),
    ] {
        let answer = sim.json(&format!("/sns/oauth2/access_token?{query}")).await;
        assert_eq!(answer["errcode"], code, "{query}");
        assert!(text(&answer["errmsg"]).contains(" rid: "), "{answer}");
    }
}

#[tokio::test]
async fn other_browsers_are_refused_unless_the_check_is_off() {
    let sim = TestSimulator::start().await;
    let url = sim.authorize(&sim.back(), "snsapi_base");
    let page = sim.visit(&url, "Mozilla/5.0 Firefox").await.text().await.unwrap();
    assert!(page.contains("请在微信客户端打开链接"));
    sim.control("account", json!({ "wechat_only": false })).await;
    assert_eq!(sim.visit(&url, "Mozilla/5.0 Firefox").await.status(), 302);
}

#[tokio::test]
async fn an_unregistered_domain_gets_error_page_10003() {
    let sim = TestSimulator::start().await;
    let port = url::Url::parse(sim.simulator.phone_url()).unwrap().port().unwrap();
    for foreign in [
        "http://localhost/back".to_owned(),
        format!("http://localhost:{}/back", port.wrapping_add(1)),
        format!("http://a.localhost:{port}/back"),
    ] {
        let page = sim.visit(&sim.authorize(&foreign, "snsapi_base"), WECHAT).await;
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains("错误码:10003"), "{foreign}");
    }
    sim.control("account", json!({ "oauth_domain": "" })).await;
    let page = sim.visit(&sim.authorize(&sim.back(), "snsapi_base"), WECHAT).await;
    assert!(page.text().await.unwrap().contains("10003"));
}

#[tokio::test]
async fn names_and_pictures_need_consent() {
    let sim = TestSimulator::start().await;
    let page = sim.visit(&sim.authorize(&sim.back(), "snsapi_userinfo"), WECHAT).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let consent = format!("{}/connect/oauth2/consent", sim.simulator.url());
    let form = [("ticket", ticket), ("answer", "allow")];
    let answer = sim.client.post(&consent).form(&form).send().await.unwrap();
    let token = sim.exchange(&code_of(&location(&answer)).unwrap()).await;
    assert!(token["unionid"].is_string());
    let info = format!("/sns/userinfo?access_token={}&openid={}", text(&token["access_token"]), sim.openid);
    assert_eq!(sim.json(&info).await["nickname"], "小明");
    let again = sim.client.post(&consent).form(&form).send().await.unwrap();
    assert_eq!(again.status(), 200, "the consent page is valid once");
}

#[tokio::test]
async fn a_silent_login_cannot_read_the_name() {
    let sim = TestSimulator::start().await;
    let code = sim.code().await;
    let token = text(&sim.exchange(&code).await["access_token"]);
    let of = |openid: &str| format!("access_token={token}&openid={openid}");
    assert_eq!(sim.json(&format!("/sns/userinfo?{}", of(&sim.openid))).await["errcode"], 48001);
    assert_eq!(sim.json(&format!("/sns/auth?{}", of(&sim.openid))).await["errcode"], 0);
    assert_eq!(sim.json(&format!("/sns/auth?{}", of("o-other"))).await["errcode"], 40003);
}

#[tokio::test]
async fn the_web_token_is_refreshed_while_its_refresh_token_is_valid() {
    let sim = TestSimulator::start().await;
    let code = sim.code().await;
    let first = sim.exchange(&code).await;
    let refresh = format!(
        "/sns/oauth2/refresh_token?appid={}&grant_type=refresh_token&refresh_token={}",
        sim.account("appid"),
        text(&first["refresh_token"])
    );
    assert_eq!(sim.json(&refresh).await["access_token"], first["access_token"]);
    sim.advance(7200).await;
    assert_ne!(sim.json(&refresh).await["access_token"], first["access_token"]);
    sim.advance(30 * 86400).await;
    assert_eq!(sim.json(&refresh).await["errcode"], 42002);
}

#[tokio::test]
async fn the_snapshot_page_gives_a_virtual_user() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "snapshot_page": true })).await;
    let answer = sim.visit(&sim.authorize(&sim.back(), "snsapi_userinfo"), WECHAT).await;
    let token = sim.exchange(&code_of(&location(&answer)).unwrap()).await;
    assert_eq!(token["is_snapshotuser"], 1);
    assert_ne!(token["openid"], sim.openid);
    let real = sim.json("/_simulator/users").await[0]["unionid"].clone();
    assert!(token["unionid"].is_string() && token["unionid"] != real, "the unionid is virtual too");
}

#[tokio::test]
async fn a_repeated_request_can_get_the_same_code() {
    let sim = TestSimulator::start().await;
    let first = sim.code().await;
    sim.control("faults", json!({ "endpoint": "authorize", "kind": "same_code", "times": 1 })).await;
    let second = sim.code().await;
    assert_eq!(first, second);
    assert_eq!(sim.exchange(&first).await["openid"], sim.openid);
    assert_eq!(sim.exchange(&second).await["errcode"], 40163);
    assert_ne!(sim.code().await, second);
    let elsewhere = json!({ "endpoint": "token", "kind": "same_code" });
    assert_eq!(sim.try_control("faults", elsewhere).await.0, 400);
}
