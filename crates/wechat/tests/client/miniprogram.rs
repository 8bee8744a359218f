//! Tests of the calls for mini programs and of the web login's token calls.

use axum::response::Response;
use serde_json::{Value, json};
use wechat::{
    ErrorKind, Official, Secret, TokenMode,
    miniprogram::{MiniProgram, ProgramCode, UrlLink},
    official::WebToken,
};

use crate::fake_wechat::{FakeWechat, endpoints, http, status, text};

fn account(url: &str) -> Official {
    Official::new(http(), endpoints(url), "wx4f4bc4dec97d474b", Secret::new("app-secret"), TokenMode::Stable)
}

fn json(value: Value) -> Response {
    text(value.to_string())
}

/// A server that gives the same response to every request.
async fn server_with_response(value: Value) -> FakeWechat {
    FakeWechat::start(move |_, _| {
        let value = value.clone();
        async move { json(value) }
    })
    .await
}

#[tokio::test]
async fn a_mini_program_code_is_exchanged_once() {
    let wechat = server_with_response(
        json!({"openid": "oGZ", "session_key": "HyVFkGl5F5OQWJZZaNzBBg==", "unionid": ""}),
    )
    .await;
    let session = MiniProgram::new(account(&wechat.url)).jscode2session("c&=").await.unwrap();
    assert_eq!((&*session.openid, &session.unionid), ("oGZ", &None));
    assert_eq!(session.session_key.expose(), "HyVFkGl5F5OQWJZZaNzBBg==");
    assert!(!format!("{session:?}").contains("HyVF"));
    assert_eq!(
        wechat.requests()[0].url(),
        "/sns/jscode2session?appid=wx4f4bc4dec97d474b&secret=app-secret&js_code=c%26%3D&grant_type=authorization_code"
    );

    let wechat =
        server_with_response(json!({"errcode": 40163, "errmsg": "code been used, rid: 1-2-3"})).await;
    let error = MiniProgram::new(account(&wechat.url)).jscode2session("c").await.unwrap_err();
    assert!(error.is_code_used());
    let wechat = FakeWechat::start(|_, _| async { status(502) }).await;
    MiniProgram::new(account(&wechat.url)).jscode2session("c").await.unwrap_err();
    assert_eq!(wechat.requests().len(), 1);
    let wechat = server_with_response(json!({"openid": "oGZ", "session_key": "short"})).await;
    let error = MiniProgram::new(account(&wechat.url)).jscode2session("c").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(!format!("{error} {error:?}").contains("short"));
}

