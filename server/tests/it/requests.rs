//! Requests as old browsers, telephones and attackers send them.

use reqwest::header;
use shop::Role;

use test_support::Database;

use crate::{
    app::TestApp,
    console::signed,
    on_both,
    shopper::{location, thumb},
};

on_both!(
    a_cookie_of_another_script_does_not_end_a_session,
    a_telephone_with_a_chinese_name_is_still_in_wechat,
    numbers_are_taken_as_people_type_and_paste_them,
    a_wrong_telephone_number_is_named,
    an_address_of_another_host_is_never_redirected_to,
    nul_in_an_address_is_refused,
    two_origin_headers_are_refused,
    a_refused_request_does_not_count_for_the_limit,
    personal_answers_are_not_kept,
    an_unknown_console_address_shows_the_console,
    marks_that_turn_text_around_do_not_reach_the_shop,
    limits_of_carts_and_addresses_hold_for_requests_at_once,
    a_login_returns_to_a_long_url_or_refuses_it,
    a_wrong_app_secret_is_reported_as_a_login_error,
    a_buy_page_of_a_sold_out_product_offers_no_cart,
);

async fn a_cookie_of_another_script_does_not_end_a_session(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    shopper.cookies.insert("nick".to_owned(), "小王".to_owned());
    assert_eq!(shopper.get("/orders").await.status(), 200);
    // and a login can be completed beside it
    let mut stranger = app.stranger().await;
    stranger.cookies.insert("a".to_owned(), "é".to_owned());
    stranger.log_in(&app).await;
    app.stop().await;
}

async fn a_telephone_with_a_chinese_name_is_still_in_wechat(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    shopper.agent = shopper.agent.replace("iPhone;", "小米手机;");
    let to = location(&shopper.get("/orders").await);
    assert!(to.starts_with("/api/wechat/redirect"), "a shopper in WeChat is sent to the login: {to}");
    app.stop().await;
}

async fn numbers_are_taken_as_people_type_and_paste_them(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.post("/orders", &[("sku", "test-sticker-1"), ("quantity", "２")]).await;
    assert_eq!(order.status(), 303);
    let path = format!("{}/delivery", location(&order).trim_end_matches("/confirm"));
    for phone in [
        "\u{202d}138 0013 8000\u{202c}",
        "（021）5555 0000",
        "１３８００１３８０００",
        "138\u{a0}0013\u{a0}8000",
    ] {
        let form = [
            ("to", "new"),
            ("name", "小王"),
            ("phone", phone),
            ("region", "上海市"),
            ("detail", "衡山路 1 号"),
        ];
        let saved = shopper.post(&path, &form).await;
        assert_eq!(saved.status(), 303, "{phone:?}: {}", saved.text().await.unwrap());
    }
    let top_up = shopper.post("/wallet", &[("yuan", "１９．９０")]).await;
    assert_eq!(top_up.status(), 303);
    assert_eq!(app.database.connect().await.table("orders").with("total_fee", 1990).count().await, 1);
    let cart = [("sku", "test-sticker-1"), ("quantity", " 3 ")];
    assert_eq!(shopper.post("/cart", &cart).await.status(), 303);
    assert_eq!(shopper.cookies["cart"], "3");
    app.stop().await;
}

async fn a_wrong_telephone_number_is_named(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let form = |phone| [("name", "小王"), ("phone", phone), ("region", "上海市"), ("detail", "衡山路 1 号")];
    for (phone, why) in [("123", "电话号码有误"), ("", "请完整填写")] {
        let refused = shopper.post("/addresses", &form(phone)).await;
        assert_eq!(refused.status(), 400);
        assert!(refused.text().await.unwrap().contains(why), "{phone:?}");
    }
    app.stop().await;
}

