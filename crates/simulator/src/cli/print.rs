//! Prints results for people.
#![expect(clippy::print_stdout, reason = "the results are for the terminal")]

use serde_json::Value;

/// Prints JSON on one line.
pub(super) fn json(value: &Value) {
    println!("{value}");
}

/// Prints a line.
pub(super) fn line(text: &str) {
    println!("{text}");
}

/// A text or a number, without quotation marks.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The members of an object that are not null, each on a line.
pub(super) fn members(value: &Value) {
    let Some(members) = value.as_object() else { return line(&plain(value)) };
    let width = members.keys().map(String::len).max().unwrap_or(0);
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        println!("{name:width$}  {}", plain(value));
    }
}

/// One request with its verdict, and the mistake in its signature on a second line.
pub(super) fn request(entry: &Value) {
    let text = |name: &str| plain(&entry[name]);
    let status = entry["status"].as_u64().map_or_else(|| "---".to_owned(), |status| status.to_string());
    let reason = entry["reason"].as_str().unwrap_or_default();
    println!(
        "{:>5}  {}  {status}  {:15} {} {}  {reason}",
        text("number"),
        // the time without the date
        text("at").get(11..19).unwrap_or_default(),
        text("verdict"),
        text("method"),
        text("path"),
    );
    if let Some(sentence) = entry["sentence"].as_str() {
        println!("       {sentence}");
    }
}

/// Counts the members of a list by the value of this name.
pub(super) fn counts(list: &Value, name: &str) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for member in list.as_array().into_iter().flatten() {
        let word = plain(&member[name]);
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let each: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    if each.is_empty() { all.to_string() } else { format!("{all} ({})", each.join(", ")) }
}
