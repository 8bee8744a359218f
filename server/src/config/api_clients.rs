use std::{fmt, str::FromStr, sync::Arc};

use subtle::ConstantTimeEq;
use wechat::Secret;

/// The programs of `SHOP_TOKEN_CLIENTS` or `SHOP_ADMIN_CLIENTS`, each with its own key.
#[derive(Clone, Default)]
pub(crate) struct ApiClients(Arc<[(String, Secret)]>);

/// The shortest key of a program, in characters.
const MIN_KEY_CHARS: usize = 16;

/// A text that is not a list of programs and keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a list of programs and keys")]
pub(crate) struct NotPrograms;

impl FromStr for ApiClients {
    type Err = NotPrograms;

    fn from_str(text: &str) -> Result<Self, NotPrograms> {
        let client = |part: &str| match part.split_once(':') {
            Some((name, key)) if !name.is_empty() && key.len() >= MIN_KEY_CHARS => {
                Ok((name.to_owned(), Secret::new(key)))
            }
            _ => Err(NotPrograms),
        };
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(client)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl ApiClients {
    /// The name of the program with this key. It compares all keys, each in constant time, so that the time tells
    /// nothing.
    pub(crate) fn name_of(&self, key: &str) -> Option<&str> {
        self.0.iter().fold(None, |found, (name, own)| {
            if own.expose().as_bytes().ct_eq(key.as_bytes()).into() { Some(&**name) } else { found }
        })
    }
}

impl fmt::Debug for ApiClients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_identifies_its_program() {
        let clients: ApiClients = "erp:0123456789abcdef, crm:fedcba9876543210".parse().unwrap();
        assert_eq!(clients.name_of("fedcba9876543210"), Some("crm"));
        assert_eq!(clients.name_of("fedcba987654321"), None);
        assert_eq!(ApiClients::default().name_of(""), None);
        assert!(!format!("{clients:?}").contains("0123456789abcdef"));
    }

    #[test]
    fn a_short_key_or_a_missing_name_is_refused() {
        for wrong in ["erp:short", ":0123456789abcdef", "0123456789abcdef"] {
            assert!(wrong.parse::<ApiClients>().is_err(), "{wrong}");
        }
    }
}
