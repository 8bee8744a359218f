//! The list of products, and the changes of one product.

use app::console::{ProductForm, product_page, products_page, sentence, translate};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use model::{Fen, LocalizedText, ProductId, Sku};
use serde::Deserialize;
use shop::{NewSpecification, ProductFilter, ProductTexts, ShopError, Staff, StockChange, typed};

use super::{NoticeQuery, StaffAuth, failed, head, outcome, page};
use crate::{response, state::AppState};

pub(super) const LIST: &str = "/console/catalogue";

pub(super) fn product_of(id: &str) -> Result<ProductId, ShopError> {
    id.parse().map_err(|_| ShopError::NotFound)
}

pub(super) fn sku_of(sku: &str) -> Result<Sku, ShopError> {
    sku.parse().map_err(|_| ShopError::NotFound)
}

pub(super) fn back(id: &str) -> String {
    if product_of(id).is_ok() { format!("{LIST}/{id}") } else { LIST.to_owned() }
}

pub(super) fn price_of(text: &str) -> Result<Fen, ShopError> {
    Fen::parse_yuan(&typed::number(text)).ok_or(ShopError::invalid(
        "价格请填写如 19.90 的数字",
        "Please enter the price as a number like 19.90.",
    ))
}

pub(super) fn pieces_of(text: &str) -> Result<i64, ShopError> {
    typed::number(text)
        .parse()
        .map_err(|_| ShopError::invalid("数量请填写整数", "Please enter a whole number."))
}

/// The categories of the catalogue, each once, in its order.
pub(super) fn categories(state: &AppState) -> Vec<String> {
    let catalogue = state.shop.products().catalogue();
    let mut found: Vec<String> = Vec::new();
    for product in catalogue.all_products().iter().filter(|product| !product.archived) {
        if !found.contains(&product.category) {
            found.push(product.category.clone());
        }
    }
    found
}

/// The filter in forms and links. A wrong view is ignored.
#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    view: String,
}

/// `GET /console/catalogue`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<ListQuery>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let products = state.shop.products();
    let search = query.q.chars().take(64).collect::<String>().trim().to_owned();
    let filter = ProductFilter { search, view: query.view.parse().ok() };
    match products.stock().await {
        Ok(stock) => {
            let listed = products.catalogue().listed(&filter);
            let now_ms = state.shop.clock().now_ms();
            page(products_page(&notice.head(&staff), &filter, &listed, &stock, now_ms))
        }
        Err(error) => failed(&staff, &error, "/console"),
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct TypedTexts {
    #[serde(default)]
    name: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    description: String,
}

impl From<TypedTexts> for ProductTexts {
    fn from(texts: TypedTexts) -> Self {
        Self {
            name: texts.name,
            category: texts.category,
            summary: texts.summary,
            description: texts.description,
        }
    }
}

/// `GET /console/catalogue/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    match state.shop.products().product_now(&id).await {
        Ok(product) => {
            let shared = state.shop.products().opens_in_miniprogram();
            let now_ms = state.shop.clock().now_ms();
            let (form, categories) = (ProductForm::default(), categories(&state));
            page(product_page(&notice.head(&staff), &product, &form, shared, &categories, now_ms))
        }
        Err(error) => failed(&staff, &error, LIST),
    }
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(flatten)]
    texts: TypedTexts,
    #[serde(default)]
    version: String,
}

/// `POST /console/catalogue/{id}`: changes the texts of a product. If another person has changed it in the meantime
/// (optimistic lock), the page shows the typed texts again, and a second save replaces the newer version.
pub(super) async fn change(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Change>,
) -> Response {
    let texts = ProductTexts::from(form.texts);
    let changed = async {
        let seen = form.version.parse().map_err(|_| ShopError::Changed)?;
        state.shop.products().change_product(&staff, &product_of(&id)?, seen, &texts).await
    };
    match changed.await {
        Err(error @ (ShopError::Invalid(_) | ShopError::Changed)) => {
            let form = ProductForm { texts: Some(texts), ..ProductForm::default() };
            again(&state, &staff, &id, form, &error).await
        }
        done => outcome(&staff, done, &back(&id), saved("saved", &texts.name)),
    }
}

