//! Website applications, and the unionids of open platform accounts.

use reqwest::Response;
use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

impl TestSimulator {
    fn qrconnect(&self, appid: &str, redirect: &str, scope: &str) -> String {
        let redirect: String = url::form_urlencoded::byte_serialize(redirect.as_bytes()).collect();
        format!(
            "/connect/qrconnect?appid={appid}&redirect_uri={redirect}&response_type=code&scope={scope}&state=a-1"
        )
    }

    /// Opens the page of the website application, and scans its code as this user. Returns where the browser goes then.
    async fn scanned(&self, openid: &str) -> String {
        let back = format!("{}/back?x=1", self.simulator.phone_url());
        let page = self.get(&self.qrconnect(&self.account("website_appid"), &back, "snsapi_login")).await;
        let page = page.text().await.unwrap();
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let url = format!("{}/connect/qrconnect", self.simulator.url());
        let form = [("ticket", ticket), ("user", openid)];
        let answer: Response = self.client.post(&url).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 302);
        let again = self.client.post(&url).form(&form).send().await.unwrap();
        assert_eq!(again.status(), 200, "the code is valid once");
        text(&answer.headers()["location"].to_str().unwrap().into())
    }

    /// The reply to the code of a login of this account.
    async fn exchanged(&self, account: &str, location: &str) -> Value {
        let url = url::Url::parse(location).unwrap();
        let code = url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let (appid, secret) = match account {
            "website" => (self.account("website_appid"), self.account("website_secret")),
            _ => (self.account("appid"), self.account("secret")),
        };
        let query = format!("appid={appid}&secret={secret}&code={code}&grant_type=authorization_code");
        self.json(&format!("/sns/oauth2/access_token?{query}")).await
    }
}

#[tokio::test]
async fn a_scan_at_a_desk_gives_another_openid_and_the_same_unionid() {
    let sim = TestSimulator::start().await;
    let location = sim.scanned(&sim.openid).await;
    assert!(location.contains("/back?x=1&code=") && location.ends_with("&state=a-1"), "{location}");
    let user = sim.json("/_simulator/users").await[0].clone();
    let token = sim.exchanged("website", &location).await;
    assert_eq!(token["openid"], user["openids"][sim.account("website_appid")]);
    assert!(token["openid"] != user["openid"] && token["openid"] != user["miniprogram_openid"]);
    assert_eq!((&token["unionid"], &token["scope"]), (&user["unionid"], &json!("snsapi_login")));
    let query = format!("access_token={}&openid={}", text(&token["access_token"]), text(&token["openid"]));
    let info = sim.json(&format!("/sns/userinfo?{query}")).await;
    assert_eq!((&info["nickname"], &info["unionid"]), (&user["nickname"], &user["unionid"]));
    let other = sim.scanned(&sim.openid).await;
    assert_eq!(sim.exchanged("service", &other).await["errcode"], 40029, "the code of another account");
}

#[tokio::test]
async fn a_user_who_refuses_comes_back_with_the_state_only() {
    let sim = TestSimulator::start().await;
    let location = sim.scanned("").await;
    assert!(location.ends_with("/back?x=1&state=a-1"), "{location}");
}

#[tokio::test]
async fn each_mistake_in_the_address_of_a_website_login_has_its_page() {
    let sim = TestSimulator::start().await;
    let (site, back) = (sim.account("website_appid"), format!("{}/back", sim.simulator.phone_url()));
    for (path, said) in [
        (sim.qrconnect(&sim.account("appid"), &back, "snsapi_login"), "AppID 参数错误"),
        (sim.qrconnect(&site, &back, "snsapi_userinfo"), "错误码:10005"),
        (sim.qrconnect(&site, "http://elsewhere.test/", "snsapi_login"), "错误码:10003"),
    ] {
        let page = sim.get(&path).await.text().await.unwrap();
        assert!(page.contains(said) && !page.contains("name=\"ticket\""), "{page}");
    }
}

#[tokio::test]
async fn an_account_tells_the_unionid_of_its_open_platform_account_only() {
    let sim = TestSimulator::start().await;
    let bind = async |account: &str, to: &str| {
        sim.control("open-platform", json!({ "appid": sim.account(account), "open_platform": to })).await;
    };
    let of_website = async || {
        let location = sim.scanned(&sim.openid).await;
        sim.exchanged("website", &location).await.get("unionid").map(text)
    };
    let of_program = async || {
        let code = text(&sim.control("miniprogram", json!({})).await["code"]);
        let (appid, secret) = (sim.account("miniprogram_appid"), sim.account("miniprogram_secret"));
        let query = format!("appid={appid}&secret={secret}&js_code={code}&grant_type=authorization_code");
        sim.json(&format!("/sns/jscode2session?{query}")).await.get("unionid").map(text)
    };
    let bound = of_website().await;
    assert!(bound.is_some() && bound == of_program().await);
    bind("website_appid", "").await;
    assert_eq!((of_website().await, of_program().await), (None, bound.clone()), "absent, not empty");
    bind("website_appid", "another owner").await;
    let other = of_website().await;
    assert!(other.is_some() && other != bound);
    bind("miniprogram_appid", "another owner").await;
    assert_eq!(of_program().await, other);
    let unknown = json!({ "appid": "wx0", "open_platform": "" });
    assert_eq!(sim.try_control("open-platform", unknown).await.0, 404);
}

#[tokio::test]
async fn a_user_can_have_an_empty_unionid() {
    let sim = TestSimulator::start().await;
    let user = sim.control("users", json!({ "nickname": "无名", "unionid": "" })).await;
    let location = sim.scanned(&text(&user["openid"])).await;
    assert_eq!(sim.exchanged("website", &location).await["unionid"], "");
}
