//! Receives the messages that WeChat pushes to the server of an account (消息推送): the check of the URL, the three modes
//! (plain, compatible, secure), XML and JSON, and the events.
//!
//! The settings of an account have a URL, a token and an `EncodingAESKey`. Give [`PushReceiver`] the same values.
//! Source: developers.weixin.qq.com, "message push" and doc/service/guide/dev/push/encryption.
//!
//! ```
//! use wechat::push::{EncodingAesKey, PushMode, PushQuery, PushReceiver};
//!
//! let receiver = PushReceiver::new("wxb11529c136998cb6", "AAAAA", PushMode::Plain);
//! // the account's settings page calls the URL once, with `echostr`
//! let query = PushQuery {
//!     signature: "f464b24fc39322e44b38aa78f5edd27bd1441696".to_owned(),
//!     timestamp: "1714036504".to_owned(),
//!     nonce: "1514711492".to_owned(),
//!     echostr: "4375120948345356249".to_owned(),
//!     ..PushQuery::default()
//! };
//! assert_eq!(receiver.check_url(&query)?, "4375120948345356249");
//! # Ok::<(), wechat::push::PushError>(())
//! ```

mod event;
mod key;
mod message;
mod receiver;
mod signature;
mod xml;

pub use self::{
    event::{PushEvent, SubscribeAnswer, SubscribeSent, TradeManagement},
    key::{EncodingAesKey, InvalidEncodingAesKey},
    message::PushMessage,
    receiver::{EncryptedReply, PushError, PushMode, PushQuery, PushReceiver},
    signature::signature,
};
