use picture_store::{PicturePlace, PictureStore, PictureStoreError};
use store::Store;

use super::Finding;
use crate::config::Config;

/// Checks the places of pictures: writes, reads and deletes a small object, and counts the pictures that must still
/// move.
pub(super) async fn check(config: &Config) -> Vec<Finding> {
    const PLACE: &str = "pictures";
    const FROM: &str = "older pictures";
    let (place, from) = (&config.pictures.place, &config.pictures.from);
    let mut found = vec![match trial(place).await {
        Ok(()) => Finding::ok(PLACE, words(place)),
        Err(error) => Finding::wrong(PLACE, error.what(), error.kind().remedy()),
    }];
    if *from != PicturePlace::Database
        && let Err(error) = trial(from).await
    {
        found.push(Finding::wrong(FROM, error.what(), error.kind().remedy()));
    }
    // `database::check` has reported a missing database
    if let Ok(waiting) = waiting(config).await
        && waiting > 0
    {
        found.push(Finding::warning(
            FROM,
            format!("pictures that are not in {place} yet, and are read where they are: {waiting}"),
            "run `server pictures move`; it can run while the shop serves",
        ));
    }
    found
}

async fn trial(place: &PicturePlace) -> Result<(), PictureStoreError> {
    match PictureStore::open(place)? {
        Some(opened) => opened.trial().await,
        None => Ok(()),
    }
}

fn words(place: &PicturePlace) -> String {
    match place {
        PicturePlace::Database => "in the database".to_owned(),
        PicturePlace::Folder(_) => {
            format!(
                "{place} takes, gives and deletes pictures. Several servers need this folder on a disk that they share"
            )
        }
        PicturePlace::Bucket(_) => format!("{place} takes, gives and deletes pictures"),
    }
}

/// The number of pictures that are not yet in `SHOP_PICTURES`, as far as the database knows. It does not know which
/// ones are in `SHOP_PICTURES_FROM`.
async fn waiting(config: &Config) -> Result<i64, store::StoreError> {
    let inspection = store::inspect::Inspection::of(&config.database_url.0).await?;
    if !matches!(inspection.schema, store::inspect::Schema::Current(_)) {
        return Ok(0);
    }
    let store = Store::open(&config.database_url.0).await?;
    match config.pictures.place {
        PicturePlace::Database => store.pictures_outside().await,
        PicturePlace::Folder(_) | PicturePlace::Bucket(_) => store.pictures_inside().await,
    }
}
