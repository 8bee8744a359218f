use std::sync::LazyLock;

use leptos::{prelude::*, tachys::html::InertElement};

/// An icon of the shop's own set: lines on a grid of 24 px, in the colour of the surrounding text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Home,
    Cart,
    Orders,
    Person,
    Search,
    Chevron,
    Wallet,
    Clock,
    Box,
    Truck,
    Refund,
    Check,
    Close,
    Pin,
    Store,
    Phone,
    Chat,
    Share,
    Receipt,
    Shield,
    Info,
    NoNetwork,
}

impl Icon {
    /// All icons, for the style guide.
    pub(crate) const ALL: [Self; 22] = [
        Self::Home,
        Self::Cart,
        Self::Orders,
        Self::Person,
        Self::Search,
        Self::Chevron,
        Self::Wallet,
        Self::Clock,
        Self::Box,
        Self::Truck,
        Self::Refund,
        Self::Check,
        Self::Close,
        Self::Pin,
        Self::Store,
        Self::Phone,
        Self::Chat,
        Self::Share,
        Self::Receipt,
        Self::Shield,
        Self::Info,
        Self::NoNetwork,
    ];

    /// The lines of the icon, as an SVG path.
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
            Self::Cart => "M3 4h3l2 11h10l2-8H7M9 20h.01M17 20h.01",
            Self::Orders => "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-6 8-6s7 1 8 6",
            Self::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
            Self::Chevron => "M9 5l7 7-7 7",
            Self::Wallet => "M4 7h15v12H4zM4 7l11-3v3M19 11h-4v4h4",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l4 2",
            Self::Box => "M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9",
            Self::Truck => "M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19h.01M17 19h.01",
            Self::Refund => "M5 9h10a4 4 0 0 1 0 8H8M5 9l4-4M5 9l4 4",
            Self::Check => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12l3 3 5-6",
            Self::Close => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9l6 6M15 9l-6 6",
            Self::Pin => {
                "M12 21c5-5 7-8 7-11a7 7 0 0 0-14 0c0 3 2 6 7 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
            }
            Self::Store => "M4 10v10h16V10M3 10l2-6h14l2 6zM10 20v-5h4v5",
            Self::Phone => "M6 3h4l1 5-2 2c1 2 3 4 5 5l2-2 5 1v4c-8 2-17-7-15-15z",
            Self::Chat => "M4 5h16v11h-9l-4 4v-4H4zM8 10h8",
            Self::Share => "M12 15V4M8 7l4-4 4 4M5 12v8h14v-8",
            Self::Receipt => "M5 3h14v18l-2-1-2 1-2-1-2 1-2-1-2 1-2-1zM9 8h6M9 12h6M9 16h3",
            Self::Shield => "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4",
            Self::NoNetwork => "M4 10c5-4 11-4 16 0M8 14c3-2 5-2 8 0M12 18h.01M4 4l16 16",
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
        }
    }
}

/// Draws an icon. Screen readers skip it, because the text beside it says the same.
#[component]
pub(crate) fn IconView(icon: Icon) -> impl IntoView {
    /// The HTML of each icon, in the order of the enum: a page has many icons.
    static HTML: LazyLock<[String; Icon::ALL.len()]> = LazyLock::new(|| {
        Icon::ALL.map(|icon| {
            let path = icon.path();
            format!(
                r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"></path></svg>"#
            )
        })
    });
    InertElement::new(HTML[icon as usize].as_str())
}
