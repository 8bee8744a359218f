//! The crash run: orders are placed and paid through HTTP, shipped, and complained about, while servers are killed,
//! notifications are lost, doubled and reordered, and calls fail before and after they took effect. At the end WeChat's books
//! and the shop's are compared.
//!
//! `make test` runs it short, `make soak` long. `SOAK_SEED` repeats the choices of a run (not the machine's timing),
//! `SOAK_ORDERS` and `SOAK_KILLS` say how long it is.

#![allow(clippy::unwrap_used, reason = "a step that fails, fails the test")]

mod after_sales;
mod balances;
mod books;
mod browser;
mod chance;
mod load_balancer;
mod notified;
mod program;
mod service;
mod shoppers;
mod staff;
mod wechat;
mod world;

use test_support::Database;

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_counted_twice_on_sqlite() {
    World::start(Database::sqlite(), 1).await.run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_counted_twice_with_two_servers_on_postgres() {
    World::start(Database::postgres().await, 2).await.run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the three machines of scripts/ha.sh: make soak-ha"]
async fn nothing_is_lost_or_counted_twice_when_postgres_fails_over() {
    World::start(Database::postgres().await, 2).await.run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_success_is_said_before_the_disk_has_it() {
    notified::no_success_before_a_sync(World::start(Database::sqlite(), 1).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_got_success_survives_a_kill_under_load() {
    let seconds = world::setting("SOAK_LOAD_S", 5);
    notified::what_got_success_is_there_after_a_kill(World::start(Database::sqlite(), 1).await, seconds)
        .await;
}
