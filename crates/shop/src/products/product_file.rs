//! The CSV file of the catalogue, with one line for each specification: how the export writes it, and how the import
//! reads it.

use model::{
    Language, LocalizedText,
    catalogue::{Product, SEPARATOR},
};

use super::sale_period::written_time;
use crate::{
    ShopError,
    spreadsheet::{UNREADABLE, decode, delimiter, row, text_of},
    typed,
};

/// The maximum size of the file, bytes.
pub const MAX_PRODUCT_FILE_BYTES: usize = 4 * 1024 * 1024;

/// The maximum number of lines in a file.
pub const MAX_PRODUCT_LINES: usize = 10_000;

/// The heading of the column with the row numbers in the file of staff. Only the text that the preview sends back has
/// this column.
const LINE: &str = "#";

/// A column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProductColumn {
    /// The id of the specification.
    Sku,
    /// The id of the product.
    Product,
    /// The name of the product.
    Name,
    /// The product's category.
    Category,
    /// The product's summary.
    Summary,
    /// The product's description.
    Description,
    /// The names of the product's options.
    Options,
    /// The name of the specification.
    Spec,
    /// The price of a piece, yuan.
    Price,
    /// The weight of a piece, grams.
    Weight,
    /// The stock when the file was exported.
    StockSeen,
    /// The new stock.
    Stock,
    /// Whether the product is on sale.
    OnSale,
    /// When the sale begins.
    SaleFrom,
    /// When the sale ends.
    SaleUntil,
}

impl ProductColumn {
    /// Every column, in the order of the export.
    pub const ALL: [Self; 15] = [
        Self::Sku,
        Self::Product,
        Self::Name,
        Self::Category,
        Self::Summary,
        Self::Description,
        Self::Options,
        Self::Spec,
        Self::Price,
        Self::Weight,
        Self::StockSeen,
        Self::Stock,
        Self::OnSale,
        Self::SaleFrom,
        Self::SaleUntil,
    ];

    /// The heading of the column.
    #[must_use]
    pub const fn name(self) -> LocalizedText {
        let (zh, en) = match self {
            Self::Sku => ("货号", "SKU"),
            Self::Product => ("商品编号", "Product number"),
            Self::Name => ("商品名称", "Name"),
            Self::Category => ("分类", "Category"),
            Self::Summary => ("一句话介绍", "Summary"),
            Self::Description => ("商品介绍", "Description"),
            Self::Options => ("选项名", "Options"),
            Self::Spec => ("规格", "Specification"),
            Self::Price => ("价格（元）", "Price (yuan)"),
            Self::Weight => ("重量（克）", "Weight (g)"),
            Self::StockSeen => ("导出时库存", "Stock at export"),
            Self::Stock => ("库存", "Stock"),
            Self::OnSale => ("在售", "On sale"),
            Self::SaleFrom => ("开售时间", "Sale begins"),
            Self::SaleUntil => ("停售时间", "Sale ends"),
        };
        LocalizedText { zh, en }
    }

    /// Whether all lines of a product must have the same text in this column.
    #[must_use]
    pub const fn is_of_product(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Category
                | Self::Summary
                | Self::Description
                | Self::Options
                | Self::OnSale
                | Self::SaleFrom
                | Self::SaleUntil
        )
    }

    /// The column with this heading, in either language. Upper case, spaces and full-width characters make no
    /// difference. Files of an older version have two other English headings.
    fn of_heading(heading: &str) -> Option<Self> {
        let plain = |name: &str| typed::number(name).to_lowercase().replace(' ', "");
        let heading = plain(heading);
        let is_it = |name: &str| plain(name) == heading;
        match heading.as_str() {
            "choices" => Some(Self::Options),
            "option" => Some(Self::Spec),
            _ => Self::ALL.into_iter().find(|column| is_it(column.name().zh) || is_it(column.name().en)),
        }
    }
}

/// The words for yes and no in the column [`ProductColumn::OnSale`].
const YES: LocalizedText = LocalizedText { zh: "是", en: "yes" };
const NO: LocalizedText = LocalizedText { zh: "否", en: "no" };

/// The word for a value of the column [`ProductColumn::OnSale`].
pub(super) const fn on_sale_word(on_sale: bool) -> LocalizedText {
    if on_sale { YES } else { NO }
}

