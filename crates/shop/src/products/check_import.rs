//! Checks a CSV file of the catalogue: what each line would change, and which cells are wrong. Writes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::{
    Fen, LocalizedText, ProductId, Sku,
    catalogue::{Product, SEPARATOR, SalePeriod, Specification},
};

use super::{
    Catalogue, ProductColumn, ProductLine, ProductTexts,
    edit_catalogue::{
        checked_category, checked_description, checked_name, checked_price, checked_spec, checked_stock,
        checked_summary, checked_weight,
    },
    options::{is_combination, read_names},
    product_file::{is_on_sale, on_sale_word},
    sale_period::{check_period, read_time, written_time},
};
use crate::{ShopError, typed};

/// The maximum number of specifications of a product.
pub const MAX_SPECIFICATIONS: usize = 200;

/// Words in the paths of the console. They cannot be ids.
const RESERVED: [&str; 2] = ["new", "file"];

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellProblem {
    /// The cell is empty and must not be.
    Missing,
    /// The text is not allowed here. The sentence says what is expected.
    Invalid(LocalizedText),
    /// The text cannot be the id of a product or a specification.
    NotAnId,
    /// The product is deleted.
    Deleted,
    /// The specification belongs to this product.
    OtherProduct(ProductId),
    /// An earlier line, this one, has the same specification.
    Repeated(u64),
    /// An earlier line, this one, has another text for the same product.
    DiffersFromLine(u64),
    /// This other product has the name.
    NameIsTaken(ProductId),
    /// This other specification of the product has the name.
    SpecIsTaken(Sku),
    /// The specification of this earlier line has the name.
    SpecIsRepeated(u64),
    /// The line changes the stock, but does not say what the stock was at the export.
    StockSeenMissing,
    /// The line takes more pieces than are left: so many.
    StockTooSmall(i64),
    /// The specification does not have one value for each of so many options.
    NoCombination(usize),
    /// This specification is not in the file, and does not fit the new options.
    OtherSpecDoesNotFit(Sku),
    /// The product has too many specifications.
    TooManySpecifications,
}

/// A cell that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongCell {
    /// Its column.
    pub column: ProductColumn,
    /// What is wrong.
    pub problem: CellProblem,
}

/// A text in the preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellText {
    /// The same text in both languages.
    Plain(String),
    /// A text in the language of the page.
    Localized(LocalizedText),
}

/// What a cell changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// Its column.
    pub column: ProductColumn,
    /// The current text; `None` for something new.
    pub old: Option<CellText>,
    /// The text after the import.
    pub new: CellText,
}

/// A checked line: what it changes, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLine {
    /// The line.
    pub line: ProductLine,
    /// The name of its product.
    pub name: String,
    /// The name of its specification.
    pub spec: String,
    /// Whether it adds a specification.
    pub is_new: bool,
    /// The cells that change something.
    pub changes: Vec<CellChange>,
    /// The wrong cells.
    pub wrong: Vec<WrongCell>,
}

/// Identifies a product of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A product of the catalogue.
    Known(ProductId),
    /// A new product with the id that the file gives.
    Numbered(ProductId),
    /// A new product without an id, identified by its name.
    Named(String),
}

/// A product as it will be after the import.
#[derive(Clone, Debug)]
pub(super) struct PlannedProduct {
    pub texts: ProductTexts,
    pub on_sale: bool,
    pub sale: SalePeriod,
    pub options: Vec<String>,
}

/// A specification to add or to change.
#[derive(Clone, Debug)]
pub(super) enum PlannedSku {
    /// A new specification. If `sku` is `None`, the shop creates the id.
    New { product: Key, sku: Option<Sku>, spec: String, price: Fen, weight_g: i64, stock: i64 },
    /// A specification of the catalogue with its new values. `pieces` is the change of its stock.
    Change { before: Specification, spec: String, price: Fen, weight_g: i64, pieces: i64 },
}

/// The changes of a file. They must not be written if a cell is wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// The products in the order of the file.
    pub products: Vec<(Key, PlannedProduct)>,
    pub skus: Vec<PlannedSku>,
}

