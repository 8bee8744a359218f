use std::{fmt, str::FromStr};

/// Why a text is not an id of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} has {min} to {max} characters of {alphabet}")]
pub struct IdError {
    kind: &'static str,
    min: usize,
    max: usize,
    alphabet: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $min:literal..=$max:literal, $alphabet:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text of the id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let allowed: fn(u8) -> bool = $allowed;
                if ($min..=$max).contains(&text.len()) && text.bytes().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { kind: $kind, min: $min, max: $max, alphabet: $alphabet })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// The id of an order. It begins with the time in Shanghai at which the shopper placed the order, so ids sort by
    /// age.
    OrderId, "an order id", 1..=26, "digits", |byte| byte.is_ascii_digit()
);
id!(
    /// Our number of one payment attempt at WeChat: `out_trade_no`.
    OutTradeNo, "an out_trade_no", 6..=32, "letters, digits, _ - | *",
    |byte| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte)
);
id!(
    /// Our number of one refund at WeChat: `out_refund_no`.
    OutRefundNo, "an out_refund_no", 1..=64, "letters, digits, _ - | * @",
    |byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte)
);
id!(
    /// The id of an after-sale: the id of its order, `S`, and the number of the after-sale within the order, from 1.
    AfterSaleId, "an after-sale id", 3..=32, "digits and S", |byte| byte.is_ascii_digit() || byte == b'S'
);
id!(
    /// WeChat's id of a person in one account: `openid`.
    OpenId, "an openid", 1..=128, "letters, digits, _ -",
    |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)
);
id!(
    /// WeChat's id of a person, the same for all accounts that are bound to one open platform account: `unionid`.
    UnionId, "a unionid", 1..=128, "letters, digits, _ -",
    |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)
);
id!(
    /// The id of a guest: a browser outside WeChat with a session. 32 random letters and digits.
    GuestId, "a guest id", 32..=32, "letters and digits", |byte| byte.is_ascii_alphanumeric()
);
id!(
    /// WeChat's own number of a payment: `transaction_id`.
    TransactionId, "a transaction_id", 1..=32, "letters and digits", |byte| byte.is_ascii_alphanumeric()
);
id!(
    /// The id of a product.
    ProductId, "a product id", 1..=40, "lowercase letters, digits, -",
    |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
);
id!(
    /// The id of a specification, a variant of a product with its own price and stock.
    Sku, "a sku", 1..=48, "small letters, digits, -",
    |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
);

impl AfterSaleId {
    /// The id of the after-sale with this number within its order, from 1.
    #[must_use]
    pub fn new(order: &OrderId, number: usize) -> Self {
        Self(format!("{order}S{number}"))
    }

    /// The id of its order. `None` if the text does not have the form of [`AfterSaleId::new`].
    #[must_use]
    pub fn order_id(&self) -> Option<OrderId> {
        self.0.split_once('S')?.0.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_out_trade_no_has_the_characters_and_the_length_that_wechat_allows() {
        assert!("20261121|A*b_-".parse::<OutTradeNo>().is_ok());
        assert!("12345".parse::<OutTradeNo>().is_err());
        assert!("1".repeat(33).parse::<OutTradeNo>().is_err());
        assert!("123456@".parse::<OutTradeNo>().is_err());
    }

    #[test]
    fn the_error_describes_a_valid_id() {
        let error = "A B".parse::<Sku>().unwrap_err();
        assert_eq!(error.to_string(), "a sku has 1 to 48 characters of small letters, digits, -");
    }
}
