//! The official account: its tokens, and the configuration of the JS-SDK.

mod access_token;
mod js_config;
mod token_store;

pub use self::{access_token::AccessToken, token_store::DatabaseTokens};
