//! The WebAssembly: cargo compiles it, wasm-bindgen writes its script, wasm-opt makes it small.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{metadata::Project, npm};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the browser's entry point. Returns the compiled file.
///
/// # Errors
/// If cargo fails.
pub(crate) fn compile(project: &Project) -> Result<PathBuf> {
    let Project { settings, front_target, .. } = project;
    // the arguments and the environment of `cargo leptos watch`: what one has built, the other does not build again
    let mut command = Command::new("cargo");
    if !project.release {
        command.env("LEPTOS_WATCH", "true");
    }
    let status = command
        .current_dir(&project.root)
        .args(["build", "--package", &settings.lib_package, "--lib", "--no-default-features"])
        .args(["--target", TARGET, "--profile", project.profile()])
        .arg("--target-dir")
        .arg(front_target)
        .env("LEPTOS_OUTPUT_NAME", &settings.output_name)
        .status()
        .context("cargo did not start")?;
    ensure!(status.success(), "cargo could not build the browser's code: see the lines above");
    let file = settings.lib_package.replace('-', "_");
    Ok(front_target.join(TARGET).join(project.profile()).join(file).with_extension("wasm"))
}

/// Writes the module, its script and their types into `pkg`.
///
/// # Errors
/// If the module was built with another version of wasm-bindgen, or a file cannot be written.
pub(crate) fn bind(project: &Project, module: &Path, pkg: &Path) -> Result<()> {
    let name = &project.settings.output_name;
    Bindgen::new().input_path(module).out_name(name).web(true)?.typescript(true)
        // the default of the command line, which is not the default of the library
        .omit_default_module_path(false).generate(pkg).context(
        "wasm-bindgen failed: wasm-bindgen and wasm-bindgen-cli-support must have one version in Cargo.toml",
    )?;
    // the name that the start-up script of Leptos asks for
    fs::rename(pkg.join(format!("{name}_bg.wasm")), file(project, pkg)).context("the module has no file")
}

/// Makes the module small.
///
/// # Errors
/// If wasm-opt is missing or fails.
pub(crate) fn optimise(project: &Project, pkg: &Path) -> Result<()> {
    let file = file(project, pkg);
    let mut command = npm::program(&project.root, "wasm-opt");
    npm::run(command.args(&project.settings.wasm_opt_features).arg(&file).arg("-o").arg(&file))?;
    Ok(())
}

fn file(project: &Project, pkg: &Path) -> PathBuf {
    pkg.join(&project.settings.output_name).with_extension("wasm")
}
