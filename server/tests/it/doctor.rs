//! `server doctor`, with each fault on its own: it is named, and what to do about it.

use std::net::TcpListener;
use test_support::Database;

use serde_json::json;
use server::{
    config::Config,
    doctor::{self, Finding, Verdict},
};

use crate::{
    app::{MovedClock, TestApp},
    miniprogram, on_both,
    program::{Ended, Program},
};

on_both!(
    a_healthy_shop_has_nothing_wrong,
    each_fault_of_the_configuration_is_named,
    each_fault_of_the_machine_is_named,
    a_clock_that_is_wrong_and_a_certificate_that_has_ended_are_named,
    accounts_whose_logins_tell_no_unionid_are_named,
);

/// What it is, the variables that make it so, the check that finds it, and words of what it says.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

struct Practice {
    app: TestApp,
    program: Program,
    secrets: Vec<String>,
}

impl Practice {
    async fn open(database: Database) -> Self {
        let mut app = TestApp::start(database).await;
        app.stop_server().await;
        let account = app.account().await;
        let names = ["secret", "miniprogram_secret", "website_secret", "api_v2_key", "api_v3_key"];
        let mut secrets = names.map(|name| account[name].as_str().unwrap().to_owned()).to_vec();
        // a line of the private key
        let key = account["merchant_private_key_pem"].as_str().unwrap();
        secrets.extend(key.lines().nth(1).map(str::to_owned));
        Self { app, program: Program::install(), secrets }
    }

    async fn examine(&self, more: &[(&str, &str)]) -> Ended {
        let mut variables = self.app.variables().to_vec();
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let ended = self.program.run(&["doctor"], &variables).await;
        for secret in &self.secrets {
            assert!(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "a secret is told");
        }
        ended
    }

    /// Looks that one line says this of this check; what is wrong makes the program fail.
    async fn finds(&self, what: &str, more: &[(&str, &str)], verdict: &str, check: &str, words: &str) {
        let ended = self.examine(more).await;
        let begin = format!("{verdict:<8}{check}: ");
        let line = ended.stdout.lines().find(|line| line.starts_with(&begin));
        assert!(
            line.is_some_and(|line| line.contains(words)),
            "{what}: no {begin:?} with {words:?} in\n{}",
            ended.stdout
        );
        assert_eq!(ended.ok, verdict != "wrong", "{what}: {}", ended.stdout);
    }
}

async fn a_healthy_shop_has_nothing_wrong(database: Database) {
    let practice = Practice::open(database).await;
    let ended = practice.examine(&[]).await;
    assert!(ended.ok, "{}\n{}", ended.stdout, ended.stderr);
    for check in [
        "configuration",
        "certificate authorities",
        "browser files",
        "port",
        "database",
        "schema",
        "database writes",
        "merchant certificate",
        "certificate and key",
        "clock",
        "official account's token",
        "JS-SDK's ticket",
        "mini program's token",
        "website application's login",
        "V2 query",
        "V2 bill",
        "V2 refunds' certificate",
        "V3 platform certificates",
        "V3 query",
        "V3 bill",
    ] {
        assert!(
            ended.stdout.contains(&format!("ok      {check}: ")),
            "{check} is not well:\n{}",
            ended.stdout
        );
    }
    assert!(ended.stdout.contains("ok      mini program's deliveries: "), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("to look at\n"), "{}", ended.stdout);
    // a newer merchant has no platform certificate
    practice.app.control("account", json!({ "platform_keys": "public_key" })).await;
    practice
        .finds("no certificate", &[], "ok", "V3 platform certificates", "none, as for every newer merchant")
        .await;
    let no_key = [("WECHAT_PUBLIC_KEY_ID", ""), ("WECHAT_PUBLIC_KEY_FILE", "")];
    practice
        .finds("no key either", &no_key, "wrong", "V3 platform certificates", "WECHAT_PUBLIC_KEY_ID")
        .await;
    practice.app.stop().await;
}

