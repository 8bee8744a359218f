//! The file as a table: header, rows, summary header, summary row.

use std::borrow::Cow;

use super::BillError;

/// Protects the memory from a damaged file. WeChat's widest bill has 29 columns.
const MAX_COLUMNS: usize = 64;

/// The parts of a bill, before the columns are known.
pub(super) struct Table<'a> {
    header: Vec<&'a str>,
    /// Each row with the number of its first line, counted from 1. A row with a line feed in a text has several lines.
    rows: Vec<(usize, &'a str)>,
    summary_header: Vec<&'a str>,
    summary: (usize, &'a str),
}

/// One row. Its fields are as WeChat sent them, without backticks.
pub(super) struct Row<'a> {
    pub(super) line: usize,
    fields: Vec<&'a str>,
}

/// A row that this crate cannot read. For example, another program of the same merchant may put a line feed and a
/// backtick into the name of its goods.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableRow {
    /// The number of the first line in the file, counted from 1.
    pub line: usize,
    /// The text of the row, cut after 2,000 characters.
    pub text: String,
    /// Why the row cannot be read.
    pub error: BillError,
}

/// How many characters of an unreadable row are kept.
const MAX_UNREADABLE_CHARS: usize = 2_000;

/// The positions of the columns. Older bills use other names for some of them.
pub(super) struct Columns<const N: usize>([Option<usize>; N]);

/// The text of a bill. A broken character is replaced, because WeChat may cut the name of the goods inside a character.
/// A file whose header is not UTF-8 is refused.
pub(super) fn decode(file: &[u8]) -> Result<Cow<'_, str>, BillError> {
    let header = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    std::str::from_utf8(header).map_err(|_| BillError::NotUtf8)?;
    Ok(String::from_utf8_lossy(file))
}

impl<'a> Table<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, BillError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines: Vec<Line<'a>> = lines(text).filter(|line| !line.text.trim().is_empty()).collect();
        // a file that was cut off ends with a row, not with a summary below its header
        let summary = lines.pop().filter(|line| line.text.starts_with('`')).ok_or(BillError::NoSummary)?;
        let summary_header =
            lines.pop().filter(|line| !line.text.starts_with('`')).ok_or(BillError::NoSummary)?;
        let mut lines = lines.into_iter();
        let header = names(lines.next().ok_or(BillError::NoSummary)?.text)?;
        let mut rows: Vec<Line<'a>> = Vec::new();
        for line in lines {
            match rows.last_mut() {
                // a line without a backtick continues a text that contains a line feed
                Some(row) if !line.text.starts_with('`') => {
                    row.text = &text[row.start..line.start + line.text.len()];
                }
                _ => rows.push(line),
            }
        }
        Ok(Self {
            header,
            rows: rows.into_iter().map(|line| (line.number, line.text)).collect(),
            summary_header: names(summary_header.text)?,
            summary: (summary.number, summary.text),
        })
    }

    pub(super) fn columns<const N: usize>(&self, names: [&[&str]; N]) -> Columns<N> {
        Columns::find(&self.header, names)
    }

    pub(super) fn summary_columns<const N: usize>(&self, names: [&[&str]; N]) -> Columns<N> {
        Columns::find(&self.summary_header, names)
    }

    /// Reads each row. A row that cannot be read does not affect the others. A missing column is an error for the
    /// whole bill.
    pub(super) fn rows<T>(
        &self,
        read: impl Fn(&Row<'a>) -> Result<T, BillError>,
    ) -> Result<(Vec<T>, Vec<UnreadableRow>), BillError> {
        let (mut readable, mut unreadable) = (Vec::new(), Vec::new());
        for &(line, text) in &self.rows {
            match row(line, text, self.header.len()).and_then(|row| read(&row)) {
                Ok(row) => readable.push(row),
                Err(error @ BillError::Column(_)) => return Err(error),
                Err(error) => {
                    let text = text.chars().take(MAX_UNREADABLE_CHARS).collect();
                    unreadable.push(UnreadableRow { line, text, error });
                }
            }
        }
        Ok((readable, unreadable))
    }

    pub(super) fn summary(&self) -> Result<Row<'a>, BillError> {
        let (line, text) = self.summary;
        row(line, text, self.summary_header.len())
    }
}

/// Checks a bill with unreadable rows: fewer rows must have been read than the summary counts. The sums cannot be checked,
/// because the amounts of the unreadable rows are missing.
pub(super) fn check_partly_read(readable: usize, count: usize, name: &'static str) -> Result<(), BillError> {
    if readable < count { Ok(()) } else { Err(BillError::Sum(name)) }
}

/// A line without its line end.
struct Line<'a> {
    /// Counted from 1.
    number: usize,
    /// Its position in the text, in bytes.
    start: usize,
    text: &'a str,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split('\n').enumerate().map(move |(at, line)| {
        let here = start;
        start += line.len() + 1;
        Line { number: at + 1, start: here, text: line.strip_suffix('\r').unwrap_or(line) }
    })
}

fn names(line: &str) -> Result<Vec<&str>, BillError> {
    let names: Vec<&str> =
        line.split(',').take(MAX_COLUMNS + 1).map(|name| name.trim().trim_start_matches('`')).collect();
    if names.len() > MAX_COLUMNS { Err(BillError::Row(1)) } else { Ok(names) }
}

/// Splits a row. A comma and a backtick separate two fields; a field is not quoted and may contain commas. A row with
/// another number of fields is refused: if it has more, one of its texts contains the separator, and it is unknown which one.
fn row(line: usize, text: &str, columns: usize) -> Result<Row<'_>, BillError> {
    let text = text.strip_prefix('`').ok_or(BillError::Row(line))?;
    let fields: Vec<&str> = text.split(",`").take(MAX_COLUMNS + 1).collect();
    if fields.len() == columns { Ok(Row { line, fields }) } else { Err(BillError::Row(line)) }
}

impl<const N: usize> Columns<N> {
    fn find(header: &[&str], names: [&[&str]; N]) -> Self {
        Self(names.map(|names| header.iter().position(|name| names.contains(name))))
    }

    /// The field of column `n`. `None` if the bill does not have this column.
    pub(super) fn get<'a>(&self, row: &Row<'a>, n: usize) -> Option<&'a str> {
        let at = self.0.get(n).copied().flatten()?;
        row.fields.get(at).map(|field| field.trim())
    }
}