/// Reads a cell of the column [`ProductColumn::OnSale`].
pub(super) fn is_on_sale(cell: &str) -> Result<bool, ShopError> {
    match typed::number(cell).to_lowercase().as_str() {
        "是" | "在售" | "yes" | "y" | "true" | "1" => Ok(true),
        "否" | "未上架" | "no" | "n" | "false" | "0" => Ok(false),
        _ => Err(ShopError::invalid("请填写 是 或 否", "Please enter yes or no.")),
    }
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLine {
    /// The number of the row in a spreadsheet; the heading is row 1. A cell with several lines of text is one row.
    pub line: u64,
    /// The cells, in the order of [`ProductColumn::ALL`]. A cell is empty if the file lacks the column.
    cells: [String; ProductColumn::ALL.len()],
}

impl ProductLine {
    /// The text of a cell, without spaces at the ends.
    #[must_use]
    pub fn cell(&self, column: ProductColumn) -> &str {
        &self.cells[column as usize]
    }
}

/// The parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductFile {
    /// The lines that are not empty.
    pub lines: Vec<ProductLine>,
    /// The unknown headings.
    pub unknown: Vec<String>,
}

impl ProductFile {
    /// Reads an uploaded file: UTF-8 with or without a byte order mark, or GB18030, which includes GBK.
    ///
    /// # Errors
    /// [`ShopError::Invalid`] if the file is too large, is not text, has too many lines or none, has a column twice, or
    /// has no column that identifies products.
    pub fn read(bytes: &[u8]) -> Result<Self, ShopError> {
        if bytes.len() > MAX_PRODUCT_FILE_BYTES {
            return Err(ShopError::invalid("文件不能超过 4 MB", "A file has at most 4 MB."));
        }
        Self::parse(&decode(bytes)?)
    }

    /// Reads the text that the preview sends back. It has no limit of size.
    ///
    /// # Errors
    /// As [`ProductFile::read`].
    pub fn of_preview(bytes: &[u8]) -> Result<Self, ShopError> {
        Self::parse(&decode(bytes)?)
    }

    fn parse(text: &str) -> Result<Self, ShopError> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let mut records = reader.records();
        let head = records.next().and_then(Result::ok).unwrap_or_default();
        let mut places = [None; ProductColumn::ALL.len()];
        let mut file = Self::default();
        for (at, heading) in head.iter().enumerate() {
            match ProductColumn::of_heading(heading) {
                Some(column) if places[column as usize].is_some() => {
                    return Err(ShopError::invalid(
                        "第一行有两列名称相同，请只保留一列",
                        "Two columns of the first line have the same name. Please keep one of them.",
                    ));
                }
                Some(column) => places[column as usize] = Some(at),
                None if heading.trim().is_empty() || heading == LINE => {}
                None => file.unknown.push(heading.trim().to_owned()),
            }
        }
        let has = |column: ProductColumn| places[column as usize].is_some();
        if !has(ProductColumn::Sku) && !has(ProductColumn::Product) && !has(ProductColumn::Name) {
            return Err(ShopError::invalid(
                "第一行要有列名，至少有“货号”；请以导出的文件为准",
                "The first line must have the names of the columns, at least “SKU”. Please begin with the exported file.",
            ));
        }
        let line_at = head.iter().position(|heading| heading == LINE);
        // in a spreadsheet a cell with several lines of text is one row
        let breaks = |record: &csv::StringRecord| {
            record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>()
        };
        let mut after = breaks(&head);
        for record in records {
            let record = record.map_err(|_| UNREADABLE)?;
            let inside = after;
            after += breaks(&record);
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map(text_of).unwrap_or_default();
            let cells = places.map(|at| cell(at).to_owned());
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if file.lines.len() == MAX_PRODUCT_LINES {
                return Err(ShopError::invalid(
                    "一个文件最多 10000 行，请分成几个文件",
                    "A file has at most 10,000 lines. Please make several files.",
                ));
            }
            let line = match line_at {
                Some(at) => cell(Some(at)).parse().map_err(|_| UNREADABLE)?,
                None => record.position().map_or(0, csv::Position::line).saturating_sub(inside),
            };
            file.lines.push(ProductLine { line, cells });
        }
        if file.lines.is_empty() {
            return Err(ShopError::invalid("文件里没有商品", "The file has no product."));
        }
        Ok(file)
    }

    /// Some lines as CSV with their row numbers, for the preview to send back.
    pub(super) fn text<'a>(lines: impl IntoIterator<Item = &'a ProductLine>) -> String {
        let mut text = head(Some(LINE), Language::English);
        for line in lines {
            let number = line.line.to_string();
            let cells: Vec<&str> =
                std::iter::once(number.as_str()).chain(line.cells.iter().map(String::as_str)).collect();
            text.push_str(&row(&cells));
        }
        text
    }
}

