//! Builds the browser's files, as `cargo leptos build --frontend-only` does, without cargo-leptos and wasm-bindgen-cli.
//!
//! Both read `[[workspace.metadata.leptos]]` of the root `Cargo.toml` and write the same files.
//! `make compare-builds` shows it.

mod assets;
mod compress;
mod hash;
mod metadata;
mod npm;
mod script;
mod style;
mod wasm;

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Args, Parser};

use crate::metadata::Project;

/// Tasks of the build
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Task {
    /// Builds the browser's files: WebAssembly, its script, the style sheet, and the files of `public/`
    Frontend(Options),
}

/// How the browser's files are built. The two variables have the names that cargo-leptos uses.
#[derive(Args)]
struct Options {
    /// Build for a release: small files, which take minutes to build
    #[arg(long)]
    release: bool,
    /// Also write each file compressed, as .gz and .br; only with --release
    #[arg(long, requires = "release")]
    precompress: bool,
    /// Folder of the files; everything in it is replaced [default: site-root of Cargo.toml]
    #[arg(long, value_name = "DIR", env = "LEPTOS_SITE_ROOT", hide_env_values = true)]
    site_root: Option<PathBuf>,
    /// File for the hashes that are in the file names, beside the server's binary
    #[arg(
        long,
        value_name = "FILE",
        env = "LEPTOS_HASH_FILE_NAME",
        default_value = "hash.txt",
        hide_env_values = true
    )]
    hash_file_name: PathBuf,
}

fn main() -> ExitCode {
    let Task::Frontend(options) = Task::parse();
    match build(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Compiles first, so that a mistake in the code leaves the files of the last build alone.
fn build(options: Options) -> Result<()> {
    let project = Project::load(options.release, options.site_root, &options.hash_file_name)?;
    let module = wasm::compile(&project)?;

    assets::clear(&project.site)?;
    let pkg = project.site.join(&project.settings.site_pkg_dir);
    fs::create_dir_all(&pkg).with_context(|| format!("{} cannot be created", pkg.display()))?;
    assets::copy(&project.root.join(&project.settings.assets_dir), &project.site)?;
    wasm::bind(&project, &module, &pkg)?;
    if project.release {
        wasm::optimise(&project, &pkg)?;
        script::minify(&project, &pkg)?;
    }
    style::write(&project, &pkg)?;
    hash::rename(&project, &pkg)?;
    if options.precompress {
        compress::folder(&project.site)?;
    }
    Ok(())
}
