//! Programs of npm packages. `make setup` installs them in `end2end/node_modules`.
//!
//! Their versions are those that cargo-leptos contains, so that both write the same files.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

fn folder(root: &Path) -> PathBuf {
    root.join("end2end")
}

/// A program that an npm package has installed.
pub(crate) fn program(root: &Path, name: &str) -> Command {
    Command::new(folder(root).join("node_modules/.bin").join(name))
}

/// A script that imports npm packages; Node looks for them in the folder where it starts. Arguments may follow.
pub(crate) fn script(root: &Path, text: &str) -> Command {
    let mut command = Command::new("node");
    // the list of browsers is old because it is the one of cargo-leptos
    command.env("BROWSERSLIST_IGNORE_OLD_DATA", "true");
    command.current_dir(folder(root)).args(["--input-type=module", "--eval", text, "--"]);
    command
}

/// Runs a program and returns what it prints.
///
/// # Errors
/// If it does not start, or fails.
pub(crate) fn run(command: &mut Command) -> Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{name} did not start: `make setup` installs what the build needs"))?;
    ensure!(
        output.status.success(),
        "{name} failed: see the lines above; if a package is missing, `make setup` installs it"
    );
    Ok(output.stdout)
}
