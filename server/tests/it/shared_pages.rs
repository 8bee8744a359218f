//! Pages that are the same for all: a cache, or a CDN, may keep them.

use std::{io::Read, time::Duration};

use model::Fen;
use reqwest::{StatusCode, header};
use shop::{Role, Staff};

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::location};

on_both!(
    a_shared_page_is_the_same_for_every_shopper,
    a_change_of_the_catalogue_is_seen,
    a_sale_shows_on_the_product_page,
    a_product_page_contains_nothing_of_a_shopper,
    each_language_has_a_page_of_its_own,
    the_sheets_of_a_page_are_in_its_head,
    a_copy_is_packed_as_the_browser_asks,
    a_page_of_one_shopper_is_packed_too_and_nothing_else_is,
);

async fn a_shared_page_is_the_same_for_every_shopper(database: Database) {
    let app = TestApp::start(database).await;
    let (mut one, mut other) = (app.shopper().await, app.stranger().await);
    assert_eq!(location(&one.post("/cart", &[("sku", "mug-celadon-300"), ("quantity", "1")]).await), "/cart");
    let (first, second) = (one.get("/products/mug-celadon").await, other.get("/products/mug-celadon").await);
    let policy = header::CONTENT_SECURITY_POLICY;
    assert_eq!(first.headers()[&policy], second.headers()[&policy]);
    assert_eq!(first.bytes().await.unwrap(), second.bytes().await.unwrap());
    other.agent = "a browser".to_owned();
    let (first, second) = (one.get("/").await, other.get("/?from=singlemessage").await);
    let headers = |response: &reqwest::Response| {
        let mut headers = response.headers().clone();
        headers.remove("x-request-id").unwrap();
        headers.remove(header::DATE);
        headers
    };
    assert_eq!(headers(&first), headers(&second));
    for name in [policy, header::ETAG, header::VARY, header::CACHE_CONTROL, header::X_CONTENT_TYPE_OPTIONS] {
        assert!(first.headers().contains_key(&name), "{name}");
    }
    assert!(first.headers().get(header::SET_COOKIE).is_none());
    assert_eq!(first.bytes().await.unwrap(), second.bytes().await.unwrap());
    app.stop().await;
}

async fn the_sheets_of_a_page_are_in_its_head(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    for (path, rule) in
        [("/", ".categories{"), ("/products/mug-celadon", ".gallery{"), ("/cart", ".cart-line{")]
    {
        let page = shopper.get(path).await.text().await.unwrap();
        let (head, body) = page.split_once("</head>").unwrap();
        assert!(head.contains(rule) && !body.contains("<style"), "{path}: {page}");
    }
    app.stop().await;
}

async fn a_change_of_the_catalogue_is_seen(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let before = shopper.get("/").await;
    let tag = before.headers()[header::ETAG].clone();
    assert!(!before.text().await.unwrap().contains("7.89"));
    let owner = Staff { name: "owner".parse().unwrap(), role: Role::Owner };
    let sku = "mug-celadon-300".parse().unwrap();
    let price = app.shop.products().catalogue().sku(&sku).unwrap().1.price;
    app.shop.products().change_sku(&owner, &sku, price, Fen(789), "300 毫升").await.unwrap();
    let after = shopper.get("/").await;
    assert_ne!(after.headers()[header::ETAG], tag);
    assert!(after.text().await.unwrap().contains("7.89"));
    // changed on another server: seen as soon as this one looks
    let other = app.second_shop().await;
    other.products().change_sku(&owner, &sku, Fen(789), Fen(678), "300 毫升").await.unwrap();
    app.shop.products().refresh().await.unwrap();
    assert!(shopper.get("/").await.text().await.unwrap().contains("6.78"));
    app.stop().await;
}

