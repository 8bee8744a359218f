//! Each file of the corpora, hand-made and found by `cargo fuzz`, through the parser that it is for.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, end the test where something is wrong")]

mod fuzz_targets;

use std::{
    fs,
    path::{Path, PathBuf},
};

use proptest::{prelude::*, sample::Index};

use fuzz_targets::{Keys, TARGETS};

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// The inputs of each target, in the targets' order.
fn corpora() -> Vec<Vec<Vec<u8>>> {
    let folders = sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds"));
    let names: Vec<_> = folders.iter().map(|folder| folder.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, TARGETS.map(|(name, _)| name), "one folder for each target");
    folders.iter().map(|folder| sorted(folder).iter().map(|file| fs::read(file).unwrap()).collect()).collect()
}

#[test]
fn every_kept_input_is_read_or_refused() {
    let keys = Keys::new();
    for ((name, run), inputs) in TARGETS.into_iter().zip(corpora()) {
        assert!(inputs.len() > 1, "{name}");
        for input in inputs {
            eprintln!("{name}: {}", String::from_utf8_lossy(&input));
            run(&keys, &input);
        }
    }
}

/// A part of an input is replaced by other bytes, by a part of another input, or goes.
#[test]
fn trap_11_no_change_of_an_input_is_more_than_refused() {
    let (keys, corpora) = (Keys::new(), corpora());
    let config = ProptestConfig::with_cases(512);
    proptest!(config, |(
        target in 0..TARGETS.len(), input in any::<Index>(), other in any::<Index>(), from in any::<Index>(),
        length in 0..40_usize, bytes in prop::collection::vec(any::<u8>(), 0..8), splice in any::<bool>(),
    )| {
        let mut changed = input.get(&corpora[target]).clone();
        let from = from.index(changed.len() + 1);
        let to = changed.len().min(from + length);
        let there = other.get(&corpora[target]);
        let new = if splice { &there[from.min(there.len())..] } else { &bytes };
        changed.splice(from..to, new.iter().copied());
        (TARGETS[target].1)(&keys, &changed);
    });
}

#[test]
fn trap_11_no_bytes_are_more_than_refused() {
    let keys = Keys::new();
    let config = ProptestConfig::with_cases(512);
    proptest!(config, |(
        target in 0..TARGETS.len(), bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,100}",
    )| {
        (TARGETS[target].1)(&keys, &bytes);
        (TARGETS[target].1)(&keys, text.as_bytes());
    });
}
