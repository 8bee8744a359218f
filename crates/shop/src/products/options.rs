//! The options of a product, such as colour and size. Each specification is a combination of their values.

use std::collections::HashSet;

use model::{
    Fen, ProductId,
    audit::AuditAction,
    catalogue::{Product, SEPARATOR, Specification},
};
use store::Update;

use super::{
    MAX_SPECIFICATIONS,
    edit_catalogue::{checked_price, checked_spec, checked_stock},
};
use crate::{Products, ShopError, Staff, typed};

/// The maximum number of options of a product.
pub const MAX_OPTIONS: usize = 3;

/// The maximum length of the name of an option and of a value, characters.
const LONGEST: usize = 20;

/// An option, as a person typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedOption {
    /// Its name, such as 颜色.
    pub name: String,
    /// Its values, separated by commas (`、`, `，`, `,`) or line ends.
    pub values: String,
}

/// A change of a product's options, with the price and the stock for new combinations.
#[derive(Clone, Debug)]
pub struct OptionsEdit {
    /// The version of the product that the editor saw (optimistic lock).
    pub seen: i64,
    /// The options. Empty options are ignored.
    pub options: Vec<TypedOption>,
    /// The price of a piece of a new combination; `None` if there is no new combination.
    pub price: Option<Fen>,
    /// The stock of a new combination.
    pub stock: i64,
}

/// An option with its values.
pub(super) struct ChosenOption {
    pub(super) name: String,
    values: Vec<String>,
}

/// Checks the name of an option, or a value.
fn word(text: &str) -> Result<String, ShopError> {
    let text = typed::line(text);
    let is_word = !text.is_empty()
        && text.chars().count() <= LONGEST
        && !text.contains(SEPARATOR)
        && !text.chars().any(char::is_control);
    if is_word {
        Ok(text)
    } else {
        Err(ShopError::invalid(
            "选项名和值为 1 至 20 个字，不能含有“ / ”",
            "The name of an option and its values have 1 to 20 letters each, without “ / ”.",
        ))
    }
}

fn has_twice(words: &[String]) -> bool {
    let mut seen = HashSet::new();
    !words.iter().all(|word| seen.insert(word))
}

/// Reads the names of options from a cell of the catalogue file: `颜色 / 尺码`.
pub(super) fn read_names(text: &str) -> Result<Vec<String>, ShopError> {
    let names = text.split(SEPARATOR).map(word).collect::<Result<Vec<_>, _>>()?;
    check_names(&names)?;
    Ok(names)
}

fn check_names(names: &[String]) -> Result<(), ShopError> {
    if names.len() > MAX_OPTIONS || has_twice(names) {
        return Err(ShopError::invalid(
            "最多 3 个选项，名称不能重复",
            "A product has at most 3 options, each with another name.",
        ));
    }
    Ok(())
}

pub(super) fn read(typed: &[TypedOption]) -> Result<Vec<ChosenOption>, ShopError> {
    let mut options = Vec::new();
    for option in typed {
        let parts = option.values.split(['、', '，', ',', '\n', '\r']);
        let values: Vec<&str> = parts.map(str::trim).filter(|value| !value.is_empty()).collect();
        if option.name.trim().is_empty() && values.is_empty() {
            continue;
        }
        let values = values.into_iter().map(word).collect::<Result<Vec<_>, _>>()?;
        if values.is_empty() || has_twice(&values) {
            return Err(ShopError::invalid(
                "每个选项要有值，值不能重复",
                "Each option needs values, and no value twice.",
            ));
        }
        options.push(ChosenOption { name: word(&option.name)?, values });
    }
    check_names(&options.iter().map(|option| option.name.clone()).collect::<Vec<_>>())?;
    Ok(options)
}

