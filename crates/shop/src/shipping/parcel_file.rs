//! Reads the CSV file with the parcels of many orders, which staff fill in with a spreadsheet.

use model::LocalizedText;

use crate::{
    ShopError,
    spreadsheet::{UNREADABLE, decode, delimiter},
    typed,
};

/// The maximum size of the file, bytes.
pub const MAX_PARCEL_FILE_BYTES: usize = 1024 * 1024;

/// The maximum number of parcels in a file.
pub const MAX_PARCEL_LINES: usize = 500;

/// The columns of the exported file of the waiting orders. The import reads the first three and ignores the others.
pub const PARCEL_FILE_COLUMNS: [LocalizedText; 10] = [
    LocalizedText { zh: "订单编号", en: "Order number" },
    LocalizedText { zh: "快递公司", en: "Carrier" },
    LocalizedText { zh: "运单号", en: "Tracking number" },
    LocalizedText { zh: "支付时间", en: "Paid" },
    LocalizedText { zh: "收货人", en: "Recipient" },
    LocalizedText { zh: "电话", en: "Telephone" },
    LocalizedText { zh: "地址", en: "Address" },
    LocalizedText { zh: "备注", en: "Note" },
    LocalizedText { zh: "商品", en: "Goods" },
    LocalizedText { zh: "提醒", en: "Attention" },
];

/// A column that the import reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParcelColumn {
    /// The order's id.
    Order,
    /// The carrier.
    Carrier,
    /// The tracking number.
    TrackingNo,
}

impl ParcelColumn {
    /// The name of the column. The variants have the same sequence as [`PARCEL_FILE_COLUMNS`].
    #[must_use]
    pub const fn name(self) -> LocalizedText {
        PARCEL_FILE_COLUMNS[self as usize]
    }

    /// Whether a heading means this column. Other systems use other words.
    fn has_name(self, head: &str) -> bool {
        let others: &[&str] = match self {
            Self::Order => &["订单号", "order"],
            Self::Carrier => &["物流公司", "快递"],
            Self::TrackingNo => &["快递单号", "物流单号", "tracking no"],
        };
        let name = self.name();
        head == name.zh
            || head.eq_ignore_ascii_case(name.en)
            || others.contains(&head.to_lowercase().as_str())
    }
}

/// A line of the file, without spaces at the ends of the cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelLine {
    /// The number of the line in the file, from 1.
    pub line: u64,
    /// The number of the order.
    pub order: String,
    /// The carrier.
    pub carrier: String,
    /// The tracking number, without spaces.
    pub tracking_no: String,
}

impl ParcelLine {
    /// A line as a person typed it: without spaces at the ends of the texts and in the tracking number.
    #[must_use]
    pub fn typed(line: u64, order: &str, carrier: &str, tracking_no: &str) -> Self {
        Self {
            line,
            order: cell(order),
            carrier: cell(carrier),
            tracking_no: without_spaces(&cell(tracking_no)),
        }
    }
}

/// The parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParcelFile {
    /// The lines with a parcel.
    pub lines: Vec<ParcelLine>,
    /// The number of lines without a carrier and a tracking number.
    pub without_parcel: usize,
}

