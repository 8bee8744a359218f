use picture_store::PicturePlace;
use server::config::Config;
use store::Store;

use super::{Outcome, progress::Progress, say};

/// Writes a copy of the database while the shop runs.
pub(crate) async fn backup(config: Config, file: &str) -> Outcome {
    let progress = Progress::begin("copying the database");
    let store = Store::open(&config.database_url.0).await?;
    store.back_up(file).await?;
    let outside = store.pictures_outside().await?;
    drop(progress);
    say(&format!("written: {file}"));
    if outside > 0 {
        let places = [&config.pictures.place, &config.pictures.from].into_iter();
        let places: Vec<_> =
            places.filter(|place| **place != PicturePlace::Database).map(ToString::to_string).collect();
        let places = if places.is_empty() {
            "a place that is not configured".to_owned()
        } else {
            places.join(" and ")
        };
        say(&format!(
            "pictures that are not in it: {outside}, in {places}. Copy that place after the database"
        ));
    }
    Ok(())
}