/// Checks the lines against the catalogue.
pub(super) fn check(catalogue: &Catalogue, lines: Vec<ProductLine>) -> (Vec<CheckedLine>, Plan) {
    let mut checker = Checker::new(catalogue);
    let mut checked: Vec<CheckedLine> = lines.into_iter().map(|line| checker.line(line)).collect();
    checker.check_options(&mut checked);
    let products = std::mem::take(&mut checker.order)
        .into_iter()
        .map(|key| {
            let planned = checker.planned(&key);
            (key, planned)
        })
        .collect();
    (checked, Plan { products, skus: checker.skus })
}

struct Checker<'a> {
    catalogue: &'a Catalogue,
    by_id: HashMap<&'a str, &'a Product>,
    by_name: HashMap<&'a str, &'a Product>,
    /// The products with a change so far, in the order of the lines.
    order: Vec<Key>,
    ordered: HashSet<Key>,
    /// The texts of each product in the file, each with the first line that has it.
    of_product: HashMap<(Key, ProductColumn), (u64, String)>,
    /// The line of each specification.
    seen: BTreeMap<Sku, u64>,
    /// The line of each new specification, by its name.
    specs: HashMap<(Key, String), u64>,
    /// The number of specifications of each product.
    sizes: HashMap<Key, usize>,
    skus: Vec<PlannedSku>,
    /// For each line: the product, the sku, and the name of the specification after the import.
    specs_of_lines: Vec<Option<(Key, Option<Sku>, String)>>,
}

/// The cells of a line while it is checked.
struct Cells<'a> {
    line: &'a ProductLine,
    wrong: Vec<WrongCell>,
    changes: Vec<CellChange>,
}

impl Cells<'_> {
    fn problem(&mut self, column: ProductColumn, problem: CellProblem) {
        if !self.wrong.iter().any(|wrong| wrong.column == column) {
            self.wrong.push(WrongCell { column, problem });
        }
    }

    /// Reads a cell. `None` if it is empty or wrong.
    fn value<T>(
        &mut self,
        column: ProductColumn,
        read: impl FnOnce(&str) -> Result<T, CellProblem>,
    ) -> Option<T> {
        let text = self.line.cell(column);
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problem(column, problem);
                None
            }
        }
    }

    /// Reports a missing value that a new product or specification must have.
    fn required<T>(&mut self, column: ProductColumn, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.problem(column, CellProblem::Missing);
        }
        value
    }

    fn change(&mut self, column: ProductColumn, old: Option<String>, new: String) {
        if old.as_ref() != Some(&new) {
            let old = old.map(CellText::Plain);
            self.changes.push(CellChange { column, old, new: CellText::Plain(new) });
        }
    }
}

fn invalid(error: ShopError) -> CellProblem {
    CellProblem::Invalid(error.sentence())
}

fn whole_number(text: &str) -> Result<i64, CellProblem> {
    let text = typed::number(text);
    // spreadsheets may write 5 as 5.0
    let text = text
        .split_once('.')
        .filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'))
        .map_or(&*text, |(whole, _)| whole);
    if text.starts_with('+') {
        return Err(NO_NUMBER);
    }
    text.parse().map_err(|_| NO_NUMBER)
}

const NO_NUMBER: CellProblem =
    CellProblem::Invalid(LocalizedText { zh: "请填写整数", en: "Please enter a whole number." });

fn yuan(text: &str) -> Result<Fen, CellProblem> {
    let price = Fen::parse_yuan(&typed::number(text)).ok_or(CellProblem::Invalid(LocalizedText {
        zh: "请填写如 19.90 的数字",
        en: "Please enter a number like 19.90.",
    }))?;
    checked_price(price).map_err(invalid)
}

