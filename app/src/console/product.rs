use leptos::prelude::*;
use shop::{Product, ProductWords, Right, Specification};

use super::{
    layout::{Head, page},
    product_pictures::product_pictures,
};
use crate::raw_text::TextArea;

/// The typed values of a form that the shop refused, with the reason.
#[derive(Clone, Debug, Default)]
pub struct ProductForm {
    /// The texts of the product.
    pub words: Option<ProductWords>,
    /// The first specification of a new product: its name, price and stock, as typed.
    pub first: [String; 3],
    /// The reason.
    pub refused: Option<&'static str>,
}

fn words_fields(words: &ProductWords) -> AnyView {
    view! {
        <label>"名称" <input name="name" required maxlength="60" value=words.name.clone()/></label>
        <label>"分类" <input name="category" required maxlength="20" value=words.category.clone()/></label>
        <label>"一句话介绍" <input name="summary" maxlength="100" value=words.summary.clone()/></label>
        <label>"商品介绍" <TextArea name="description" rows=6 maxlength=5000 value=words.description.clone()/></label>
    }
    .into_any()
}

fn refused(form: &ProductForm) -> Option<impl IntoView + use<>> {
    form.refused.map(|text| view! { <p class="error" role="alert">{text}</p> })
}

/// The form that adds a product.
#[must_use]
pub fn new_product_page(head: &Head<'_>, form: &ProductForm) -> String {
    let words = form.words.clone().unwrap_or(ProductWords {
        name: String::new(),
        category: String::new(),
        summary: String::new(),
        description: String::new(),
    });
    let [spec, price, stock] = form.first.clone();
    let body = view! {
        {refused(form)}
        <form method="post" action="/console/catalogue" class="stack panel">
            {words_fields(&words)}
            <fieldset class="row">
                <legend>"第一个规格"</legend>
                {spec_fields(spec, price, stock)}
            </fieldset>
            <p class="muted">"新增后先不上架；可以再加图片和规格，确认后上架。"</p>
            <button class="primary">"新增"</button>
        </form>
    };
    page(head, "/console/catalogue", "新增商品", body)
}

fn spec_fields(spec: String, price: String, stock: String) -> AnyView {
    view! {
        <label>"规格（只有一种时留空）" <input name="spec" maxlength="40" value=spec/></label>
        <label>"价格（元）" <input name="price" inputmode="decimal" required value=price/></label>
        <label>"库存" <input name="stock" inputmode="numeric" required value=stock/></label>
    }
    .into_any()
}

/// The page that edits a product.
#[must_use]
pub fn product_page(head: &Head<'_>, product: &Product, form: &ProductForm) -> String {
    let may = head.staff.role.may(Right::Catalogue);
    let words = form.words.clone().unwrap_or_else(|| ProductWords {
        name: product.name.clone(),
        category: product.category.clone(),
        summary: product.summary.clone(),
        description: product.description.clone(),
    });
    let action = format!("/console/catalogue/{}", product.id);
    let skus = product.skus.iter().map(|spec| sku(&action, spec, may)).collect_view();
    let body = view! {
        {refused(form)}
        <div class="columns">
            {shelf(&action, product, may)}
            <form method="post" action=action.clone() class="stack panel">
                <h2>"内容"</h2>
                <input type="hidden" name="version" value=product.version.to_string()/>
                <fieldset class="stack" disabled=!may>
                    <legend class="hidden">"内容"</legend>
                    {words_fields(&words)}
                </fieldset>
                {may.then(|| view! { <button class="primary">"保存内容"</button> })}
            </form>
        </div>
        <section class="panel">
            <h2>"规格、价格和库存"</h2>
            <p class="muted">"改价只影响之后的新订单；已下的订单不变。"</p>
            {skus}
            {may.then(|| {
                view! {
                    <form method="post" action=format!("{action}/skus") class="row sku">
                        {spec_fields(String::new(), String::new(), String::new())}
                        <button>"新增规格"</button>
                    </form>
                }
            })}
        </section>
    };
    page(head, "/console/catalogue", &product.name, body)
}

fn shelf(action: &str, product: &Product, may: bool) -> AnyView {
    let (word, to, button) = if product.on_sale {
        ("在售", "0", "下架")
    } else {
        ("已下架，买家不能下单", "1", "上架")
    };
    view! {
        <section class="panel stack">
            <h2>"图片和上下架"</h2>
            <img class="preview" src=product.picture.clone() alt="当前图片" width="240" height="240"/>
            <p>{word} " · " <a href=format!("/products/{}", product.id)>"在店里查看"</a></p>
            {may.then(|| {
                view! {
                    <form method="post" action=format!("{action}/shelf")>
                        <input type="hidden" name="on_sale" value=to/>
                        <button>{button}</button>
                    </form>
                    <form method="post" action=format!("{action}/picture") enctype="multipart/form-data" class="stack">
                        <label>
                            "更换图片（PNG、JPEG 或 WebP，最大 2 MB）"
                            <input type="file" name="picture" accept="image/png,image/jpeg,image/webp" required/>
                        </label>
                        <button>"上传"</button>
                    </form>
                    {product_pictures(action, product)}
                }
            })}
        </section>
    }
    .into_any()
}

fn sku(action: &str, spec: &Specification, may: bool) -> AnyView {
    let name = if spec.spec.is_empty() { "（无规格）".to_owned() } else { spec.spec.clone() };
    if !may {
        return view! {
            <p>{name} " · ¥" {spec.price.to_string()} " · 库存 " {spec.stock.to_string()}</p>
        }
        .into_any();
    }
    let action = format!("{action}/skus/{}", spec.sku);
    view! {
        <div class="sku">
            <h3>{name} " " <span class="muted">{spec.sku.to_string()}</span></h3>
            <form method="post" action=action.clone() class="row">
                <input type="hidden" name="seen" value=spec.price.0.to_string()/>
                <label>"规格" <input name="spec" maxlength="40" value=spec.spec.clone()/></label>
                <label>"价格（元）" <input name="price" inputmode="decimal" required value=spec.price.to_string()/></label>
                <button>"保存规格和价格"</button>
            </form>
            <form method="post" action=format!("{action}/stock") class="row">
                <input type="hidden" name="seen" value=spec.stock.to_string()/>
                <label>
                    {format!("库存改为（现有 {} 件）", spec.stock)}
                    <input name="stock" inputmode="numeric" value=spec.stock.to_string()/>
                </label>
                <button name="how" value="to">"按盘点修改"</button>
                <label>"增减库存（如 10 或 -3）" <input name="pieces" inputmode="text" pattern="[+\\-]?[0-9]{1,7}"/></label>
                <button name="how" value="by">"增减库存"</button>
            </form>
        </div>
    }
    .into_any()
}
