//! Reads `.env`: lines `NAME=value`, with the line ends and encodings of common editors.

use std::collections::HashMap;

use super::environment::Variable;

/// The variables of a file, each with its line. It accepts a BOM, CRLF, and comments that are not UTF-8.
///
/// # Errors
/// One text for each problem, with the file and the line number. It does not quote the line, which may contain a
/// secret.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<HashMap<String, Variable>, Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut variables = HashMap::new();
    let mut problems = Vec::new();
    let mut lines = bytes.split(|byte| *byte == b'\n').enumerate();
    while let Some((at, line)) = lines.next() {
        let place = format!("{file}:{}", at + 1);
        let Some(mut text) = text(line) else {
            problems.push(format!("{place} is not UTF-8: save the file as UTF-8"));
            continue;
        };
        let mut read = entry(&text);
        // a value in quotes ends with the closing quote
        while read.is_err() && opens_quotes(&text) {
            let Some(more) = lines.next().and_then(|(_, line)| std::str::from_utf8(line).ok()) else { break };
            text = format!("{text}\n{}", more.strip_suffix('\r').unwrap_or(more));
            read = entry(&text);
        }
        match read {
            Ok(Some((name, value))) => {
                variables.insert(name, Variable { value, place: Some(place) });
            }
            Ok(None) => {}
            Err(()) => problems
                .push(format!("{place} is not NAME=value (a value with spaces needs quotes: NAME=\"a b\")")),
        }
    }
    if problems.is_empty() { Ok(variables) } else { Err(problems) }
}

/// The text of a line. If only its comment is not UTF-8, this is the text before the comment. `None` if the line itself
/// is not UTF-8.
fn text(line: &[u8]) -> Option<String> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if let Ok(text) = std::str::from_utf8(line) {
        return Some(text.to_owned());
    }
    let comment = line
        .iter()
        .enumerate()
        .position(|(at, byte)| *byte == b'#' && line[..at].last().is_none_or(u8::is_ascii_whitespace))?;
    std::str::from_utf8(&line[..comment]).ok().map(|text| text.trim_end().to_owned())
}

fn entry(text: &str) -> Result<Option<(String, String)>, ()> {
    dotenvy::from_read_iter(text.as_bytes()).next().transpose().map_err(|_| ())
}

/// Whether the value begins with a quote that the line does not close.
fn opens_quotes(text: &str) -> bool {
    let value = text.split_once('=').map_or("", |(_, value)| value.trim_start());
    ['"', '\''].into_iter().any(|quote| value.starts_with(quote) && value.matches(quote).count() % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> HashMap<String, (String, String)> {
        let all = parse("shop.env", bytes).unwrap();
        all.into_iter().map(|(name, v)| (name, (v.value, v.place.unwrap()))).collect()
    }

    #[test]
    fn a_file_of_windows_with_comments_in_gbk_is_read() {
        let mut file =
            b"\xef\xbb\xbfA=1\r\n# \xd0\xa1\xb5\xea\r\nB=2 # \xb5\xea\r\n\r\nexport C='3 4'\r\n".to_vec();
        file.extend("D=小店\r\nE=\"5\n6\"\r\n".as_bytes());
        let all = read(&file);
        for (name, value, place) in [
            ("A", "1", "shop.env:1"),
            ("B", "2", "shop.env:3"),
            ("C", "3 4", "shop.env:5"),
            ("D", "小店", "shop.env:6"),
            ("E", "5\n6", "shop.env:7"),
        ] {
            assert_eq!(all[name], (value.to_owned(), place.to_owned()), "{name}");
        }
    }

    #[test]
    fn a_problem_names_its_line_and_quotes_nothing() {
        let file = b"A=1\nsecret without a name\nB=\xb5\xea\n";
        let problems = parse(".env", file).err().unwrap();
        assert_eq!(
            problems,
            [
                ".env:2 is not NAME=value (a value with spaces needs quotes: NAME=\"a b\")",
                ".env:3 is not UTF-8: save the file as UTF-8"
            ]
        );
    }
}
