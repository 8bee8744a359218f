use std::{collections::HashMap, sync::Arc};

/// The browser's files: their names carry a hash of their content, so they are cached for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The style sheet itself: it is small, and stands in each page.
    style: Arc<str>,
    /// The script that starts the islands.
    start: Arc<str>,
}

/// Starts the islands. Leptos' own loader asks for the WebAssembly when it has the script, and waits for an idle moment.
const LOADER: &str = include_str!("loader.js");

impl Files {
    /// From the list that cargo-leptos writes: a line `KIND: HASH` for `js`, `wasm` and `css` each. `read` gives the text of
    /// the style sheet of this name.
    ///
    /// `None` where one of them is missing.
    #[must_use]
    pub fn hashed(list: &str, read: impl FnOnce(&str) -> Option<String>) -> Option<Self> {
        let hashes: HashMap<&str, &str> = list
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(kind, hash)| (kind.trim(), hash.trim()))
            .collect();
        let file = |kind: &str| Some(format!("/pkg/xiaodian.{}.{kind}", hashes.get(kind)?));
        let style = read(&file("css")?)?.into();
        Some(Self::of(&file("js")?, &file("wasm")?, style))
    }

    /// Without hashes: for tests that render pages and load nothing.
    #[must_use]
    pub fn plain() -> Self {
        let file = |kind: &str| format!("/pkg/xiaodian.{kind}");
        Self::of(&file("js"), &file("wasm"), "".into())
    }

    fn of(script: &str, wasm: &str, style: Arc<str>) -> Self {
        Self { style, start: format!("{}({script:?}, {wasm:?});", LOADER.trim_end()).into() }
    }

    pub(crate) fn style(&self) -> &str {
        &self.style
    }

    pub(crate) fn start(&self) -> &str {
        &self.start
    }
}

#[cfg(test)]
mod tests {
    use super::Files;

    #[test]
    fn names_come_from_cargo_leptos_list() {
        let read = |path: &str| (path == "/pkg/xiaodian.i7U.css").then(|| "a{}".to_owned());
        let files = Files::hashed("js: a8A\nwasm: Ud_f\ncss: i7U\n", read).unwrap();
        assert!(files.start().ends_with("})(\"/pkg/xiaodian.a8A.js\", \"/pkg/xiaodian.Ud_f.wasm\");"));
        assert_eq!(files.style(), "a{}");
        assert_eq!(Files::hashed("js: a8A\n", read), None);
    }
}
