//! Joins the openids of a person to one shopper: the same unionid means the same person. `flush/shoppers.rs` writes the
//! changes.

use model::{Fen, OpenId, Shopper, UnionId};

use super::{ReadSet, UnitOfWork};

/// An openid whose unionid is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOpenId {
    /// The openid.
    pub openid: OpenId,
    /// The account to which the openid belongs.
    pub appid: String,
    /// The id of the shopper: the first openid of the person.
    pub shopper: OpenId,
    /// The person's unionid.
    pub unionid: UnionId,
}

/// What an openid has as its own shopper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Belongings {
    /// The number of orders, including top-ups.
    pub orders: i64,
    /// The number of lines in the cart.
    pub cart_lines: i64,
    /// The number of addresses.
    pub addresses: i64,
    /// The balance, fen.
    pub balance: Fen,
}

impl Belongings {
    /// Whether a merge has nothing to move.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The result of joining an openid to a shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It is the first openid with this unionid, and remains its own shopper.
    First,
    /// It was joined before. Nothing changed.
    Known,
    /// It belongs to this shopper now. These rows moved.
    Merged(OpenId, Belongings),
    /// It has another unionid in the database. Nothing changed.
    OtherUnionId,
}

/// A change to write: a new openid, or rows that move to its shopper.
#[derive(Clone, Debug)]
pub(super) struct Join {
    pub(super) row: KnownOpenId,
    /// Whether the openid is new in the table `shopper_openids`.
    pub(super) is_new: bool,
    pub(super) at_ms: i64,
}

impl Join {
    /// Whether the rows of the openid move to another shopper.
    pub(super) fn moves(&self) -> bool {
        self.row.openid != self.row.shopper
    }
}

impl ReadSet {
    /// Reads an openid and the shopper of a unionid. PostgreSQL locks both, and the orders of the openid.
    pub fn login(&mut self, openid: &OpenId, unionid: &UnionId) {
        self.logins.push((openid.clone(), unionid.clone()));
    }

    /// Reads the shopper who places an order, because a login may have merged the shopper since the request began.
    pub fn shopper(&mut self, shopper: &Shopper) {
        self.shoppers.push(shopper.to_string());
    }
}

impl UnitOfWork {
    /// Joins an openid to the shopper of this unionid. [`ReadSet::login`] has read both. The rows of the openid move to
    /// the shopper in the same commit; attempts and messages keep the openid, because WeChat needs it.
    ///
    /// A request that began before the merge, or a server of the previous version, may write rows of the openid after
    /// the merge. These move at the next login.
    pub fn join_shopper(&mut self, openid: &OpenId, appid: &str, unionid: &UnionId, at_ms: i64) -> Joined {
        let has = self.belongings.get(openid.as_str()).copied().unwrap_or_default();
        if let Some(known) = self.openids.get(openid.as_str()).cloned() {
            if known.unionid != *unionid {
                return Joined::OtherUnionId;
            }
            if known.shopper == *openid || has.is_empty() {
                return Joined::Known;
            }
            self.belongings.remove(openid.as_str());
            self.joins.push(Join { row: known.clone(), is_new: false, at_ms });
            return Joined::Merged(known.shopper, has);
        }
        let shopper = self.owners.entry(unionid.to_string()).or_insert_with(|| openid.clone()).clone();
        let row = KnownOpenId {
            openid: openid.clone(),
            appid: appid.to_owned(),
            shopper: shopper.clone(),
            unionid: unionid.clone(),
        };
        self.openids.insert(openid.to_string(), row.clone());
        self.joins.push(Join { row, is_new: true, at_ms });
        if shopper == *openid {
            return Joined::First;
        }
        self.belongings.remove(openid.as_str());
        Joined::Merged(shopper, has)
    }

    /// The shopper into whom this shopper was merged, or the same shopper. [`ReadSet::shopper`] or [`ReadSet::holds`]
    /// has read the shopper.
    #[must_use]
    pub fn current_shopper(&self, shopper: Shopper) -> Shopper {
        match self.openids.get(&shopper.to_string()) {
            Some(known) => known.shopper.clone().into(),
            None => shopper,
        }
    }

    /// Whether an openid belongs to this shopper.
    pub(super) fn is_of(&self, openid: &OpenId, shopper: &OpenId) -> bool {
        openid == shopper || self.openids.get(openid.as_str()).is_some_and(|known| known.shopper == *shopper)
    }

    /// The openids of a shopper, if the unionid is known. The openid that is the shopper's id comes first.
    pub(super) fn openids_of(&self, shopper: &OpenId) -> Vec<&KnownOpenId> {
        let mut known: Vec<_> = self.openids.values().filter(|known| known.shopper == *shopper).collect();
        known.sort_unstable_by_key(|known| (known.openid != known.shopper, known.openid.as_str()));
        known
    }
}
