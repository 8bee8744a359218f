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

impl PageStyle {
    pub(crate) const ALL: [Self; 7] =
        [Self::List, Self::Product, Self::Form, Self::Cart, Self::Order, Self::Me, Self::StyleGuide];

    /// The sheet. The white space in it costs almost nothing once the page is compressed.
    pub(crate) const fn css(self) -> &'static str {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sheet_has_as_many_opening_as_closing_braces() {
        for style in PageStyle::ALL {
            let css = style.css();
            assert_eq!(css.matches('{').count(), css.matches('}').count(), "{style:?}");
            assert!(!css.contains("</"), "{style:?}");
        }
    }
}
