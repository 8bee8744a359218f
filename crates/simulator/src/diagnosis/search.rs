//! Finds the mistake: makes the signature with one or two known mistakes, until it equals the sent one.

use super::Diagnosis;

/// A mistake of a signer.
pub(super) struct Mistake<I, R> {
    /// The name for programs.
    pub(super) id: &'static str,
    /// The sentence for people. It contains no value of the message.
    pub(super) sentence: &'static str,
    /// The ways to make this mistake. Empty if the mistake is not possible with this message.
    pub(super) variants: fn(&I, &R) -> Vec<R>,
}

/// How a signature is made.
pub(super) trait Recipe: Clone {
    /// A detail of the variant, such as the name of a field.
    fn note(&self) -> Option<&str> {
        None
    }
}

/// The mistake that explains the signature, or two that explain it together. `matches` says whether a recipe makes the
/// signature that was sent.
pub(super) fn search<I, R: Recipe>(
    input: &I,
    correct: &R,
    mistakes: &[&[Mistake<I, R>]],
    matches: impl Fn(&R) -> bool,
) -> Option<Diagnosis> {
    let mistakes: Vec<&Mistake<I, R>> = mistakes.iter().flat_map(|table| table.iter()).collect();
    let mut first_steps = Vec::new();
    for (index, mistake) in mistakes.iter().enumerate() {
        for variant in (mistake.variants)(input, correct) {
            if matches(&variant) {
                return Some(Diagnosis::of(&[(mistake.id, mistake.sentence, variant.note())]));
            }
            first_steps.push((index, variant));
        }
    }
    for (index, first) in &first_steps {
        let made = mistakes[*index];
        for mistake in &mistakes[index + 1..] {
            for second in (mistake.variants)(input, first) {
                if matches(&second) {
                    return Some(Diagnosis::of(&[
                        (made.id, made.sentence, first.note()),
                        (
                            mistake.id,
                            mistake.sentence,
                            second.note().filter(|note| first.note() != Some(*note)),
                        ),
                    ]));
                }
            }
        }
    }
    None
}
