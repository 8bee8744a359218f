use std::sync::LazyLock;

/// The style of a group of pages. Each page contains the sheet that every page has, and the sheets of its groups.
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
    /// The page of the styles.
    StyleGuide,
}

static MINIFIED: LazyLock<[String; 7]> =
    LazyLock::new(|| PageStyle::ALL.map(|style| minified(style.source())));

impl PageStyle {
    pub(crate) const ALL: [Self; 7] =
        [Self::List, Self::Product, Self::Form, Self::Cart, Self::Order, Self::Me, Self::StyleGuide];

    const fn source(self) -> &'static str {
        match self {
            Self::List => include_str!("../../../style/pages/list.css"),
            Self::Product => include_str!("../../../style/pages/product.css"),
            Self::Form => include_str!("../../../style/pages/form.css"),
            Self::Cart => include_str!("../../../style/pages/cart.css"),
            Self::Order => include_str!("../../../style/pages/order.css"),
            Self::Me => include_str!("../../../style/pages/me.css"),
            Self::StyleGuide => include_str!("../../../style/pages/style_guide.css"),
        }
    }

    /// The sheet without comments and white space.
    pub(crate) fn css(self) -> &'static str {
        &MINIFIED[self as usize]
    }
}

/// Removes comments, and white space that means nothing. Our sheets have no text in quotes with spaces or comments in it.
fn minified(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let mut small = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let joins = |character: char| "{};,".contains(character);
        // `: ` ends the name of a property; a selector such as `a :hover` keeps its space
        if !(small.is_empty()
            || small.ends_with(|last| joins(last) || last == ':')
            || word.starts_with(['{', '}']))
        {
            small.push(' ');
        }
        small.push_str(word);
    }
    small.replace(";}", "}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_loses_its_comments_and_spaces_only() {
        let css = "/* a */\n.a > .b,\n.c:not(.d) {\n  margin: 0 4px;\n  width: calc(1px + 2px);\n}\n";
        assert_eq!(minified(css), ".a > .b,.c:not(.d){margin:0 4px;width:calc(1px + 2px)}");
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
