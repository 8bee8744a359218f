//! The balances of shoppers, from what they topped up, spent and got back.

use std::collections::BTreeMap;

use test_support::TestConnection;

use crate::books::number;

/// A balance is what the paid top-ups brought, less what orders take that are not closed, and less the refunds of top-ups; and
/// what refunds of orders returned. The changes of a balance say the same.
pub(crate) async fn compare(database: &TestConnection) -> Vec<String> {
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    let mut owners: BTreeMap<String, (String, String)> = BTreeMap::new();
    for row in database.table("orders").rows("*").await {
        let balance = expected.entry(row["openid"].clone()).or_default();
        let was_paid = ["paid", "partly_refunded", "refunded"].contains(&&*row["state"]);
        if row["kind"] == "top_up" && was_paid {
            *balance += number(&row, "total_fee");
        }
        if row["state"] != "closed" {
            *balance -= number(&row, "balance_fee");
        }
        owners.insert(row["id"].clone(), (row["openid"].clone(), row["kind"].clone()));
    }
    for row in database.table("refunds").without("state", "closed").rows("*").await {
        let (openid, _) = &owners[&row["order_id"]];
        let balance = expected.entry(openid.clone()).or_default();
        *balance -= number(&row, "debited");
        if row["state"] == "success" {
            *balance += number(&row, "balance_fee");
        }
    }
    let mut changes: BTreeMap<String, i64> = BTreeMap::new();
    for row in database.table("wallet_moves").rows("openid, amount").await {
        *changes.entry(row["openid"].clone()).or_default() += number(&row, "amount");
    }
    let balances: BTreeMap<String, i64> = database
        .table("wallets")
        .rows("openid, balance")
        .await
        .iter()
        .map(|row| (row["openid"].clone(), number(row, "balance")))
        .collect();
    let of = |sums: &BTreeMap<String, i64>, openid: &String| sums.get(openid).copied().unwrap_or(0);
    expected
        .keys()
        .chain(changes.keys())
        .chain(balances.keys())
        .filter_map(|openid| {
            let found = [of(&expected, openid), of(&changes, openid), of(&balances, openid)];
            let is_right = found[0] >= 0 && found.iter().all(|sum| *sum == found[0]);
            (!is_right).then(|| format!("{openid}: expected balance, sum of its changes, balance: {found:?}"))
        })
        .collect()
}
