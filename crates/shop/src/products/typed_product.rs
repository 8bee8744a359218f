//! The form of a new product: what a person typed, and the checks of each field. `new_product.rs` writes the product.

use std::collections::HashSet;

use model::{Fen, LocalizedText, Sku};

use super::{
    ProductTexts, TypedOption,
    check_import::typed_id,
    edit_catalogue::{
        checked_category, checked_description, checked_name, checked_price, checked_spec, checked_stock,
        checked_summary, checked_weight,
    },
    options::{ChosenOption, combinations, read},
};
use crate::{ShopError, typed};

/// A specification, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedSpecification {
    /// Its number (货号). Empty: the shop gives a new one a number.
    pub sku: String,
    /// Its name.
    pub spec: String,
    /// Its price, yuan.
    pub price: String,
    /// Its stock. For a known specification it can also be a change: `+10`, `-3`.
    pub stock: String,
    /// The weight of a piece, grams.
    pub weight: String,
}

/// The values that the form copies into all specifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FillValues {
    /// The price, yuan.
    pub price: String,
    /// The stock.
    pub stock: String,
    /// The weight of a piece, grams.
    pub weight: String,
    /// Whether they were just copied, for a note on the page.
    pub is_written: bool,
}

impl FillValues {
    /// Copies each non-empty value into all specifications.
    pub fn fill(&mut self, specifications: &mut [TypedSpecification]) {
        for known in specifications {
            for (field, value) in [
                (&mut known.price, &self.price),
                (&mut known.stock, &self.stock),
                (&mut known.weight, &self.weight),
            ] {
                if !value.trim().is_empty() {
                    field.clone_from(value);
                }
            }
        }
        self.is_written =
            [&self.price, &self.stock, &self.weight].iter().any(|value| !value.trim().is_empty());
    }
}

/// A new product, as typed.
#[derive(Clone, Debug)]
pub struct TypedProduct {
    /// The texts.
    pub texts: ProductTexts,
    /// The options. Empty options are ignored.
    pub options: Vec<TypedOption>,
    /// The specifications: one for each combination of the options, or a single one without options.
    pub specifications: Vec<TypedSpecification>,
}

/// A field of the product form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductField {
    /// The name.
    Name,
    /// The category.
    Category,
    /// The summary.
    Summary,
    /// The description.
    Description,
    /// The options.
    Options,
    /// The name of the specification at this position, from 0.
    Spec(usize),
    /// Its number.
    Sku(usize),
    /// Its price.
    Price(usize),
    /// The stock of that specification.
    Stock(usize),
    /// The weight of that specification.
    Weight(usize),
    /// The pictures.
    Pictures,
}

/// A wrong field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductProblem {
    /// The field.
    pub field: ProductField,
    /// The sentence that says what is expected.
    pub sentence: LocalizedText,
}

/// A checked specification.
pub(super) struct CheckedSpecification {
    /// Its number; `None`: the shop gives one.
    pub(super) sku: Option<Sku>,
    pub(super) spec: String,
    pub(super) price: Fen,
    pub(super) stock: i64,
    pub(super) weight_g: i64,
}

/// A checked new product.
pub(super) struct CheckedProduct {
    pub(super) texts: ProductTexts,
    pub(super) options: Vec<String>,
    pub(super) specifications: Vec<CheckedSpecification>,
}

/// Collects the wrong fields of a form.
#[derive(Default)]
struct Problems(Vec<ProductProblem>);

impl Problems {
    fn add(&mut self, field: ProductField, error: &ShopError) {
        self.0.push(ProductProblem { field, sentence: error.sentence() });
    }

    fn take<T: Default>(&mut self, field: ProductField, checked: Result<T, ShopError>) -> T {
        checked.unwrap_or_else(|error| {
            self.add(field, &error);
            T::default()
        })
    }
}

fn typed_price(text: &str) -> Result<Fen, ShopError> {
    let price = Fen::parse_yuan(&typed::number(text));
    checked_price(price.ok_or(ShopError::invalid(
        "价格请填写如 19.90 的数字",
        "Please enter the price as a number like 19.90.",
    ))?)
}

