//! The file as a table: header, rows, summary header, summary row.

use super::BillError;

/// Columns of the widest bill that is read; WeChat's has 29.
const MAX_COLUMNS: usize = 64;

/// What a bill is before its columns are known.
pub(super) struct Table<'a> {
    header: Vec<&'a str>,
    /// With the line's number, from 1.
    rows: Vec<(usize, &'a str)>,
    summary_header: Vec<&'a str>,
    summary: (usize, &'a str),
}

/// One row, its fields as they were sent, without backticks.
pub(super) struct Row<'a> {
    pub(super) line: usize,
    fields: Vec<&'a str>,
}

/// Where the columns are that are looked for; an older generation names some otherwise.
pub(super) struct Columns<const N: usize>([Option<usize>; N]);

impl<'a> Table<'a> {
    pub(super) fn read(file: &'a [u8]) -> Result<Self, BillError> {
        let text = std::str::from_utf8(file).map_err(|_| BillError::NotUtf8)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
            .enumerate()
            .map(|(at, line)| (at + 1, line))
            .filter(|(_, line)| !line.trim().is_empty());
        let (_, header) = lines.next().ok_or(BillError::NoSummary)?;
        let header = names(header)?;
        let mut rows = Vec::new();
        let (summary_header, summary) = loop {
            let (at, line) = lines.next().ok_or(BillError::NoSummary)?;
            if line.starts_with('`') {
                rows.push((at, line));
            } else {
                // the first line without a backtick is the summary's header
                break (names(line)?, lines.next().ok_or(BillError::NoSummary)?);
            }
        };
        if let Some((at, _)) = lines.next() {
            return Err(BillError::Row(at));
        }
        Ok(Self { header, rows, summary_header, summary })
    }

    pub(super) fn columns<const N: usize>(&self, names: [&[&str]; N]) -> Columns<N> {
        Columns::find(&self.header, names)
    }

    pub(super) fn summary_columns<const N: usize>(&self, names: [&[&str]; N]) -> Columns<N> {
        Columns::find(&self.summary_header, names)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Result<Row<'a>, BillError>> {
        self.rows.iter().map(|(line, text)| row(*line, text, self.header.len()))
    }

    pub(super) fn summary(&self) -> Result<Row<'a>, BillError> {
        let (line, text) = self.summary;
        row(line, text, self.summary_header.len())
    }
}

fn names(line: &str) -> Result<Vec<&str>, BillError> {
    let names: Vec<&str> =
        line.split(',').take(MAX_COLUMNS + 1).map(|name| name.trim().trim_start_matches('`')).collect();
    if names.len() > MAX_COLUMNS { Err(BillError::Row(1)) } else { Ok(names) }
}

/// Fields are not quoted and may hold commas; what parts them is a comma before a backtick. One field too many is a
/// name with that in it as well: there is no telling which, so it is refused.
fn row(line: usize, text: &str, columns: usize) -> Result<Row<'_>, BillError> {
    let text = text.strip_prefix('`').ok_or(BillError::Row(line))?;
    let fields: Vec<&str> = text.split(",`").take(MAX_COLUMNS + 1).collect();
    if fields.len() == columns { Ok(Row { line, fields }) } else { Err(BillError::Row(line)) }
}

impl<const N: usize> Columns<N> {
    fn find(header: &[&str], names: [&[&str]; N]) -> Self {
        Self(names.map(|names| header.iter().position(|name| names.contains(name))))
    }

    /// The field of the `n`th column that was looked for; nothing where the bill has no such column.
    pub(super) fn get<'a>(&self, row: &Row<'a>, n: usize) -> Option<&'a str> {
        let at = self.0.get(n).copied().flatten()?;
        row.fields.get(at).map(|field| field.trim())
    }
}
