//! The files that are copied as they are.

use std::{fs, io, path::Path};

use anyhow::{Context, Result};

/// Deletes everything in the folder.
///
/// # Errors
/// If something cannot be deleted.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be deleted", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Copies a folder with everything in it.
///
/// # Errors
/// If something cannot be read or written.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    copy_folder(from, to).with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        // a link counts as what it points to
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
