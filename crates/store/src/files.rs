//! The files of a SQLite database: only the user who runs the shop may read them.

use std::{
    fs::{DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Read and written by their owner, and by no other user.
const PRIVATE: u32 = 0o600;

/// The file that a URL names, where it names one.
pub(crate) fn of_url(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://")?.split('?').next()?;
    (!path.is_empty() && !path.starts_with(':')).then(|| path.into())
}

/// Creates the file and its folder if they are missing, and takes the rights of other users away, also for the files next to
/// it. SQLite gives new files the rights of the database.
pub(crate) fn prepare(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    OpenOptions::new().create(true).append(true).mode(PRIVATE).open(file)?;
    for behind in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(behind);
        restrict(Path::new(&name));
    }
    Ok(())
}

/// Creates an empty file for a copy of the database. Fails if it exists.
pub(crate) fn make_private(file: &str) -> io::Result<()> {
    OpenOptions::new().create_new(true).write(true).mode(PRIVATE).open(file).map(drop)
}

/// Takes the rights of other users away. If the file belongs to another user, the shop logs a warning.
fn restrict(file: &Path) {
    let Ok(found) = file.metadata() else { return };
    let others = found.permissions().mode() & 0o077;
    if others == 0 || !found.is_file() {
        return;
    }
    if let Err(error) = std::fs::set_permissions(file, Permissions::from_mode(PRIVATE)) {
        tracing::warn!(file = %file.display(), %error, "other users of this machine can read the database: chmod 600");
    }
}
