//! The real server against the simulated WeChat, each test on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a step that fails, fails the test")]

mod app;
mod product_files;
mod product_options;
mod program;
mod sale_periods;
mod shared_pages;
mod shopper;
mod storage;

mod access;
mod after_sales;
mod balance;
mod bills;
mod changed_settings;
mod complaints;
mod confirmation;
mod console;
mod console_catalogue;
mod console_service;
mod console_words;
mod database_failures;
mod deadlocks;
mod deliveries;
mod doctor;
mod escaping;
mod expiry;
mod figures;
mod forms;
mod freight;
mod hostile;
mod invoices;
mod jobs;
mod jssdk;
mod limits;
mod login;
mod messages;
mod metrics;
mod miniprogram;
mod multipart;
mod new_product;
mod notifications;
mod one_shopper;
mod openapi;
mod other_browsers;
mod packing;
mod partner;
mod payments;
mod pictures;
mod privacy;
mod purchase_limits;
mod pushes;
mod receipts;
mod refund_ends;
mod refunds;
mod requests;
mod roles;
mod rush;
mod shopping;
mod staff_messages;
mod startup_errors;
mod stock;
mod telemetry;
mod token;
mod v3;
mod wallet;
mod whole_order;

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
