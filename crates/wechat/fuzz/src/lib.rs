//! The properties that `tests/fuzz_seeds.rs` replays on stable, for `cargo fuzz`.

use std::sync::LazyLock;

#[path = "../../tests/fuzz_targets/mod.rs"]
mod fuzz_targets;

static KEYS: LazyLock<fuzz_targets::Keys> = LazyLock::new(fuzz_targets::Keys::new);

/// Tries one input on the parser of this name.
pub fn run(name: &str, data: &[u8]) {
    let (_, run) =
        fuzz_targets::TARGETS.iter().find(|(known, _)| *known == name).expect("a target of this name");
    run(&KEYS, data);
}
