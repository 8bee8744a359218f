//! Roles of the staff: which routes of the console each role opens, and what a colleague who only ships sees.

use shop::{Role, Staff};
use test_support::Database;

use crate::{
    app::TestApp,
    console::{post, signed, text},
    on_both,
    packing::sent_to,
    shopper::Shopper,
};

on_both!(
    each_route_opens_for_its_roles_and_no_other,
    a_colleague_who_may_only_ship_works_without_seeing_money,
    an_owner_invites_a_colleague_who_may_only_ship,
    a_role_of_a_newer_version_opens_nothing,
);

/// Each route of the console: its method, its path and who may open it. A test of the server compares it with the routes.
const ROUTES: &str = include_str!("console_routes.txt");

const REFUSED: &str = "您的角色不能进行这项操作";

/// The path with real or invented values in the place of its parameters.
fn filled(path: &str, order: &str) -> String {
    [
        ("/orders/{id}", format!("/orders/{order}")),
        ("/after-sales/{id}", format!("/after-sales/{order}S1")),
        ("/catalogue/{id}", "/catalogue/mug-celadon".to_owned()),
        ("/complaints/{id}", "/complaints/1".to_owned()),
        ("/pictures/u/{id}", "/pictures/u/none".to_owned()),
        ("{sku}", "mug-celadon-300".to_owned()),
        ("{name}", "nobody".to_owned()),
        ("{number}", "1".to_owned()),
        ("{position}", "0".to_owned()),
        ("{token}", "none".to_owned()),
        ("{*rest}", "no/such/page".to_owned()),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

async fn open(browser: &mut Shopper, method: &str, path: &str) -> (u16, String) {
    if method == "POST" {
        return post(browser, path, &[]).await;
    }
    let answer = browser.get(path).await;
    (answer.status().as_u16(), String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned())
}

async fn each_route_opens_for_its_roles_and_no_other(database: Database) {
    let app = TestApp::start(database).await;
    let mut buyer = app.shopper().await;
    let roles =
        [("olga", Role::Owner), ("carl", Role::Clerk), ("rita", Role::Reader), ("shi", Role::Shipping)];
    let mut stranger = Shopper::new(&app, "nobody");
    // it ends the session, so each role has its own turn at the end
    let (last, others): (Vec<&str>, Vec<&str>) =
        ROUTES.lines().partition(|line| line.contains("/console/sign-out"));
    assert_eq!(last.len(), 1);
    for (name, role) in roles {
        let mut browser = signed(&app, name, role).await;
        let order = sent_to(&app, &mut buyer, "小王", 1, "").await;
        for line in others.iter().chain(&last) {
            let (method, rest) = line.split_once(' ').unwrap();
            let (path, visitors) = rest.split_once(' ').unwrap();
            let path = filled(path, &order);
            let (status, said) = open(&mut browser, method, &path).await;
            if visitors == "everyone" || visitors.split(' ').any(|word| word == role.as_str()) {
                assert!(!matches!(status, 403 | 405 | 429 | 500), "{role} {line}: {status} {said}");
            } else {
                assert_eq!(status, 403, "{role} {line}: {said}");
                assert!(said.contains(REFUSED), "{role} {line}: {said}");
            }
            if visitors != "everyone" {
                let (status, to) = open(&mut stranger, method, &path).await;
                assert!(status == 303, "a stranger, {line}: {status} {to}");
            }
        }
    }
    app.stop().await;
}

async fn a_colleague_who_may_only_ship_works_without_seeing_money(database: Database) {
    let app = TestApp::start(database).await;
    let mut buyer = app.shopper().await;
    let order = sent_to(&app, &mut buyer, "小王", 2, "请放门口").await;
    let (pickup, payment) = app.paid("mug-celadon-300").await;
    let mut unpaid_buyer = app.shopper().await;
    let unpaid = unpaid_buyer.order("mug-celadon-300", 1).await;
    let mut browser = signed(&app, "shi", Role::Shipping).await;
    // the first page is the list of orders to ship, and the menu has nothing else
    let first = browser.get("/console").await;
    assert_eq!(
        (first.status().as_u16(), &first.headers()["location"]),
        (303, &"/console/orders".parse().unwrap())
    );
    let list = text(&mut browser, "/console/orders").await;
    assert!(list.contains(&order) && list.contains("小王") && list.contains("/console/packing"), "{list}");
    for hidden in
        ["¥", &pickup, &unpaid, "/console/figures", "/console/after-sales", "/console/catalogue", ">全部</a>"]
    {
        assert!(!list.contains(hidden), "{hidden}: {list}");
    }
    // no filter leads to other orders
    for query in ["?view=unpaid", "?attention=1", &format!("?q={unpaid}"), "?view=refund_stuck"] {
        let list = text(&mut browser, &format!("/console/orders{query}")).await;
        assert!(!list.contains(&format!("/console/orders/{unpaid}")), "{query}: {list}");
    }
    assert_eq!(browser.get(&format!("/console/orders/{unpaid}")).await.status(), 403);
    // the order, without money and payments
    let page = text(&mut browser, &format!("/console/orders/{order}")).await;
    for shown in ["小王", "13800001234", "衡山路 1 号", "请放门口", "共 2 件", "name=\"tracking_no\""]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for hidden in ["¥", "微信支付单号", "退款", "订单动态", "/refund", "/shopper"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    // a parcel that is refused and then sent, and corrected
    let ship = format!("/console/orders/{order}/ship");
    let (status, page) = post(&mut browser, &ship, &[("carrier", ""), ("tracking_no", "SF1")]).await;
    assert!(status == 400 && page.contains("SF1") && !page.contains('¥'), "{status} {page}");
    let sent = [("carrier", "顺丰速运"), ("tracking_no", "SF123")];
    assert_eq!(
        post(&mut browser, &ship, &sent).await,
        (303, format!("/console/orders/{order}?done=shipped"))
    );
    assert!(text(&mut browser, "/console/orders?view=shipped").await.contains(&order));
    let corrected = [("carrier", "顺丰速运"), ("tracking_no", "SF124"), ("parcel", "1"), ("correct", "1")];
    let (_, to) = post(&mut browser, &ship, &corrected).await;
    assert!(text(&mut browser, &to).await.contains("SF124"));
    let note = format!("/console/packing/notes?order={order}");
    assert!(text(&mut browser, &note).await.contains("小王"));
    // the pickup
    assert!(text(&mut browser, "/console/orders?view=to_collect").await.contains(&pickup));
    let page = text(&mut browser, &format!("/console/orders/{pickup}")).await;
    assert!(page.contains("确认取货") && !page.contains(&payment), "{page}");
    let handed = post(&mut browser, &format!("/console/orders/{pickup}/hand-over"), &[]).await;
    assert_eq!(handed, (303, "/console/orders?done=handed-over".to_owned()));
    // what the buyer has is no work any more, and its recipient is nobody's business
    assert_eq!(browser.get(&format!("/console/orders/{pickup}")).await.status(), 403);
    assert_eq!(buyer.post(&format!("/orders/{order}/received"), &[]).await.status(), 303);
    assert_eq!(browser.get(&format!("/console/orders/{order}")).await.status(), 403);
    assert!(!text(&mut browser, &note).await.contains("小王"));
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert!(text(&mut reader, &note).await.contains("小王"));
    assert!(text(&mut reader, &format!("/console/orders/{order}")).await.contains('¥'));
    // the file of the orders to ship
    let file = browser.post("/console/packing/waiting.csv", &[]).await;
    assert_eq!(file.status(), 200);
    app.stop().await;
}

async fn an_owner_invites_a_colleague_who_may_only_ship(database: Database) {
    let app = TestApp::start(database).await;
    let mut owner = signed(&app, "olga", Role::Owner).await;
    let page = text(&mut owner, "/console/staff").await;
    assert!(page.contains("<option value=\"shipping\">发货员</option>"), "{page}");
    let (status, page) = post(&mut owner, "/console/staff", &[("name", "shi"), ("role", "shipping")]).await;
    assert!(status == 200 && page.contains("/console/join/"), "{page}");
    assert!(text(&mut owner, "/console/staff").await.contains("<span class=\"tag\">发货员</span>"));
    // and changes the role
    assert_eq!(post(&mut owner, "/console/staff/shi/role", &[("role", "clerk")]).await.0, 303);
    assert_eq!(post(&mut owner, "/console/staff/shi/role", &[("role", "shipping")]).await.0, 303);
    assert_eq!(app.database.count("staff", &[("name", "shi"), ("role", "shipping")]).await, 1);
    assert!(text(&mut owner, "/console/audit").await.contains("shi，发货员"));
    app.stop().await;
}

async fn a_role_of_a_newer_version_opens_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let mut owner = signed(&app, "olga", Role::Owner).await;
    let mut browser = signed(&app, "nina", Role::Clerk).await;
    app.database.set("staff", "role", "manager", &[("name", "nina")]).await;
    for path in ["/console", "/console/orders", "/console/account"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status(), 403, "{path}");
        assert!(answer.text().await.unwrap().contains(REFUSED), "{path}");
    }
    // the owner sees the account and can give it a role of this version
    let page = text(&mut owner, "/console/staff").await;
    assert!(page.contains("nina") && page.contains("新版本的角色"), "{page}");
    let accounts = app.shop.staff().list(&Staff::at_command_line()).await.unwrap();
    assert!(accounts.iter().any(|account| account.role.is_none()));
    assert_eq!(post(&mut owner, "/console/staff/nina/role", &[("role", "reader")]).await.0, 303);
    app.stop().await;
}
