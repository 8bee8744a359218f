//! The table of the specifications of a product, in the form of a new product and on the product's page.

use leptos::prelude::*;
use model::Fen;
use shop::{FillValues, ProductField, ProductProblem, TypedSpecification};

use super::language::{t, translate};

/// A row of the table.
pub(super) struct SpecificationRow {
    /// The values of its fields.
    pub(super) typed: TypedSpecification,
    /// The price and the stock that the person saw, for an existing specification. They are the optimistic lock.
    pub(super) seen: Option<(Fen, i64)>,
    /// Whether the name is the name of a combination. The form cannot change such a name.
    pub(super) has_fixed_name: bool,
}

/// The sentence about the mistake in a field.
pub(super) fn problem_of(problems: &[ProductProblem], field: ProductField) -> Option<&'static str> {
    problems.iter().find(|problem| problem.field == field).map(|problem| translate(problem.sentence))
}

/// Shows the sentence below a wrong field.
pub(super) fn wrong(problem: Option<&'static str>) -> Option<AnyView> {
    problem.map(|text| view! { <span class="wrong">{text}</span> }.into_any())
}

/// The invisible button that the Enter key presses. It must come before the other buttons of the form.
pub(super) fn default_button() -> AnyView {
    view! { <button class="hidden" tabindex="-1" aria-hidden="true"></button> }.into_any()
}

/// The table. If it has several rows, a row above them has values for all of them. The button of this row sends the
/// form to `action` with `do=fill`.
pub(super) fn specification_table(
    rows: Vec<SpecificationRow>,
    fill: &FillValues,
    action: &str,
    problems: &[ProductProblem],
) -> AnyView {
    let fill = (rows.len() > 1).then(|| fill_row(fill, action));
    let rows = rows.into_iter().enumerate().map(|(at, row)| specification(at, row, problems)).collect_view();
    view! { <div class="specifications">{fill} {rows}</div> }.into_any()
}

fn fill_row(fill: &FillValues, action: &str) -> AnyView {
    let is_written = fill.is_written.then(|| {
        view! { <p class="notice" role="status">{t("已写入下面每个规格，保存后生效", "Written into each specification below. Save to keep it.")}</p> }
    });
    view! {
        {is_written}
        <div class="specification fill">
            <p class="name">
                <strong>{t("全部规格", "All specifications")}</strong>
                <span class="muted">{t("填好的值会写入下面每个规格", "written into each specification below")}</span>
            </p>
            <label>{t("价格（元）", "Price (yuan)")} <input name="fill_price" inputmode="decimal" value=fill.price.clone()/></label>
            <label>{t("库存", "Stock")} <input name="fill_stock" inputmode="numeric" value=fill.stock.clone()/></label>
            <label>{t("重量（克）", "Weight (g)")} <input name="fill_weight" inputmode="numeric" value=fill.weight.clone()/></label>
            <button name="do" value="fill" formnovalidate formenctype="application/x-www-form-urlencoded" formaction=format!("{action}#specifications")>{t("应用到全部", "Apply to all")}</button>
        </div>
    }
    .into_any()
}

fn specification(at: usize, row: SpecificationRow, problems: &[ProductProblem]) -> AnyView {
    let SpecificationRow { typed, seen, has_fixed_name } = row;
    let of = |field| problem_of(problems, field);
    let [spec, number, price, stock, weight] = [
        of(ProductField::Spec(at)),
        of(ProductField::Sku(at)),
        of(ProductField::Price(at)),
        of(ProductField::Stock(at)),
        of(ProductField::Weight(at)),
    ];
    let bad = |problem: Option<&'static str>| problem.map(|_| "true");
    let sku = typed.sku;
    let number = if let Some((price, stock)) = seen {
        view! {
            <input type="hidden" name="sku" value=sku.clone()/>
            <input type="hidden" name="price_seen" value=price.0.to_string()/>
            <input type="hidden" name="stock_seen" value=stock.to_string()/>
            <p class="sku muted">{t("货号", "SKU")} " " <span class="id">{sku}</span></p>
        }
        .into_any()
    } else {
        view! { <label class="sku">{t("货号（可不填）", "SKU (optional)")} <input name="sku" maxlength="48" autocapitalize="none" value=sku aria-invalid=bad(number)/> {wrong(number)}</label> }
        .into_any()
    };
    let name = if has_fixed_name {
        view! {
            <p class="name"><input type="hidden" name="spec" value=typed.spec.clone()/> <strong>{typed.spec.clone()}</strong> {wrong(spec)}</p>
        }
        .into_any()
    } else {
        let label = if seen.is_some() {
            t("规格", "Specification")
        } else {
            t("规格（只有一种时留空）", "Specification (empty if there is only one)")
        };
        view! {
            <label class="name">{label} <input name="spec" maxlength="40" value=typed.spec.clone() aria-invalid=bad(spec)/> {wrong(spec)}</label>
        }
        .into_any()
    };
    // an existing stock can also be changed by a number of pieces
    let (keys, pattern, hint) = if seen.is_some() {
        ("text", Some("[+\\-]?[0-9]{1,7}"), Some(t("数字，或 +10、-3", "A number, or +10, -3")))
    } else {
        ("numeric", None, None)
    };
    view! {
        <div class="specification">
            {name}
            {number}
            <label>{t("价格（元）", "Price (yuan)")} <input name="price" inputmode="decimal" required=seen.is_some() value=typed.price aria-invalid=bad(price)/> {wrong(price)}</label>
            <label>{t("库存", "Stock")} <input name="stock" inputmode=keys pattern=pattern title=hint required=seen.is_some() value=typed.stock aria-invalid=bad(stock)/> {wrong(stock)}</label>
            <label>{t("重量（克）", "Weight (g)")} <input name="weight" inputmode="numeric" value=typed.weight aria-invalid=bad(weight)/> {wrong(weight)}</label>
        </div>
    }
    .into_any()
}
