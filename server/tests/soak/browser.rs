//! A browser that keeps cookies and follows nothing by itself.

use std::{collections::BTreeMap, sync::Arc};

use reqwest::{Method, Response, header};

use crate::world::World;

pub(crate) const AGENT: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
                                Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/zh_CN";

pub(crate) struct Browser {
    world: Arc<World>,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Each comes from an address of its own, which the listed proxy passes on.
    address: String,
}

impl Browser {
    pub(crate) fn new(world: &Arc<World>) -> Self {
        let [a, b, c] = std::array::from_fn(|_| world.chance.below(256));
        Self { world: Arc::clone(world), cookies: BTreeMap::new(), address: format!("10.{a}.{b}.{c}") }
    }

    /// The answer; `None` if the connection broke.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Option<Response> {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.world.url) };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self
            .world
            .http
            .request(method, url)
            .header(header::USER_AGENT, AGENT)
            .header(header::ORIGIN, &self.world.url)
            .header("x-forwarded-for", &self.address)
            .header(header::COOKIE, cookies.join("; "));
        if let Some((kind, body)) = body {
            request = request.header(header::CONTENT_TYPE, kind).body(body);
        }
        let response = request.send().await.ok()?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Some(response)
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Option<Response> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, path, Some(("application/x-www-form-urlencoded", body))).await
    }
}

pub(crate) fn location(response: &Response) -> Option<String> {
    Some(response.headers().get(header::LOCATION)?.to_str().ok()?.to_owned())
}