/// Reads the id of a product or a specification, in lower case. `None` for a text that cannot be an id.
pub(super) fn typed_id<T: std::str::FromStr>(text: &str) -> Option<T> {
    let text = typed::number(text).to_lowercase();
    if RESERVED.contains(&text.as_str()) { None } else { text.parse().ok() }
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, CellProblem> {
    typed_id(text).ok_or(CellProblem::NotAnId)
}

impl<'a> Checker<'a> {
    fn new(catalogue: &'a Catalogue) -> Self {
        let all = catalogue.all_products();
        Self {
            catalogue,
            by_id: all.iter().map(|product| (product.id.as_str(), product)).collect(),
            by_name: all
                .iter()
                .filter(|product| !product.archived)
                .map(|product| (product.name.as_str(), product))
                .collect(),
            order: Vec::new(),
            ordered: HashSet::new(),
            of_product: HashMap::new(),
            seen: BTreeMap::new(),
            specs: HashMap::new(),
            sizes: HashMap::new(),
            skus: Vec::new(),
            specs_of_lines: Vec::new(),
        }
    }

    fn known(&self, key: &Key) -> Option<&'a Product> {
        match key {
            Key::Known(id) => self.by_id.get(id.as_str()).copied(),
            Key::Numbered(_) | Key::Named(_) => None,
        }
    }

    fn line(&mut self, line: ProductLine) -> CheckedLine {
        let mut cells = Cells { line: &line, wrong: Vec::new(), changes: Vec::new() };
        let sku: Option<Sku> = cells.value(ProductColumn::Sku, id);
        let catalogue = self.catalogue;
        let known = sku.as_ref().and_then(|sku| catalogue.sku(sku));
        if let Some(sku) = &sku {
            match self.seen.get(sku) {
                Some(first) => cells.problem(ProductColumn::Sku, CellProblem::Repeated(*first)),
                None => {
                    self.seen.insert(sku.clone(), line.line);
                }
            }
        }
        let key = self.product(&mut cells, known.map(|(product, _)| product));
        let of_product = self.texts(&mut cells, key.as_ref());
        let number = sku.clone();
        let planned = match known {
            Some((_, before)) => changed(&mut cells, before),
            None => self.new_sku(&mut cells, key.as_ref(), sku),
        };
        let spec = match (&planned, known) {
            (Some(PlannedSku::New { spec, .. } | PlannedSku::Change { spec, .. }), _) => Some(spec.clone()),
            (None, Some((_, before))) => Some(before.spec.clone()),
            (None, None) => None,
        };
        self.specs_of_lines.push(key.clone().zip(spec).map(|(key, spec)| (key, number, spec)));
        self.skus.extend(planned);
        let name = of_product.or_else(|| known.map(|(product, _)| product.name.clone())).unwrap_or_default();
        let Cells { wrong, changes, .. } = cells;
        if let Some(key) = key.filter(|_| known.is_none() || !changes.is_empty())
            && self.ordered.insert(key.clone())
        {
            self.order.push(key);
        }
        let typed = line.cell(ProductColumn::Spec);
        let spec = match &known {
            Some((_, known)) if typed.is_empty() => known.spec.clone(),
            _ => typed.to_owned(),
        };
        CheckedLine { name, spec, is_new: known.is_none(), changes, wrong, line }
    }

    /// Finds the product of a line.
    fn product(&mut self, cells: &mut Cells<'_>, of_sku: Option<&Product>) -> Option<Key> {
        let number: Option<ProductId> = cells.value(ProductColumn::Product, id);
        let is_numbered = !cells.line.cell(ProductColumn::Product).is_empty();
        let name = typed::line(cells.line.cell(ProductColumn::Name));
        let known = of_sku.or_else(|| number.as_ref().and_then(|id| self.by_id.get(id.as_str()).copied()));
        let column = if of_sku.is_some() { ProductColumn::Sku } else { ProductColumn::Product };
        if let (Some(product), Some(number)) = (of_sku, &number)
            && product.id != *number
        {
            cells.problem(ProductColumn::Product, CellProblem::OtherProduct(product.id.clone()));
        }
        let key = match (known, number) {
            (Some(product), _) if product.archived => {
                cells.problem(column, CellProblem::Deleted);
                return None;
            }
            (Some(product), _) => Key::Known(product.id.clone()),
            (None, Some(number)) => Key::Numbered(number),
            (None, None) if is_numbered => return None,
            (None, None) if name.is_empty() => {
                cells.problem(ProductColumn::Product, CellProblem::Missing);
                return None;
            }
            (None, None) => {
                if let Some(taken) = self.by_name.get(name.as_str()) {
                    let taken = taken.id.clone();
                    cells.problem(ProductColumn::Product, CellProblem::NameIsTaken(taken));
                    return None;
                }
                Key::Named(name)
            }
        };
        self.sizes.entry(key.clone()).or_insert_with(|| known.map_or(0, |product| product.skus.len()));
        Some(key)
    }

    /// Reads the cells of the product, which all its lines share. Returns the product's name.
    fn texts(&mut self, cells: &mut Cells<'_>, key: Option<&Key>) -> Option<String> {
        let known = key.and_then(|key| self.known(key));
        let texts = [
            (ProductColumn::Name, known.map(|product| &product.name), checked_name as fn(&str) -> _),
            (ProductColumn::Category, known.map(|product| &product.category), checked_category),
            (ProductColumn::Summary, known.map(|product| &product.summary), checked_summary),
            (ProductColumn::Description, known.map(|product| &product.description), checked_description),
        ];
        let mut name = known.map(|product| product.name.clone());
        for (column, before, check) in texts {
            let is_same = |text: &str| before.is_some_and(|before| before == text);
            let read =
                |text: &str| if is_same(text) { Ok(text.to_owned()) } else { check(text).map_err(invalid) };
            let value = cells.value(column, read);
            let Some(key) = key else { continue };
            if let Some(text) = &value {
                if column == ProductColumn::Name {
                    name = Some(text.clone());
                }
                self.agree(cells, key, column, text);
                cells.change(column, before.cloned(), text.clone());
            }
            let is_required = matches!(column, ProductColumn::Name | ProductColumn::Category);
            if known.is_none() && is_required && !self.of_product.contains_key(&(key.clone(), column)) {
                cells.required(column, value);
            }
        }
        let on_sale = cells.value(ProductColumn::OnSale, |text| is_on_sale(text).map_err(invalid));
        if let (Some(key), Some(on_sale)) = (key, on_sale) {
            self.agree(cells, key, ProductColumn::OnSale, on_sale_word(on_sale).en);
            let before = known.map(|product| product.on_sale);
            if before != Some(on_sale) {
                let words = |on_sale| CellText::Localized(on_sale_word(on_sale));
                let change =
                    CellChange { column: ProductColumn::OnSale, old: before.map(words), new: words(on_sale) };
                cells.changes.push(change);
            }
        }
        let joined = |names: &[String]| names.join(SEPARATOR);
        let read = |text: &str| read_names(text).map_err(invalid);
        if let (Some(names), Some(key)) = (cells.value(ProductColumn::Options, read), key) {
            self.agree(cells, key, ProductColumn::Options, &joined(&names));
            let before = known.map(|product| joined(&product.options));
            cells.change(ProductColumn::Options, before, joined(&names));
        }
        self.sale_period(cells, key, known);
        name
    }

    /// Reads the sale period of the product.
    fn sale_period(&mut self, cells: &mut Cells<'_>, key: Option<&Key>, known: Option<&Product>) {
        let before = known.map(|product| product.sale).unwrap_or_default();
        let mut period = before;
        for (column, ms) in
            [(ProductColumn::SaleFrom, &mut period.from_ms), (ProductColumn::SaleUntil, &mut period.until_ms)]
        {
            let Some(time) = cells.value(column, |text| read_time(text).map_err(invalid)) else { continue };
            if let Some(key) = key {
                let old = known.map(|_| written_time(*ms));
                self.agree(cells, key, column, &written_time(time));
                // the file has no seconds: a time that differs only in seconds is no change
                if written_time(*ms) != written_time(time) {
                    cells.change(column, old, written_time(time));
                    *ms = time;
                }
            }
        }
        if let (true, Err(error)) = (period != before, check_period(period)) {
            cells.problem(ProductColumn::SaleUntil, invalid(error));
        }
    }

    /// Checks that earlier lines have the same text for the product.
    fn agree(&mut self, cells: &mut Cells<'_>, key: &Key, column: ProductColumn, text: &str) {
        let line = cells.line.line;
        let (first, said) =
            self.of_product.entry((key.clone(), column)).or_insert_with(|| (line, text.to_owned()));
        if said != text {
            let first = *first;
            cells.problem(column, CellProblem::DiffersFromLine(first));
        }
    }

    fn new_sku(&mut self, cells: &mut Cells<'_>, key: Option<&Key>, sku: Option<Sku>) -> Option<PlannedSku> {
        let spec =
            cells.value(ProductColumn::Spec, |text| checked_spec(text).map_err(invalid)).unwrap_or_default();
        let price = cells.value(ProductColumn::Price, yuan);
        let price = cells.required(ProductColumn::Price, price);
        let weight = |text: &str| checked_weight(whole_number(text)?).map_err(invalid);
        let weight_g = cells.value(ProductColumn::Weight, weight).unwrap_or(0);
        let stock = |text: &str| checked_stock(whole_number(text)?).map_err(invalid);
        let stock = cells.value(ProductColumn::Stock, stock).unwrap_or(0);
        let key = key?;
        if let Some(known) =
            self.known(key).and_then(|product| product.skus.iter().find(|known| known.spec == spec))
        {
            cells.problem(ProductColumn::Spec, CellProblem::SpecIsTaken(known.sku.clone()));
        } else if let Some(first) = self.specs.get(&(key.clone(), spec.clone())) {
            cells.problem(ProductColumn::Spec, CellProblem::SpecIsRepeated(*first));
        }
        self.specs.entry((key.clone(), spec.clone())).or_insert(cells.line.line);
        let size = self.sizes.entry(key.clone()).or_default();
        *size += 1;
        if *size > MAX_SPECIFICATIONS {
            cells.problem(ProductColumn::Product, CellProblem::TooManySpecifications);
        }
        let price = price?;
        if !spec.is_empty() {
            cells.change(ProductColumn::Spec, None, spec.clone());
        }
        cells.change(ProductColumn::Price, None, price.to_string());
        cells.change(ProductColumn::Weight, None, weight_g.to_string());
        cells.change(ProductColumn::Stock, None, stock.to_string());
        Some(PlannedSku::New { product: key.clone(), sku, spec, price, weight_g, stock })
    }

    /// The options of a product after the import.
    fn options(&self, key: &Key) -> Vec<String> {
        let said = self.of_product.get(&(key.clone(), ProductColumn::Options));
        said.and_then(|(_, text)| read_names(text).ok())
            .or_else(|| self.known(key).map(|product| product.options.clone()))
            .unwrap_or_default()
    }

    /// Checks, after all lines, that each specification of a product with options is one of their combinations.
    fn check_options(&self, checked: &mut [CheckedLine]) {
        let mut first_lines: HashMap<&Key, usize> = HashMap::new();
        let mut specs: HashMap<&Key, HashMap<&str, usize>> = HashMap::new();
        let mut in_file: HashSet<&Sku> = HashSet::new();
        for (at, read) in self.specs_of_lines.iter().enumerate() {
            let Some((key, sku, spec)) = read else { continue };
            in_file.extend(sku);
            first_lines.entry(key).or_insert(at);
            let options = self.options(key);
            if options.is_empty() {
                continue;
            }
            let column = ProductColumn::Spec;
            let first = *specs.entry(key).or_default().entry(spec).or_insert(at);
            let problem = if !is_combination(&options, spec) {
                CellProblem::NoCombination(options.len())
            } else if first != at {
                CellProblem::SpecIsRepeated(checked[first].line.line)
            } else {
                continue;
            };
            if !checked[at].wrong.iter().any(|wrong| wrong.column == column) {
                checked[at].wrong.push(WrongCell { column, problem });
            }
        }
        // specifications that are not in the file
        for (key, at) in first_lines {
            let (Some(product), options) = (self.known(key), self.options(key)) else { continue };
            if options.is_empty() {
                continue;
            }
            for known in product.skus.iter().filter(|known| !in_file.contains(&known.sku)) {
                let is_taken = specs.get(key).and_then(|specs| specs.get(known.spec.as_str()));
                if let Some(line) = is_taken {
                    let wrong = &mut checked[*line].wrong;
                    let problem = CellProblem::SpecIsTaken(known.sku.clone());
                    if !wrong.iter().any(|wrong| wrong.column == ProductColumn::Spec) {
                        wrong.push(WrongCell { column: ProductColumn::Spec, problem });
                    }
                }
                if !is_combination(&options, &known.spec)
                    && !checked[at].wrong.iter().any(|wrong| wrong.column == ProductColumn::Options)
                {
                    let problem = CellProblem::OtherSpecDoesNotFit(known.sku.clone());
                    checked[at].wrong.push(WrongCell { column: ProductColumn::Options, problem });
                }
            }
        }
    }

    fn planned(&self, key: &Key) -> PlannedProduct {
        let known = self.known(key);
        let said = |column| self.of_product.get(&(key.clone(), column)).map(|(_, text)| text.clone());
        let text = |column, before: fn(&Product) -> &String| {
            said(column).or_else(|| known.map(|product| before(product).clone())).unwrap_or_default()
        };
        let texts = ProductTexts {
            name: text(ProductColumn::Name, |product| &product.name),
            category: text(ProductColumn::Category, |product| &product.category),
            summary: text(ProductColumn::Summary, |product| &product.summary),
            description: text(ProductColumn::Description, |product| &product.description),
        };
        let on_sale = said(ProductColumn::OnSale).map_or_else(
            || known.is_some_and(|product| product.on_sale),
            |word| word == on_sale_word(true).en,
        );
        let before = known.map(|product| product.sale).unwrap_or_default();
        let time = |column, before: Option<i64>| match said(column) {
            Some(text) if text != written_time(before) => read_time(&text).unwrap_or(before),
            Some(_) | None => before,
        };
        let sale = SalePeriod {
            from_ms: time(ProductColumn::SaleFrom, before.from_ms),
            until_ms: time(ProductColumn::SaleUntil, before.until_ms),
        };
        PlannedProduct { texts, on_sale, sale, options: self.options(key) }
    }
}

