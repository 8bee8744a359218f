use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, WECHAT, text};

impl TestSimulator {
    /// An H5 order's link.
    async fn h5_link(&self, out_trade_no: &str) -> String {
        let mut order = self.order(out_trade_no).with("trade_type", "MWEB");
        order.remove("openid");
        let scene = r#"{"h5_info":{"type":"Wap","wap_url":"https://a.example","wap_name":"小店"}}"#;
        let reply = self.call("/pay/unifiedorder", order.with("scene_info", scene)).await;
        reply.get("mweb_url").unwrap().to_owned()
    }

    async fn open_h5(&self, link: &str, referer: &str, agent: &str) -> String {
        let request = self.client.get(link).header("user-agent", agent).header("referer", referer);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    }

    async fn tap_h5_page(&self, page: &str, outcome: &str) -> String {
        let value = |name: &str| {
            let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            value.split('"').next().unwrap().replace("&amp;", "&")
        };
        let form =
            [("prepay_id", value("prepay_id")), ("back", value("back")), ("outcome", outcome.to_owned())];
        let url = format!("{}/cgi-bin/mmpayweb-bin/pay", self.simulator.url());
        let answer = self.client.post(url).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{:?}", answer.text().await);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    fn referer(&self) -> String {
        format!("{}/orders/1", self.simulator.phone_url())
    }
}

const BROWSER: &str = "Mozilla/5.0 (iPhone) Safari/605";

#[tokio::test]
async fn the_link_opens_a_page_that_pays_and_returns() {
    let sim = TestSimulator::start().await;
    let link = sim.h5_link("order1").await;
    assert!(link.starts_with(&format!("{}/cgi-bin/mmpayweb-bin/checkmweb?", sim.simulator.url())), "{link}");
    let back = format!("{}/orders/1?paid&x=1", sim.simulator.phone_url());
    let redirect: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    let with_redirect = format!("{link}&redirect_url={redirect}");
    let page = sim.open_h5(&with_redirect, &sim.referer(), BROWSER).await;
    assert!(page.contains("¥19.90") && page.contains("小店-龙井茶"), "{page}");
    assert_eq!(sim.tap_h5_page(&page, "cancel").await, back);
    assert_eq!(sim.query("order1").await.get("trade_state"), Some("NOTPAY"));
    let page = sim.open_h5(&link, &sim.referer(), BROWSER).await;
    assert_eq!(sim.tap_h5_page(&page, "ok").await, sim.referer(), "the page returns to the shop");
    let reply = sim.query("order1").await;
    assert_eq!((reply.get("trade_state"), reply.get("trade_type")), (Some("SUCCESS"), Some("MWEB")));
    assert!(sim.open_h5(&link, &sim.referer(), BROWSER).await.contains("该订单已支付"));
}

#[tokio::test]
async fn the_page_opens_only_with_a_registered_referer() {
    let sim = TestSimulator::start().await;
    let link = sim.h5_link("order1").await;
    let good = sim.referer();
    let foreign = format!("{link}&redirect_url=https%3A%2F%2Fevil.example%2F");
    for (link, referer, agent, message) in [
        (link.as_str(), "", BROWSER, "商家参数格式有误"),
        (&link, "https://evil.example/", BROWSER, "商家存在未配置的参数"),
        (&foreign, &good, BROWSER, "商家存在未配置的参数"),
        (&link[..link.len() - 1], &good, BROWSER, "商家参数格式有误"),
        (&link, &good, WECHAT, "请在微信外打开订单"),
    ] {
        let page = sim.open_h5(link, referer, agent).await;
        assert!(page.contains(message) && !page.contains("h5-pay"), "{message}: {page}");
    }
    let url = format!("{}/cgi-bin/mmpayweb-bin/pay", sim.simulator.url());
    let form = [("prepay_id", "wx1"), ("back", "https://evil.example/"), ("outcome", "cancel")];
    assert_eq!(sim.client.post(url).form(&form).send().await.unwrap().status(), 200, "without a redirect");
    sim.advance(300).await;
    assert!(sim.open_h5(&link, &good, BROWSER).await.contains("支付请求已失效"));
    let fresh = sim.h5_link("order1").await;
    assert!(sim.open_h5(&fresh, &good, BROWSER).await.contains("h5-pay"), "a new link opens");
}

#[tokio::test]
async fn the_payer_address_can_be_checked() {
    let sim = TestSimulator::start().await;
    let mut order = sim.v3_order("order1");
    order.as_object_mut().unwrap().remove("payer");
    order["scene_info"] = json!({ "payer_client_ip": "14.23.150.211", "h5_info": { "type": "Wap" } });
    let (_, h5): (u16, Value) = sim.v3("POST", "/v3/pay/transactions/h5", order).await;
    let link = text(&h5["h5_url"]);
    assert!(sim.open_h5(&link, &sim.referer(), BROWSER).await.contains("h5-pay"));
    sim.control("account", json!({ "h5_ip_check": true })).await;
    let page = sim.open_h5(&link, &sim.referer(), BROWSER).await;
    assert!(page.contains("网络环境未能通过安全验证"), "{page}");
}