fn head(first: Option<&str>, language: Language) -> String {
    let names = ProductColumn::ALL.map(|column| column.name().to(language));
    row(&first.into_iter().chain(names).collect::<Vec<_>>())
}

/// The CSV file of these products: a byte order mark, with which spreadsheets recognise UTF-8, the headings, and a line
/// for each specification.
pub(super) fn file_of(products: &[Product], language: Language) -> String {
    let mut file = format!("\u{feff}{}", head(None, language));
    for product in products {
        let options = product.options.join(SEPARATOR);
        let times = [product.sale.from_ms, product.sale.until_ms].map(written_time);
        for known in &product.skus {
            let (price, weight, stock) =
                (known.price.to_string(), known.weight_g.to_string(), known.stock.to_string());
            let cell = |column| match column {
                ProductColumn::Sku => known.sku.as_str(),
                ProductColumn::Product => product.id.as_str(),
                ProductColumn::Name => &product.name,
                ProductColumn::Category => &product.category,
                ProductColumn::Summary => &product.summary,
                ProductColumn::Description => &product.description,
                ProductColumn::Options => &options,
                ProductColumn::Spec => &known.spec,
                ProductColumn::Price => &price,
                ProductColumn::Weight => &weight,
                ProductColumn::StockSeen | ProductColumn::Stock => &stock,
                ProductColumn::OnSale => on_sale_word(product.on_sale).to(language),
                ProductColumn::SaleFrom => &times[0],
                ProductColumn::SaleUntil => &times[1],
            };
            file.push_str(&row(&ProductColumn::ALL.map(cell)));
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    const FILE: &str = "货号,商品名称,价格(元),备注\r\nmug,'=杯,19.90,x\r\n,,,\r\n,盘,5,\r\n";

    #[test]
    fn a_cell_with_several_lines_of_text_is_one_row() {
        let file = "货号,商品介绍\r\na,\"一\r\n二\r\n三\"\r\nb,四\r\nc,\"五\n六\"\r\nd,七\r\n";
        let lines = ProductFile::read(file.as_bytes()).unwrap().lines;
        assert_eq!(lines.iter().map(|line| line.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
    }

    #[test]
    fn the_file_is_read_in_each_encoding_that_spreadsheets_write() {
        let file = ProductFile::read(FILE.as_bytes()).unwrap();
        assert_eq!(file.unknown, ["备注"]);
        let cells = |line: &ProductLine| {
            [ProductColumn::Sku, ProductColumn::Name, ProductColumn::Price]
                .map(|column| line.cell(column).to_owned())
                .join("|")
        };
        assert_eq!(file.lines.iter().map(cells).collect::<Vec<_>>(), ["mug|=杯|19.90", "|盘|5"]);
        assert_eq!(file.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(ProductFile::read(format!("\u{feff}{FILE}").as_bytes()).unwrap(), file);
        assert_eq!(ProductFile::read(&GB18030.encode(FILE).0).unwrap(), file);
        assert_eq!(ProductFile::read(FILE.replace(',', "\t").as_bytes()).unwrap(), file);
        for (heading, column) in [
            ("Choices", ProductColumn::Options),
            ("Option", ProductColumn::Spec),
            ("options", ProductColumn::Options),
        ] {
            assert_eq!(ProductColumn::of_heading(heading), Some(column), "{heading}");
        }
        let english = FILE.replace("货号,商品名称,价格(元)", "sku,NAME,Price（Yuan）");
        assert_eq!(ProductFile::read(english.as_bytes()).unwrap().lines, file.lines);
        let again = ProductFile::of_preview(ProductFile::text(&file.lines).as_bytes()).unwrap();
        assert_eq!(again.lines, file.lines, "the lines keep their numbers");
    }

    #[test]
    fn a_file_that_is_no_catalogue_is_refused_with_a_sentence() {
        let utf16: Vec<u8> = FILE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let many = "货号\n".to_owned() + &"mug\n".repeat(MAX_PRODUCT_LINES + 1);
        for (bytes, words) in [
            (utf16, "另存为 CSV"),
            (b"PK\x03\x04\x00\x00\xff\xfe".to_vec(), "另存为 CSV"),
            (b"a,b\n1,2\n".to_vec(), "列名"),
            (Vec::new(), "列名"),
            ("货号,SKU\n1,2\n".into(), "名称相同"),
            ("货号\n\n".into(), "没有商品"),
            (many.into_bytes(), "最多 10000"),
            (vec![b' '; MAX_PRODUCT_FILE_BYTES + 1], "4 MB"),
        ] {
            let error = ProductFile::read(&bytes).unwrap_err();
            assert!(error.sentence().zh.contains(words), "{words}: {error}");
        }
    }
}
