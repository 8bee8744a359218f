use serde_json::{Value, json};

use crate::world::{World, text};

impl World {
    async fn session(&self, code: &str) -> Value {
        let (appid, secret) = (self.account("miniprogram_appid"), self.account("miniprogram_secret"));
        let query = format!("appid={appid}&secret={secret}&js_code={code}&grant_type=authorization_code");
        self.json(&format!("/sns/jscode2session?{query}")).await
    }

    async fn program_code(&self) -> String {
        text(&self.control("miniprogram", json!({})).await["code"])
    }
}

#[tokio::test]
async fn a_mini_programs_code_is_good_for_one_session() {
    let world = World::start().await;
    let code = world.program_code().await;
    let session = world.session(&code).await;
    let users = world.json("/_simulator/users").await;
    assert_eq!(session["openid"], users[0]["miniprogram_openid"]);
    assert_eq!(session["unionid"], users[0]["unionid"]);
    assert_eq!(text(&session["session_key"]).len(), 24);
    assert_eq!(world.session(&code).await["errcode"], 40163);
    assert_eq!(world.session("nothing").await["errcode"], 40029);
    let late = world.program_code().await;
    world.advance(300).await;
    assert_eq!(world.session(&late).await["errcode"], 40029);
}

#[tokio::test]
async fn each_mistake_in_a_mini_programs_login_has_its_code() {
    let world = World::start().await;
    let (appid, secret) = (world.account("miniprogram_appid"), world.account("miniprogram_secret"));
    let service = world.account("appid");
    for (query, code) in [
        (format!("secret={secret}&js_code=a&grant_type=authorization_code"), 41002),
        (format!("appid={appid}&js_code=a&grant_type=authorization_code"), 41004),
        (format!("appid={appid}&secret={secret}&grant_type=authorization_code"), 41008),
        (format!("appid={appid}&secret={secret}&js_code=a"), 40002),
        (format!("appid={service}&secret={secret}&js_code=a&grant_type=authorization_code"), 40013),
        (format!("appid={appid}&secret=wrong&js_code=a&grant_type=authorization_code"), 40125),
    ] {
        assert_eq!(world.json(&format!("/sns/jscode2session?{query}")).await["errcode"], code, "{query}");
    }
    assert_eq!(world.try_control("miniprogram", json!({ "openid": "o-nobody" })).await.0, 404);
}
