//! Writes what a group of commands has changed: each table in one statement.

use std::collections::BTreeMap;

use model::OpenId;
use sqlx::AnyConnection;

use super::{
    super::{
        StoreError,
        bulk::{Value, insert, text, text_or_null, update},
        rows::{REFUND, REFUND_REQUEST, SHIPMENT},
    },
    Books,
    books::Fate,
};

pub(super) async fn flush(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    orders(connection, books).await?;
    items(connection, books).await?;
    attempts(connection, books).await?;
    refunds(connection, books).await?;
    stock(connection, books).await?;
    wallets(connection, books).await?;
    events(connection, books).await?;
    jobs(connection, books).await?;
    differences(connection, books).await?;
    profiles(connection, books).await?;
    audits(connection, books).await?;
    shipments(connection, books).await?;
    refund_requests(connection, books).await?;
    visits(connection, books).await?;
    deliveries(connection, books).await?;
    carts(connection, books).await
}

async fn orders(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let with = |fate| books.orders.values().filter(move |entry| entry.fate == fate).map(|entry| &entry.row);
    let new: Vec<_> = with(Fate::New)
        .map(|order| {
            [
                text(&order.id),
                text(order.kind),
                text(&order.shopper),
                text(&order.basket),
                text(order.state),
                Value::Number(order.total_fee.0),
                Value::Number(order.created_ms),
                Value::Number(order.expires_ms),
                Value::NumberOrNull(order.paid_ms),
                text_or_null(order.paid_out_trade_no.as_ref()),
                Value::Number(order.version),
                text(&order.link_key),
                text(&order.placed_from),
                Value::Number(order.held),
            ]
        })
        .collect();
    let head = "INSERT INTO orders (id, kind, openid, basket, state, total_fee, created_ms, expires_ms, paid_ms, \
                paid_out_trade_no, version, link_key, placed_from, held)";
    insert(connection, "writing orders", head, new, "").await?;

    let changed: Vec<_> = with(Fate::Changed)
        .map(|order| {
            [
                text(&order.id),
                text(order.state),
                Value::NumberOrNull(order.paid_ms),
                text_or_null(order.paid_out_trade_no.as_ref()),
                Value::Number(order.version),
                Value::Number(order.held),
            ]
        })
        .collect();
    let head = "UPDATE orders SET state = v.column2, paid_ms = v.column3, paid_out_trade_no = v.column4, \
                version = v.column5, held = v.column6";
    update(connection, "changing orders", head, changed, "WHERE orders.id = v.column1").await
}

async fn items(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let new: Vec<_> = books
        .new_items
        .iter()
        .map(|item| {
            [
                text(&item.order_id),
                Value::Number(item.position),
                text(&item.sku),
                text(&item.name),
                text(&item.spec),
                text(&item.picture),
                Value::Number(item.price.0),
                Value::Number(item.quantity.get()),
            ]
        })
        .collect();
    let head = "INSERT INTO order_items (order_id, position, sku, name, spec, picture, price, quantity)";
    insert(connection, "writing items", head, new, "").await
}

