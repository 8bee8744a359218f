//! The form of a new product: texts, options, the table of their combinations, and pictures.

use leptos::prelude::*;
use shop::{
    FillValues, MAX_OPTIONS, MAX_PICTURES, MAX_SPECIFICATIONS, ProductField, ProductProblem, TypedOption,
    TypedProduct, TypedSpecification,
};

use super::{
    language::{t, tf},
    layout::{Head, page},
    product::text_fields,
    specification_table::{SpecificationRow, default_button, problem_of, specification_table, wrong},
};

/// The typed values of the form, and their mistakes.
#[derive(Clone, Debug)]
pub struct NewProductForm {
    /// The texts, the options and the specifications.
    pub product: TypedProduct,
    /// The row whose values fill the other rows.
    pub fill: FillValues,
    /// The mistakes in fields.
    pub problems: Vec<ProductProblem>,
    /// Whether the table of the specifications has changed. Then the person must check it.
    pub has_new_table: bool,
    /// Whether the form had files. The person must choose them again, because a browser does not.
    pub lost_files: bool,
    /// The reason of a refusal that is not about one field.
    pub refused: Option<&'static str>,
}

impl Default for NewProductForm {
    fn default() -> Self {
        let product = TypedProduct {
            texts: shop::ProductTexts::default(),
            options: Vec::new(),
            specifications: vec![TypedSpecification::default()],
        };
        Self {
            product,
            fill: FillValues::default(),
            problems: Vec::new(),
            has_new_table: false,
            lost_files: false,
            refused: None,
        }
    }
}

/// The page that adds a product. `categories` are the categories in the catalogue.
#[must_use]
pub fn new_product_page(head: &Head<'_>, form: &NewProductForm, categories: &[String]) -> String {
    let problems = form.problems.as_slice();
    let count = problems.len();
    let summary = (count > 0).then(|| {
        tf!(
            "还没有保存：有 {count} 处需要修改，见下面标出的地方",
            "Not saved yet: {count} fields need a change, see below"
        )
    });
    let summary = form.refused.map(str::to_owned).or(summary);
    let body = view! {
        {summary.map(|text| view! { <p class="error" role="alert">{text}</p> })}
        <form method="post" action="/console/catalogue" enctype="multipart/form-data" class="product">
            {default_button()}
            <section class="panel stack">
                <h2>{t("基本信息", "Texts")}</h2>
                {text_fields(&form.product.texts, categories, problems)}
            </section>
            {options(&form.product.options, problems)}
            {specifications(form)}
            {pictures(form)}
            <div class="save">
                <button class="primary">{t("新增商品", "Add a product")}</button>
                <span class="muted">{t("新增的商品先不上架，确认后再上架", "A new product is not on sale yet")}</span>
            </div>
        </form>
    };
    page(head, "/console/catalogue", t("新增商品", "Add a product"), body)
}

fn options(typed: &[TypedOption], problems: &[ProductProblem]) -> AnyView {
    let problem = problem_of(problems, ProductField::Options);
    let mut typed = typed.to_vec();
    typed.resize(MAX_OPTIONS, TypedOption::default());
    let examples = [
        (t("如 颜色", "such as colour"), t("如 红、蓝", "such as red, blue")),
        (t("如 尺码", "such as size"), t("如 S、M、L", "such as S, M, L")),
        ("", ""),
    ];
    let rows = typed
        .into_iter()
        .zip(examples)
        .map(|(option, (name, values))| {
            view! {
                <div class="row">
                    <label>{t("选项", "Option")} <input name="option" maxlength="20" placeholder=name value=option.name/></label>
                    <label class="wide">{t("值，用“、”隔开", "Values, with commas between them")} <input name="values" maxlength="2000" placeholder=values value=option.values/></label>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="panel stack" id="options">
            <h2>{t("选项（如颜色、尺码）", "Options (such as colour and size)")}</h2>
            <p class="muted">{tf!("没有选项的商品不用填。每个组合是一个规格，有自己的价格和库存；一件商品最多 {MAX_SPECIFICATIONS} 个规格。", "Leave it empty if there is nothing to choose. Each combination has its own price and stock; a product has at most {MAX_SPECIFICATIONS} of them.")}</p>
            {wrong(problem)}
            {rows}
            <button name="do" value="table" formnovalidate formenctype="application/x-www-form-urlencoded" formaction="/console/catalogue#specifications">{t("生成规格表", "Make the table")}</button>
        </section>
    }
    .into_any()
}

fn specifications(form: &NewProductForm) -> AnyView {
    let has_options = form.product.options.iter().any(|option| !option.name.trim().is_empty());
    let has_fixed_name =
        has_options && form.product.specifications.iter().all(|known| !known.spec.is_empty());
    let row =
        |typed: &TypedSpecification| SpecificationRow { typed: typed.clone(), seen: None, has_fixed_name };
    let rows: Vec<SpecificationRow> = form.product.specifications.iter().map(row).collect();
    let count = rows.len();
    let check = form.has_new_table.then(|| {
        let words = tf!(
            "规格表有 {count} 个规格，请核对价格和库存，再新增商品",
            "The table has {count} combinations. Please check prices and stock, then add the product."
        );
        view! { <p class="notice" role="status">{words}</p> }
    });
    view! {
        <section class="panel" id="specifications">
            <h2>{t("规格、价格和库存", "Specifications, prices and stock")}</h2>
            {check}
            {specification_table(rows, &form.fill, "/console/catalogue", &form.problems)}
        </section>
    }
    .into_any()
}

fn pictures(form: &NewProductForm) -> AnyView {
    let problem = problem_of(&form.problems, ProductField::Pictures);
    let lost = form.lost_files.then(|| {
        view! { <p class="wrong" role="alert">{t("请重新选择图片：浏览器不会保留已选的文件", "Please choose the pictures again: browsers do not keep them")}</p> }
    });
    view! {
        <section class="panel stack" id="pictures">
            <h2>{t("图片", "Pictures")}</h2>
            {lost}
            <label>
                {tf!("最多 {MAX_PICTURES} 张，第一张是主图（PNG、JPEG 或 WebP，每张最大 2 MB）", "At most {MAX_PICTURES}; the first one stands for the product (PNG, JPEG or WebP, at most 2 MB each)")}
                <input type="file" name="picture" multiple accept="image/png,image/jpeg,image/webp" aria-invalid=problem.map(|_| "true")/>
                {wrong(problem)}
            </label>
            <p class="muted">{t("请在规格表完成后最后选择图片。生成规格表、应用到全部，或有内容要修改时，页面会重新打开，文字都会保留，已选的图片要重新选择。也可以先不选，保存后再添加。", "Choose them last, after the table. When the page opens again, to make or fill the table or to correct a field, all texts stay, but files have to be chosen again. You can also add them later.")}</p>
        </section>
    }
    .into_any()
}
