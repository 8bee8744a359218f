use server::config::Config;
use shop::Store;

use super::{Outcome, say};

/// Writes a copy of the database while the shop runs.
pub(crate) async fn backup(config: Config, file: &str) -> Outcome {
    Store::open(&config.database_url.0).await?.back_up(file).await?;
    say(&format!("written: {file}"));
    Ok(())
}