/// The changes of a line to a known specification; `None` if there are none.
fn changed(cells: &mut Cells<'_>, before: &Specification) -> Option<PlannedSku> {
    let read_spec = |text: &str| {
        if text == before.spec { Ok(text.to_owned()) } else { checked_spec(text).map_err(invalid) }
    };
    let spec = cells.value(ProductColumn::Spec, read_spec).unwrap_or_else(|| before.spec.clone());
    let price = cells.value(ProductColumn::Price, yuan).unwrap_or(before.price);
    let weight = |text: &str| checked_weight(whole_number(text)?).map_err(invalid);
    let weight_g = cells.value(ProductColumn::Weight, weight).unwrap_or(before.weight_g);
    let pieces = stock_change(cells, before.stock);
    cells.change(ProductColumn::Spec, Some(before.spec.clone()), spec.clone());
    cells.change(ProductColumn::Price, Some(before.price.to_string()), price.to_string());
    cells.change(ProductColumn::Weight, Some(before.weight_g.to_string()), weight_g.to_string());
    cells.change(ProductColumn::Stock, Some(before.stock.to_string()), (before.stock + pieces).to_string());
    let is_same = spec == before.spec && price == before.price && weight_g == before.weight_g && pieces == 0;
    (!is_same).then(|| PlannedSku::Change { before: before.clone(), spec, price, weight_g, pieces })
}

/// The number of pieces that a line adds to the stock (negative: takes). It is the difference of two cells, so that
/// pieces that were sold after the export stay sold.
fn stock_change(cells: &mut Cells<'_>, left: i64) -> i64 {
    let seen =
        cells.value(ProductColumn::StockSeen, |text| checked_stock(whole_number(text)?).map_err(invalid));
    let stock = cells.value(ProductColumn::Stock, |text| checked_stock(whole_number(text)?).map_err(invalid));
    let (seen, stock) = match (seen, stock) {
        (_, None) => return 0,
        (None, Some(_)) => {
            // a wrong cell has its problem already
            if cells.line.cell(ProductColumn::StockSeen).is_empty() {
                cells.problem(ProductColumn::Stock, CellProblem::StockSeenMissing);
            }
            return 0;
        }
        (Some(seen), Some(stock)) => (seen, stock),
    };
    let pieces = stock - seen;
    if pieces < 0 && left + pieces < 0 {
        cells.problem(ProductColumn::Stock, CellProblem::StockTooSmall(left));
        return 0;
    }
    if let Err(error) = checked_stock(left + pieces) {
        cells.problem(ProductColumn::Stock, invalid(error));
        return 0;
    }
    pieces
}
