//! Who a shopper is, by WeChat's word.

mod exchange_code;
mod login;

pub use self::{
    exchange_code::LONGEST_CODE,
    login::{Login, Profile},
};
