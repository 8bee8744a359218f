//! File names with the hash of the content, so that a browser may keep a file for ever.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use md5::{Digest, Md5};

use crate::metadata::Project;

/// The lines of the hash file, in this order.
const KINDS: [&str; 3] = ["js", "wasm", "css"];

/// Adds the hash to the name of each file in `pkg`, and writes the hashes for the server.
///
/// # Errors
/// If a file cannot be read or renamed.
pub(crate) fn rename(project: &Project, pkg: &Path) -> Result<()> {
    let hashes =
        rename_files(pkg).with_context(|| format!("the files in {} cannot be renamed", pkg.display()))?;
    let name = &project.settings.output_name;
    let new_name = |old: &str| hashes.get(old).map(|hash| with_hash(old, hash));
    let script = pkg.join(new_name(&format!("{name}.js")).context("the script is missing")?);
    replace_names(&script, &hashes).with_context(|| format!("{} cannot be changed", script.display()))?;

    let mut list = String::new();
    for kind in KINDS {
        let hash =
            hashes.get(&format!("{name}.{kind}")).with_context(|| format!("the {kind} file is missing"))?;
        list += &format!("{kind}: {hash}\n");
    }
    let file = &project.hash_file;
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, list))
        .with_context(|| format!("{} cannot be written", file.display()))
}

/// Renames the files. Returns the hash of each old name. The script finds the files of a subfolder (`snippets`) by their
/// old names.
fn rename_files(pkg: &Path) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(pkg)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(OsStr::to_str).filter(|_| path.is_file()) else {
            continue;
        };
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Md5::digest(fs::read(&path)?));
        fs::rename(&path, path.with_file_name(with_hash(name, &hash)))?;
        hashes.insert(name.to_owned(), hash);
    }
    Ok(hashes)
}

/// `shop.js` becomes `shop.HASH.js`.
fn with_hash(name: &str, hash: &str) -> String {
    let path = PathBuf::from(name);
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    format!("{}.{hash}.{}", part(path.file_stem()), part(path.extension()))
}

/// The script names the file of its types.
fn replace_names(script: &Path, hashes: &BTreeMap<String, String>) -> Result<()> {
    let text = fs::read_to_string(script)?;
    let text =
        hashes.iter().fold(text, |text, (old, hash)| text.replace(old.as_str(), &with_hash(old, hash)));
    Ok(fs::write(script, text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_stands_before_the_extension() {
        assert_eq!(with_hash("shop.js", "8f"), "shop.8f.js");
        assert_eq!(with_hash("shop.d.ts", "8f"), "shop.d.8f.ts");
    }

    #[test]
    fn the_script_names_the_renamed_types_and_finds_its_snippets() {
        let folder = tempfile::tempdir().unwrap();
        let pkg = folder.path();
        fs::create_dir(pkg.join("snippets")).unwrap();
        fs::write(pkg.join("snippets/inline0.js"), "").unwrap();
        fs::write(pkg.join("shop.d.ts"), "").unwrap();
        fs::write(pkg.join("shop.js"), "/* shop.d.ts */").unwrap();
        let hashes = rename_files(pkg).unwrap();
        // md5 of nothing is d41d8cd98f00b204e9800998ecf8427e
        assert_eq!(hashes["shop.d.ts"], "1B2M2Y8AsgTpgAmY7PhCfg");
        let script = pkg.join(with_hash("shop.js", &hashes["shop.js"]));
        replace_names(&script, &hashes).unwrap();
        assert_eq!(fs::read_to_string(script).unwrap(), "/* shop.d.1B2M2Y8AsgTpgAmY7PhCfg.ts */");
        assert!(pkg.join("snippets/inline0.js").exists());
    }
}
