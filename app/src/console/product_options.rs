use leptos::prelude::*;
use model::catalogue::SEPARATOR;
use shop::{MAX_OPTIONS, MAX_SPECIFICATIONS, Product, TypedOption, unfitting_specifications};

use super::language::{t, tf};

/// The typed values of the form of the options.
#[derive(Clone, Debug, Default)]
pub struct OptionsForm {
    /// The options.
    pub options: Vec<TypedOption>,
    /// The price of the new combinations, in yuan.
    pub price: String,
    /// The stock of the new combinations.
    pub stock: String,
}

/// The options of a product in the form. Their values come from the specifications.
fn known(product: &Product) -> OptionsForm {
    let mut options: Vec<TypedOption> = product
        .options
        .iter()
        .map(|name| TypedOption { name: name.clone(), values: String::new() })
        .collect();
    for (at, option) in options.iter_mut().enumerate() {
        let mut values: Vec<&str> = Vec::new();
        for value in product.skus.iter().filter_map(|known| known.spec.split(SEPARATOR).nth(at)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        option.values = values.join(t("、", ", "));
    }
    OptionsForm { options, ..OptionsForm::default() }
}

/// The form of the options, folded if the product has none.
pub(super) fn product_options(action: &str, product: &Product, typed: Option<&OptionsForm>) -> AnyView {
    let is_open = typed.is_some() || !product.options.is_empty();
    let mut form = typed.cloned().unwrap_or_else(|| known(product));
    form.options.resize(MAX_OPTIONS, TypedOption::default());
    let rows = form
        .options
        .into_iter()
        .map(|option| {
            view! {
                <div class="row">
                    <label>{t("选项，如 颜色", "Option, such as colour")} <input name="option" maxlength="20" value=option.name/></label>
                    <label class="wide">{t("值，用“、”隔开", "Values, with commas between them")} <input name="values" maxlength="2000" value=option.values/></label>
                </div>
            }
        })
        .collect_view();
    let wrong = typed.map(|typed| unfitting_specifications(product, &typed.options)).unwrap_or_default();
    let wrong = wrong
        .into_iter()
        .map(|(spec, meant)| {
            let words = match meant {
                Some(meant) => tf!(
                    "已有规格“{spec}”与新规格不匹配，请改为“{meant}”再保存",
                    "The specification “{spec}” does not fit: change it to “{meant}”, then save"
                ),
                None => tf!(
                    "已有规格“{spec}”与新规格不匹配，请改成每个选项一个值，再保存",
                    "The specification “{spec}” does not fit: give it one value for each option, then save"
                ),
            };
            view! { <p class="error" role="alert">{words}</p> }
        })
        .collect_view();
    view! {
        <details class="panel fold" open=is_open id="options">
            <summary>{t("选项和组合（如颜色、尺码）", "Options and their combinations (such as colour and size)")}</summary>
            <p class="muted">{tf!("买家逐项选择，每个组合是一个规格，有自己的货号、价格和库存。保存时自动新增缺少的组合；已有的组合不变，不会删除。一件商品最多 {MAX_SPECIFICATIONS} 个规格。清空选项就变回普通的规格列表。", "Buyers choose one value of each. Each combination has its own SKU, price and stock. Saving adds the combinations that are missing. Those that exist stay as they are; none is deleted. A product has at most {MAX_SPECIFICATIONS} of them. Without options, the product has a plain list again.")}</p>
            <form method="post" action=format!("{action}/options") class="stack">
                <input type="hidden" name="version" value=product.version.to_string()/>
                {wrong}
                {rows}
                <div class="row">
                    <label>{t("新组合的价格（元）", "Price of new combinations (yuan)")} <input name="price" inputmode="decimal" value=form.price/></label>
                    <label>{t("新组合的库存", "Stock of new combinations")} <input name="stock" inputmode="numeric" value=form.stock/></label>
                    <button>{t("保存选项，新增缺少的组合", "Save the options and add what is missing")}</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}
