//! Invoices: a shopper asks for one after the payment, staff say that it was issued.

use shop::Role;

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    on_both,
    shopper::{Shopper, location, thumb},
};

const MUG: &str = "mug-celadon-300";

const COMPANY: [(&str, &str); 4] = [
    ("kind", "company"),
    ("title", " 上海小店有限公司 "),
    ("tax_number", "91350100 m000100y43"),
    ("email", "caiwu@example.com"),
];

on_both!(
    an_invoice_is_asked_for_changed_and_issued,
    a_wrong_field_is_named_and_nothing_typed_is_lost,
    only_a_paid_order_of_the_own_has_an_invoice,
);

async fn paid(app: &TestApp, shopper: &mut Shopper) -> String {
    let (order, number) = shopper.about_to_pay(MUG, 1).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    order
}

async fn an_invoice_is_asked_for_changed_and_issued(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = paid(&app, &mut shopper).await;
    let (page, form) = (format!("/orders/{order}"), format!("/orders/{order}/invoice"));
    let html = text(&mut shopper, &page).await;
    assert!(html.contains(&format!("href=\"{form}\"")) && html.contains("申请发票"), "{html}");
    let person = [("kind", "person"), ("title", "小王"), ("tax_number", ""), ("email", "w@example.com")];
    let done = location(&shopper.post(&form, &person).await);
    let html = text(&mut shopper, &done).await;
    assert!(html.contains("已提交开票申请") && html.contains("发票待开具"), "{html}");
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let list = "/console/orders?view=to_invoice";
    assert!(text(&mut clerk, list).await.contains(&order));
    let console = format!("/console/orders/{order}");
    let before = text(&mut clerk, &console).await;
    assert!(
        before.contains("待开票") && before.contains("小王") && before.contains("w@example.com"),
        "{before}"
    );
    let asked_ms = before.split("name=\"asked_ms\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    // the shopper changes it while the page is open: staff look again
    app.clock.advance(1);
    assert_eq!(shopper.post(&form, &COMPANY).await.status(), 303);
    let issue = format!("{console}/invoice");
    assert_eq!(post(&mut clerk, &issue, &[("asked_ms", asked_ms)]).await.0, 409);
    let now = text(&mut clerk, &console).await;
    assert!(now.contains("上海小店有限公司") && now.contains("91350100M000100Y43"), "{now}");
    let asked_ms = now.split("name=\"asked_ms\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(post(&mut reader, &issue, &[("asked_ms", asked_ms)]).await.0, 403);
    assert_eq!(
        post(&mut clerk, &issue, &[("asked_ms", asked_ms)]).await,
        (303, format!("{console}?done=invoice"))
    );
    assert_eq!(app.database.count("audit", &[("what", "issue invoice"), ("who", "anna")]).await, 1);
    assert!(!text(&mut clerk, list).await.contains(&order));
    // after that nobody changes it
    assert_eq!(shopper.post(&form, &person).await.status(), 409);
    let issued = text(&mut shopper, &form).await;
    assert!(issued.contains("上海小店有限公司") && !issued.contains("<form"), "{issued}");
    assert!(text(&mut shopper, &page).await.contains("发票已开具"));
    let (_, file) = post(&mut clerk, "/console/orders.csv", &[]).await;
    let head = file.lines().next().unwrap();
    assert!(head.ends_with("发票抬头,税号,发票邮箱,开票时间"), "{head}");
    assert!(file.contains("上海小店有限公司,91350100M000100Y43,caiwu@example.com,2"), "{file}");
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let english = text(&mut clerk, &console).await;
    let english = english.replace("上海小店有限公司", "");
    assert_eq!(chinese(&english), Vec::<String>::new());
    app.stop().await;
}

async fn a_wrong_field_is_named_and_nothing_typed_is_lost(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = paid(&app, &mut shopper).await;
    let form = format!("/orders/{order}/invoice");
    for (name, value, words) in [
        ("title", " ", "请填写发票抬头"),
        ("tax_number", "91350100M000100Y44", "税号不正确"),
        ("email", "caiwu", "请填写邮箱地址"),
    ] {
        let typed = COMPANY.map(|(field, known)| (field, if field == name { value } else { known }));
        let answer = shopper.post(&form, &typed).await;
        let status = answer.status();
        let page = answer.text().await.unwrap();
        assert_eq!(status, 400, "{page}");
        assert!(page.contains(&format!("id=\"{name}-problem\" class=\"problem\">{words}")), "{page}");
        let others = typed.iter().filter(|(field, _)| *field != name && *field != "kind");
        for (_, typed) in others {
            assert!(page.contains(&format!("value=\"{typed}\"")), "{typed}: {page}");
        }
        assert!(page.contains("value=\"company\" checked"), "{page}");
    }
    assert_eq!(app.database.count("invoices", &[]).await, 0);
    app.stop().await;
}

async fn only_a_paid_order_of_the_own_has_an_invoice(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let unpaid = shopper.order(MUG, 1).await;
    let form = format!("/orders/{unpaid}/invoice");
    assert_eq!(shopper.post(&form, &COMPANY).await.status(), 409);
    assert_eq!(location(&shopper.get(&form).await), format!("/orders/{unpaid}"));
    let order = paid(&app, &mut shopper).await;
    let mut other = app.shopper().await;
    let form = format!("/orders/{order}/invoice");
    assert_eq!(other.post(&form, &COMPANY).await.status(), 404);
    assert_eq!(other.get(&form).await.status(), 404);
    assert_eq!(app.database.count("invoices", &[]).await, 0);
    app.stop().await;
}
