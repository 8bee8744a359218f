//! The style sheet.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{metadata::Project, npm};

/// Writes the style sheet with lightningcss, for the browsers that `Cargo.toml` names. A release has one without spaces.
///
/// # Errors
/// If Node or lightningcss is missing, or the style sheet has a mistake.
pub(crate) fn write(project: &Project, pkg: &Path) -> Result<()> {
    let mut command = npm::script(&project.root, include_str!("style.mjs"));
    command.arg(project.root.join(&project.settings.style_file)).arg(&project.settings.browserquery);
    if project.release {
        command.arg("minify");
    }
    let css = npm::run(&mut command)?;
    let file = pkg.join(&project.settings.output_name).with_extension("css");
    fs::write(&file, css).with_context(|| format!("{} cannot be written", file.display()))
}
