//! Orders and sessions from before a change of the settings still work after it.

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(trap_06_a_payment_verifies_with_its_own_sign_type_after_a_switch, a_restart_loses_nothing,);

async fn trap_06_a_payment_verifies_with_its_own_sign_type_after_a_switch(database: Database) {
    let mut app = TestApp::start_with(database, &[("WECHAT_SIGN_TYPE", "HMAC-SHA256")]).await;
    let mut shopper = app.shopper().await;
    let (old, old_number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    app.restart_with(&[("WECHAT_SIGN_TYPE", "MD5")]).await;
    let (new, new_number) = shopper.about_to_pay("mug-celadon-450", 1).await;
    // tapped again after the switch, the old attempt is paid as it was made
    assert_eq!(shopper.pay(&old).await, old_number);
    for number in [&old_number, &new_number] {
        thumb(&app, number).await;
    }
    app.until_state(&old, "paid").await;
    app.until_state(&new, "paid").await;
    assert_eq!(app.database.count("attempts", &[("sign_type", "MD5")]).await, 1);
    app.stop().await;
}

async fn a_restart_loses_nothing(database: Database) {
    let mut app = TestApp::start_with(database, &[("SHOP_QUERY_INTERVALS_S", "1,1,1,1,1,1,1,1,1,1")]).await;
    let mut shopper = app.shopper().await;
    let (order, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 1).await;
    app.stop_server().await;
    // paid while nobody listens: the notification arrives nowhere
    thumb(&app, &out_trade_no).await;
    app.restart_with(&[]).await;
    app.until_state(&order, "paid").await;
    // the session is still good
    assert_eq!(shopper.get(&format!("/orders/{order}")).await.status(), 200);
    app.stop().await;
}