fn typed_pieces(text: &str) -> Result<i64, ShopError> {
    typed::number(text)
        .parse()
        .map_err(|_| ShopError::invalid("数量请填写整数", "Please enter a whole number."))
}

/// The number of a specification, in small letters.
fn typed_sku(text: &str, is_used: impl FnOnce(&Sku) -> bool) -> Result<Option<Sku>, ShopError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let sku: Sku = typed_id(text).ok_or(ShopError::invalid(
        "货号只能用小写字母、数字和短横",
        "A SKU has small letters, digits and hyphens only.",
    ))?;
    if is_used(&sku) {
        return Err(ShopError::invalid("这个货号已被使用", "This SKU is in use."));
    }
    Ok(Some(sku))
}

fn typed_weight(text: &str) -> Result<i64, ShopError> {
    if text.trim().is_empty() { Ok(0) } else { checked_weight(typed_pieces(text)?) }
}

impl TypedProduct {
    /// Makes the specifications those of the options: one for each combination, with what was typed for it. The values of a
    /// single specification that has no name go to all combinations, except its number. Returns whether the specifications are other ones now.
    ///
    /// # Errors
    /// [`ShopError::Invalid`] for invalid options, or too many combinations.
    pub fn combine(&mut self) -> Result<bool, ShopError> {
        let options = read(&self.options)?;
        if options.is_empty() {
            return Ok(self.list());
        }
        let all = combinations(&options)?;
        if all.iter().eq(self.specifications.iter().map(|known| &known.spec)) {
            return Ok(false);
        }
        let single = match self.specifications.as_slice() {
            [only] if only.spec.trim().is_empty() => Some(only.clone()),
            _ => None,
        };
        let typed = |spec: String| {
            let known = self.specifications.iter().find(|known| known.spec == spec);
            let filled = || single.clone().map(|single| TypedSpecification { sku: String::new(), ..single });
            let known = known.cloned().or_else(filled).unwrap_or_default();
            TypedSpecification { spec, ..known }
        };
        self.specifications = all.into_iter().map(typed).collect();
        Ok(true)
    }

    /// For a product without options: keeps only the first specification, without a name. Returns whether the
    /// specifications changed.
    fn list(&mut self) -> bool {
        let is_changed = self.specifications.len() != 1;
        if is_changed {
            let first = self.specifications.first().cloned().unwrap_or_default();
            self.specifications = vec![TypedSpecification { spec: String::new(), ..first }];
        }
        is_changed
    }

    /// Checks each field. `is_known`: whether the catalogue has a specification of this number.
    pub(super) fn check(
        &self,
        is_known: impl Fn(&Sku) -> bool,
    ) -> Result<CheckedProduct, Vec<ProductProblem>> {
        let mut problems = Problems::default();
        let texts = &self.texts;
        let texts = ProductTexts {
            name: problems.take(ProductField::Name, checked_name(&texts.name)),
            category: problems.take(ProductField::Category, checked_category(&texts.category)),
            summary: problems.take(ProductField::Summary, checked_summary(&texts.summary)),
            description: problems.take(ProductField::Description, checked_description(&texts.description)),
        };
        let options = problems.take(ProductField::Options, self.checked_options());
        let mut numbers = HashSet::new();
        let mut is_used = |sku: &Sku| is_known(sku) || !numbers.insert(sku.clone());
        let specifications = self
            .specifications
            .iter()
            .enumerate()
            .map(|(at, typed)| CheckedSpecification {
                sku: problems.take(ProductField::Sku(at), typed_sku(&typed.sku, &mut is_used)),
                spec: problems.take(ProductField::Spec(at), checked_spec(&typed.spec)),
                price: problems.take(ProductField::Price(at), typed_price(&typed.price)),
                stock: problems
                    .take(ProductField::Stock(at), typed_pieces(&typed.stock).and_then(checked_stock)),
                weight_g: problems.take(ProductField::Weight(at), typed_weight(&typed.weight)),
            })
            .collect();
        if problems.0.is_empty() {
            Ok(CheckedProduct { texts, options, specifications })
        } else {
            Err(problems.0)
        }
    }

