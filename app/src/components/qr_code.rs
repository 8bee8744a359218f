use leptos::prelude::*;
use qrcode::{QrCode as Code, render::svg};

use crate::raw_text::Drawing;

/// A text as a QR code. A text that is too long for a QR code is shown as text.
#[component]
pub(crate) fn QrCode(text: String, label: &'static str) -> impl IntoView {
    match Code::new(&text) {
        Ok(code) => {
            // dark on light in dark mode too: some phones cannot read the opposite
            let svg = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
            let svg = svg.split_once("?>").map_or_else(|| svg.clone(), |(_, rest)| rest.to_owned());
            view! { <Drawing class="code" svg label=label.to_owned()/> }.into_any()
        }
        Err(_) => view! { <p class="code">{text}</p> }.into_any(),
    }
}
