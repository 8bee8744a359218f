//! The fuzz targets for `cargo fuzz`. `tests/fuzz_seeds.rs` runs the same functions on stable Rust.

use std::sync::LazyLock;

#[path = "../../tests/fuzz_targets/mod.rs"]
mod fuzz_targets;

static KEYS: LazyLock<fuzz_targets::Keys> = LazyLock::new(fuzz_targets::Keys::new);

/// Runs the target of this name with one input.
pub fn run(name: &str, data: &[u8]) {
    let (_, run) =
        fuzz_targets::TARGETS.iter().find(|(known, _)| *known == name).expect("a target with this name");
    run(&KEYS, data);
}
