//! WeChat's bill of a day against the books, line by line and both ways.

mod compare;
mod fetch;
mod refunds;
mod report;

pub use self::report::{BillReport, BillSums};
