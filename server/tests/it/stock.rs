//! Stock and prices are the shop's, whatever the page says.

use test_support::Database;

use crate::{app::TestApp, on_both};

on_both!(
    the_last_piece_is_sold_once,
    the_price_comes_from_the_catalogue,
    a_wrong_order_is_refused_in_plain_words,
);

async fn the_last_piece_is_sold_once(database: Database) {
    let app = TestApp::start(database).await;
    assert_eq!(app.stock("throw-wool-1").await, 1);
    let mut shoppers = Vec::new();
    for _ in 0..12 {
        shoppers.push(app.shopper().await);
    }
    let tries = shoppers.iter_mut().map(async |shopper| {
        shopper.post("/orders", &[("sku", "throw-wool-1"), ("quantity", "1")]).await.status().as_u16()
    });
    let mut answers = futures::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [[303].as_slice(), &[409; 11]].concat());
    assert_eq!(app.stock("throw-wool-1").await, 0);
    app.stop().await;
}

async fn the_price_comes_from_the_catalogue(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let form = [("sku", "mug-celadon-300"), ("quantity", "2"), ("price", "1"), ("total_fee", "1")];
    assert_eq!(shopper.post("/orders", &form).await.status(), 303);
    assert_eq!(app.database.number("orders", "total_fee", &[]).await, 2 * 5900);
    app.stop().await;
}

async fn a_wrong_order_is_refused_in_plain_words(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    type Wrong<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);
    let wrong: [Wrong<'_>; 6] = [
        (&[("sku", "mug-celadon-300"), ("quantity", "0")], 400, "数量为 1 到 99"),
        (&[("sku", "mug-celadon-300"), ("quantity", "1.5")], 400, "数量为 1 到 99"),
        (&[("sku", "mug-celadon-300"), ("quantity", "99")], 409, "库存不足"),
        (&[("sku", "no-such-thing"), ("quantity", "1")], 404, "没有找到"),
        (&[("sku", "NO SUCH THING"), ("quantity", "1")], 400, "请选择规格"),
        (&[("quantity", "1")], 400, "请求有误"),
    ];
    for (form, status, words) in wrong {
        let answer = shopper.post("/orders", form).await;
        assert_eq!(answer.status(), status, "{form:?}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(words), "{form:?}: {page}");
    }
    assert_eq!(app.database.count("orders", &[]).await, 0);
    app.stop().await;
}
