use serde_json::{Value, json};

use crate::world::{WECHAT, World, text};

impl World {
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

fn location(answer: &reqwest::Response) -> String {
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn code_of(location: &str) -> Option<String> {
    let url = url::Url::parse(location).unwrap();
    url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned())
}

#[tokio::test]
async fn a_silent_login_keeps_query_and_fragment_and_gives_the_openid_once() {
    let world = World::start().await;
    let answer = world.visit(&world.authorize(&world.back(), "snsapi_base"), WECHAT).await;
    let location = location(&answer);
    assert!(location.starts_with(&format!("{}/back?x=1&code=", world.simulator.phone_url())), "{location}");
    assert!(location.ends_with("&state=a1#top"), "{location}");
    let code = code_of(&location).unwrap();
    let token = world.exchange(&code).await;
    assert_eq!(token["openid"], world.openid);
    assert!(token.get("errcode").is_none() && token.get("unionid").is_none());
    assert_eq!(world.exchange(&code).await["errcode"], 40163);
}

#[tokio::test]
async fn a_code_lives_five_minutes() {
    let world = World::start().await;
    let (first, second) = (world.code().await, world.code().await);
    world.advance(299).await;
    assert_eq!(world.exchange(&first).await["openid"], world.openid);
    world.advance(1).await;
    assert_eq!(world.exchange(&second).await["errcode"], 40029);
    assert_eq!(world.exchange("never").await["errcode"], 40029);
}

#[tokio::test]
async fn errors_of_the_exchange_have_the_documented_codes_and_a_request_id() {
    let world = World::start().await;
    let (appid, secret) = (world.account("appid"), world.account("secret"));
    let grant = "grant_type=authorization_code";
    for (query, code) in [
        (format!("secret={secret}&code=a&{grant}"), 41002),
        (format!("appid={appid}&code=a&{grant}"), 41004),
        (format!("appid={appid}&secret={secret}&{grant}"), 41008),
        (format!("appid={appid}&secret={secret}&code=a"), 40002),
        (format!("appid=wx0&secret={secret}&code=a&{grant}"), 40013),
        (format!("appid={appid}&secret=0&code=a&{grant}"), 40125),
    ] {
        let answer = world.json(&format!("/sns/oauth2/access_token?{query}")).await;
        assert_eq!(answer["errcode"], code, "{query}");
        assert!(text(&answer["errmsg"]).contains(" rid: "), "{answer}");
    }
}

#[tokio::test]
async fn a_browser_that_is_not_wechat_is_sent_away_unless_the_switch_is_off() {
    let world = World::start().await;
    let url = world.authorize(&world.back(), "snsapi_base");
    let page = world.visit(&url, "Mozilla/5.0 Firefox").await.text().await.unwrap();
    assert!(page.contains("请在微信客户端打开链接"));
    world.control("account", json!({ "wechat_only": false })).await;
    assert_eq!(world.visit(&url, "Mozilla/5.0 Firefox").await.status(), 302);
}

#[tokio::test]
async fn a_domain_that_is_not_registered_ends_on_page_10003() {
    let world = World::start().await;
    let port = url::Url::parse(world.simulator.phone_url()).unwrap().port().unwrap();
    for foreign in [
        "http://localhost/back".to_owned(),
        format!("http://localhost:{}/back", port.wrapping_add(1)),
        format!("http://a.localhost:{port}/back"),
    ] {
        let page = world.visit(&world.authorize(&foreign, "snsapi_base"), WECHAT).await;
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains("错误码:10003"), "{foreign}");
    }
    world.control("account", json!({ "oauth_domain": "" })).await;
    let page = world.visit(&world.authorize(&world.back(), "snsapi_base"), WECHAT).await;
    assert!(page.text().await.unwrap().contains("10003"));
}

#[tokio::test]
async fn names_and_pictures_need_consent() {
    let world = World::start().await;
    let page = world.visit(&world.authorize(&world.back(), "snsapi_userinfo"), WECHAT).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let consent = format!("{}/connect/oauth2/consent", world.simulator.url());
    let form = [("ticket", ticket), ("answer", "allow")];
    let answer = world.client.post(&consent).form(&form).send().await.unwrap();
    let token = world.exchange(&code_of(&location(&answer)).unwrap()).await;
    assert!(token["unionid"].is_string());
    let info = format!("/sns/userinfo?access_token={}&openid={}", text(&token["access_token"]), world.openid);
    assert_eq!(world.json(&info).await["nickname"], "小明");
    let again = world.client.post(&consent).form(&form).send().await.unwrap();
    assert_eq!(again.status(), 200, "a question is answered once");
}

#[tokio::test]
async fn a_silent_login_may_not_ask_for_the_name() {
    let world = World::start().await;
    let code = world.code().await;
    let token = text(&world.exchange(&code).await["access_token"]);
    let of = |openid: &str| format!("access_token={token}&openid={openid}");
    assert_eq!(world.json(&format!("/sns/userinfo?{}", of(&world.openid))).await["errcode"], 48001);
    assert_eq!(world.json(&format!("/sns/auth?{}", of(&world.openid))).await["errcode"], 0);
    assert_eq!(world.json(&format!("/sns/auth?{}", of("o-other"))).await["errcode"], 40003);
}

#[tokio::test]
async fn the_web_token_is_refreshed_while_its_refresh_token_lives() {
    let world = World::start().await;
    let code = world.code().await;
    let first = world.exchange(&code).await;
    let refresh = format!(
        "/sns/oauth2/refresh_token?appid={}&grant_type=refresh_token&refresh_token={}",
        world.account("appid"),
        text(&first["refresh_token"])
    );
    assert_eq!(world.json(&refresh).await["access_token"], first["access_token"]);
    world.advance(7200).await;
    assert_ne!(world.json(&refresh).await["access_token"], first["access_token"]);
    world.advance(30 * 86400).await;
    assert_eq!(world.json(&refresh).await["errcode"], 42002);
}

#[tokio::test]
async fn the_snapshot_page_gives_a_virtual_user() {
    let world = World::start().await;
    world.control("account", json!({ "snapshot_page": true })).await;
    let answer = world.visit(&world.authorize(&world.back(), "snsapi_userinfo"), WECHAT).await;
    let token = world.exchange(&code_of(&location(&answer)).unwrap()).await;
    assert_eq!(token["is_snapshotuser"], 1);
    assert_ne!(token["openid"], world.openid);
}

#[tokio::test]
async fn a_client_that_asks_twice_may_be_given_the_same_code_twice() {
    let world = World::start().await;
    let first = world.code().await;
    world.control("faults", json!({ "endpoint": "authorize", "kind": "same_code", "times": 1 })).await;
    let second = world.code().await;
    assert_eq!(first, second);
    assert_eq!(world.exchange(&first).await["openid"], world.openid);
    assert_eq!(world.exchange(&second).await["errcode"], 40163);
    assert_ne!(world.code().await, second);
    let elsewhere = json!({ "endpoint": "token", "kind": "same_code" });
    assert_eq!(world.try_control("faults", elsewhere).await.0, 400);
}