async fn a_sale_shows_on_the_product_page(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let before = shopper.get("/products/mug-celadon").await;
    let tag = before.headers()[header::ETAG].clone();
    let left = app.stock("mug-celadon-300").await;
    assert!(before.text().await.unwrap().contains(&format!("剩 {left} 件")));
    // this server sells: the next view shows it
    assert_eq!(shopper.post("/orders", &[("sku", "mug-celadon-300"), ("quantity", "1")]).await.status(), 303);
    let after = shopper.get("/products/mug-celadon?from=singlemessage").await;
    assert_ne!(after.headers()[header::ETAG], tag);
    assert!(after.text().await.unwrap().contains(&format!("剩 {} 件", left - 1)));
    // another server sells: a view within a second shows it
    app.database.set("skus", "stock", 7, &[("id", "mug-celadon-300")]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(shopper.get("/products/mug-celadon").await.text().await.unwrap().contains("剩 7 件"));
    // another product's page stays
    let other = shopper.get("/products/throw-wool").await.headers()[header::ETAG].clone();
    app.database.set("skus", "stock", 6, &[("id", "mug-celadon-300")]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(shopper.get("/products/throw-wool").await.headers()[header::ETAG], other);
    // a link that chooses something has a page of its own
    let chosen = shopper.get("/products/mug-celadon?sku=mug-celadon-450&quantity=2").await;
    assert!(chosen.headers().get(header::ETAG).is_none());
    assert_eq!(shopper.get("/products/no-such-product").await.status(), StatusCode::NOT_FOUND);
    app.stop().await;
}

async fn a_product_page_contains_nothing_of_a_shopper(database: Database) {
    let app = TestApp::start(database).await;
    for name in ["marked-first", "marked-second"] {
        let mut shopper = app.shopper().await;
        shopper.agent = format!("{} {name}", shopper.agent);
        let to = [("name", name), ("phone", "13800138000"), ("region", "上海市"), ("detail", name)];
        shopper.post("/addresses", &to).await;
        for path in ["/", "/products/mug-celadon"] {
            let answer = shopper.get(path).await;
            assert!(answer.headers().contains_key(header::ETAG), "{path} is not kept");
            let page = answer.text().await.unwrap();
            assert!(!page.contains("marked-") && !page.contains("13800138000"), "{path}");
        }
    }
    app.stop().await;
}

async fn each_language_has_a_page_of_its_own(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let mut lang = async |agent: Option<&str>| {
        if let Some(agent) = agent {
            shopper.agent = agent.to_owned();
        }
        let page = shopper.get("/").await.text().await.unwrap();
        let rest = page.split_once("<html lang=\"").unwrap().1;
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(lang(None).await, "zh-CN");
    assert_eq!(lang(Some("MicroMessenger/8.0 NetType/WIFI Language/en")).await, "en");
    assert_eq!(lang(Some("MicroMessenger/8.0 NetType/WIFI Language/zh_TW")).await, "zh-CN");
    assert_eq!(lang(Some("MicroMessenger/8.0 NetType/WIFI Language/ja")).await, "zh-CN");
    shopper.post("/language", &[("to", "en")]).await;
    let page = shopper.get("/").await.text().await.unwrap();
    assert!(page.contains("<html lang=\"en\""), "what was chosen counts more");
    app.stop().await;
}

async fn a_copy_is_packed_as_the_browser_asks(database: Database) {
    let app = TestApp::start(database).await;
    let get = |encodings: &'static str, tag: &str| {
        let request = app.http.get(format!("{}/", app.url)).header(header::ACCEPT_ENCODING, encodings);
        request.header(header::IF_NONE_MATCH, tag).send()
    };
    let mut sizes = Vec::new();
    for (encodings, expected) in
        [("identity", None), ("gzip, deflate", Some("gzip")), ("gzip, deflate, br", Some("br"))]
    {
        let answer = get(encodings, "\"other\"").await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let encoding = answer.headers().get(header::CONTENT_ENCODING);
        assert_eq!(encoding.map(|value| value.to_str().unwrap()), expected);
        let vary = answer.headers()[header::VARY].to_str().unwrap().to_owned();
        assert!(["accept-encoding", "cookie", "user-agent"].iter().all(|name| vary.contains(name)), "{vary}");
        let tag = answer.headers()[header::ETAG].to_str().unwrap().to_owned();
        sizes.push(answer.bytes().await.unwrap().len());
        let again = get(encodings, &format!("\"older\", W/{tag}")).await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()[header::ETAG].to_str().unwrap(), tag);
        assert!(again.headers().contains_key("x-request-id") && again.bytes().await.unwrap().is_empty());
    }
    assert!(sizes.is_sorted_by(|larger, smaller| larger > smaller), "{sizes:?}");
    let head = app.http.head(format!("{}/", app.url)).send().await.unwrap();
    assert_eq!(head.headers()[header::CONTENT_LENGTH].to_str().unwrap(), sizes[0].to_string());
    app.stop().await;
}

async fn a_page_of_one_shopper_is_packed_too_and_nothing_else_is(database: Database) {
    let app = TestApp::start(database).await;
    let get = |path: &str, encodings: &'static str| {
        app.http.get(format!("{}{path}", app.url)).header(header::ACCEPT_ENCODING, encodings).send()
    };
    let page = "/products/mug-celadon?sku=mug-celadon-450";
    let plain = get(page, "identity").await.unwrap().bytes().await.unwrap();
    // gzip costs the server the least; brotli is for a browser that reads only this
    for (encodings, expected) in [("gzip, deflate, br", "gzip"), ("br", "br")] {
        let packed = get(page, encodings).await.unwrap();
        assert_eq!(packed.headers()[header::CONTENT_ENCODING].to_str().unwrap(), expected);
        assert!(packed.headers()[header::VARY].to_str().unwrap().contains("accept-encoding"));
        assert!(packed.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let packed = packed.bytes().await.unwrap();
        let mut unpacked = Vec::new();
        if expected == "br" {
            brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        } else {
            flate2::read::GzDecoder::new(&*packed).read_to_end(&mut unpacked).unwrap();
        }
        assert_eq!(unpacked, plain);
        assert!(packed.len() * 2 < plain.len(), "{} of {}", packed.len(), plain.len());
    }
    let answer = get("/api/miniprogram/products", "gzip, deflate, br").await.unwrap();
    assert!(answer.headers().get(header::CONTENT_ENCODING).is_none());
    app.stop().await;
}