async fn attempts(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let with = |fate| books.attempts.values().filter(move |entry| entry.fate == fate).map(|entry| &entry.row);
    let new: Vec<_> = with(Fate::New)
        .map(|attempt| {
            [
                text(&attempt.out_trade_no),
                text(&attempt.order_id),
                Value::Number(attempt.seq),
                text(attempt.state.as_str()),
                text(attempt.api.as_str()),
                text(attempt.trade_type.as_str()),
                text(attempt.api.sign_type()),
                text(&attempt.appid),
                text(&attempt.mch_id),
                text(attempt.openid.as_ref().map_or("", OpenId::as_str)),
                Value::Number(attempt.total_fee.0),
                Value::Number(attempt.created_ms),
                Value::Number(attempt.expires_ms),
            ]
        })
        .collect();
    let head = "INSERT INTO attempts (out_trade_no, order_id, seq, state, api, trade_type, sign_type, appid, \
                mch_id, openid, total_fee, created_ms, expires_ms)";
    insert(connection, "writing attempts", head, new, "").await?;
    let requests: Vec<_> =
        books.requests.iter().map(|(out_trade_no, request)| [text(out_trade_no), text(request)]).collect();
    let head = "INSERT INTO attempt_requests (out_trade_no, request)";
    insert(connection, "writing requests", head, requests, "").await?;

    let changed: Vec<_> = with(Fate::Changed)
        .map(|attempt| {
            [
                text(&attempt.out_trade_no),
                text(attempt.state.as_str()),
                text_or_null(attempt.prepay_id.as_ref()),
                Value::NumberOrNull(attempt.prepay_ms),
                text_or_null(attempt.transaction_id.as_ref()),
                Value::NumberOrNull(attempt.paid_ms),
                Value::NumberOrNull(attempt.payer_total.map(|fee| fee.0)),
                Value::NumberOrNull(attempt.settlement_total.map(|fee| fee.0)),
                Value::Number(attempt.refunded.0),
                Value::Number(attempt.refunding.0),
                text_or_null(attempt.pay_url.as_ref()),
                Value::Number(attempt.refunds_unknown.into()),
            ]
        })
        .collect();
    let head = "UPDATE attempts SET state = v.column2, prepay_id = v.column3, prepay_ms = v.column4, \
                transaction_id = v.column5, paid_ms = v.column6, payer_total = v.column7, settlement_total = v.column8, \
                refunded = v.column9, refunding = v.column10, pay_url = v.column11, refunds_unknown = v.column12";
    update(connection, "changing attempts", head, changed, "WHERE attempts.out_trade_no = v.column1").await
}

async fn stock(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let moves: Vec<_> = books
        .stock_moves
        .iter()
        .filter(|(_, pieces)| **pieces != 0)
        .map(|(sku, pieces)| [text(sku), Value::Number(*pieces)])
        .collect();
    let head = "UPDATE skus SET stock = skus.stock + v.column2";
    update(connection, "moving stock", head, moves, "WHERE skus.id = v.column1").await
}

async fn wallets(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let moves: Vec<_> = books
        .wallet_moves
        .iter()
        .map(|row| {
            [
                text(&row.id),
                text(&row.order_id),
                text(&row.shopper),
                Value::Number(row.amount.0),
                Value::Number(row.at_ms),
            ]
        })
        .collect();
    let head = "INSERT INTO wallet_moves (id, order_id, openid, amount, at_ms)";
    insert(connection, "writing wallet moves", head, moves, "").await?;

    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in &books.wallet_moves {
        *sums.entry(row.shopper.to_string()).or_default() += row.amount.0;
    }
    // the check of the table is for the balance that comes out, not for the move: so not one upsert
    let empty: Vec<_> = sums.keys().map(|openid| [text(openid), Value::Number(0)]).collect();
    let head = "INSERT INTO wallets (openid, balance)";
    insert(connection, "adding wallets", head, empty, "ON CONFLICT (openid) DO NOTHING").await?;
    let sums: Vec<_> = sums.into_iter().map(|(openid, sum)| [text(openid), Value::Number(sum)]).collect();
    let head = "UPDATE wallets SET balance = wallets.balance + v.column2";
    update(connection, "moving balances", head, sums, "WHERE wallets.openid = v.column1").await
}

async fn events(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let new: Vec<_> = books
        .events
        .iter()
        .map(|event| {
            [
                text(&event.order_id),
                Value::Number(event.seq),
                Value::Number(event.at_ms),
                text(event.who),
                text(event.what),
                text_or_null(event.out_trade_no.as_ref()),
                text(&event.detail),
            ]
        })
        .collect();
    let head = "INSERT INTO events (order_id, seq, at_ms, who, what, out_trade_no, detail)";
    insert(connection, "writing events", head, new, "").await
}

