//! What comes after the payment: an order is shipped, a shopper asks for money, the shop answers.

use model::record::RefundApplicationState;
use shop::{ParcelForm, RefundApproval, Role, ShopError, Staff};

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(
    a_paid_order_is_shipped_and_its_number_can_be_corrected,
    a_shopper_has_one_open_refund_application,
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
    let kinds: Vec<_> = events.iter().map(|event| event.what.as_str()).collect();
    assert!(kinds.ends_with(&["shipped", "shipment_corrected"]), "{events:?}");
    assert_eq!(app.database.count("audit", &[("what", "ship")]).await, 2);
    assert_eq!(app.database.connect().await.table("orders").null("shipped_ms").count().await, 0);
    app.stop().await;
}

async fn a_shopper_has_one_open_refund_application(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let (id, own) = (order.parse().unwrap(), shopper.openid.parse().unwrap());
    let other = app.shopper().await.openid.parse().unwrap();
    assert!(matches!(app.shop.refunds().request_refund(&own, &id, "不要了").await, Err(ShopError::NotPaid)));
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert!(matches!(
        app.shop.refunds().request_refund(&other, &id, "不要了").await,
        Err(ShopError::NotFound)
    ));
    for wrong in ["", "  ", "坏\u{0}", &"长".repeat(201)] {
        assert!(matches!(
            app.shop.refunds().request_refund(&own, &id, wrong).await,
            Err(ShopError::Invalid(_))
        ));
    }
    app.shop.refunds().request_refund(&own, &id, "不要了").await.unwrap();
    assert!(matches!(
        app.shop.refunds().request_refund(&own, &id, "再次").await,
        Err(ShopError::AlreadyAsked)
    ));
    let clerk = staff(Role::Clerk);
    let refused = app.shop.refunds().answer_application(&clerk, &id, None, "已发货").await;
    assert!(matches!(refused, Err(ShopError::NotAllowed)), "{refused:?}");
    let owner = staff(Role::Owner);
    app.shop.refunds().answer_application(&owner, &id, None, "已发货").await.unwrap();
    let answered = app.shop.refunds().refund_application(&id).await.unwrap().unwrap();
    assert_eq!((answered.state, &*answered.answer), (RefundApplicationState::Declined, "已发货"));
    let again = app.shop.refunds().answer_application(&owner, &id, Some(RefundApproval::default()), "").await;
    assert!(matches!(again, Err(ShopError::NotFound)), "{again:?}");
    app.shop.refunds().request_refund(&own, &id, "还是不要").await.unwrap();
    let open = app.shop.refunds().refund_application(&id).await.unwrap().unwrap();
    assert_eq!((open.state, &*open.answer), (RefundApplicationState::Open, ""));
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
    app.shop.refunds().request_refund(&shopper.openid.parse().unwrap(), &id, "不要了\n真的").await.unwrap();
    let owner = staff(Role::Owner);
    let both = [(), ()]
        .map(|()| app.shop.refunds().answer_application(&owner, &id, Some(RefundApproval::default()), ""));
    let answers = futures::future::join_all(both).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    let granted = app.shop.refunds().refund_application(&id).await.unwrap().unwrap();
    assert_eq!(granted.state, RefundApplicationState::Granted);
    let refunds = app.shop.store().refunds_of(&id).await.unwrap();
    assert_eq!((refunds.len(), refunds[0].refund_fee.0, &*refunds[0].who), (1, 5900, "tester"));
    app.stop().await;
}
