use std::path::{Path, PathBuf};

use app::Files;
use leptos::config::{Env, LeptosOptions};

use crate::config::Config;

/// The folder of the browser's files, and their names.
#[derive(Clone, Debug)]
pub struct Assets {
    site: PathBuf,
    files: Files,
}

/// The browser's files are missing.
#[derive(Debug, thiserror::Error)]
#[error(
    "there are no browser files beside {0}: build with `cargo leptos build`, or copy the folder site/ and hash.txt there"
)]
pub struct AssetsError(String);

impl Assets {
    /// The files beside the binary: `site/` in a release's folder, `../site` in `target/debug`.
    ///
    /// # Errors
    /// [`AssetsError`] if there are none.
    pub fn beside_binary() -> Result<Self, AssetsError> {
        let binary = std::env::current_exe().unwrap_or_default();
        let folder = binary.parent().unwrap_or(Path::new("."));
        let missing = || AssetsError(binary.display().to_string());
        let sites = [folder.join("site"), folder.join("../site")];
        let site = sites.into_iter().find(|site| site.join("pkg").is_dir()).ok_or_else(missing)?;
        let list = std::fs::read_to_string(folder.join("hash.txt")).unwrap_or_default();
        let read = |path: &str| std::fs::read_to_string(site.join(path.trim_start_matches('/'))).ok();
        let files = Files::hashed(&list, read).ok_or_else(missing)?;
        Ok(Self { site, files })
    }

    /// No files: for tests that do not need them.
    #[must_use]
    pub fn none() -> Self {
        Self { site: PathBuf::new(), files: Files::plain() }
    }

    pub(crate) fn site(&self) -> &Path {
        &self.site
    }

    pub(crate) const fn files(&self) -> &Files {
        &self.files
    }

    /// The options that Leptos needs: whether to reload the page, and where.
    pub(crate) fn options(&self, config: &Config) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name("xiaodian")
            .site_root(self.site.display().to_string())
            .site_addr(config.addr)
            .env(if config.watch { Env::DEV } else { Env::PROD })
            .build()
    }
}
