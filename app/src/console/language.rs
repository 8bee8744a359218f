//! The language of a console page.
//!
//! Many functions build a page, and each has words. So the language is a task-local value ([`in_language`]), as the
//! context is for the pages of shoppers.

use model::{Language, LocalizedText};

tokio::task_local! {
    static LANGUAGE: Language;
}

/// Runs `answer` with this language.
pub async fn in_language<F: Future>(language: Language, answer: F) -> F::Output {
    LANGUAGE.scope(language, answer).await
}

/// The language of the current page. Outside [`in_language`] it is Chinese.
pub(super) fn language() -> Language {
    LANGUAGE.try_with(|language| *language).unwrap_or_default()
}

/// The text in the page's language.
pub(super) fn t(zh: &'static str, en: &'static str) -> &'static str {
    translate(LocalizedText { zh, en })
}

/// The sentence in the page's language.
#[must_use]
pub fn translate(said: LocalizedText) -> &'static str {
    said.to(language())
}

/// Formats one of two texts: the one in the page's language. Both texts take the same arguments.
macro_rules! tf {
    ($zh:literal, $en:literal $(, $argument:expr)* $(,)?) => {
        match $crate::console::language::language() {
            ::model::Language::Chinese => format!($zh $(, $argument)*),
            ::model::Language::English => format!($en $(, $argument)*),
        }
    };
}
pub(super) use tf;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn words_follow_the_language_of_the_request() {
        let words = || (t("件", "pieces"), tf!("{} 件", "{} pieces", 2));
        assert_eq!(words(), ("件", "2 件".to_owned()));
        let english = in_language(Language::English, async { words() }).await;
        assert_eq!(english, ("pieces", "2 pieces".to_owned()));
    }
}