/// The names of all combinations, in the order of the values.
pub(super) fn combinations(options: &[ChosenOption]) -> Result<Vec<String>, ShopError> {
    let count = options.iter().try_fold(1_usize, |count, option| count.checked_mul(option.values.len()));
    if count.is_none_or(|count| count > MAX_SPECIFICATIONS) {
        return Err(TOO_MANY);
    }
    let mut all = vec![String::new()];
    for option in options {
        all = all
            .iter()
            .flat_map(|before| {
                option.values.iter().map(move |value| {
                    if before.is_empty() { value.clone() } else { format!("{before}{SEPARATOR}{value}") }
                })
            })
            .collect();
    }
    all.iter().map(|spec| checked_spec(spec)).collect()
}

pub(super) const TOO_MANY: ShopError = ShopError::invalid(
    "一件商品最多 200 个规格，请减少选项的值，或分成几件商品",
    "A product has at most 200 specifications. Please use fewer values, or make several products.",
);

/// Checks that each specification is a different combination of the options. Without options everything is valid.
pub(super) fn check_combinations<'a>(
    options: &[String],
    specs: impl IntoIterator<Item = &'a str>,
) -> Result<(), ShopError> {
    if options.is_empty() {
        return Ok(());
    }
    let mut seen = HashSet::new();
    for spec in specs {
        if !is_combination(options, spec) {
            return Err(ShopError::invalid(
                "规格要与选项对应，每个选项一个值，如“红 / L”",
                "A specification has one value for each option, like “red / L”.",
            ));
        }
        if !seen.insert(spec) {
            return Err(ShopError::invalid(
                "两个规格是同一个组合",
                "Two specifications are the same combination.",
            ));
        }
    }
    Ok(())
}

/// Whether a specification has one value for each option.
pub(super) fn is_combination(options: &[String], spec: &str) -> bool {
    spec.split(SEPARATOR).count() == options.len()
        && spec.split(SEPARATOR).all(|value| !value.trim().is_empty())
}

impl Products {
    /// Sets the options of a product and adds the missing combinations. Known specifications keep their id, price and
    /// stock. A single specification without a name becomes the first combination. Without options the product has a
    /// plain list of specifications. Returns the number of added specifications.
    ///
    /// # Errors
    /// As [`Products::change_product`]; [`ShopError::NotFound`]; [`ShopError::Invalid`] also for more than
    /// [`MAX_SPECIFICATIONS`] combinations, or if a known specification is not one of them.
    pub async fn change_options(
        &self,
        staff: &Staff,
        id: &ProductId,
        edit: &OptionsEdit,
    ) -> Result<usize, ShopError> {
        let options = read(&edit.options)?;
        let names: Vec<String> = options.iter().map(|option| option.name.clone()).collect();
        let product = self.product_now(id.as_str()).await?;
        let mut updates =
            vec![Update::raise_product_version_from(id, edit.seen), Update::options(id, &names)];
        let mut actions = vec![(AuditAction::ChangeOptions, format!("{id}: {}", names.join(SEPARATOR)))];
        let missing = if options.is_empty() { Vec::new() } else { missing(&product, &options)? };
        let first = missing.first().cloned();
        let mut new = missing;
        if let ([only], Some(first)) = (product.skus.as_slice(), first)
            && only.spec.is_empty()
        {
            actions.push((AuditAction::ChangeSku, format!("{}: {first}", only.sku)));
            updates.push(Update::sku_price(&only.sku, &first, only.price, only.price));
            new.remove(0);
        }
        for spec in &new {
            let price = edit.price.ok_or(ShopError::invalid(
                "请填写新组合的价格",
                "Please enter the price of the new combinations.",
            ))?;
            let specification = Specification {
                sku: self.new_sku_id()?,
                spec: spec.clone(),
                price: checked_price(price)?,
                stock: checked_stock(edit.stock)?,
                weight_g: 0,
            };
            let detail = format!("{id}: {spec}, {} fen, {} pieces", price.0, edit.stock);
            actions.push((AuditAction::AddSku, detail));
            updates.push(Update::insert_sku(id, &specification));
        }
        self.edit_catalogue_at_once(staff, actions, updates).await?;
        Ok(new.len())
    }
}

