use model::{order::OrderKind, record::ItemRecord};

/// The goods of an order in a few words: the first product, and the number of pieces if there are several.
pub(crate) fn goods_in_words(kind: OrderKind, items: &[ItemRecord]) -> String {
    let (first, tail) = first_and_pieces(kind, items);
    format!("{first}{tail}")
}

/// The two parts of [`goods_in_words`]. If the text has a limit, only the first part is cut.
pub(crate) fn first_and_pieces(kind: OrderKind, items: &[ItemRecord]) -> (&str, String) {
    let first = match kind {
        OrderKind::TopUp => "余额充值",
        OrderKind::Goods => items.first().map_or("", |item| item.name.as_str()),
    };
    let pieces: i64 = items.iter().map(|item| item.quantity.get()).sum();
    (first, if pieces > 1 { format!("等{pieces}件") } else { String::new() })
}
