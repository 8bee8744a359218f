//! The state file.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::sync::watch;

use crate::{state::State, world::Shared};

/// Changes that come together are written together.
const GATHER: Duration = Duration::from_millis(50);

/// Reads the state, if there is one.
pub(crate) fn load(path: &Path) -> Result<Option<State>, io::Error> {
    match std::fs::read(path) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes the state after each change, and once more when the simulator stops.
pub(crate) async fn run(world: Shared, path: PathBuf, mut stop: watch::Receiver<()>) {
    loop {
        let stopping = tokio::select! {
            () = world.changed.notified() => false,
            _ = stop.changed() => true,
        };
        if !stopping {
            tokio::time::sleep(GATHER).await;
        }
        if let Err(error) = save(&world, &path) {
            tracing::error!(path = %path.display(), %error, "the state was not written");
        }
        if stopping {
            return;
        }
    }
}

/// Whole or not at all: a file beside it takes its name.
pub(crate) fn save(world: &Shared, path: &Path) -> io::Result<()> {
    let text = {
        let mut state = world.look();
        state.clock_ahead = world.clock.ahead();
        serde_json::to_vec_pretty(&*state)?
    };
    let beside = path.with_extension("new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}
