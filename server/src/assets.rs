use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use app::StyleSheet;
use leptos::config::{Env, LeptosOptions};

use crate::config::Config;

/// The build writes this file beside the binary. It has the lines `js: HASH`, `wasm: HASH` and `css: HASH`.
const HASH_FILE: &str = "hash.txt";

/// The browser's files of this build: their folder, and the style sheet.
#[derive(Clone, Debug)]
pub struct Assets {
    site: PathBuf,
    style: StyleSheet,
    /// Whether the names of the files contain a hash.
    is_hashed: bool,
}

/// The browser's files are missing or incomplete. The text is the path of the binary.
#[derive(Debug, thiserror::Error)]
#[error(
    "there are no browser files beside {0}, or not all: build with `make build`, or copy site/ and hash.txt of one build \
     there"
)]
pub struct AssetsError(String);

impl Assets {
    /// The files beside the binary: `site/` in a release's folder, `../site` in `target/debug`.
    ///
    /// # Errors
    /// [`AssetsError`] if there is no `site/pkg`, if `hash.txt` is missing or does not name each kind of file, or if
    /// the style sheet that it names is missing.
    pub fn beside_binary() -> Result<Self, AssetsError> {
        let binary = std::env::current_exe().unwrap_or_default();
        let folder = binary.parent().unwrap_or(Path::new("."));
        let missing = || AssetsError(binary.display().to_string());
        let sites = [folder.join("site"), folder.join("../site")];
        let site = sites.into_iter().find(|site| site.join("pkg").is_dir()).ok_or_else(missing)?;
        let list = std::fs::read_to_string(folder.join(HASH_FILE)).unwrap_or_default();
        let name = style_sheet_name(&list).ok_or_else(missing)?;
        let css = std::fs::read_to_string(site.join("pkg").join(&name)).map_err(|_| missing())?;
        Ok(Self { site, style: StyleSheet::new(&css, &format!("/pkg/{name}")), is_hashed: true })
    }

    /// No files, for tests that do not need them.
    #[must_use]
    pub fn none() -> Self {
        Self { site: PathBuf::new(), style: StyleSheet::default(), is_hashed: false }
    }

    pub(crate) fn site(&self) -> &Path {
        &self.site
    }

    pub(crate) const fn style(&self) -> &StyleSheet {
        &self.style
    }

    /// The options of Leptos: the names of the files, and whether `cargo leptos watch` reloads the page.
    pub(crate) fn options(&self, config: &Config) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name("xiaodian")
            .site_root(self.site.display().to_string())
            .site_addr(config.addr)
            .hash_files(self.is_hashed)
            .hash_file(HASH_FILE.into())
            .env(if config.watch { Env::DEV } else { Env::PROD })
            .build()
    }
}

/// The name of the style sheet, from the text of `hash.txt`. `None` if a kind of file is missing in it.
fn style_sheet_name(list: &str) -> Option<String> {
    let hashes: HashMap<&str, &str> = list
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(kind, hash)| (kind.trim(), hash.trim()))
        .collect();
    let is_complete = ["js", "wasm"].iter().all(|kind| hashes.contains_key(kind));
    is_complete.then_some(())?;
    Some(format!("xiaodian.{}.css", hashes.get("css")?))
}

#[cfg(test)]
mod tests {
    use super::style_sheet_name;

    #[test]
    fn the_name_comes_from_the_list_of_the_build() {
        let name = style_sheet_name("js: a8A\nwasm: Ud_f\ncss: i7U\n");
        assert_eq!(name.as_deref(), Some("xiaodian.i7U.css"));
        assert_eq!(style_sheet_name("js: a8A\n"), None);
        assert_eq!(style_sheet_name("css: i7U\n"), None);
    }
}
