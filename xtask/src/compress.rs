//! Compressed copies of the files, so that the server need not compress them for each answer.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

/// Writes `FILE.gz` and `FILE.br` beside each file in the folder and its subfolders.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    let entries: Vec<_> =
        fs::read_dir(folder).and_then(Iterator::collect).with_context(|| cannot("read", folder))?;
    for path in entries.iter().map(fs::DirEntry::path) {
        if path.is_dir() {
            self::folder(&path)?;
        } else {
            compress(&path).with_context(|| cannot("compressed", &path))?;
        }
    }
    Ok(())
}

fn compress(path: &Path) -> Result<()> {
    let content = fs::read(path)?;
    let mut gzip = GzEncoder::new(File::create(with_suffix(path, ".gz"))?, Compression::best());
    gzip.write_all(&content)?;
    gzip.finish()?;
    let mut file = File::create(with_suffix(path, ".br"))?;
    brotli::BrotliCompress(&mut content.as_slice(), &mut file, &brotli::enc::BrotliEncoderParams::default())?;
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn cannot(verb: &str, path: &Path) -> String {
    format!("{} cannot be {verb}", path.display())
}
