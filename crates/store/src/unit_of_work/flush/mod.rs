//! Writes the changes of a unit of work: most tables with one statement. [`load`](super::load) is the counterpart.

mod after_sales;
mod complaints;
mod discrepancies;
mod jobs;
mod messages;
mod orders;
mod payments;
mod people;
mod pushes;
mod refunds;
mod shipments;
mod shoppers;
mod stock;

use super::UnitOfWork;
use crate::{StoreError, driver::Connection};

/// Writes everything that the commands changed. Orders come first, because other rows have foreign keys to them.
pub(super) async fn flush(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    orders::orders(connection, unit).await?;
    orders::items(connection, unit).await?;
    payments::attempts(connection, unit).await?;
    refunds::refunds(connection, unit).await?;
    stock::stock(connection, unit).await?;
    payments::wallets(connection, unit).await?;
    orders::events(connection, unit).await?;
    jobs::jobs(connection, unit).await?;
    discrepancies::discrepancies(connection, unit).await?;
    people::profiles(connection, unit).await?;
    pushes::pushes(connection, unit).await?;
    messages::messages(connection, unit).await?;
    complaints::complaints(connection, unit).await?;
    people::audits(connection, unit).await?;
    shipments::shipments(connection, unit).await?;
    shipments::delivery_reports(connection, unit).await?;
    after_sales::after_sales(connection, unit).await?;
    orders::visitors(connection, unit).await?;
    orders::deliveries(connection, unit).await?;
    stock::carts(connection, unit).await?;
    shoppers::joins(connection, unit).await
}
