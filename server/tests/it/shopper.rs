//! A shopper's browser: keeps cookies, follows nothing by itself.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder, Response, header};
use serde_json::json;

use crate::{
    app::TestApp,
    multipart::{self, FormFile, MULTIPART},
};

const AGENT: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
                     Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/zh_CN";

#[derive(Clone)]
pub(crate) struct Shopper {
    pub(crate) openid: String,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) agent: String,
    base: String,
    http: reqwest::Client,
}

impl Shopper {
    #[track_caller]
    pub(crate) fn new(app: &TestApp, openid: &str) -> Self {
        assert!(!openid.is_empty());
        Self {
            openid: openid.to_owned(),
            cookies: BTreeMap::new(),
            agent: AGENT.to_owned(),
            base: app.url.clone(),
            http: app.http.clone(),
        }
    }

    fn request(&self, method: Method, url: &str) -> RequestBuilder {
        let url = if url.starts_with("http") { url.to_owned() } else { format!("{}{url}", self.base) };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.http
            .request(method, url)
            .header(header::USER_AGENT, &self.agent)
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    pub(crate) async fn get(&mut self, url: &str) -> Response {
        let request = self.request(Method::GET, url);
        self.send(request).await
    }

    pub(crate) async fn get_json(&mut self, url: &str) -> Response {
        let request = self.request(Method::GET, url).header(header::ACCEPT, "application/json");
        self.send(request).await
    }

    /// A form of this site.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.request(Method::POST, path).header(header::ORIGIN, &self.base).form(form);
        self.send(request).await
    }

    /// A form with files: the status, and where it leads or what it says.
    pub(crate) async fn post_files(
        &self,
        path: &str,
        texts: &[(&str, &str)],
        files: &[FormFile<'_>],
    ) -> (u16, String) {
        let request = self
            .request(Method::POST, path)
            .header(header::ORIGIN, &self.base)
            .header(header::CONTENT_TYPE, MULTIPART)
            .body(multipart::body(texts, files));
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        if status == 303 { (status, location(&answer)) } else { (status, answer.text().await.unwrap()) }
    }

    /// A form of another site, or of a program.
    pub(crate) async fn post_from(
        &mut self,
        origin: Option<&str>,
        path: &str,
        form: &[(&str, &str)],
    ) -> Response {
        let mut request = self.request(Method::POST, path).form(form);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        self.send(request).await
    }

    /// A server function.
    pub(crate) async fn call(&mut self, name: &str, text: &str) -> (u16, String) {
        let request = self
            .request(Method::POST, &format!("/api/fn/{name}"))
            .header(header::ORIGIN, &self.base)
            .header(header::CONTENT_TYPE, "text/plain;charset=utf-8")
            .body(text.to_owned());
        let response = self.send(request).await;
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// To WeChat's login and back to the shop's door: the address with the code.
    pub(crate) async fn authorized(&mut self, app: &TestApp, begin: &str) -> String {
        let wechat = location(&self.get(begin).await);
        self.authorized_from(app, &wechat).await
    }

    /// The same from WeChat's address on.
    pub(crate) async fn authorized_from(&mut self, app: &TestApp, wechat: &str) -> String {
        // the simulator knows its people by a cookie of its own
        let request = self
            .http
            .get(wechat.split('#').next().unwrap())
            .header(header::USER_AGENT, AGENT)
            .header(header::COOKIE, format!("user={}", self.openid));
        let back = location(&request.send().await.unwrap());
        assert!(back.starts_with(&app.url), "{back}");
        back
    }

    /// To WeChat's question, answered with yes, and back to the shop's door.
    pub(crate) async fn consented(&mut self, app: &TestApp, wechat: &str) -> String {
        let page = self
            .http
            .get(wechat.split('#').next().unwrap())
            .header(header::USER_AGENT, AGENT)
            .header(header::COOKIE, format!("user={}", self.openid));
        let page = page.send().await.unwrap();
        if page.status().is_redirection() {
            return location(&page);
        }
        let page = page.text().await.unwrap();
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let answer = self
            .http
            .post(format!("{}/connect/oauth2/consent", app.wechat_url()))
            .header(header::USER_AGENT, AGENT)
            .form(&[("ticket", ticket), ("answer", "allow")]);
        location(&answer.send().await.unwrap())
    }

    pub(crate) async fn log_in(&mut self, app: &TestApp) {
        let back = self.authorized(app, "/api/wechat/redirect?callback=%2F&scope=snsapi_base").await;
        let home = self.get(&back).await;
        assert_eq!(home.status(), 302);
        assert_eq!(location(&home), "/");
        assert_eq!(self.cookies.get("openId"), Some(&self.openid));
    }

    /// Places an order and gives its id.
    pub(crate) async fn order(&mut self, sku: &str, quantity: u32) -> String {
        let placed = self.post("/orders", &[("sku", sku), ("quantity", &quantity.to_string())]).await;
        assert_eq!(placed.status(), 303, "{}", placed.text().await.unwrap());
        let confirm = location(&placed);
        confirm.strip_prefix("/orders/").unwrap().strip_suffix("/confirm").unwrap().to_owned()
    }

    /// Asks to pay and gives the attempt's number.
    pub(crate) async fn pay(&mut self, order: &str) -> String {
        let (status, text) = self.call("pay", &format!("order {order}\n")).await;
        assert_eq!(status, 200, "{text}");
        field(&text, "out_trade_no")
    }

    /// An order, with the payment asked for: its id and the attempt's number.
    pub(crate) async fn about_to_pay(&mut self, sku: &str, quantity: u32) -> (String, String) {
        let order = self.order(sku, quantity).await;
        let out_trade_no = self.pay(&order).await;
        (order, out_trade_no)
    }
}

/// The shopper's thumb.
pub(crate) async fn thumb(app: &TestApp, out_trade_no: &str) {
    app.control("pay", json!({ "out_trade_no": out_trade_no, "outcome": "ok" })).await;
}

#[track_caller]
pub(crate) fn location(response: &Response) -> String {
    let status = response.status();
    let location =
        response.headers().get(header::LOCATION).unwrap_or_else(|| panic!("{status} without Location"));
    location.to_str().unwrap().to_owned()
}

/// A field of a server function's text.
#[track_caller]
pub(crate) fn field(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in {text}")).to_owned()
}
