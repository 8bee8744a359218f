//! The state file.

mod upgrade;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::sync::watch;

use crate::{app_state::SharedState, database::Database};

/// Changes within this time are written together.
const WRITE_DELAY: Duration = Duration::from_millis(50);

/// Reads the state file, if it exists.
pub(crate) fn load(path: &Path) -> Result<Option<Database>, io::Error> {
    match std::fs::read(path) {
        Ok(text) => {
            let state = upgrade::upgraded(serde_json::from_slice(&text)?);
            let unknown =
                || io::Error::new(io::ErrorKind::InvalidData, "this is not a state of the simulator");
            Ok(Some(serde_json::from_value(state.ok_or_else(unknown)?)?))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes the state file after each change, and once more when the simulator stops.
pub(crate) async fn run(app: SharedState, path: PathBuf, mut stop: watch::Receiver<()>) {
    loop {
        let stopping = tokio::select! {
            () = app.changed.notified() => false,
            _ = stop.changed() => true,
        };
        if !stopping {
            tokio::time::sleep(WRITE_DELAY).await;
        }
        if let Err(error) = save(&app, &path) {
            tracing::error!(path = %path.display(), %error, "cannot write the state file");
        }
        if stopping {
            return;
        }
    }
}

/// Writes a temporary file and renames it, so that the file is always complete.
pub(crate) fn save(app: &SharedState, path: &Path) -> io::Result<()> {
    let text = {
        let mut db = app.database();
        db.clock_ahead = app.clock.ahead();
        db.shop_clock_ahead = app.clock.shop_ahead();
        serde_json::to_vec_pretty(&*db)?
    };
    let temporary = path.with_extension("new");
    std::fs::write(&temporary, text)?;
    std::fs::rename(&temporary, path)
}
