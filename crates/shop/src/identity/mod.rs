//! Login with WeChat, and the profiles of shoppers.

mod exchange_code;
mod login;

pub use self::{
    exchange_code::LONGEST_CODE,
    login::{Login, Profile},
};