#[tokio::test]
async fn a_phone_number_is_requested_with_a_valid_token() {
    let wechat = FakeWechat::start(|number, recorded| async move {
        match recorded.path.as_str() {
            "/cgi-bin/stable_token" => {
                json(json!({"access_token": format!("token-{number}"), "expires_in": 7200}))
            }
            _ if recorded.query == "access_token=token-0" => {
                json(json!({"errcode": 40001, "errmsg": "invalid credential"}))
            }
            _ => json(json!({"errcode": 0, "errmsg": "ok", "phone_info": {"phoneNumber": "13580006666",
                "purePhoneNumber": "13580006666", "countryCode": 86, "watermark": {"timestamp": 1, "appid": "a"}}})),
        }
    })
    .await;
    let phone = MiniProgram::new(account(&wechat.url)).getuserphonenumber("c", None).await.unwrap();
    assert_eq!((&*phone.phone_number, &*phone.country_code), ("13580006666", "86"));
    let recorded = wechat.requests();
    assert_eq!(recorded.len(), 4);
    assert_eq!(recorded[3].url(), "/wxa/business/getuserphonenumber?access_token=token-2");
    assert_eq!(&*recorded[3].body, br#"{"code":"c"}"#);
}

fn token() -> WebToken {
    WebToken {
        openid: "oUpF8uMuAJO".into(),
        access_token: Secret::new("old"),
        refresh_token: Secret::new("refresh"),
        expires_in: 7200,
        scope: "snsapi_userinfo".into(),
        unionid: Some("o6_".into()),
        is_snapshotuser: false,
    }
}

#[tokio::test]
async fn a_web_token_is_renewed() {
    let renewed = json!({"access_token": "new", "expires_in": 7200, "refresh_token": "refresh",
        "openid": "oUpF8uMuAJO", "scope": "snsapi_userinfo"});
    let wechat = server_with_response(renewed.clone()).await;
    let newer = account(&wechat.url).refresh_token(&token()).await.unwrap();
    assert_eq!(newer, WebToken { access_token: Secret::new("new"), ..token() });
    assert_eq!(
        wechat.requests()[0].url(),
        "/sns/oauth2/refresh_token?appid=wx4f4bc4dec97d474b&grant_type=refresh_token&refresh_token=refresh"
    );
    let mut other = renewed;
    other["openid"] = "another".into();
    let wechat = server_with_response(other).await;
    assert!(account(&wechat.url).refresh_token(&token()).await.is_err());
    for code in [40030, 42002] {
        let wechat = server_with_response(json!({"errcode": code, "errmsg": "x"})).await;
        let error = account(&wechat.url).refresh_token(&token()).await.unwrap_err();
        assert!(error.is_refresh_token_invalid());
    }
}

#[tokio::test]
async fn a_web_token_is_checked() {
    for (code, good) in [(0, true), (40003, false), (40001, false), (42001, false)] {
        let wechat = server_with_response(json!({"errcode": code, "errmsg": "x"})).await;
        assert_eq!(account(&wechat.url).auth(&token()).await.unwrap(), good);
        assert_eq!(wechat.requests()[0].url(), "/sns/auth?access_token=old&openid=oUpF8uMuAJO");
    }
    let wechat = FakeWechat::start(|_, _| async { status(502) }).await;
    assert!(account(&wechat.url).auth(&token()).await.is_err());
}

/// A server that gives a token, and this answer to every other call.
async fn with_token(answer: &'static str) -> FakeWechat {
    FakeWechat::start(move |number, recorded| async move {
        match recorded.path.as_str() {
            "/cgi-bin/stable_token" => {
                json(json!({"access_token": format!("token-{number}"), "expires_in": 7200}))
            }
            _ => text(answer),
        }
    })
    .await
}

#[tokio::test]
async fn a_code_is_a_picture_and_a_refusal_is_json() {
    let wechat = with_token("\u{1}picture").await;
    let code = ProgramCode::new("tea-100").with_page("pages/web/web").with_width(480);
    let picture = MiniProgram::new(account(&wechat.url)).getwxacodeunlimit(&code).await.unwrap();
    assert_eq!(picture, b"\x01picture");
    let sent = &wechat.requests()[1];
    assert_eq!(sent.url(), "/wxa/getwxacodeunlimit?access_token=token-0");
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body, json!({ "scene": "tea-100", "page": "pages/web/web", "width": 480 }));

    let wechat = with_token(r#"{"errcode":41030,"errmsg":"invalid page rid: 1-2-3"}"#).await;
    let error = MiniProgram::new(account(&wechat.url)).getwxacodeunlimit(&code).await.unwrap_err();
    assert_eq!((error.code(), error.request_id()), (Some("41030"), Some("1-2-3")));
    for broken in ["", "{}", "{"] {
        let wechat = with_token(broken).await;
        let error = MiniProgram::new(account(&wechat.url)).getwxacodeunlimit(&code).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{broken:?}");
    }
}

#[tokio::test]
async fn a_link_is_valid_for_days() {
    let wechat = with_token(r#"{"errcode":0,"errmsg":"ok","url_link":"https://wxaurl.cn/a"}"#).await;
    let link = UrlLink::new("pages/web/web", "scene=tea-100", 30);
    let made = MiniProgram::new(account(&wechat.url)).generate_urllink(&link).await.unwrap();
    assert_eq!(made, "https://wxaurl.cn/a");
    let body: Value = serde_json::from_slice(&wechat.requests()[1].body).unwrap();
    let expected =
        json!({ "path": "pages/web/web", "query": "scene=tea-100", "expire_type": 1, "expire_interval": 30 });
    assert_eq!(body, expected);
    let wechat = with_token(r#"{"errcode":0,"errmsg":"ok","url_link":""}"#).await;
    let error = MiniProgram::new(account(&wechat.url)).generate_urllink(&link).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}
