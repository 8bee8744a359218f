use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat::wire::aes::decrypt_cbc;

use crate::test_simulator::{TestSimulator, text};

impl TestSimulator {
    async fn session(&self, code: &str) -> Value {
        let (appid, secret) = (self.account("miniprogram_appid"), self.account("miniprogram_secret"));
        let query = format!("appid={appid}&secret={secret}&js_code={code}&grant_type=authorization_code");
        self.json(&format!("/sns/jscode2session?{query}")).await
    }

    async fn mini_program_code(&self) -> String {
        text(&self.control("miniprogram", json!({})).await["code"])
    }
}

#[tokio::test]
async fn a_mini_program_code_is_valid_for_one_session() {
    let sim = TestSimulator::start().await;
    let code = sim.mini_program_code().await;
    let session = sim.session(&code).await;
    let users = sim.json("/_simulator/users").await;
    assert_eq!(session["openid"], users[0]["miniprogram_openid"]);
    assert_eq!(session["unionid"], users[0]["unionid"]);
    assert_eq!(text(&session["session_key"]).len(), 24);
    assert_eq!(sim.session(&code).await["errcode"], 40163);
    assert_eq!(sim.session("nothing").await["errcode"], 40029);
    let late = sim.mini_program_code().await;
    sim.advance(300).await;
    assert_eq!(sim.session(&late).await["errcode"], 40029);
}

#[tokio::test]
async fn each_mistake_in_a_mini_program_login_has_its_code() {
    let sim = TestSimulator::start().await;
    let (appid, secret) = (sim.account("miniprogram_appid"), sim.account("miniprogram_secret"));
    let service = sim.account("appid");
    for (query, code) in [
        (format!("secret={secret}&js_code=a&grant_type=authorization_code"), 41002),
        (format!("appid={appid}&js_code=a&grant_type=authorization_code"), 41004),
        (format!("appid={appid}&secret={secret}&grant_type=authorization_code"), 41008),
        (format!("appid={appid}&secret={secret}&js_code=a"), 40002),
        (format!("appid={service}&secret={secret}&js_code=a&grant_type=authorization_code"), 40013),
        (format!("appid={appid}&secret=wrong&js_code=a&grant_type=authorization_code"), 40125),
    ] {
        assert_eq!(sim.json(&format!("/sns/jscode2session?{query}")).await["errcode"], code, "{query}");
    }
    assert_eq!(sim.try_control("miniprogram", json!({ "openid": "o-nobody" })).await.0, 404);
}

impl TestSimulator {
    async fn mini_program_token(&self) -> String {
        let (appid, secret) = (self.account("miniprogram_appid"), self.account("miniprogram_secret"));
        let query = format!("grant_type=client_credential&appid={appid}&secret={secret}");
        text(&self.json(&format!("/cgi-bin/token?{query}")).await["access_token"])
    }

    async fn phone_number(&self, token: &str, body: Value) -> Value {
        let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
        let url = format!("{}{path}", self.simulator.url());
        self.client.post(url).json(&body).send().await.unwrap().json().await.unwrap()
    }
}

#[track_caller]
fn decrypted_data(session_key: &str, given: &Value) -> Value {
    let bytes = |text: &str| STANDARD.decode(text).unwrap();
    let (key, iv) = (bytes(session_key), bytes(given["iv"].as_str().unwrap()));
    let encrypted = bytes(given["encryptedData"].as_str().unwrap());
    let (key, iv) = (key.as_slice().try_into().unwrap(), iv.as_slice().try_into().unwrap());
    serde_json::from_slice(&decrypt_cbc(key, iv, &encrypted).unwrap()).unwrap()
}

#[tokio::test]
async fn encrypted_data_is_decrypted_with_the_session_key_of_its_login() {
    let sim = TestSimulator::start().await;
    let first = sim.control("miniprogram", json!({})).await;
    let second = sim.control("miniprogram", json!({})).await;
    let session = sim.session(&text(&first["code"])).await;
    let key = text(&session["session_key"]);
    assert_ne!(
        sim.session(&text(&second["code"])).await["session_key"],
        key,
        "each login has a new session key"
    );
    let raw = text(&first["rawData"]);
    assert_eq!(first["signature"], hex::encode(Sha1::digest(format!("{raw}{key}"))));
    let raw: Value = serde_json::from_str(&raw).unwrap();
    let info = decrypted_data(&key, &first);
    assert_eq!((&raw["nickName"], &info["nickName"]), (&json!("小明"), &json!("小明")));
    assert_eq!((&info["openId"], &info["unionId"]), (&session["openid"], &session["unionid"]));
    assert_eq!(info["watermark"]["appid"], sim.account["miniprogram_appid"]);
    assert!(raw["openId"].is_null(), "the part that is not encrypted contains no OpenID");
    let users = sim.json("/_simulator/users").await;
    assert_eq!(decrypted_data(&key, &first["phone"])["purePhoneNumber"], users[0]["phone"]);
}

