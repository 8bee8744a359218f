//! One person, one shopper: the openids of a person, and the merge of two shoppers with the same unionid.

use model::{Fen, OpenId, Shopper, UnionId};

use super::{ReadSet, UnitOfWork};

/// An openid of a person whose unionid is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOpenId {
    /// The openid.
    pub openid: OpenId,
    /// The account that knows the person by it.
    pub appid: String,
    /// The shopper.
    pub shopper: OpenId,
    /// The person's unionid.
    pub unionid: UnionId,
}

/// What an openid has as a shopper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Belongings {
    /// The number of orders, top-ups too.
    pub orders: i64,
    /// The number of lines in the cart.
    pub cart_lines: i64,
    /// The number of addresses.
    pub addresses: i64,
    /// The balance.
    pub balance: Fen,
}

impl Belongings {
    /// Whether there is nothing to move.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// What became of an openid whose unionid was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It is the first openid with this unionid, and it stays its own shopper.
    First,
    /// It had this unionid before: nothing changed.
    Known,
    /// It belongs to this shopper now, with what it had.
    Merged(OpenId, Belongings),
    /// It had another unionid before: nothing changed.
    OtherUnionId,
}

/// An openid whose row is written, or whose rows move to its shopper.
#[derive(Clone, Debug)]
pub(super) struct Join {
    pub(super) row: KnownOpenId,
    /// Whether the openid has no row yet.
    pub(super) is_new: bool,
    pub(super) at_ms: i64,
}

impl Join {
    /// Whether the shopper is another openid.
    pub(super) fn moves(&self) -> bool {
        self.row.openid != self.row.shopper
    }
}

impl ReadSet {
    /// An openid and the shopper of a unionid. PostgreSQL locks both, and the orders of the openid.
    pub fn login(&mut self, openid: &OpenId, unionid: &UnionId) {
        self.logins.push((openid.clone(), unionid.clone()));
    }

    /// The shopper for whom an order is added: the shopper may have been merged since the request began.
    pub fn shopper(&mut self, shopper: &Shopper) {
        self.shoppers.push(shopper.to_string());
    }
}

impl UnitOfWork {
    /// Joins an openid, which was read with [`ReadSet::login`], to the shopper of this unionid. The rows of the openid move to
    /// the shopper in the same commit. The openid itself stays where WeChat needs it: in attempts and messages.
    ///
    /// A request that began before the merge, or a server of the version before, may have written rows of the openid after it:
    /// these move at the next login.
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

    /// The shopper to whom this one was merged, otherwise the same one. The shopper was read with [`ReadSet::shopper`] or
    /// [`ReadSet::holds`].
    #[must_use]
    pub fn current_shopper(&self, shopper: Shopper) -> Shopper {
        match self.openids.get(&shopper.to_string()) {
            Some(known) => known.shopper.clone().into(),
            None => shopper,
        }
    }

    /// Whether an openid is one of this shopper's.
    pub(super) fn is_of(&self, openid: &OpenId, shopper: &OpenId) -> bool {
        openid == shopper || self.openids.get(openid.as_str()).is_some_and(|known| known.shopper == *shopper)
    }

    /// The openids of the shopper of an order that was read, if the unionid is known. The oldest comes first.
    pub(super) fn openids_of(&self, shopper: &OpenId) -> Vec<&KnownOpenId> {
        let mut known: Vec<_> = self.openids.values().filter(|known| known.shopper == *shopper).collect();
        known.sort_unstable_by_key(|known| (known.openid != known.shopper, known.openid.as_str()));
        known
    }
}
