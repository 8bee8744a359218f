//! Each file of the corpora, hand-made and found by `cargo fuzz`, through the parser that it is for.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, end the test where something is wrong")]

mod targets;

use std::{fs, path::Path};

#[test]
fn every_kept_input_is_read_or_refused() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut names: Vec<String> = fs::read_dir(&corpus)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let targets = targets::TARGETS;
    assert_eq!(names, targets.map(|(name, _)| name), "one folder for each target");
    for (name, run) in targets {
        let files: Vec<_> =
            fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() > 1, "{name}");
        for file in files {
            eprintln!("{}", file.display());
            run(&fs::read(file).unwrap());
        }
    }
}