impl ParcelFile {
    /// Reads a file: UTF-8 with or without a byte order mark, or GB18030, which includes GBK.
    ///
    /// # Errors
    /// [`ShopError::Invalid`] if the file is too large, is not text, lacks a column, or has too many parcels or none.
    pub fn read(bytes: &[u8]) -> Result<Self, ShopError> {
        if bytes.len() > MAX_PARCEL_FILE_BYTES {
            return Err(ShopError::invalid("文件不能超过 1 MB", "A file has at most 1 MB."));
        }
        let text = decode(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(&text))
            .from_reader(text.as_bytes());
        let mut records = reader.records();
        let head = records.next().and_then(Result::ok).unwrap_or_default();
        let column_index = |column: ParcelColumn| head.iter().position(|name| column.has_name(&cell(name)));
        let (Some(order), Some(carrier), Some(tracking_no)) = (
            column_index(ParcelColumn::Order),
            column_index(ParcelColumn::Carrier),
            column_index(ParcelColumn::TrackingNo),
        ) else {
            return Err(ShopError::invalid(
                "第一行要有“订单编号”“快递公司”“运单号”这三列的名称",
                "The first line must have the names of three columns: Order number, Carrier, Tracking number.",
            ));
        };
        let mut file = Self::default();
        for record in records {
            let record = record.map_err(|_| UNREADABLE)?;
            let at = |column: usize| cell(record.get(column).unwrap_or_default());
            let line = ParcelLine {
                line: record.position().map_or(0, csv::Position::line),
                order: at(order),
                carrier: at(carrier),
                tracking_no: without_spaces(&at(tracking_no)),
            };
            if line.carrier.is_empty() && line.tracking_no.is_empty() {
                file.without_parcel += 1;
            } else if file.lines.len() == MAX_PARCEL_LINES {
                return Err(ShopError::invalid(
                    "一个文件最多 500 个包裹，请分成几个文件",
                    "A file has at most 500 parcels. Please make several files.",
                ));
            } else {
                file.lines.push(line);
            }
        }
        if file.lines.is_empty() {
            return Err(ShopError::invalid(
                "文件里没有填写快递公司和运单号",
                "The file has no line with a carrier and a tracking number.",
            ));
        }
        Ok(file)
    }
}

/// The text of a cell, without the tab or the apostrophe that exports write before a long number.
fn cell(text: &str) -> String {
    typed::number(text).trim_start_matches('\'').trim().to_owned()
}

/// A tracking number without its spaces.
fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    const FILE: &str = "订单编号,快递公司,运单号\r\n\"\t202611211200000001234567\",顺丰, SF 123 \r\n2,,\r\n";

    fn expected() -> ParcelFile {
        let line = ParcelLine {
            line: 2,
            order: "202611211200000001234567".to_owned(),
            carrier: "顺丰".to_owned(),
            tracking_no: "SF123".to_owned(),
        };
        ParcelFile { lines: vec![line], without_parcel: 1 }
    }

    #[test]
    fn the_file_is_read_in_each_encoding_that_spreadsheets_write() {
        assert_eq!(ParcelFile::read(FILE.as_bytes()).unwrap(), expected());
        assert_eq!(ParcelFile::read(format!("\u{feff}{FILE}").as_bytes()).unwrap(), expected());
        assert_eq!(ParcelFile::read(&GB18030.encode(FILE).0).unwrap(), expected());
        assert_eq!(ParcelFile::read(FILE.replace(',', ";").as_bytes()).unwrap(), expected());
        let english = FILE.replace("订单编号,快递公司,运单号", "order number,Carrier,Tracking number");
        assert_eq!(ParcelFile::read(english.as_bytes()).unwrap(), expected());
    }

    #[test]
    fn a_file_that_is_no_list_of_parcels_is_refused_with_a_sentence() {
        let utf16: Vec<u8> = FILE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let many = "订单编号,快递公司,运单号\n".to_owned() + &"1,顺丰,2\n".repeat(MAX_PARCEL_LINES + 1);
        for (bytes, words) in [
            (utf16, "另存为 CSV"),
            (b"PK\x03\x04\x00\x00\xff\xfe".to_vec(), "另存为 CSV"),
            (b"a,b\n1,2\n".to_vec(), "第一行"),
            (Vec::new(), "第一行"),
            ("订单编号,快递公司,运单号\n1,,\n".into(), "没有填写"),
            (many.into_bytes(), "最多 500"),
            (vec![b' '; MAX_PARCEL_FILE_BYTES + 1], "1 MB"),
        ] {
            let error = ParcelFile::read(&bytes).unwrap_err();
            assert!(error.sentence().zh.contains(words), "{words}: {error}");
        }
    }
}