    /// The names of the options, if the specifications are exactly their combinations.
    fn checked_options(&self) -> Result<Vec<String>, ShopError> {
        let is_changed = self.clone().combine()?;
        if is_changed {
            return Err(ShopError::invalid(
                "选项有变化，请先生成规格表",
                "The options have changed. Please make the table first.",
            ));
        }
        let names = |options: Vec<ChosenOption>| options.into_iter().map(|option| option.name).collect();
        read(&self.options).map(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str, values: &str) -> TypedOption {
        TypedOption { name: name.to_owned(), values: values.to_owned() }
    }

    fn row(spec: &str, price: &str, stock: &str) -> TypedSpecification {
        TypedSpecification {
            spec: spec.to_owned(),
            price: price.to_owned(),
            stock: stock.to_owned(),
            ..TypedSpecification::default()
        }
    }

    fn shirt(options: Vec<TypedOption>, specifications: Vec<TypedSpecification>) -> TypedProduct {
        let text = |text: &str| text.to_owned();
        let texts = ProductTexts {
            name: text("衬衫"),
            category: text("衣服"),
            summary: text(""),
            description: text(""),
        };
        TypedProduct { texts, options, specifications }
    }

    #[test]
    fn the_table_has_each_combination_and_keeps_what_was_typed() {
        let mut product = shirt(vec![option("颜色", "红、蓝")], vec![row("", "99", "3")]);
        assert!(product.combine().unwrap());
        assert_eq!(product.specifications, [row("红", "99", "3"), row("蓝", "99", "3")]);
        assert!(!product.combine().unwrap(), "the same options change nothing");
        product.specifications[1] = row("蓝", "120", "");
        product.options = vec![option("颜色", "蓝、绿")];
        assert!(product.combine().unwrap());
        assert_eq!(product.specifications, [row("蓝", "120", ""), row("绿", "", "")]);
        let mut fill = FillValues { price: "88".to_owned(), ..FillValues::default() };
        fill.fill(&mut product.specifications);
        assert_eq!(product.specifications, [row("蓝", "88", ""), row("绿", "88", "")]);
        product.options = Vec::new();
        assert!(product.combine().unwrap());
        assert_eq!(product.specifications, [row("", "88", "")]);
    }

    #[test]
    fn each_wrong_field_is_named() {
        let mut product =
            shirt(vec![option("颜色", "红、蓝")], vec![row("红", "x", "1"), row("蓝", "1", "-1")]);
        product.texts.name = " ".to_owned();
        product.specifications[1].weight = "heavy".to_owned();
        let problems = product.check(|_| false).err().unwrap();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            [ProductField::Name, ProductField::Price(0), ProductField::Stock(1), ProductField::Weight(1)]
        );
        let product =
            shirt(vec![option("颜色", "红、蓝、绿")], vec![row("红", "1", "1"), row("蓝", "1", "1")]);
        let problems = product.check(|_| false).err().unwrap();
        assert_eq!(problems[0].field, ProductField::Options);
        let product = shirt(Vec::new(), vec![row("大", "1", "1")]);
        assert_eq!(product.check(|_| false).ok().unwrap().specifications[0].spec, "大");
    }

    #[test]
    fn a_number_is_used_once() {
        let mut product = shirt(
            vec![option("颜色", "红、蓝、绿")],
            vec![row("红", "1", "1"), row("蓝", "1", "1"), row("绿", "1", "1")],
        );
        for (at, number) in ["Shirt-1", "shirt-1", "衬衫"].into_iter().enumerate() {
            number.clone_into(&mut product.specifications[at].sku);
        }
        let wrong = |is_known: fn(&Sku) -> bool| {
            let problems = product.check(is_known).err().unwrap();
            problems.iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(|_| false), [ProductField::Sku(1), ProductField::Sku(2)]);
        assert_eq!(wrong(|_| true), [ProductField::Sku(0), ProductField::Sku(1), ProductField::Sku(2)]);
        product.specifications[1].sku = String::new();
        product.specifications[2].sku = "７-1".to_owned();
        let checked = product.check(|_| false).ok().unwrap().specifications;
        let numbers: Vec<_> = checked.iter().map(|one| one.sku.as_ref().map(Sku::as_str)).collect();
        assert_eq!(numbers, [Some("shirt-1"), None, Some("7-1")]);
    }
}
