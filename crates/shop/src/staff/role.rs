use std::{fmt, str::FromStr};

use crate::ShopError;

/// What somebody of the shop may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// The daily work: no refunds, no staff, no settings.
    Clerk,
    /// Looks, and changes nothing.
    Reader,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Hand orders to a carrier.
    Ship,
    /// Give money back, and answer those who ask for it.
    Refund,
    /// Change what is sold.
    Catalogue,
    /// Take the list of orders away as a file.
    Export,
    /// Say what was done about a difference.
    Resolve,
    /// Add people, change and remove them, and see what everybody did.
    Staff,
    /// See the configuration.
    Settings,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Clerk, Self::Reader];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Clerk => "clerk",
            Self::Reader => "reader",
        }
    }

    /// Whether somebody in this role may do it.
    #[must_use]
    pub const fn may(self, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::Clerk => matches!(right, Right::Ship | Right::Catalogue | Right::Export | Right::Resolve),
            Self::Reader => false,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is owner, clerk or reader")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or(UnknownRole)
    }
}

/// Under what somebody of the shop signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffName(String);

/// Not a name that can be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name has 2 to 32 small letters, digits, - and _")]
pub struct StaffNameError;

impl StaffName {
    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StaffName {
    type Err = StaffNameError;

    fn from_str(text: &str) -> Result<Self, StaffNameError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        if (2..=32).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(StaffNameError)
        }
    }
}

impl fmt::Display for StaffName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody of the shop who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub name: StaffName,
    /// As what.
    pub role: Role,
}

impl Staff {
    /// Whether they may do it.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`].
    pub const fn check(&self, right: Right) -> Result<(), ShopError> {
        if self.role.may(right) { Ok(()) } else { Err(ShopError::NotAllowed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clerk_gives_no_money_back_and_a_reader_changes_nothing() {
        assert!(Role::Owner.may(Right::Refund) && Role::Clerk.may(Right::Ship));
        for right in [Right::Refund, Right::Staff, Right::Settings] {
            assert!(!Role::Clerk.may(right));
        }
        assert!(!Role::Reader.may(Right::Ship) && !Role::Reader.may(Right::Export));
    }
}
