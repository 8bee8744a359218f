use std::{fmt, str::FromStr};

use crate::ShopError;

/// The role of a staff member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Has all rights.
    Owner,
    /// Does the daily work, without refunds, personal data, staff and settings.
    Clerk,
    /// Reads everything of the daily work, and changes nothing.
    Reader,
    /// Ships orders and hands over pickups. Sees only what this needs: no money, no figures, no other orders.
    Shipping,
}

/// A right that a role may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read everything of the daily work: all orders with their payments, figures, after-sales, complaints, products
    /// and discrepancies.
    Read,
    /// Read orders that wait for the shop or are on their way: goods and recipient.
    OrdersToShip,
    /// Ship orders, and hand over pickups.
    Ship,
    /// Answer complaints.
    Complaints,
    /// Mark an invoice as issued.
    Invoice,
    /// Create refunds, answer after-sales, and decide about refunds of complaints.
    Refund,
    /// Change the catalogue.
    Catalogue,
    /// Export orders, figures, movements of money and the catalogue as CSV.
    Export,
    /// Resolve discrepancies.
    Resolve,
    /// Copy and erase the data of a shopper.
    Privacy,
    /// Manage the staff and read the audit log.
    Staff,
    /// Read the configuration.
    Settings,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Clerk, Self::Reader, Self::Shipping];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Clerk => "clerk",
            Self::Reader => "reader",
            Self::Shipping => "shipping",
        }
    }

    /// Whether this role has the right.
    #[must_use]
    pub const fn may(self, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::Clerk => matches!(
                right,
                Right::Read
                    | Right::OrdersToShip
                    | Right::Ship
                    | Right::Complaints
                    | Right::Invoice
                    | Right::Catalogue
                    | Right::Export
                    | Right::Resolve
            ),
            Self::Reader => matches!(right, Right::Read | Right::OrdersToShip),
            Self::Shipping => matches!(right, Right::OrdersToShip | Right::Ship),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is owner, clerk, reader or shipping")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or(UnknownRole)
    }
}

/// The name of a staff member: 2 to 32 lower-case letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffName(String);

/// The text is not a valid name of a staff member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name has 2 to 32 Chinese characters, small letters, digits, - and _")]
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
        let allowed =
            |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '_' | '\u{4e00}'..='\u{9fff}');
        if (2..=32).contains(&text.chars().count()) && text.chars().all(allowed) {
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

/// A staff member who acts: signed in, or at the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The name.
    pub name: StaffName,
    /// The role.
    pub role: Role,
}

impl Staff {
    /// Checks that the role has the right.
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
    fn a_clerk_cannot_refund_and_a_reader_cannot_change_anything() {
        assert!(Role::Owner.may(Right::Refund) && Role::Clerk.may(Right::Ship));
        for right in [Right::Refund, Right::Privacy, Right::Staff, Right::Settings] {
            assert!(!Role::Clerk.may(right));
        }
        assert!(!Role::Reader.may(Right::Ship) && !Role::Reader.may(Right::Export));
        assert!(Role::Shipping.may(Right::Ship) && !Role::Shipping.may(Right::Read));
    }

    #[test]
    fn a_role_of_another_version_is_refused() {
        assert_eq!("shipping".parse::<Role>(), Ok(Role::Shipping));
        assert_eq!("manager".parse::<Role>(), Err(UnknownRole));
    }
}
