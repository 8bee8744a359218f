use std::fmt;

/// Groups of words with the same meaning, for the search of products (`SHOP_SEARCH_SYNONYMS`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms(Vec<Vec<String>>);

impl Synonyms {
    /// Reads a text such as `杯子,马克杯,mug;笔,钢笔`: commas between words, semicolons between groups. It also accepts the
    /// Chinese `，` and `；`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let words = |group: &str| -> Vec<String> {
            let words = group.split([',', '，']).map(|word| word.trim().to_lowercase());
            words.filter(|word| !word.is_empty()).collect()
        };
        Self(text.split([';', '；']).map(words).filter(|group| group.len() > 1).collect())
    }

    /// A word and its synonyms. `word` must be in lower case.
    pub(super) fn of<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let groups = self.0.iter().filter(move |group| group.iter().any(|other| other == word));
        std::iter::once(word).chain(groups.flatten().map(String::as_str))
    }
}

impl fmt::Display for Synonyms {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0.iter().map(|group| group.join(",")).collect::<Vec<_>>().join(";"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_words_of_its_groups() {
        let known = Synonyms::parse("杯子,马克杯, Mug；笔，钢笔;alone");
        assert_eq!(known.of("mug").collect::<Vec<_>>(), ["mug", "杯子", "马克杯", "mug"]);
        assert_eq!(known.of("茶").collect::<Vec<_>>(), ["茶"]);
        assert_eq!(known.to_string(), "杯子,马克杯,mug;笔,钢笔");
        assert_eq!(Synonyms::parse(""), Synonyms::default());
    }
}
