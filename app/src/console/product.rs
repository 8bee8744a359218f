use leptos::prelude::*;
use shop::{
    FillValues, Product, ProductField, ProductProblem, ProductTexts, Right, SaleState, Specification,
    TypedSpecification, shanghai,
};

use super::{
    language::t,
    layout::{Head, page},
    product_options::{OptionsForm, product_options},
    product_pictures::product_pictures,
    products::{limits, state_tag},
    specification_table::{SpecificationRow, default_button, problem_of, specification_table, wrong},
};
use crate::raw_text::TextArea;

/// The typed values of a form that the shop refused, with the reason.
#[derive(Clone, Debug, Default)]
pub struct ProductForm {
    /// The texts of the product.
    pub texts: Option<ProductTexts>,
    /// The typed purchase limit.
    pub purchase_limit: Option<String>,
    /// The typed name, price and stock of a new specification.
    pub first: [String; 3],
    /// The typed values of the existing specifications.
    pub specifications: Vec<TypedSpecification>,
    /// The typed sale period: its begin and its end.
    pub sale: Option<[String; 2]>,
    /// The row whose values fill the specifications.
    pub fill: FillValues,
    /// The typed options.
    pub options: Option<OptionsForm>,
    /// The reason of the refusal.
    pub refused: Option<&'static str>,
}

/// The fields of the texts. `categories` are the categories in the catalogue.
pub(super) fn text_fields(
    texts: &ProductTexts,
    categories: &[String],
    problems: &[ProductProblem],
) -> AnyView {
    let [name, category, summary, description] =
        [ProductField::Name, ProductField::Category, ProductField::Summary, ProductField::Description]
            .map(|field| problem_of(problems, field));
    let bad = |problem: Option<&'static str>| problem.map(|_| "true");
    let known = categories.iter().map(|name| view! { <option value=name.clone()></option> }).collect_view();
    view! {
        <datalist id="categories">{known}</datalist>
        <label>{t("名称", "Name")} <input name="name" required maxlength="60" value=texts.name.clone() aria-invalid=bad(name)/> {wrong(name)}</label>
        <label>{t("分类", "Category")} <input name="category" list="categories" required maxlength="20" value=texts.category.clone() aria-invalid=bad(category)/> {wrong(category)}</label>
        <label>{t("一句话介绍", "Summary, one sentence")} <input name="summary" maxlength="100" value=texts.summary.clone() aria-invalid=bad(summary)/> {wrong(summary)}</label>
        <label>{t("商品介绍", "Description")} <TextArea name="description" rows=6 maxlength=5000 value=texts.description.clone()/> {wrong(description)}</label>
    }
    .into_any()
}

fn refused(form: &ProductForm) -> Option<impl IntoView + use<>> {
    form.refused.map(|text| view! { <p class="error" role="alert">{text}</p> })
}

