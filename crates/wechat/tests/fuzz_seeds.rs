//! Runs the parsers on the fuzz seeds: files written by hand and files that `cargo fuzz` has found.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

mod fuzz_targets;

use std::{
    fs,
    path::{Path, PathBuf},
};

use proptest::{prelude::*, sample::Index};

use fuzz_targets::{Keys, TARGETS};

#[track_caller]
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// The inputs of each target, in the order of `TARGETS`.
#[track_caller]
fn corpora() -> Vec<Vec<Vec<u8>>> {
    let folders = sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds"));
    let names: Vec<_> = folders.iter().map(|folder| folder.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, TARGETS.map(|(name, _)| name), "one folder for each target");
    folders.iter().map(|folder| sorted(folder).iter().map(|file| fs::read(file).unwrap()).collect()).collect()
}

#[test]
fn every_seed_is_read_or_refused() {
    let keys = Keys::new();
    for ((name, run), inputs) in TARGETS.into_iter().zip(corpora()) {
        assert!(inputs.len() > 1, "{name}");
        for input in inputs {
            eprintln!("{name}: {}", String::from_utf8_lossy(&input));
            run(&keys, &input);
        }
    }
}

/// Replaces or removes a part of a seed. The replacement is random bytes or a part of another seed.
#[test]
fn trap_11_a_changed_input_is_refused_without_a_panic() {
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
fn trap_11_arbitrary_bytes_are_refused_without_a_panic() {
    let keys = Keys::new();
    let config = ProptestConfig::with_cases(512);
    proptest!(config, |(
        target in 0..TARGETS.len(), bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,100}",
    )| {
        (TARGETS[target].1)(&keys, &bytes);
        (TARGETS[target].1)(&keys, text.as_bytes());
    });
}
