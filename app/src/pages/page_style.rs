use std::sync::LazyLock;

/// The style sheet of a group of pages. A page has the common sheet and the sheets of its groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageStyle {
    /// The lists of products: home and search.
    List,
    /// A product.
    Product,
    /// Forms: the confirmation, addresses, the wallet.
    Form,
    /// The cart and its bar.
    Cart,
    /// Orders: the list, an order, its receipt.
    Order,
    /// 我的.
    Me,
    /// Pages with one message: an empty list, an error, a payment that continues elsewhere.
    Message,
    /// The style guide.
    StyleGuide,
}

impl PageStyle {
    pub(crate) const ALL: [Self; 8] = [
        Self::List,
        Self::Product,
        Self::Form,
        Self::Cart,
        Self::Order,
        Self::Me,
        Self::Message,
        Self::StyleGuide,
    ];

    /// The text of the sheet, without comments and unnecessary white space.
    pub(crate) fn css(self) -> &'static str {
        static SHEETS: LazyLock<[String; PageStyle::ALL.len()]> =
            LazyLock::new(|| PageStyle::ALL.map(|style| compact(style.source())));
        Self::ALL.iter().zip(&*SHEETS).find(|(style, _)| **style == self).map_or("", |(_, css)| css)
    }

    /// The source of the sheet.
    const fn source(self) -> &'static str {
        match self {
            Self::List => include_str!("../../../style/pages/list.css"),
            Self::Product => include_str!("../../../style/pages/product.css"),
            Self::Form => include_str!("../../../style/pages/form.css"),
            Self::Cart => include_str!("../../../style/pages/cart.css"),
            Self::Order => include_str!("../../../style/pages/order.css"),
            Self::Me => include_str!("../../../style/pages/me.css"),
            Self::Message => include_str!("../../../style/pages/message.css"),
            Self::StyleGuide => include_str!("../../../style/pages/style_guide.css"),
        }
    }
}

/// Removes comments and unnecessary white space. This saves about 200 bytes of a compressed page.
fn compact(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    for (at, part) in css.split("/*").enumerate() {
        text += if at == 0 { part } else { part.split_once("*/").map_or("", |(_, rest)| rest) };
    }
    let mut compact = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        // a space before `:` or around `+` has a meaning
        let joins = compact.is_empty()
            || compact.ends_with(['{', '}', ';', ':', ','])
            || word.starts_with(['{', '}']);
        if !joins {
            compact.push(' ');
        }
        if word == "}" && compact.ends_with(';') {
            compact.pop();
        }
        compact += word;
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compact_sheet_says_the_same() {
        let css =
            "/* a\n b */\n.a > b,\n.c :first-child {\n  width: calc(1px + 2px);\n  margin: 0 auto;\n}\n";
        assert_eq!(compact(css), ".a > b,.c :first-child{width:calc(1px + 2px);margin:0 auto}");
        assert_eq!(
            compact("@media (min-width: 768px) {\n  a {\n    b: c;\n  }\n}"),
            "@media (min-width:768px){a{b:c}}"
        );
    }

    #[test]
    fn each_sheet_has_as_many_opening_as_closing_braces() {
        for style in PageStyle::ALL {
            let css = style.css();
            assert_eq!(css.matches('{').count(), css.matches('}').count(), "{style:?}");
            assert!(!css.contains("</"), "{style:?}");
        }
    }
}