/// The notice after a save: `word`, or another one if WeChat Pay leaves out characters of the name.
pub(super) fn saved(word: &'static str, name: &str) -> &'static str {
    if typed::fits_wechat_pay(name) { word } else { "saved_without_emoji" }
}

const CHANGED: LocalizedText = LocalizedText {
    zh: "商品刚被他人修改过。下面是您填写的内容，再次保存会覆盖对方的修改",
    en: "Another person has just changed this product. Below is what you entered: saving it again replaces their change.",
};

/// The page of the product with the typed values, and the reason of the refusal.
pub(super) async fn again(
    state: &AppState,
    staff: &Staff,
    id: &str,
    form: ProductForm,
    error: &ShopError,
) -> Response {
    response::log(error);
    let refused = match error {
        ShopError::Changed => translate(CHANGED),
        other => sentence(other),
    };
    let page = filled(state, staff, id, &ProductForm { refused: Some(refused), ..form }).await;
    if page.status().is_success() { (response::status(error), page).into_response() } else { page }
}

/// The page of the product with the typed values.
pub(super) async fn filled(state: &AppState, staff: &Staff, id: &str, form: &ProductForm) -> Response {
    match state.shop.products().product_now(id).await {
        Ok(product) => {
            let shared = state.shop.products().opens_in_miniprogram();
            let now_ms = state.shop.clock().now_ms();
            page(product_page(&head(staff), &product, form, shared, &categories(state), now_ms))
        }
        Err(error) => failed(staff, &error, LIST),
    }
}

#[derive(Deserialize)]
pub(super) struct Shelf {
    on_sale: String,
}

/// `POST /console/catalogue/{id}/shelf`.
pub(super) async fn shelf(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Shelf>,
) -> Response {
    let on_sale = form.on_sale == "1";
    let done = async { state.shop.products().put_on_sale(&staff, &product_of(&id)?, on_sale).await };
    outcome(&staff, done.await, &back(&id), if on_sale { "on" } else { "off" })
}

#[derive(Deserialize)]
pub(super) struct Archive {
    archived: String,
}

/// `POST /console/catalogue/{id}/archive`: archives the product, or restores it.
pub(super) async fn archive(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Archive>,
) -> Response {
    let archived = form.archived == "1";
    let done = async { state.shop.products().archive(&staff, &product_of(&id)?, archived).await };
    outcome(&staff, done.await, &back(&id), if archived { "archived" } else { "restored" })
}

#[derive(Deserialize)]
pub(super) struct NewSku {
    #[serde(default)]
    spec: String,
    #[serde(default)]
    price: String,
    #[serde(default)]
    stock: String,
}

/// `POST /console/catalogue/{id}/skus`.
pub(super) async fn add_sku(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<NewSku>,
) -> Response {
    let done = async {
        let (price, stock) = (price_of(&form.price)?, pieces_of(&form.stock)?);
        let new = NewSpecification { spec: form.spec, price, stock };
        state.shop.products().add_sku(&staff, &product_of(&id)?, &new).await
    };
    outcome(&staff, done.await, &back(&id), "saved")
}

#[derive(Deserialize)]
pub(super) struct SkuForm {
    #[serde(default)]
    seen: String,
    #[serde(default)]
    spec: String,
    #[serde(default)]
    price: String,
}

/// `POST /console/catalogue/{id}/skus/{sku}`.
pub(super) async fn change_sku(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path((id, sku)): Path<(String, String)>,
    Form(form): Form<SkuForm>,
) -> Response {
    let done = async {
        let seen = form.seen.parse().map(Fen).map_err(|_| ShopError::Changed)?;
        let price = price_of(&form.price)?;
        state.shop.products().change_sku(&staff, &sku_of(&sku)?, seen, price, &form.spec).await
    };
    outcome(&staff, done.await, &back(&id), "saved")
}

#[derive(Deserialize)]
pub(super) struct StockForm {
    #[serde(default)]
    how: String,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    stock: String,
    #[serde(default)]
    pieces: String,
}

/// `POST /console/catalogue/{id}/skus/{sku}/stock`.
pub(super) async fn stock(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path((id, sku)): Path<(String, String)>,
    Form(form): Form<StockForm>,
) -> Response {
    let done = async {
        let change = if form.how == "by" {
            StockChange::By(pieces_of(&form.pieces)?)
        } else {
            let seen = form.seen.parse().map_err(|_| ShopError::Changed)?;
            StockChange::To { seen, stock: pieces_of(&form.stock)? }
        };
        state.shop.products().correct_stock(&staff, &sku_of(&sku)?, change).await
    };
    outcome(&staff, done.await, &back(&id), "stock")
}
