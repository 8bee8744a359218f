use server::config::Config;
use shop::Registered;

use super::{Outcome, open, say};

/// Registers the shop's address for notifications about complaints at WeChat.
pub(crate) async fn register_complaints(config: Config, replace: bool) -> Outcome {
    let shop = open(&config, config.clock()).await?;
    let url = shop.complaints().notification_url();
    match shop.complaints().register(replace).await? {
        Registered::Before => say(&format!("{url} was registered already")),
        Registered::Now => say(&format!("{url} is registered: WeChat reports complaints to it")),
        Registered::Replaces(other) => say(&format!("{url} is registered; it replaces {other}")),
    }
    Ok(())
}