async fn an_address_of_another_host_is_never_redirected_to(database: Database) {
    let app = TestApp::start(database).await;
    for path in ["//pkg", "//evil.test/..", "//evil.test", "/pkg", "/pictures", "//", "//pkg/.."] {
        let answer =
            app.http.get(format!("{}{path}", app.url)).header(header::REFERER, "https://evil.test/").send();
        let answer = answer.await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        assert!(to.is_none(), "{path}: {} {to:?}", answer.status());
    }
    app.stop().await;
}

async fn nul_in_an_address_is_refused(database: Database) {
    let app = TestApp::start(database).await;
    let mut owner = signed(&app, "anna", Role::Owner).await;
    for (path, status) in [
        ("/search?q=a%00b", 400),
        ("/console/orders?q=%00", 400),
        ("/orders/%00", 404),
        ("/products/a%00", 404),
    ] {
        assert_eq!(owner.get(path).await.status(), status, "{path}");
    }
    app.stop().await;
}

async fn two_origin_headers_are_refused(database: Database) {
    let app = TestApp::start(database).await;
    let post = |origins: &[&str]| {
        let mut request = app.http.post(format!("{}/language", app.url)).form(&[("to", "en")]);
        for origin in origins {
            request = request.header(header::ORIGIN, *origin);
        }
        request.send()
    };
    assert_eq!(post(&[&app.url]).await.unwrap().status(), 303);
    for origins in
        [&[][..], &[&app.url, "https://evil.test"], &["https://evil.test", &app.url], &[&app.url, &app.url]]
    {
        assert_eq!(post(origins).await.unwrap().status(), 403, "{origins:?}");
    }
    app.stop().await;
}

async fn a_refused_request_does_not_count_for_the_limit(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_RATE_PER_ADDRESS", "350")]).await;
    let mut shopper = app.shopper().await;
    // another site's page posts in the shopper's browser
    for _ in 0..400 {
        let refused = shopper.post_from(Some("https://evil.test"), "/cart/change", &[]).await;
        assert_eq!(refused.status(), 403);
    }
    let own = shopper.post("/cart", &[("sku", "test-sticker-1"), ("quantity", "1")]).await;
    assert_eq!(own.status(), 303, "the shopper has all turns left");
    app.stop().await;
}

async fn personal_answers_are_not_kept(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let kept = async |shopper: &mut crate::shopper::Shopper, path: &str| {
        let answer = shopper.get(path).await;
        answer
            .headers()
            .get("cache-control")
            .map(|kept| kept.to_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    let own = format!("/orders/{order}");
    for path in [
        &*own,
        "/orders",
        "/me",
        "/addresses",
        "/wallet",
        "/cart",
        "/api/wechat/getUserInfo",
        "/api/wechat/token",
    ] {
        assert_eq!(kept(&mut shopper, path).await, "private, no-store", "{path}");
    }
    // a shopper can go back to the page of a refused form
    let refused = shopper.post(&format!("{own}/delivery"), &[("to", "new")]).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["cache-control"]),
        (400, &"private, no-cache".parse().unwrap())
    );
    let url = format!("/api/wechat/jssdk?url={}", app.url);
    assert_eq!(kept(&mut shopper, &url).await, "private, no-store");
    assert_eq!(kept(&mut shopper, "/products/mug-celadon").await, "no-cache");
    assert_ne!(kept(&mut shopper, "/api/openapi.json").await, "private, no-store");
    app.stop().await;
}

async fn an_unknown_console_address_shows_the_console(database: Database) {
    let app = TestApp::start(database).await;
    let mut stranger = app.stranger().await;
    assert!(location(&stranger.get("/console/nothing/here").await).starts_with("/console/sign-in"));
    let mut owner = signed(&app, "anna", Role::Owner).await;
    for path in ["/console/nothing", "/console/orders/1/2/3", "/console/staff/x/y/z"] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(
            answer.headers()["content-security-policy"].to_str().unwrap().split(';').next(),
            Some("script-src 'none'")
        );
        let page = answer.text().await.unwrap();
        assert!(page.contains("小店管理") && page.contains("没有找到"), "{page}");
    }
    app.stop().await;
}

