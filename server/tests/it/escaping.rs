//! No typed text becomes markup: a test puts a marker into every text field and parses every page as a browser does.

use base64::{Engine, prelude::BASE64_STANDARD};
use scraper::{Html, Selector};
use sha2::{Digest, Sha256};
use shop::Role;

use test_support::Database;

use crate::{
    app::TestApp,
    console::{post, signed},
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(no_text_of_a_person_becomes_markup, every_inline_script_is_one_of_ours);

/// Leaves an attribute, a comment and every element whose text is not read as markup; then an element that no page has.
const MARKER: &str = r#""'>--></title></textarea></style></script><xss>"#;

/// The same where few characters are taken.
const SHORT: &str = r#""></title><xss>"#;

const PAGES: [&str; 8] = [
    "/",
    "/search?q=%3Cxss%3E%22%3E%3Cxss%3E",
    "/cart",
    "/me",
    "/wallet",
    "/addresses",
    "/orders",
    "/no-page",
];

const CONSOLE: [&str; 9] = [
    "/console",
    "/console/orders?q=%22%3E%3Cxss%3E",
    "/console/catalogue",
    "/console/catalogue/new",
    "/console/differences",
    "/console/settings",
    "/console/staff",
    "/console/account",
    "/console/audit",
];

/// A page as a browser would read it, and its policy.
struct Page {
    path: String,
    document: Html,
    policy: String,
}

impl Page {
    async fn open(browser: &mut Shopper, path: &str) -> Self {
        let answer = browser.get(path).await;
        let status = answer.status().as_u16();
        assert!([200, 400, 404].contains(&status), "{path}: {status}");
        let policy =
            answer.headers().get("content-security-policy").map(|policy| policy.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        Self {
            path: path.to_owned(),
            document: Html::parse_document(&text),
            policy: policy.unwrap_or_default(),
        }
    }

    #[track_caller]
    fn has_no_marker(&self) {
        let xss = Selector::parse("xss").unwrap();
        let found = self.document.select(&xss).next();
        assert!(found.is_none(), "{}: a text became an element", self.path);
        let handlers = self.document.tree.values().filter_map(|node| node.as_element()).flat_map(|element| {
            element.attrs().filter(|(name, _)| name.starts_with("on")).map(|(name, _)| name.to_owned())
        });
        assert_eq!(handlers.collect::<Vec<_>>(), [""; 0], "{}", self.path);
    }

    /// Each inline script and style is allowed by its hash.
    #[track_caller]
    fn keeps_to_its_policy(&self) {
        for element in ["script:not([src])", "style"] {
            for inline in self.document.select(&Selector::parse(element).unwrap()) {
                let text: String = inline.text().collect();
                let hash = format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(&text)));
                assert!(self.policy.contains(&hash), "{}: {text:?} is not in {}", self.path, self.policy);
            }
        }
        assert!(!self.policy.contains("unsafe-inline"), "{}: {}", self.path, self.policy);
    }
}

/// A shop with the marker wherever a person can type: the order that has it, its shopper, and the owner.
async fn marked(app: &TestApp) -> (String, Shopper, Shopper) {
    let mut owner = signed(app, "anna", Role::Owner).await;
    let words = [("name", MARKER), ("category", SHORT), ("summary", MARKER), ("description", MARKER)];
    let mut new = words.to_vec();
    new.extend([("spec", "\"></title><xss>"), ("price", "1.00"), ("stock", "9")]);
    let (status, to) = post(&mut owner, "/console/catalogue", &new).await;
    assert_eq!(status, 303, "{to}");
    let product = to.split('?').next().unwrap().to_owned();
    assert_eq!(post(&mut owner, &format!("{product}/shelf"), &[("on_sale", "1")]).await.0, 303);
    let id = product.rsplit('/').next().unwrap();
    let sku = app.shop.products().catalogue().product(id).unwrap().skus[0].sku.to_string();

    let user = app.control("users", serde_json::json!({ "nickname": MARKER })).await;
    let mut shopper = Shopper::new(app, user["openid"].as_str().unwrap());
    let wechat = location(&shopper.get("/api/wechat/redirect?callback=%2F&scope=snsapi_userinfo").await);
    let back = shopper.consented(app, &wechat).await;
    assert_eq!(shopper.get(&back).await.status(), 302);
    assert_eq!(shopper.post("/cart", &[("sku", &sku), ("quantity", "1")]).await.status(), 303);
    let order = shopper.order(&sku, 1).await;
    let delivery = [
        ("to", "new"),
        ("name", "\"'></title><xss>"),
        ("phone", "13800000000"),
        ("region", MARKER),
        ("detail", MARKER),
        ("note", MARKER),
    ];
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &delivery).await.status(), 303);
    (order, shopper, owner)
}

