//! Each mistake is made by hand here, and the doctor must name it.

mod authorization;
mod jssdk;
mod payment;
mod v2;
mod v3;

use std::collections::BTreeSet;

use super::{Diagnosis, KnownKeys, digest::Digest};

fn upper(digest: Digest, text: &str, key: &str) -> String {
    hex::encode_upper(digest.of(text.as_bytes(), key.as_bytes()))
}

/// Compares what the doctor says with the name of the mistake.
#[track_caller]
fn assert_named(id: &str, found: Option<Diagnosis>) {
    let found = found.unwrap_or_else(|| panic!("{id}: the signature counts as correct"));
    assert_eq!(found.mistakes, [id], "{}", found.sentence);
    assert!(found.sentence.ends_with('.') && found.sentence.is_ascii(), "{}", found.sentence);
}

/// Each entry of the table has a case.
#[track_caller]
fn assert_complete<'a>(tested: impl IntoIterator<Item = &'a str>, table: impl IntoIterator<Item = &'a str>) {
    let (tested, table): (BTreeSet<&str>, BTreeSet<&str>) =
        (tested.into_iter().collect(), table.into_iter().collect());
    assert_eq!(tested, table);
}

#[test]
fn the_doctor_knows_many_mistakes_and_each_sentence_is_its_own() {
    let tables: Vec<(&str, &str)> = super::v2::MISTAKES
        .iter()
        .map(|mistake| (mistake.id, mistake.sentence))
        .chain(super::v3::MISTAKES.iter().map(|mistake| (mistake.id, mistake.sentence)))
        .chain(super::authorization::MISTAKES.iter().map(|mistake| (mistake.id, mistake.sentence)))
        .collect();
    assert!(tables.len() >= 25, "{}", tables.len());
    for (id, sentence) in &tables {
        let same = tables.iter().filter(|(other, text)| other != id && text == sentence);
        assert_eq!(same.count(), 0, "{sentence}");
        assert!(sentence.len() < 200 && sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn a_detail_that_is_no_name_of_a_field_is_left_out() {
    let with = |note| Diagnosis::of(&[("id", "A field is missing.", Some(note))]).sentence;
    assert_eq!(with("attach"), "A field is missing: attach.");
    assert_eq!(with("key=1\n"), "A field is missing.");
}