/// The page that edits a product. One form with one button saves its texts, prices and stock. `now_ms` is the shop's
/// time, in milliseconds since 1970. `opens_in_miniprogram` says whether the shop has a mini program with a page for
/// products. `categories` are the categories in the catalogue.
#[must_use]
pub fn product_page(
    head: &Head<'_>,
    product: &Product,
    form: &ProductForm,
    opens_in_miniprogram: bool,
    categories: &[String],
    now_ms: i64,
) -> String {
    let may = head.staff.role.may(Right::Catalogue);
    let texts = form.texts.clone().unwrap_or_else(|| ProductTexts {
        name: product.name.clone(),
        category: product.category.clone(),
        summary: product.summary.clone(),
        description: product.description.clone(),
    });
    let purchase_limit = form
        .purchase_limit
        .clone()
        .unwrap_or_else(|| product.purchase_limit.map(|limit| limit.to_string()).unwrap_or_default());
    let action = format!("/console/catalogue/{}", product.id);
    let specifications = if may {
        editable(product, form)
    } else {
        product.skus.iter().map(read_only).collect_view().into_any()
    };
    let body = view! {
        {refused(form)}
        {if product.archived { archived(&action, product, may) } else { shelf(&action, product, may, now_ms) }}
        <form method="post" action=format!("{action}/save") class="product">
            {default_button()}
            <input type="hidden" name="version" value=product.version.to_string()/>
            <section class="panel">
                <h2>{t("基本信息", "Texts")}</h2>
                <fieldset class="stack" disabled=!may>
                    <legend class="hidden">{t("基本信息", "Texts")}</legend>
                    {text_fields(&texts, categories, &[])}
                    <label>
                        {t("每人限购（件，留空不限）", "Limit for each buyer (pieces, empty: none)")}
                        <input name="purchase_limit" inputmode="numeric" maxlength="7" value=purchase_limit/>
                    </label>
                    <p class="muted">{t("同一位买家的所有订单一起算，未付款的也算；已取消和已全额退款的不算。", "All orders of a buyer count, unpaid ones too. Cancelled orders and those that were refunded completely do not.")}</p>
                </fieldset>
            </section>
            {(!product.archived).then(|| sale_period(product, form, may))}
            <section class="panel" id="specifications">
                <h2>{t("规格、价格和库存", "Specifications, prices and stock")}</h2>
                {specifications}
            </section>
            {may.then(|| {
                view! {
                    <div class="save">
                        <button class="primary">{t("保存", "Save")}</button>
                        <span class="muted">{t("保存以上全部内容", "saves everything above")}</span>
                    </div>
                }
            })}
        </form>
        {may.then(|| product_options(&action, product, form.options.as_ref()))}
        {pictures(&action, product, may)}
        {(may && opens_in_miniprogram).then(|| share(&action))}
        {(may && !product.archived).then(|| deletion(&action))}
    };
    page(head, "/console/catalogue", &product.name, body)
}

/// Says whether shoppers can buy the product, with the button that changes this.
fn shelf(action: &str, product: &Product, may: bool, now_ms: i64) -> AnyView {
    let (class, word) = match product.sale_state(now_ms) {
        SaleState::OffSale => ("tag warn", t("未上架，买家不能下单", "Off sale: buyers cannot order it")),
        _ => state_tag(product, now_ms),
    };
    let (to, button) =
        if product.on_sale { ("0", t("下架", "Take off sale")) } else { ("1", t("上架", "Put on sale")) };
    view! {
        <section class="panel shelf">
            <img src=product.picture.clone() alt="" width="56" height="56"/>
            <p><span class=class>{word}</span> {limits(product, now_ms)} " " <a href=format!("/products/{}", product.id)>{t("在店里查看", "See it in the shop")}</a></p>
            {may.then(|| {
                view! {
                    <form method="post" action=format!("{action}/shelf")>
                        <input type="hidden" name="on_sale" value=to/>
                        <button>{button}</button>
                    </form>
                }
            })}
        </section>
    }
    .into_any()
}

/// The fields of the sale period, folded if there is none.
fn sale_period(product: &Product, form: &ProductForm, may: bool) -> AnyView {
    let times = [product.sale.from_ms, product.sale.until_ms];
    // in the form of an input of the type `datetime-local`
    let known =
        || times.map(|ms| ms.map(|ms| shanghai(ms).strftime("%FT%H:%M").to_string()).unwrap_or_default());
    let [from, until] = form.sale.clone().unwrap_or_else(known);
    let is_open = !(from.is_empty() && until.is_empty());
    view! {
        <details class="panel fold" open=is_open id="sale-period">
            <summary>{t("开售和停售时间", "Times of the sale")}</summary>
            <p class="muted">{t("商品上架后，只在这段时间内可以购买，到时间自动生效。北京时间；留空为不限。", "A product that is on sale can be bought in this time only. Times are of China; empty is no limit.")}</p>
            <fieldset class="row" disabled=!may>
                <legend class="hidden">{t("开售和停售时间", "Times of the sale")}</legend>
                <label>{t("开售时间", "Begins")} <input type="datetime-local" name="sale_from" value=from/></label>
                <label>{t("停售时间", "Ends")} <input type="datetime-local" name="sale_until" value=until/></label>
            </fieldset>
        </details>
    }
    .into_any()
}

/// Says that the product is archived, with the button that restores it.
fn archived(action: &str, product: &Product, may: bool) -> AnyView {
    view! {
        <section class="panel shelf">
            <img src=product.picture.clone() alt="" width="56" height="56"/>
            <p><span class="tag warn">{t("已删除，买家不能下单", "Deleted: buyers cannot order it")}</span></p>
            {may.then(|| {
                view! {
                    <form method="post" action=format!("{action}/archive")>
                        <input type="hidden" name="archived" value="0"/>
                        <button>{t("恢复", "Restore")}</button>
                    </form>
                }
            })}
        </section>
    }
    .into_any()
}