#[tokio::test]
async fn the_mini_program_token_needs_no_ip_whitelist_and_is_separate() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "ip_whitelist": ["10.0.0.1"] })).await;
    let token = sim.mini_program_token().await;
    let ticket = format!("/cgi-bin/ticket/getticket?access_token={token}&type=jsapi");
    assert_eq!(sim.json(&ticket).await["errcode"], 48001);
    let url = format!("{}/cgi-bin/stable_token", sim.simulator.url());
    let token_request = |secret: &str| {
        json!({
            "grant_type": "client_credential",
            "appid": sim.account("miniprogram_appid"),
            "secret": sim.account(secret),
        })
    };
    let stable = async |secret: &str| {
        sim.client
            .post(&url)
            .json(&token_request(secret))
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    };
    assert_eq!(stable("miniprogram_secret").await["expires_in"], 7200);
    assert_eq!(stable("secret").await["errcode"], 40125);
}

#[tokio::test]
async fn a_code_returns_the_phone_number_once() {
    let sim = TestSimulator::start().await;
    let token = sim.mini_program_token().await;
    let code = async || text(&sim.control("miniprogram", json!({})).await["phone"]["code"]);
    let first = code().await;
    let response = sim.phone_number(&token, json!({ "code": first })).await;
    let users = sim.json("/_simulator/users").await;
    assert_eq!(
        (&response["errcode"], &response["phone_info"]["phoneNumber"]),
        (&json!(0), &users[0]["phone"])
    );
    assert_eq!(response["phone_info"]["countryCode"], "86");
    assert_eq!(sim.phone_number(&token, json!({ "code": first })).await["errcode"], 40029);
    let other = json!({ "code": code().await, "openid": "o-other" });
    assert_eq!(sim.phone_number(&token, other).await["errcode"], 40003);
    let late = code().await;
    sim.advance(300).await;
    assert_eq!(sim.phone_number(&token, json!({ "code": late })).await["errcode"], 40029);
    assert_eq!(sim.phone_number("short", json!({ "code": late })).await["errcode"], 40014);
    let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
    assert_eq!(sim.json(&path).await["errcode"], 43002);
}

#[tokio::test]
async fn a_hundred_logins_of_a_user_in_a_minute_are_refused() {
    let sim = TestSimulator::start().await;
    for _ in 0..100 {
        let code = sim.mini_program_code().await;
        assert!(sim.session(&code).await["openid"].is_string());
    }
    let code = sim.mini_program_code().await;
    assert_eq!(sim.session(&code).await["errcode"], 45011);
    sim.advance(60).await;
    assert!(sim.session(&code).await["openid"].is_string());
}

#[tokio::test]
async fn a_code_is_a_picture_and_a_mistake_has_its_code() {
    let sim = TestSimulator::start().await;
    let token = sim.mini_program_token().await;
    let ask = async |call: &str, body: Value| {
        let url = format!(
            "{}/wxa/{call}?access_token={token}",
            sim.simulator.url().to_string().trim_end_matches('/')
        );
        sim.client.post(url).json(&body).send().await.unwrap().bytes().await.unwrap()
    };
    let code = ask("getwxacodeunlimit", json!({ "scene": "mug-celadon", "page": "pages/web/web" })).await;
    assert!(code.starts_with(b"\x89PNG"));
    for (call, body, expected) in [
        ("getwxacodeunlimit", json!({}), 40129),
        ("getwxacodeunlimit", json!({ "scene": "50%" }), 40129),
        ("getwxacodeunlimit", json!({ "scene": "a".repeat(33) }), 40129),
        ("getwxacodeunlimit", json!({ "scene": "a", "page": "/pages/web/web" }), 41030),
        ("getwxacodeunlimit", json!({ "scene": "a", "env_version": "old" }), 40097),
        ("generate_urllink", json!({ "path": "pages/web/web?a=1" }), 40165),
        ("generate_urllink", json!({ "query": "a".repeat(1025) }), 40212),
        ("generate_urllink", json!({ "expire_type": 1, "expire_interval": 31 }), 85401),
        ("generate_urllink", json!({ "expire_type": 0, "expire_time": 1 }), 85401),
        ("generate_urllink", json!({ "env_version": "old" }), 85402),
    ] {
        let answer: Value = serde_json::from_slice(&ask(call, body.clone()).await).unwrap();
        assert_eq!(answer["errcode"], expected, "{call} {body}");
    }
    let link =
        json!({ "path": "pages/web/web", "query": "scene=a", "expire_type": 1, "expire_interval": 30 });
    let answer: Value = serde_json::from_slice(&ask("generate_urllink", link).await).unwrap();
    assert!(text(&answer["url_link"]).starts_with("https://wxaurl.cn/"));
}
