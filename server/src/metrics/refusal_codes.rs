//! The label of a refusal. WeChat chooses the code, and each new label makes a time series that stays.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// The maximum number of different codes. WeChat's documents name fewer.
const MAX_CODES: usize = 200;

/// The maximum length of a code, characters.
const MAX_CHARS: usize = 40;

/// The label of each code after the first [`MAX_CODES`].
const OTHER: &str = "other";

/// The codes that the process has seen.
#[derive(Default)]
pub(super) struct RefusalCodes(Mutex<HashSet<String>>);

impl RefusalCodes {
    /// The label of a code: its first characters, or [`OTHER`].
    pub(super) fn label(&self, code: &str) -> String {
        let code: String = code.chars().take(MAX_CHARS).collect();
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_CODES && !seen.contains(&code) {
            return OTHER.to_owned();
        }
        seen.insert(code.clone());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_and_the_length_of_labels_are_limited() {
        let codes = RefusalCodes::default();
        assert_eq!(codes.label(&"长".repeat(99)).chars().count(), MAX_CHARS);
        let labels: HashSet<String> = (0..1000).map(|code| codes.label(&code.to_string())).collect();
        assert_eq!(labels.len(), MAX_CODES, "with the label for all others");
        assert_eq!((codes.label("0").as_str(), codes.label("999").as_str()), ("0", OTHER));
    }
}