async fn jobs(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let new: Vec<_> = books
        .jobs
        .iter()
        .map(|job| {
            [
                text(&job.id),
                text(&job.kind),
                text(&job.subject),
                Value::Number(job.run_ms),
                Value::Number(job.tries),
                Value::Number(0),
                text(""),
                text(""),
            ]
        })
        .collect();
    let head = "INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error)";
    insert(connection, "writing jobs", head, new, "ON CONFLICT (id) DO NOTHING").await
}

async fn differences(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    // one at a time: PostgreSQL refuses the same row twice in one ON CONFLICT DO UPDATE
    for difference in &books.differences {
        let row = vec![[
            text(&difference.id),
            text(difference.kind),
            text(&difference.out_trade_no),
            Value::Number(difference.at_ms),
            Value::Number(difference.at_ms),
            Value::Number(1),
            text(&difference.detail),
            Value::Bytes(difference.payload.clone()),
            text(&difference.resolution),
        ]];
        let head = "INSERT INTO differences (id, kind, out_trade_no, first_ms, last_ms, times, detail, payload, resolution)";
        let tail = "ON CONFLICT (id) DO UPDATE SET last_ms = excluded.last_ms, times = differences.times + 1, \
                    resolution = CASE WHEN differences.resolution = '' THEN excluded.resolution ELSE \
                    differences.resolution END";
        insert(connection, "writing a difference", head, row, tail).await?;
    }
    for (id, resolution) in &books.resolutions {
        // most refunds have no difference: a statement that finds no row is no error
        sqlx::query("UPDATE differences SET resolution = $1 WHERE id = $2 AND resolution = ''")
            .bind(resolution.as_str())
            .bind(id.as_str())
            .execute(&mut *connection)
            .await
            .map_err(StoreError::during("resolving a difference"))?;
    }
    Ok(())
}

async fn profiles(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let rows: Vec<_> = books
        .profiles
        .values()
        .map(|profile| {
            [
                text(&profile.openid),
                text(&profile.nickname),
                text(&profile.headimgurl),
                Value::Number(profile.at_ms),
            ]
        })
        .collect();
    let head = "INSERT INTO profiles (openid, nickname, headimgurl, at_ms)";
    let tail = "ON CONFLICT (openid) DO UPDATE SET nickname = excluded.nickname, \
                headimgurl = excluded.headimgurl, at_ms = excluded.at_ms";
    insert(connection, "writing profiles", head, rows, tail).await
}

async fn deliveries(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let rows: Vec<_> = books
        .deliveries
        .values()
        .map(|row| {
            [text(&row.order_id), text(&row.name), text(&row.phone), text(&row.address), text(&row.note)]
        })
        .collect();
    let head = "INSERT INTO deliveries (order_id, name, phone, address, note)";
    let tail = "ON CONFLICT (order_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, \
                address = excluded.address, note = excluded.note";
    insert(connection, "writing deliveries", head, rows, tail).await
}

async fn carts(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    // what is in no cart any more is no error: one statement each, and few of them
    for (shopper, sku) in &books.bought {
        sqlx::query("DELETE FROM carts WHERE shopper = $1 AND sku = $2")
            .bind(shopper.as_str())
            .bind(sku.as_str())
            .execute(&mut *connection)
            .await
            .map_err(StoreError::during("writing a cart"))?;
    }
    Ok(())
}

async fn visits(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let rows: Vec<_> = books.visits.iter().map(|(order, shopper)| [text(order), text(shopper)]).collect();
    let head = "INSERT INTO order_visitors (order_id, shopper)";
    insert(connection, "writing visits", head, rows, "ON CONFLICT (order_id, shopper) DO NOTHING").await
}

