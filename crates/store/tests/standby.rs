//! Lists are read on a standby, and never without what was committed before. `make test` gives these tests a standby.
#![expect(clippy::disallowed_methods, reason = "make test names the standby in the environment")]

use store::{Overdue, Store};
use test_support::{Database, TestConnection};

const NOTHING_OVERDUE: Overdue =
    Overdue { not_reported_before_ms: 0, unfinished_before_ms: 0, not_accepted_before_ms: 0 };

/// The standby's copy of a database of the leader.
fn standby_of(database: &Database) -> String {
    let standby = std::env::var("TEST_POSTGRES_STANDBY_URL")
        .expect("TEST_POSTGRES_STANDBY_URL is not set: POSTGRES_STANDBY=1 scripts/with-postgres.sh COMMAND");
    let name = database.url.split('?').next().and_then(|head| head.rsplit('/').next()).expect("a name");
    standby.replace("/postgres?", &format!("/{name}?"))
}

async fn place_order(database: &Database, number: i64) {
    let id = format!("{:024}", 202_611_290_000_000_000_i64 + number);
    database
        .insert(
            "orders",
            &[
                ("id", id.into()),
                ("kind", "goods".into()),
                ("openid", "oUser".into()),
                ("basket", "".into()),
                ("state", "created".into()),
                ("total_fee", 100.into()),
                ("created_ms", 1.into()),
                ("expires_ms", 2.into()),
                ("version", 1.into()),
            ],
        )
        .await;
}

async fn unpaid(store: &Store) -> i64 {
    store.view_counts(NOTHING_OVERDUE).await.expect("the list is read").unpaid
}

/// The number of connections on which the standby read a list.
async fn lists_read_on(standby: &str) -> i64 {
    let connection = TestConnection::open(standby).await;
    let sessions =
        connection.table("pg_stat_activity").with("usename", "shop").like("query", "%FROM orders%");
    sessions.not_like("query", "%pg_stat_activity%").count().await
}

#[tokio::test]
#[ignore = "needs a standby: POSTGRES_STANDBY=1 scripts/with-postgres.sh cargo test --test standby -- --ignored"]
async fn each_list_contains_what_was_committed_before() {
    let database = Database::postgres().await;
    let standby = standby_of(&database);
    let store = Store::open(&database.url).await.unwrap().with_standby(&standby).unwrap();
    for number in 1..=30 {
        place_order(&database, number).await;
        assert_eq!(unpaid(&store).await, number);
    }
    assert!(lists_read_on(&standby).await > 0, "the leader read every list");
}

#[tokio::test]
#[ignore = "needs a standby: POSTGRES_STANDBY=1 scripts/with-postgres.sh cargo test --test standby -- --ignored"]
async fn the_leader_reads_where_the_standby_cannot() {
    let database = Database::postgres().await;
    // nothing listens on this port
    let gone = standby_of(&database).replace(":5433", ":5999");
    let store = Store::open(&database.url).await.unwrap().with_standby(&gone).unwrap();
    place_order(&database, 1).await;
    assert_eq!(unpaid(&store).await, 1);
    // this server is no standby: it replays nothing
    let leader = Store::open(&database.url).await.unwrap().with_standby(&database.url).unwrap();
    place_order(&database, 2).await;
    assert_eq!(unpaid(&leader).await, 2);
}

#[tokio::test]
async fn sqlite_has_no_standby() {
    let database = Database::sqlite();
    let store = Store::open(&database.url).await.unwrap();
    let error = store.with_standby("postgres://shop@localhost/shop").unwrap_err();
    assert!(error.to_string().contains("only PostgreSQL has standbys"), "{error}");
}
