use std::collections::HashMap;

/// The addresses of the browser's files. Their names carry a hash of their content, so they are cached for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    script: String,
    wasm: String,
    style: String,
}

impl Files {
    /// From the list that cargo-leptos writes: a line `KIND: HASH` for `js`, `wasm` and `css` each.
    ///
    /// `None` where one of them is missing.
    #[must_use]
    pub fn hashed(list: &str) -> Option<Self> {
        let hashes: HashMap<&str, &str> = list
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(kind, hash)| (kind.trim(), hash.trim()))
            .collect();
        let file = |kind: &str| Some(format!("/pkg/xiaodian.{}.{kind}", hashes.get(kind)?));
        Some(Self { script: file("js")?, wasm: file("wasm")?, style: file("css")? })
    }

    /// Without hashes: for tests that render pages and load nothing.
    #[must_use]
    pub fn plain() -> Self {
        let file = |kind: &str| format!("/pkg/xiaodian.{kind}");
        Self { script: file("js"), wasm: file("wasm"), style: file("css") }
    }

    pub(super) fn style(&self) -> &str {
        &self.style
    }

    pub(super) fn script(&self) -> &str {
        &self.script
    }

    pub(super) fn wasm(&self) -> &str {
        &self.wasm
    }
}

#[cfg(test)]
mod tests {
    use super::Files;

    #[test]
    fn names_come_from_cargo_leptos_list() {
        let files = Files::hashed("js: a8A\nwasm: Ud_f\ncss: i7U\n").unwrap();
        assert_eq!(files.script(), "/pkg/xiaodian.a8A.js");
        assert_eq!(files.wasm(), "/pkg/xiaodian.Ud_f.wasm");
        assert_eq!(files.style(), "/pkg/xiaodian.i7U.css");
        assert_eq!(Files::hashed("js: a8A\n"), None);
    }
}