async fn each_fault_of_the_configuration_is_named(database: Database) {
    let practice = Practice::open(database).await;
    let key = "0123456789abcdef0123456789abcdef";
    let files = tempfile::tempdir().unwrap();
    let account = practice.app.account().await;
    let write = |name: &str, field: &str| {
        let path = files.path().join(name);
        std::fs::write(&path, account[field].as_str().unwrap()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let other = write("other_cert.pem", "platform_cert_pem");
    let certificate_as_key = write("certificate_as_key.pem", "merchant_cert_pem");
    let literal = files.path().join("literal.pem");
    let pem = account["merchant_private_key_pem"].as_str().unwrap();
    std::fs::write(&literal, pem.replace('\n', "\\n")).unwrap();
    let literal = literal.to_str().unwrap();
    let wrong = "wrong";
    let cases: &[Case] = &[
        ("no appid", &[("WECHAT_APPID", "")], "configuration", "WECHAT_APPID is missing"),
        (
            "a wrong secret",
            &[("WECHAT_SECRET", key)],
            "official account's token",
            "WECHAT_SECRET is not the current",
        ),
        ("a wrong appid", &[("WECHAT_APPID", "wx0000000000000000")], "official account's token", "基本配置"),
        (
            "a wrong secret of the mini program",
            &[("WECHAT_MINIPROGRAM_SECRET", key)],
            "mini program's token",
            "WECHAT_MINIPROGRAM_SECRET is not the current",
        ),
        (
            "a wrong secret of the website application",
            &[("WECHAT_WEBSITE_SECRET", key)],
            "website application's login",
            "WECHAT_WEBSITE_SECRET is not the current",
        ),
        (
            "a website application without its secret",
            &[("WECHAT_WEBSITE_SECRET", "")],
            "configuration",
            "WECHAT_WEBSITE_SECRET",
        ),
        ("a wrong V2 key", &[("WECHAT_API_V2_KEY", key)], "V2 query", "WECHAT_API_V2_KEY"),
        (
            "a wrong V3 key",
            &[("WECHAT_API_V3_KEY", key)],
            "V3 platform certificates",
            "WECHAT_API_V3_KEY is not the current",
        ),
        (
            "a wrong serial",
            &[
                ("WECHAT_MERCHANT_CERT_FILE", ""),
                ("WECHAT_MERCHANT_SERIAL", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"),
            ],
            "V3 query",
            "WECHAT_MERCHANT_SERIAL",
        ),
        (
            "the sentence of the simulated WeChat",
            &[
                ("WECHAT_MERCHANT_CERT_FILE", ""),
                ("WECHAT_MERCHANT_SERIAL", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"),
            ],
            "V3 query",
            "The serial_no is not that of the merchant's current certificate.",
        ),
        (
            "another merchant's public key",
            &[("WECHAT_PUBLIC_KEY_ID", "PUB_KEY_ID_0100000000000000000000000000000000")],
            "V3 query",
            "微信支付公钥",
        ),
        (
            "the certificate for the private key",
            &[("WECHAT_MERCHANT_KEY_FILE", &certificate_as_key)],
            "configuration",
            "it is a certificate; the private key is in apiclient_key.pem",
        ),
        (
            "a key whose line breaks are two characters",
            &[("WECHAT_MERCHANT_KEY_FILE", literal)],
            "configuration",
            "it contains a backslash and an n instead of line breaks",
        ),
        ("a wrong merchant", &[("WECHAT_MCH_ID", "1900000000")], "V2 query", "WECHAT_MCH_ID"),
        (
            "a merchant that the provider does not have",
            &[("WECHAT_SUB_MCH_ID", "1900000299")],
            "V3 query",
            "WECHAT_SUB_MCH_ID is not a merchant (特约商户) of the provider",
        ),
        (
            "the same over V2",
            &[("WECHAT_SUB_MCH_ID", "1900000299")],
            "V2 query",
            "WECHAT_SUB_MCH_ID is not a merchant (特约商户) of the provider",
        ),
        (
            "a certificate of another key",
            &[("WECHAT_MERCHANT_CERT_FILE", &other), ("WECHAT_MERCHANT_SERIAL", "")],
            "certificate and key",
            "take both files of the same application",
        ),
        (
            "no platform",
            &[("WECHAT_API_URL", "http://127.0.0.1:1")],
            "official account's token",
            "cannot reach it",
        ),
        (
            "a robot without its key",
            &[("SHOP_STAFF_WEBHOOK", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send")],
            "staff's robot",
            "has no key",
        ),
        (
            "a mail server that is not there",
            &[
                ("SHOP_STAFF_MAIL_SERVER", "smtp://127.0.0.1:1"),
                ("SHOP_STAFF_MAIL_FROM", "shop@example.com"),
                ("SHOP_STAFF_MAIL_TO", "anna@example.com"),
            ],
            "staff's mail",
            "does not take the login",
        ),
        (
            "a template without fields",
            &[("WECHAT_TEMPLATE_PAID", "x")],
            "configuration",
            "WECHAT_TEMPLATE_PAID",
        ),
        ("half of the message settings", &[("WECHAT_PUSH_TOKEN", "")], "configuration", "WECHAT_PUSH_TOKEN"),
        ("no payments", &[("WECHAT_MCH_URL", "http://127.0.0.1:1")], "V2 query", "cannot reach it"),
        (
            "no database",
            &[("SHOP_DATABASE_URL", "postgres://shop@127.0.0.1:1/shop")],
            "database",
            "SHOP_DATABASE_URL",
        ),
        (
            "an address that is no file",
            &[("SHOP_DATABASE_URL", "sqlite:///proc/shop/shop.db")],
            "database writes",
            "rights",
        ),
        (
            "a public address without https",
            &[("SHOP_PUBLIC_URL", "http://shop.example.com"), ("WECHAT_API_URL", "")],
            "SHOP_PUBLIC_URL",
            "https only",
        ),
    ];
    for (what, more, check, words) in cases {
        practice.finds(what, more, wrong, check, words).await;
    }
    practice.app.control("account", json!({ "ip_whitelist": ["203.0.113.1"] })).await;
    practice.finds("not on the list", &[], wrong, "official account's token", "IP白名单").await;
    practice.app.stop().await;
}

async fn each_fault_of_the_machine_is_named(database: Database) {
    let practice = Practice::open(database).await;
    let (program, database) = (&practice.program, &practice.app.database);

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    practice
        .finds("a taken port", &[("SHOP_ADDR", &addr)], "wrong", "port", "taken by another program")
        .await;

    practice.finds("an emoji", &[("SHOP_NAME", "小店🌸")], "warning", "SHOP_NAME", "without them").await;

    let none = program.folder().join("none.pem");
    std::fs::write(&none, "").unwrap();
    let empty = program.folder().join("no-certificates");
    std::fs::create_dir(&empty).unwrap();
    let nobody = [
        ("SSL_CERT_FILE", none.to_str().unwrap()),
        ("SSL_CERT_DIR", empty.to_str().unwrap()),
        ("WECHAT_CA_FILE", ""),
    ];
    practice.finds("no authorities", &nobody, "wrong", "certificate authorities", "ca-certificates").await;

    let elsewhere = program.folder().join("elsewhere");
    std::fs::rename(program.site(), &elsewhere).unwrap();
    practice.finds("no assets", &[], "wrong", "browser files", "site/").await;
    std::fs::rename(&elsewhere, program.site()).unwrap();

    // the domain's file, served by the server itself
    let file = program.site().join("MP_verify_0123456789abcdef.txt");
    std::fs::write(&file, "0123456789abcdef").unwrap();
    practice.finds("no server", &[], "warning", "way in", "start the server").await;
    let app = &practice.app;
    let server = program.start(app.variables());
    app.until("the server is ready", async || {
        app.http.get(format!("{}/readyz", app.url)).send().await.is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    practice.finds("a server", &[], "ok", "domain file", "MP_verify_0123456789abcdef.txt").await;
    practice.finds("a server", &[], "ok", "port", "the server is running").await;
    // another site's name, where no such file is
    let elsewhere = [("SHOP_PUBLIC_URL", app.wechat_url())];
    let elsewhere = elsewhere.each_ref().map(|(name, value)| (*name, &**value));
    practice.finds("another site", &elsewhere, "wrong", "way in", "something else").await;
    assert!(server.stop().await.ok);

    let connection = database.connect().await;
    let version = connection.schema_version().await;
    connection.change_schema_version(version, Some(9999)).await;
    practice.finds("a newer schema", &[], "wrong", "schema", "newer version of the shop").await;
    connection.change_schema_version(9999, None).await;
    let older = connection.schema_version().await;
    practice.finds("an older schema", &[], "warning", "schema", "back it up").await;
    assert!(older < version);
    assert_eq!(connection.schema_version().await, older, "it was only looked at");

    practice.app.stop().await;
}

async fn a_clock_that_is_wrong_and_a_certificate_that_has_ended_are_named(database: Database) {
    let app = TestApp::start(database).await;
    let variables = app.variables().iter().map(|(name, value)| (&**name, &**value));
    let config = Config::from_variables(variables).unwrap();
    let examine = async |clock: &MovedClock| {
        let mut found: Vec<Finding> = Vec::new();
        doctor::examine(&config, clock, false, |_| {}, |finding| found.push(finding)).await;
        found
    };
    let of = |found: &[Finding], check: &str| {
        found.iter().find(|finding| finding.check == check).cloned().unwrap()
    };
    let clock = MovedClock::default();
    let found = examine(&clock).await;
    assert_eq!(of(&found, "clock").verdict, Verdict::Ok);
    assert!(of(&found, "port").observation.contains("the server is running"), "{found:?}");
    assert_eq!(of(&found, "way in").verdict, Verdict::Ok);
    clock.advance(120);
    assert_eq!(of(&examine(&clock).await, "clock").verdict, Verdict::Warning);
    clock.advance(3600);
    let late = of(&examine(&clock).await, "clock");
    assert_eq!(late.verdict, Verdict::Wrong);
    assert!(late.observation.contains("ahead of WeChat's") && late.remedy.contains("NTP"), "{late}");
    clock.advance(100 * 365 * 86_400);
    let ended = of(&examine(&clock).await, "merchant certificate");
    assert_eq!(ended.verdict, Verdict::Wrong);
    assert!(ended.observation.contains("has expired") && ended.remedy.contains("更换"), "{ended}");
    app.stop().await;
}

async fn accounts_whose_logins_tell_no_unionid_are_named(database: Database) {
    let app = TestApp::start(database).await;
    let variables = app.variables().iter().map(|(name, value)| (&**name, &**value));
    let config = Config::from_variables(variables).unwrap();
    let examine = async || {
        let mut found = None;
        let found_one = |finding: Finding| {
            if finding.check == "one shopper for a person" {
                found = Some(finding);
            }
        };
        doctor::examine(&config, &MovedClock::default(), false, |_| {}, found_one).await;
        found.unwrap()
    };
    miniprogram::log_in(&app).await;
    let found = examine().await;
    assert_eq!(found.verdict, Verdict::Warning);
    assert!(found.observation.contains("0 in the official account, 1 in the mini program"), "{found}");
    assert!(found.remedy.starts_with("bind the official account and the website application to"), "{found}");
    let account = app.account().await;
    for (openid, appid) in [("oService", &account["appid"]), ("oSite", &account["website_appid"])] {
        let shopper = app.database.connect().await.table("shoppers").rows("id").await[0]["id"].clone();
        let row = [
            ("openid", openid.into()),
            ("appid", appid.as_str().unwrap().into()),
            ("shopper", (&*shopper).into()),
            ("at_ms", 1.into()),
        ];
        app.database.insert("shopper_openids", &row).await;
    }
    let found = examine().await;
    assert_eq!(found.verdict, Verdict::Ok);
    assert!(found.observation.ends_with("shoppers with several openids: 1"), "{found}");
    app.stop().await;
}
