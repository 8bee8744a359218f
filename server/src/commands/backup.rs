use server::config::Config;
use store::Store;

use super::{Outcome, progress::Progress, say};

/// Writes a copy of the database while the shop runs.
pub(crate) async fn backup(config: Config, file: &str) -> Outcome {
    let progress = Progress::begin("copying the database");
    Store::open(&config.database_url.0).await?.back_up(file).await?;
    drop(progress);
    say(&format!("written: {file}"));
    Ok(())
}
