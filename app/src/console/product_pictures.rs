use leptos::prelude::*;
use shop::{MAX_PICTURES, PictureChange, Product};

use super::language::{t, tf};

/// The additional pictures of a product: the forms that move and remove each one, and the form that adds one.
pub(super) fn product_pictures(action: &str, product: &Product) -> AnyView {
    let button = |change: PictureChange, word: &'static str| {
        view! { <button name="how" value=change.word()>{word}</button> }
    };
    let pictures = product
        .pictures
        .iter()
        .map(|path| {
            view! {
                <form method="post" action=format!("{action}/pictures/arrange") class="row">
                    <img src=path.clone() alt="" width="64" height="64" loading="lazy"/>
                    <input type="hidden" name="path" value=path.clone()/>
                    {button(PictureChange::First, t("设为首图", "Make it first"))}
                    {button(PictureChange::Earlier, t("前移", "Move forward"))}
                    {button(PictureChange::Remove, t("移除", "Remove"))}
                </form>
            }
        })
        .collect_view();
    let may_add = product.pictures.len() + 1 < MAX_PICTURES;
    view! {
        <h3>{tf!("更多图片（{} / {}）", "More pictures ({} / {})", product.pictures.len() + 1, MAX_PICTURES)}</h3>
        {pictures}
        {may_add
            .then(|| {
                view! {
                    <form method="post" action=format!("{action}/pictures") enctype="multipart/form-data" class="stack">
                        <label>
                            {t("添加图片（PNG、JPEG 或 WebP，最大 2 MB）", "Add a picture (PNG, JPEG or WebP, at most 2 MB)")}
                            <input type="file" name="picture" accept="image/png,image/jpeg,image/webp" required/>
                        </label>
                        <button>{t("添加", "Add")}</button>
                    </form>
                }
            })}
    }
    .into_any()
}
