//! Each file of the corpora, hand-made and found by `cargo fuzz`, through the parser that it is for.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, end the test where something is wrong")]

mod targets;

use std::{fs, path::Path, sync::LazyLock};

use proptest::{prelude::*, sample::Index};

/// Each target with its inputs.
static CORPORA: LazyLock<Vec<(fn(&[u8]), Vec<Vec<u8>>)>> = LazyLock::new(|| {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let files = |name| {
        let mut files: Vec<_> =
            fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|file| fs::read(file).unwrap()).collect()
    };
    targets::TARGETS.iter().map(|(name, run)| (*run, files(name))).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A part of an input is replaced by other bytes, by a part of another input, or goes.
    #[test]
    fn trap_11_no_change_of_an_input_is_more_than_refused(
        target in any::<Index>(), input in any::<Index>(), other in any::<Index>(), from in any::<Index>(),
        length in 0..40_usize, bytes in prop::collection::vec(any::<u8>(), 0..8), splice in any::<bool>(),
    ) {
        let (run, inputs) = target.get(&CORPORA);
        let mut changed = input.get(inputs).clone();
        let from = from.index(changed.len() + 1);
        let to = changed.len().min(from + length);
        let there = other.get(inputs);
        let new = if splice { &there[from.min(there.len())..] } else { &bytes };
        changed.splice(from..to, new.iter().copied());
        run(&changed);
    }

    #[test]
    fn trap_11_no_bytes_are_more_than_refused(
        target in any::<Index>(), bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,100}",
    ) {
        let (run, _) = target.get(&CORPORA);
        run(&bytes);
        run(text.as_bytes());
    }
}

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