async fn shipments(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let changed =
        || books.shipments.values().filter(|entry| entry.fate == Fate::Changed).map(|entry| &entry.row);
    let rows: Vec<_> = changed()
        .map(|row| {
            [
                text(&row.order_id),
                text(&row.carrier),
                text(&row.tracking_no),
                text(&row.who),
                Value::Number(row.shipped_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO shipments ({SHIPMENT})");
    let tail = "ON CONFLICT (order_id) DO UPDATE SET carrier = excluded.carrier, \
                tracking_no = excluded.tracking_no, who = excluded.who, shipped_ms = excluded.shipped_ms";
    insert(connection, "writing shipments", &head, rows, tail).await?;
    let rows: Vec<_> = changed().map(|row| [text(&row.order_id), Value::Number(row.shipped_ms)]).collect();
    let head = "UPDATE orders SET shipped_ms = v.column2";
    update(connection, "marking orders as shipped", head, rows, "WHERE orders.id = v.column1").await
}

async fn refund_requests(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let changed = books.refund_requests.values().filter(|entry| entry.fate == Fate::Changed);
    let rows: Vec<_> = changed
        .map(|entry| &entry.row)
        .map(|row| {
            [
                text(&row.order_id),
                text(row.state.as_str()),
                text(&row.reason),
                Value::Number(row.asked_ms),
                text(&row.answer),
                text(&row.who),
                Value::NumberOrNull(row.answered_ms),
                text(&row.out_refund_no),
            ]
        })
        .collect();
    let head = format!("INSERT INTO refund_requests ({REFUND_REQUEST})");
    let tail = "ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, \
                asked_ms = excluded.asked_ms, answer = excluded.answer, who = excluded.who, \
                answered_ms = excluded.answered_ms, out_refund_no = excluded.out_refund_no";
    insert(connection, "writing refund requests", &head, rows, tail).await
}

async fn audits(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let rows: Vec<_> = books
        .audits
        .iter()
        .map(|row| {
            [text(&row.id), Value::Number(row.at_ms), text(&row.who), text(&row.what), text(&row.detail)]
        })
        .collect();
    let head = "INSERT INTO audit (id, at_ms, who, what, detail)";
    insert(connection, "writing the audit", head, rows, "").await
}

async fn refunds(connection: &mut AnyConnection, books: &Books) -> Result<(), StoreError> {
    let with = |fate| books.refunds.values().filter(move |entry| entry.fate == fate).map(|entry| &entry.row);
    let new: Vec<_> = with(Fate::New)
        .map(|refund| {
            [
                text(&refund.out_refund_no),
                text(&refund.order_id),
                text(&refund.out_trade_no),
                text(refund.state),
                text(&refund.who),
                text(&refund.reason),
                Value::Number(refund.refund_fee.0),
                text(&refund.request),
                text_or_null(refund.refund_id.as_ref()),
                Value::NumberOrNull(refund.payer_refund.map(|fee| fee.0)),
                Value::NumberOrNull(refund.settlement_refund.map(|fee| fee.0)),
                Value::Number(refund.created_ms),
                Value::Number(refund.changed_ms),
                text(&refund.last_error),
                Value::Number(refund.debited.0),
                Value::Number(refund.restock.into()),
            ]
        })
        .collect();
    let head = format!("INSERT INTO refunds ({REFUND})");
    insert(connection, "writing refunds", &head, new, "").await?;

    let changed: Vec<_> = with(Fate::Changed)
        .map(|refund| {
            [
                text(&refund.out_refund_no),
                text(refund.state),
                text(&refund.request),
                text_or_null(refund.refund_id.as_ref()),
                Value::NumberOrNull(refund.payer_refund.map(|fee| fee.0)),
                Value::NumberOrNull(refund.settlement_refund.map(|fee| fee.0)),
                Value::Number(refund.changed_ms),
                text(&refund.last_error),
                Value::Number(refund.debited.0),
            ]
        })
        .collect();
    let head = "UPDATE refunds SET state = v.column2, request = v.column3, refund_id = v.column4, \
                payer_refund = v.column5, settlement_refund = v.column6, changed_ms = v.column7, \
                last_error = v.column8, debited = v.column9";
    update(connection, "changing refunds", head, changed, "WHERE refunds.out_refund_no = v.column1").await
}