async fn marks_that_turn_text_around_do_not_reach_the_shop(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let note = [("to", "pickup"), ("note", "放门口\u{202e}gnp.exe\u{2066}\u{7}\r\n谢谢")];
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &note).await.status(), 303);
    let kept = app.shop.store().delivery(&order.parse().unwrap()).await.unwrap().unwrap().note;
    assert_eq!(kept, "放门口gnp.exe\n谢谢");
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    app.stop().await;
}

async fn limits_of_carts_and_addresses_hold_for_requests_at_once(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let saves = (0..60).map(|at| {
        let (mut shopper, detail) = (shopper.clone(), format!("衡山路 {} 号", at % 30));
        async move {
            let form =
                [("name", "小王"), ("phone", "13800000000"), ("region", "上海市"), ("detail", &*detail)];
            shopper.post("/addresses", &form).await.status().as_u16()
        }
    });
    let statuses = futures::future::join_all(saves).await;
    assert!(statuses.contains(&409), "{statuses:?}");
    assert_eq!(app.database.count("addresses", &[]).await, 20);
    assert_eq!(app.database.connect().await.table("addresses").distinct("detail").await, 20, "each once");
    // pieces that are put in at once are all there
    let adds = (0..20).map(|_| {
        let mut shopper = shopper.clone();
        async move {
            shopper.post("/cart", &[("sku", "test-sticker-1"), ("quantity", "1")]).await.status().as_u16()
        }
    });
    assert_eq!(futures::future::join_all(adds).await, [303; 20]);
    assert_eq!(app.database.sum("carts", "quantity", &[]).await, 20);
    app.stop().await;
}

async fn a_login_returns_to_a_long_url_or_refuses_it(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let long = |length: usize| format!("/orders?q={}", "a".repeat(length - 10));
    // as long as a cookie can hold
    let begun =
        shopper.get(&format!("/api/wechat/redirect?callback={}", long(1_800).replace('?', "%3F"))).await;
    assert_eq!(begun.status(), 302);
    let cookie = begun.headers().get_all("set-cookie").iter().map(|cookie| cookie.len()).max();
    assert!(cookie.is_some_and(|length| length < 4_096), "{cookie:?}");
    let back = shopper.authorized_from(&app, &location(&begun)).await;
    assert_eq!(location(&shopper.get(&back).await), long(1_800));
    // longer, asked for by a program: told why
    let refused =
        shopper.get_json(&format!("/api/wechat/redirect?callback={}", long(1_801).replace('?', "%3F"))).await;
    assert_eq!(refused.status(), 400);
    // longer, opened by a shopper: back to the page without its query
    let mut other = app.stranger().await;
    let to = location(&other.get(&long(3_000)).await);
    let back = other.authorized(&app, &to).await;
    assert_eq!(location(&other.get(&back).await), "/orders");
    app.stop().await;
}

async fn a_wrong_app_secret_is_reported_as_a_login_error(database: Database) {
    let app = TestApp::start_with(database, &[("WECHAT_SECRET", "0123456789abcdef0123456789abcdef")]).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, "/api/wechat/redirect?callback=%2F").await;
    let page = shopper.get(&back).await;
    assert_eq!(page.status(), 502);
    let page = page.text().await.unwrap();
    assert!(page.contains("微信登录暂时无法使用") && !page.contains("微信支付"), "{page}");
    app.stop().await;
}

async fn a_buy_page_of_a_sold_out_product_offers_no_cart(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let page = "/orders/new?sku=throw-wool-1&quantity=1";
    assert!(shopper.get(page).await.text().await.unwrap().contains("formaction=\"/cart\""));
    app.database.set("skus", "stock", 0, &[("id", "throw-wool-1")]).await;
    let sold_out = shopper.get(page).await.text().await.unwrap();
    assert!(!sold_out.contains("formaction=\"/cart\"") && sold_out.contains("库存不足"), "{sold_out}");
    assert!(sold_out.contains("/products/throw-wool"), "{sold_out}");
    app.stop().await;
}