/// The folded button that archives the product.
fn deletion(action: &str) -> AnyView {
    view! {
        <details class="panel fold">
            <summary>{t("删除商品", "Delete the product")}</summary>
            <p>{t("店里和商品列表不再显示它，买家不能下单；买过它的订单不变。可以在“已删除”里恢复。", "The shop and the list of products no longer show it, and buyers cannot order it. Orders that hold it stay as they are. You can restore it from the list of deleted products.")}</p>
            <form method="post" action=format!("{action}/archive") class="actions">
                <input type="hidden" name="archived" value="1"/>
                <button class="danger">{t("删除", "Delete")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// The picture, with the form that replaces it. A file needs its own form.
fn pictures(action: &str, product: &Product, may: bool) -> AnyView {
    view! {
        <section class="panel stack">
            <h2>{t("图片", "Pictures")}</h2>
            <img class="preview" src=product.picture.clone() alt=t("当前图片", "The current picture") width="240" height="240"/>
            {may.then(|| {
                view! {
                    <form method="post" action=format!("{action}/picture") enctype="multipart/form-data" class="row">
                        <label class="wide">
                            {t("更换图片（PNG、JPEG 或 WebP，最大 2 MB）", "Replace the picture (PNG, JPEG or WebP, at most 2 MB)")}
                            <input type="file" name="picture" accept="image/png,image/jpeg,image/webp" required/>
                        </label>
                        <button>{t("上传", "Upload")}</button>
                    </form>
                    {product_pictures(action, product)}
                }
            })}
        </section>
    }
    .into_any()
}

/// The button that makes the code and the link of the product in the mini program.
fn share(action: &str) -> AnyView {
    view! {
        <section class="panel" id="share">
            <h2>{t("小程序码和链接", "Code and link")}</h2>
            <p class="muted">{t("扫码或点链接，在小程序里打开这个商品。", "They open this product in the mini program.")}</p>
            <form method="post" action=format!("{action}/share") class="row">
                <button>{t("生成小程序码和链接", "Make the code and a link")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn read_only(known: &Specification) -> AnyView {
    let name = if known.spec.is_empty() {
        t("（无规格）", "(no specifications)").to_owned()
    } else {
        known.spec.clone()
    };
    view! {
        <p>{name} " · ¥" {known.price.to_string()} {t(" · 库存 ", " · stock ")} {known.stock.to_string()}</p>
    }
    .into_any()
}

/// The rows of the specifications, and the row of a new one.
fn editable(product: &Product, form: &ProductForm) -> AnyView {
    let rows: Vec<SpecificationRow> = product
        .skus
        .iter()
        .map(|known| {
            let typed = form.specifications.iter().find(|typed| typed.sku == known.sku.as_str());
            let typed = typed.cloned().unwrap_or_else(|| TypedSpecification {
                sku: known.sku.to_string(),
                spec: known.spec.clone(),
                price: known.price.to_string(),
                stock: known.stock.to_string(),
                weight: known.weight_g.to_string(),
            });
            SpecificationRow { typed, seen: Some((known.price, known.stock)), has_fixed_name: false }
        })
        .collect();
    let [spec, price, stock] = form.first.clone();
    let is_open = !(spec.is_empty() && price.is_empty() && stock.is_empty());
    view! {
        <p class="muted">{t("直接填数字即为新库存；填 +10、-3 表示增减。改价只影响新订单。", "A number sets the stock; +10 or -3 changes it. A new price applies to new orders only.")}</p>
        {specification_table(rows, &form.fill, &format!("/console/catalogue/{}/save", product.id), &[])}
        <details open=is_open>
            <summary>{t("新增规格", "Add a specification")}</summary>
            <div class="specification">
                <label>{t("规格", "Specification")} <input name="new_spec" maxlength="40" value=spec/></label>
                <label>{t("价格（元）", "Price (yuan)")} <input name="new_price" inputmode="decimal" value=price/></label>
                <label>{t("库存", "Stock")} <input name="new_stock" inputmode="numeric" value=stock/></label>
            </div>
        </details>
    }
    .into_any()
}
