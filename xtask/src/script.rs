//! The script that loads the WebAssembly.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{metadata::Project, npm};

/// Minifies the script with swc.
///
/// # Errors
/// If Node or swc is missing or fails.
pub(crate) fn minify(project: &Project, pkg: &Path) -> Result<()> {
    let file = pkg.join(&project.settings.output_name).with_extension("js");
    let script = npm::run(npm::script(&project.root, include_str!("script.mjs")).arg(&file))?;
    fs::write(&file, script).with_context(|| format!("{} cannot be written", file.display()))
}
