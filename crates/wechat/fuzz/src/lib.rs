//! The properties that `tests/corpus.rs` replays on stable, for `cargo fuzz`.

#[path = "../../tests/targets/mod.rs"]
mod targets;

/// Tries one input on the parser of this name.
pub fn run(name: &str, data: &[u8]) {
    let (_, run) = targets::TARGETS.iter().find(|(known, _)| *known == name).expect("a target of this name");
    run(data);
}