/// The specifications of a product that are not a combination of these options, each with the combination that it
/// probably means: `米白 / S` for `米白 S码`.
#[must_use]
pub fn unfitting_specifications(product: &Product, options: &[TypedOption]) -> Vec<(String, Option<String>)> {
    let Ok(options) = read(options) else { return Vec::new() };
    let Ok(all) = combinations(&options) else { return Vec::new() };
    let fits = |spec: &str| all.iter().any(|known| known == spec);
    let meant = |spec: &str| {
        let value = |option: &ChosenOption| {
            let found = option.values.iter().filter(|value| spec.contains(value.as_str()));
            found.max_by_key(|value| value.chars().count()).cloned()
        };
        let values: Option<Vec<String>> = options.iter().map(value).collect();
        values.map(|values| values.join(SEPARATOR)).filter(|combination| fits(combination))
    };
    let specs = product.skus.iter().map(|known| known.spec.as_str());
    let wrong = specs.filter(|spec| !spec.is_empty() && !fits(spec));
    wrong.map(|spec| (spec.to_owned(), meant(spec))).collect()
}

/// The combinations that a product does not have yet.
fn missing(product: &Product, options: &[ChosenOption]) -> Result<Vec<String>, ShopError> {
    let all = combinations(options)?;
    let specs: Vec<&str> = match product.skus.as_slice() {
        [only] if only.spec.is_empty() => Vec::new(),
        skus => skus.iter().map(|known| known.spec.as_str()).collect(),
    };
    let names: Vec<String> = options.iter().map(|option| option.name.clone()).collect();
    if check_combinations(&names, specs.iter().copied()).is_err() {
        return Err(ShopError::invalid(
            "现有规格与选项对不上：请先把它们改成每个选项一个值，如“红 / L”，且不重复",
            "The specifications do not fit the options: first give each one value for each option, like “red / L”, and none twice.",
        ));
    }
    if specs.iter().any(|spec| !all.iter().any(|known| known == spec)) {
        return Err(ShopError::invalid(
            "现有规格用到的值不能去掉；不再出售的组合请把库存改为 0",
            "A value that a specification has cannot be removed. For a combination that is no longer sold, set the stock to 0.",
        ));
    }
    Ok(all.into_iter().filter(|spec| !specs.contains(&spec.as_str())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(options: &[(&str, &str)]) -> Vec<TypedOption> {
        let option = |(name, values): &(&str, &str)| TypedOption {
            name: (*name).to_owned(),
            values: (*values).to_owned(),
        };
        options.iter().map(option).collect()
    }

    #[test]
    fn combinations_are_made_in_the_order_of_the_values() {
        let options = read(&typed(&[("颜色", "红、 蓝"), ("", " "), ("尺码", "M,L\r\nXL")])).unwrap();
        let all = combinations(&options).unwrap();
        assert_eq!(all, ["红 / M", "红 / L", "红 / XL", "蓝 / M", "蓝 / L", "蓝 / XL"]);
    }

    #[test]
    fn too_much_and_what_cannot_be_told_apart_is_refused() {
        let many = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<_>>().join(",");
        let (ten, twenty, huge) = (many(10), many(20), many(500));
        let refused = |options: &[(&str, &str)]| match read(&typed(options)) {
            Ok(options) => combinations(&options).map(|all| all.len()).map_err(|error| error.sentence().zh),
            Err(error) => Err(error.sentence().zh),
        };
        assert_eq!(refused(&[("a", &ten), ("b", &twenty)]), Ok(200));
        for (options, words) in [
            (vec![("a", &*huge)], "最多 200 个规格"),
            (vec![("a", &*huge), ("b", &*huge), ("c", &*huge)], "最多 200 个规格"),
            (vec![("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")], "最多 3 个选项"),
            (vec![("a", "1"), ("a", "2")], "不能重复"),
            (vec![("a", "1,1")], "值不能重复"),
            (vec![("a", "")], "每个选项要有值"),
            (vec![("", "1")], "1 至 20 个字"),
            (vec![("a", "1 / 2")], "1 至 20 个字"),
        ] {
            let error = refused(&options).unwrap_err();
            assert!(error.contains(words), "{options:?}: {error}");
        }
    }
}
