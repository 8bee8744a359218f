//! The files of a SQLite database. Only the user who runs the shop may read them.

use std::{
    fs::{DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;

use crate::StoreError;

/// Only the owner may read and write.
const PRIVATE: u32 = 0o600;

/// The path in a SQLite URL: `sqlite://FILE`. FILE may have percent-encoded characters.
///
/// # Errors
/// [`StoreError`] for another form, or for parameters other than `mode=rwc`.
pub(crate) fn of_url(url: &str) -> Result<PathBuf, StoreError> {
    let rest = url.strip_prefix("sqlite://").unwrap_or_default();
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if path.is_empty() || path.starts_with(':') {
        return Err(StoreError::configuration("write the URL of a SQLite file as sqlite://data/shop.db"));
    }
    // `mode=rwc` is in older set-ups and is how the shop opens the file
    if !["", "mode=rwc"].contains(&parameters) {
        return Err(StoreError::configuration(
            "remove the parameters of the SQLite URL: it is sqlite://FILE",
        ));
    }
    Ok(percent_decode_str(path).decode_utf8().map_err(StoreError::during("reading its URL"))?.as_ref().into())
}

/// Creates the file and its folder if they are missing. Removes the rights of other users to the file and to SQLite's
/// files beside it; SQLite gives new ones the rights of the database file.
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

/// Creates an empty file for a copy of the database. Fails if the file exists.
pub(crate) fn make_private(file: &str) -> io::Result<()> {
    OpenOptions::new().create_new(true).write(true).mode(PRIVATE).open(file).map(drop)
}

/// Removes the rights of other users. If that fails, because the file belongs to another user, the shop logs a warning.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_and_nothing_else() {
        let file =
            |url| of_url(url).map(|file| file.display().to_string()).map_err(|error| error.to_string());
        assert_eq!(file("sqlite://data/shop.db").unwrap(), "data/shop.db");
        assert_eq!(file("sqlite:///srv/shop.db?mode=rwc").unwrap(), "/srv/shop.db");
        assert_eq!(file("sqlite://my%20shop.db").unwrap(), "my shop.db");
        for wrong in ["sqlite:shop.db", "sqlite://", "sqlite://:memory:"] {
            assert!(file(wrong).unwrap_err().contains("sqlite://data/shop.db"), "{wrong}");
        }
        assert!(file("sqlite://shop.db?immutable=1").unwrap_err().contains("remove the parameters"));
    }
}
