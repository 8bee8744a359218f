//! What comes after the payment: an order is shipped, a shopper asks for money, the shop answers.

use model::{Shopper, after_sale::AfterSaleState};
use shop::{AfterSaleForm, AfterSaleRefund, ParcelForm, Role, ShopError, Staff};

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(
    a_paid_order_is_shipped_and_its_number_can_be_corrected,
    an_order_that_is_asked_for_as_a_whole_is_asked_for_once,
    a_granted_application_is_refunded,
);

#[track_caller]
fn staff(role: Role) -> Staff {
    Staff { name: "tester".parse().unwrap(), role }
}

async fn a_paid_order_is_shipped_and_its_number_can_be_corrected(database: Database) {
    let app = TestApp::start(database).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let id = order.parse().unwrap();
    let (owner, reader) = (staff(Role::Owner), staff(Role::Reader));
    let early = app.shop.shipping().ship(&owner, &id, &ParcelForm::only("顺丰", "SF1")).await;
    assert!(matches!(early, Err(ShopError::NotPaid)), "{early:?}");
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let looking = app.shop.shipping().ship(&reader, &id, &ParcelForm::only("顺丰", "SF1")).await;
    assert!(matches!(looking, Err(ShopError::NotAllowed)), "{looking:?}");
    assert!(matches!(
        app.shop.shipping().ship(&owner, &id, &ParcelForm::only("", "SF1")).await,
        Err(ShopError::Invalid(_))
    ));
    assert_eq!(app.shop.shipping().shipment(&id).await.unwrap(), None);
    app.shop.shipping().ship(&owner, &id, &ParcelForm::only("顺丰", "SF1")).await.unwrap();
    let corrected = ParcelForm { is_correction: true, ..ParcelForm::only(" 顺丰 ", "SF 2") };
    app.shop.shipping().ship(&staff(Role::Clerk), &id, &corrected).await.unwrap();
    let shipment = app.shop.shipping().shipment(&id).await.unwrap().unwrap();
    let parcel = &shipment.parcels[0];
    assert_eq!((&*parcel.carrier, &*parcel.tracking_no), ("顺丰", "SF2"));
    let events = app.shop.store().events(&id).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert!(kinds.ends_with(&["shipped", "shipment_corrected"]), "{events:?}");
    assert_eq!(app.database.count("audit", &[("what", "ship")]).await, 1);
    assert_eq!(app.database.count("audit", &[("what", "correct shipment")]).await, 1);
    assert_eq!(app.database.connect().await.table("orders").null("shipped_ms").count().await, 0);
    app.stop().await;
}

async fn an_order_that_is_asked_for_as_a_whole_is_asked_for_once(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let (id, own): (_, Shopper) = (order.parse().unwrap(), shopper.openid.parse().unwrap());
    let other: Shopper = app.shopper().await.openid.parse().unwrap();
    let after_sales = app.shop.after_sales();
    let ask =
        async |who: &Shopper, reason: &str| after_sales.apply(who, &id, AfterSaleForm::whole(reason)).await;
    assert!(matches!(ask(&own, "不要了").await, Err(ShopError::NotPaid)));
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert!(matches!(ask(&other, "不要了").await, Err(ShopError::NotFound)));
    for wrong in ["", "  ", "坏\u{0}", &"长".repeat(201)] {
        assert!(matches!(ask(&own, wrong).await, Err(ShopError::Invalid(_))));
    }
    let first = ask(&own, "不要了").await.unwrap();
    assert!(matches!(ask(&own, "再次").await, Err(ShopError::AlreadyAsked)));
    let refused = after_sales.decline(&staff(Role::Clerk), &first, "已发货").await;
    assert!(matches!(refused, Err(ShopError::NotAllowed)), "{refused:?}");
    let owner = staff(Role::Owner);
    after_sales.decline(&owner, &first, "已发货").await.unwrap();
    let answered = after_sales.of_order(&id).await.unwrap();
    assert_eq!((answered[0].state, &*answered[0].answer), (AfterSaleState::Declined, "已发货"));
    let again = after_sales.refund(&owner, &first, AfterSaleRefund::default()).await;
    assert!(matches!(again, Err(ShopError::Changed)), "{again:?}");
    ask(&own, "还是不要").await.unwrap();
    let open = after_sales.of_order(&id).await.unwrap();
    assert_eq!((open.len(), open[1].state, &*open[1].answer), (2, AfterSaleState::Requested, ""));
    assert_eq!(app.database.count("refunds", &[]).await, 0);
    app.stop().await;
}

async fn a_granted_application_is_refunded(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let id = order.parse().unwrap();
    let (own, form) = (shopper.openid.parse().unwrap(), AfterSaleForm::whole("不要了\n真的"));
    let asked = app.shop.after_sales().apply(&own, &id, form).await.unwrap();
    let owner = staff(Role::Owner);
    let both = [(), ()].map(|()| app.shop.after_sales().refund(&owner, &asked, AfterSaleRefund::default()));
    let answers = futures::future::join_all(both).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    let granted = app.shop.after_sales().of_order(&id).await.unwrap();
    assert!(granted[0].state.is_granted(), "{granted:?}");
    let refunds = app.shop.store().refunds_of(&id).await.unwrap();
    assert_eq!((refunds.len(), refunds[0].refund_fee.0, &*refunds[0].who), (1, 5900, "tester"));
    app.stop().await;
}
