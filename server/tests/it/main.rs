//! The real server against the simulated WeChat, each test on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a step that fails, fails the test")]

mod app;
mod program;
mod shared_pages;
mod shopper;

mod access;
mod bills;
mod confirming;
mod console;
mod console_catalogue;
mod console_service;
mod doctor;
mod expiry;
mod failing;
mod forms;
mod guards;
mod hostile;
mod jobs;
mod jssdk;
mod locking;
mod login;
mod markers;
mod messages;
mod metrics;
mod miniprogram;
mod notifications;
mod openapi;
mod outside;
mod paying;
mod pushes;
mod refund_ends;
mod refunds;
mod requests;
mod shopping;
mod staff_messages;
mod starting;
mod stock;
mod switching;
mod telemetry;
mod token;
mod v3;
mod wallet;

/// Each test as one of SQLite and one of PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name(test_support::Database::sqlite()).await; })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name(test_support::Database::postgres().await).await; })*
        }
    };
}
use on_both;
