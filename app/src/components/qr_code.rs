use leptos::prelude::*;
use qrcode::{QrCode as Code, render::svg};

use crate::raw_text::Drawing;

/// A QR code of a text. If the text is too long for a QR code, this shows the text.
#[component]
pub(crate) fn QrCode(text: String, label: &'static str) -> impl IntoView {
    match Code::new(&text) {
        Ok(code) => {
            // dark on light, also in dark mode: some phones cannot read the reverse
            let svg = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
            let svg = svg.split_once("?>").map_or_else(|| svg.clone(), |(_, rest)| rest.to_owned());
            view! { <Drawing class="code" svg label=label.to_owned()/> }.into_any()
        }
        Err(_) => view! { <p class="code">{text}</p> }.into_any(),
    }
}
