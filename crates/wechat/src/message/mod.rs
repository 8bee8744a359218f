//! Messages to a user: template messages and subscription notifications of an official account, subscription messages
//! of a mini program.
//!
//! WeChat refuses a message whose fields do not fit the kinds of the template (code `47003`). [`MessageData`] checks
//! the fields, and cuts texts that are too long. Source: developers.weixin.qq.com, subscribe message and template
//! message.
//!
//! ```
//! use wechat::message::MessageData;
//!
//! let data = MessageData::new()
//!     .with("thing1", "青瓷马克杯 300 毫升，以及另外三件在秋天上架的新品")?
//!     .with("amount2", "59.00元")?;
//! assert_eq!(data.get("thing1"), Some("青瓷马克杯 300 毫升，以及另外三件…"));
//! # Ok::<(), wechat::message::InvalidField>(())
//! ```

mod data;
mod miniprogram;
mod official;

pub use self::{
    data::{InvalidField, MessageData},
    miniprogram::{MiniProgramState, SubscribeMessage},
    official::{MiniProgramLink, SubscriptionNotification, TemplateMessage},
};
