//! The properties that `tests/corpus.rs` replays on stable, for `cargo fuzz`.

use std::sync::LazyLock;

#[path = "../../tests/targets/mod.rs"]
mod targets;

static KEYS: LazyLock<targets::Keys> = LazyLock::new(targets::Keys::new);

/// Tries one input on the parser of this name.
pub fn run(name: &str, data: &[u8]) {
    let (_, run) = targets::TARGETS.iter().find(|(known, _)| *known == name).expect("a target of this name");
    run(&KEYS, data);
}