/// Everything that happens to an order after that.
async fn paid_and_complained(app: &TestApp, order: &str, shopper: &mut Shopper, owner: &mut Shopper) {
    let number = shopper.pay(order).await;
    thumb(app, &number).await;
    app.until_state(order, "paid").await;
    let wish = [("reason", MARKER)];
    assert_eq!(shopper.post(&format!("/orders/{order}/refund-request"), &wish).await.status(), 303);
    let answer = [("answer", MARKER)];
    assert_eq!(post(owner, &format!("/console/after-sales/{order}S1/decline"), &answer).await.0, 303);
    let shipment = [("carrier", "\"></title><xss>"), ("tracking_no", "\"></title><xss>")];
    assert_eq!(post(owner, &format!("/console/orders/{order}/ship"), &shipment).await.0, 303);
    app.discrepancy("d", &number, MARKER, b"").await;
}

async fn no_text_of_a_person_becomes_markup(database: Database) {
    let app = TestApp::start(database).await;
    let (order, mut shopper, mut owner) = marked(&app).await;
    let own =
        ["", "/confirm", "/delivery", "/receipt", "/returned"].map(|page| format!("/orders/{order}{page}"));
    let products: Vec<String> = app
        .shop
        .products()
        .catalogue()
        .products()
        .iter()
        .map(|product| format!("/products/{}", product.id))
        .collect();
    let pages = || PAGES.map(str::to_owned).into_iter().chain(own.clone()).chain(products.clone());
    for path in pages() {
        Page::open(&mut shopper, &path).await.has_no_marker();
    }
    paid_and_complained(&app, &order, &mut shopper, &mut owner).await;
    for path in pages() {
        Page::open(&mut shopper, &path).await.has_no_marker();
    }
    let of_order = [
        format!("/console/orders/{order}"),
        format!("/console/orders/{order}/refund?fee=1&reason=%3Cxss%3E"),
    ];
    let catalogue = app.shop.products().catalogue();
    let of_products = catalogue.products().iter().map(|product| format!("/console/catalogue/{}", product.id));
    let console: Vec<String> =
        CONSOLE.map(str::to_owned).into_iter().chain(of_order).chain(of_products).collect();
    for path in console {
        let page = Page::open(&mut owner, &path).await;
        page.has_no_marker();
        page.keeps_to_its_policy();
        assert!(page.policy.starts_with("script-src 'none'"), "{path}: {}", page.policy);
        let scripts = page.document.select(&Selector::parse("script").unwrap()).count();
        assert_eq!(scripts, 0, "{path}");
    }
    // a form that is refused comes back with what was typed
    let long = [
        ("name", MARKER),
        ("category", SHORT),
        ("price", "no price"),
        ("stock", MARKER),
        ("description", MARKER),
    ];
    let (status, text) = post(&mut owner, "/console/catalogue", &long).await;
    assert_eq!(status, 400);
    let document = Html::parse_document(&text);
    assert_eq!(document.select(&Selector::parse("xss").unwrap()).count(), 0);
    assert!(text.contains("&lt;xss&gt;"), "what was typed is shown");
    // the simulated WeChat shows what the shop sent
    let wechat = app.http.get(app.wechat_url()).send().await.unwrap().text().await.unwrap();
    assert!(wechat.contains("&lt;xss&gt;"), "the simulator shows the order");
    assert_eq!(Html::parse_document(&wechat).select(&Selector::parse("xss").unwrap()).count(), 0);
    app.stop().await;
}

async fn every_inline_script_is_one_of_ours(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let mut seen = 0;
    let mut desk = app.stranger().await;
    desk.agent = "a browser".to_owned();
    let bought = desk.order("test-sticker-1", 1).await;
    assert_eq!(desk.post(&format!("/orders/{bought}/pay"), &[]).await.status(), 303);
    let code = Page::open(&mut desk, &format!("/orders/{bought}/code")).await;
    code.keeps_to_its_policy();
    shopper.post("/cart", &[("sku", "test-sticker-1"), ("quantity", "1")]).await;
    assert_eq!(shopper.post(&format!("/orders/{order}/pay"), &[]).await.status(), 303);
    let own = ["", "/confirm", "/delivery", "/pay"].map(|page| format!("/orders/{order}{page}"));
    for path in PAGES.map(str::to_owned).into_iter().chain(own) {
        let page = Page::open(&mut shopper, &path).await;
        page.keeps_to_its_policy();
        seen += page.document.select(&Selector::parse("script:not([src])").unwrap()).count();
    }
    assert!(seen > 20, "{seen} inline scripts were looked at");
    // what is not one of them is refused by its hash
    let policy = code.policy;
    let foreign = BASE64_STANDARD.encode(Sha256::digest("alert(1)"));
    assert!(!policy.contains(&foreign), "{policy}");
    app.stop().await;
}
