//! What `Cargo.toml` says about the browser's files.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Workspace {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    metadata: serde_json::Value,
}

/// The part of `[[workspace.metadata.leptos]]` that concerns the browser's files. `cargo leptos` reads the same.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// The package with the browser's entry point.
    pub lib_package: String,
    /// The file names without hash and extension.
    pub output_name: String,
    /// Where the files go.
    pub site_root: PathBuf,
    /// The folder of WebAssembly, script and style sheet, in the site's folder.
    pub site_pkg_dir: PathBuf,
    /// The source of the style sheet.
    pub style_file: PathBuf,
    /// The folder whose files are copied as they are.
    pub assets_dir: PathBuf,
    /// Which browsers the style sheet is for.
    pub browserquery: String,
    /// The cargo profile of a build for development.
    pub lib_profile_dev: String,
    /// The cargo profile of a build for a release.
    pub lib_profile_release: String,
    /// The arguments of wasm-opt.
    pub wasm_opt_features: Vec<String>,
    hash_files: bool,
    disable_erase_components: bool,
}

/// A build: the settings, and the folders on this machine.
#[derive(Debug)]
pub(crate) struct Project {
    pub settings: Settings,
    /// The workspace.
    pub root: PathBuf,
    /// Where cargo writes what it builds for the browser.
    pub front_target: PathBuf,
    /// Where the browser's files go.
    pub site: PathBuf,
    /// The file that tells the server the hashes in the file names.
    pub hash_file: PathBuf,
    /// Whether the files are for a release.
    pub release: bool,
}

impl Project {
    /// Reads the settings. `site` and `hash_file_name` replace the usual places.
    ///
    /// # Errors
    /// If cargo cannot read the workspace, or a setting is missing.
    pub(crate) fn load(release: bool, site: Option<PathBuf>, hash_file_name: &Path) -> Result<Self> {
        let Workspace { workspace_root: root, target_directory: target, metadata } = Workspace::read()?;
        let settings = Settings::read(&metadata)?;
        let site = root.join(site.as_ref().unwrap_or(&settings.site_root));
        ensure!(
            !root.starts_with(site.canonicalize().as_ref().unwrap_or(&site)),
            "the site's folder {} contains the workspace; its content would be deleted: choose another one",
            site.display()
        );
        Ok(Self {
            site,
            hash_file: target.join(if release { "release" } else { "debug" }).join(hash_file_name),
            front_target: target.join("front"),
            settings,
            root,
            release,
        })
    }

    /// The cargo profile of this build.
    pub(crate) fn profile(&self) -> &str {
        if self.release { &self.settings.lib_profile_release } else { &self.settings.lib_profile_dev }
    }
}

impl Workspace {
    fn read() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()
            .context("cargo did not start")?;
        ensure!(output.status.success(), "cargo cannot read the workspace: see the lines above");
        serde_json::from_slice(&output.stdout)
            .context("the answer of cargo metadata has another form than expected")
    }
}

impl Settings {
    fn read(metadata: &serde_json::Value) -> Result<Self> {
        let settings = Self::deserialize(&metadata["leptos"][0])
            .context("[[workspace.metadata.leptos]] of Cargo.toml lacks what the build needs")?;
        ensure!(settings.hash_files, "hash-files must be true: the server expects a hash in each file name");
        ensure!(
            settings.disable_erase_components,
            "disable-erase-components must be true: xtask sets no rustc flags"
        );
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_this_workspace_are_complete() {
        let project = Project::load(true, None, Path::new("hash.txt")).unwrap();
        assert!(project.site.ends_with("target/site"));
        assert!(project.hash_file.ends_with("release/hash.txt"));
        assert_eq!(project.profile(), "wasm-release");
    }

    #[test]
    fn a_missing_setting_is_named() {
        let metadata = serde_json::json!({ "leptos": [{ "output-name": "shop" }] });
        let error = format!("{:#}", Settings::read(&metadata).unwrap_err());
        assert!(error.contains("missing field"), "{error}");
    }

    #[test]
    fn the_workspace_is_never_the_site() {
        for site in ["/", ".", ".."] {
            let error = Project::load(false, Some(site.into()), Path::new("hash.txt")).unwrap_err();
            assert!(error.to_string().contains("choose another"), "{error:#}");
        }
    }
}
