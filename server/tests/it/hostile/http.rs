//! Methods, paths and headers that no page of this shop makes.

use super::{
    CALLBACK, Case, REFUND_CALLBACK, nothing_changes,
    wire::{Request, get, post, request},
};
use crate::{app::TestApp, on_both};
use test_support::Database;

on_both!(
    unusual_methods_change_nothing,
    unusual_paths_change_nothing,
    unusual_headers_change_nothing,
    a_login_comes_back_to_this_site_only,
);

async fn unusual_methods_change_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let origin = format!("origin: {}", app.url);
    let cookie = format!("cookie: session={}", app.shopper().await.cookies["session"]);
    let of_site = |request: Request| request.with(origin.clone()).with(cookie.clone());
    let form = "sku=mug-celadon-300&quantity=1";
    let cases: Vec<Case> = vec![
        ("GET on the notifications", get(CALLBACK), 405),
        ("GET on the refunds", get(REFUND_CALLBACK), 405),
        ("HEAD on the notifications", request("HEAD", CALLBACK), 405),
        ("PUT on the notifications", request("PUT", CALLBACK).body("<xml/>"), 405),
        ("DELETE on the notifications", request("DELETE", CALLBACK), 405),
        ("GET on the wallet", of_site(get("/api/wechat/pay/payWallet?money=1")), 405),
        ("PUT on the wallet", of_site(request("PUT", "/api/wechat/pay/payWallet")).form("money=1"), 405),
        ("GET on the mini program's payment", get("/api/miniprogram/pay"), 405),
        ("GET on a token's refresh", get("/api/wechat/token/refresh"), 405),
        ("GET with the form of an order", of_site(get(&format!("/orders?{form}"))), 200),
        ("GET with a body", of_site(get("/orders")).form(form), 200),
        ("PUT on the orders", of_site(request("PUT", "/orders")).form(form), 405),
        ("PATCH on the orders", of_site(request("PATCH", "/orders")).form(form), 405),
        ("an unknown method on the orders", of_site(request("BREW", "/orders")).form(form), 405),
        ("a method in small letters", of_site(request("post", "/orders")).form(form), 405),
        ("a method of another header", get("/orders").with("x-http-method-override: POST").form(form), 200),
        ("TRACE", request("TRACE", "/").with("cookie: session=hidden"), 403),
        ("TRACE from this site", of_site(request("TRACE", "/")), 405),
        ("CONNECT", request("CONNECT", "evil.test:443"), 400),
        ("OPTIONS of another site", request("OPTIONS", "/orders").with("origin: https://evil.test"), 405),
        ("OPTIONS *", request("OPTIONS", "*"), 400),
        ("POST on a page", of_site(post("/")), 405),
        ("POST on a file", of_site(post("/pkg/xiaodian.js")), 405),
        ("POST on nothing", of_site(post("/no-such-page")), 405),
        ("DELETE of an order", of_site(request("DELETE", "/orders/1")), 405),
        ("GET on a server function", of_site(get("/api/fn/pay?order=1")), 405),
        ("GET on a payment's form", of_site(get("/orders/1/cancel")), 405),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn unusual_paths_change_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let long = format!("/{}", "a".repeat(60_000));
    let endless = format!("/{}", "a".repeat(600_000));
    let many = format!("/?{}", "a=1&".repeat(10_000));
    let cases: Vec<Case> = vec![
        ("two slashes", get("//"), 404),
        ("another host behind two slashes", get("//evil.test/"), 404),
        ("the notifications behind two slashes", post("//api/wechat/pay/callback").body("<xml/>"), 404),
        ("the notifications with a slash behind", post("/api/wechat/pay/callback/").body("<xml/>"), 403),
        ("the notifications in capitals", post("/API/WECHAT/PAY/CALLBACK").body("<xml/>"), 403),
        ("a way up", get("/../../etc/passwd"), 404),
        ("a way up in the files", get("/pkg/../../Cargo.toml"), 404),
        ("a way up, encoded", get("/..%2f..%2fetc%2fpasswd"), 404),
        ("a way up, encoded twice", get("/%252e%252e%252fetc%252fpasswd"), 404),
        ("a way up with backslashes", get("/..%5c..%5cetc%5cpasswd"), 404),
        ("the root's files", get("/%2fetc%2fpasswd"), 404),
        ("an over-long slash", get("/..%c0%af..%c0%afetc/passwd"), 404),
        ("a NUL", get("/%00"), 404),
        ("a NUL behind a name", get("/favicon.ico%00.png"), 404),
        ("a broken escape", get("/%"), 404),
        ("bytes that are no text", get("/%ff%fe"), 404),
        ("markup", get("/<hostile>"), 400),
        ("markup, encoded", get("/%3Chostile%20onload=alert(1)%3E"), 404),
        ("markup in a product", get("/products/%3Chostile%3E"), 404),
        ("SQL in a product", get("/products/1'%20OR%20'1'='1"), 404),
        ("markup in the question", get("/no-such-page?a=%3Chostile%3E"), 404),
        ("a hidden file", get("/.env"), 404),
        ("the repository", get("/.git/config"), 404),
        ("the database", get("/data/shop.db"), 404),
        ("60 kB of path", get(&long), 414),
        ("a name of 300 letters", get(&format!("/{}", "a".repeat(300))), 414),
        ("600 kB of path", get(&endless), 431),
        ("ten thousand questions", get(&many), 200),
        ("a whole address of another host", get("http://evil.test/no-such-page"), 404),
        ("no path at all", get("no-such-page"), 400),
        ("a blank in the path", get("/a b"), 400),
        (
            "a server function that there is not",
            post("/api/fn/refund").with(format!("origin: {}", app.url)),
            405,
        ),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn unusual_headers_change_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let origin = format!("origin: {}", app.url);
    let placing = || post("/orders").with(origin.clone());
    let form = "sku=mug-celadon-300&quantity=1";
    let much = format!("x-much: {}", "a".repeat(600_000));
    let many = (0..200).fold(get("/"), |request, at| request.with(format!("x-{at}: 1")));
    let cookies = format!("cookie: {}", "session=a.1.00; ".repeat(3_000));
    let whole = format!("content-length: {}", form.len());
    let cases: Vec<Case> = vec![
        ("a header of 600 kB", get("/").with(much), 431),
        ("200 headers", many, 431),
        ("three thousand cookies", get("/").with(cookies), 200),
        ("a cookie that is no text", get("/").with("cookie: session=\u{e9}"), 200),
        ("a name with a blank", get("/").with("bad name: 1"), 400),
        ("a header without a name", get("/").with(": 1"), 400),
        ("a header without a colon", get("/").with("hostile"), 400),
        ("a folded header", get("/").with("x-a: 1\r\n folded"), 400),
        ("a NUL in a header", get("/").with("x-a: 1\0"), 400),
        ("two lengths", placing().with("content-length: 1").with(whole.clone()).body(form), 400),
        ("a length below nothing", placing().with("content-length: -1").body(form), 400),
        ("a length in words", placing().with("content-length: ten").body(form), 400),
        ("a length beyond 64 bits", placing().with("content-length: 99999999999999999999").body(form), 400),
        ("a length of gigabytes", placing().with("content-length: 9999999999").body(form), 413),
        ("a broken chunk", placing().with("transfer-encoding: chunked").body("zz\r\na\r\n0\r\n\r\n"), 400),
        ("an unknown encoding", placing().with("transfer-encoding: gzip").body(form), 400),
        ("another version of HTTP", get("/no-such-page HTTP/9.9\r\nx:"), 400),
        ("asks first, from nowhere", post("/orders").with("expect: 100-continue").form(form), 403),
        (
            "asks first, and is too long",
            placing().with("expect: 100-continue").with("content-length: 999999"),
            413,
        ),
        ("a part of a page", get("/no-such-page").with("range: bytes=0-10"), 404),
        ("a thousand parts", get("/healthz").with(format!("range: bytes={}", "0-1,".repeat(1000))), 200),
        ("no host", get("/no-such-page").with("host:"), 404),
        (
            "an upgrade",
            get("/no-such-page").with("upgrade: websocket").with("sec-websocket-version: 13"),
            404,
        ),
        ("HTTP/2 without asking", request("PRI", "*").with("upgrade: h2c"), 400),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn a_login_comes_back_to_this_site_only(database: Database) {
    let app = TestApp::start(database).await;
    let to = |callback: &str| get(&format!("/api/wechat/redirect?callback={callback}"));
    let open = |query: &str| get(&format!("/api/wechat/getOpenId?{query}"));
    let jssdk = |query: &str| get(&format!("/api/wechat/jssdk?{query}"));
    let own = app.url.trim_start_matches("http://").to_owned();
    let cases: Vec<Case> = vec![
        ("another site", to("https%3A%2F%2Fevil.test%2F"), 400),
        ("without a scheme", to("%2F%2Fevil.test"), 400),
        ("with a backslash", to("%2F%5Cevil.test"), 400),
        ("two backslashes", to("%5C%5Cevil.test"), 400),
        ("a tab between the slashes", to("%2F%09%2Fevil.test"), 400),
        ("this site's name before it", to(&format!("http%3A%2F%2F{own}.evil.test%2F")), 400),
        ("this site as a user", to(&format!("http%3A%2F%2F{own}%40evil.test%2F")), 400),
        ("this site over another scheme", to(&format!("ftp%3A%2F%2F{own}%2F")), 400),
        ("a script", to("javascript%3Aalert(1)"), 400),
        ("data", to("data%3Atext%2Fhtml%2C%3Chostile%3E"), 400),
        ("a header in it", to("%2Fa%0D%0Ahostile:%201"), 400),
        ("a header in it, by a line feed", to("%2Fa%0Ahostile:%201"), 400),
        ("a NUL", to("%2Fa%00"), 400),
        (
            "an empty line as the scope",
            get("/api/wechat/redirect?callback=%2F&scope=%0D%0Ahostile:%201"),
            400,
        ),
        ("an unknown scope", get("/api/wechat/redirect?callback=%2F&scope=snsapi_loginx"), 400),
        ("two callbacks", get("/api/wechat/redirect?callback=%2F&callback=%2F%2Fevil.test"), 400),
        ("back without anything", open(""), 400),
        ("back with a code and no state", open("code=1"), 400),
        ("back with an invented state", open("code=1&state=00000000000000000000000000000000"), 400),
        ("back with markup", open("code=%3Chostile%3E&state=%3Chostile%3E"), 400),
        ("back with 10 kB of state", open(&format!("code=1&state={}", "0".repeat(10_000))), 400),
        ("a configuration for nowhere", jssdk(""), 400),
        ("for another site", jssdk("url=https%3A%2F%2Fevil.test%2F"), 400),
        ("for this site's name before it", jssdk(&format!("url=http%3A%2F%2F{own}.evil.test%2F")), 400),
        ("for this site as a user", jssdk(&format!("url=http%3A%2F%2F{own}%40evil.test%2F")), 400),
        ("for markup", jssdk("url=%3Chostile%3E"), 400),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}
