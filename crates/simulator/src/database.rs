//! The simulator's in-memory database.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use serde::{Deserialize, Serialize};

use crate::{
    account::{Keys, PrivateKeys},
    bill::Download,
    clock::Millis,
    faults::Faults,
    login::{Code, Consent, PhoneCode, ProgramCode, Ticket, Token, WebToken},
    notify::{DeliveryFaults, Notification},
    pay::{Order, Outcomes, PaymentCode, Refund},
    phone::{PageConfig, ProgramCall, Redirects, Share},
    user::User,
};

/// The tables. `--state FILE` saves all of them except those marked `skip`: faults and open pages.
#[derive(Serialize, Deserialize)]
pub(crate) struct Database {
    pub(crate) clock_ahead: Millis,
    #[serde(default)]
    pub(crate) shop_clock_ahead: Millis,
    pub(crate) keys: Keys,
    pub(crate) private_keys: PrivateKeys,
    pub(crate) users: Vec<User>,
    pub(crate) codes: BTreeMap<String, Code>,
    #[serde(default)]
    pub(crate) program_codes: BTreeMap<String, ProgramCode>,
    pub(crate) web_tokens: Vec<WebToken>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) forced_refreshes: Vec<Millis>,
    /// The times of forced refreshes of the mini program's token.
    #[serde(default)]
    pub(crate) program_forced_refreshes: Vec<Millis>,
    #[serde(default)]
    pub(crate) phone_codes: BTreeMap<String, PhoneCode>,
    pub(crate) tickets: Vec<Ticket>,
    /// By `out_trade_no`. It is unique, because there is only one merchant.
    pub(crate) orders: BTreeMap<String, Order>,
    /// The order of a `prepay_id`, `code_url`, `mweb_url` or `transaction_id`.
    pub(crate) order_of: BTreeMap<String, String>,
    /// The order of an `out_refund_no` or a `refund_id`.
    #[serde(default)]
    pub(crate) refund_of: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) refunds_made: u64,
    pub(crate) payments_made: u64,
    pub(crate) notifications: Vec<Notification>,
    /// The notifications that are not finished, by index.
    pub(crate) unsettled: BTreeSet<usize>,

    /// Requested bills of V3, by the token in their address.
    #[serde(default)]
    pub(crate) downloads: BTreeMap<String, Download>,

    #[serde(default)]
    pub(crate) payment_codes: BTreeMap<String, PaymentCode>,

    /// Calls of pages to the mini program around them.
    #[serde(default)]
    pub(crate) program_calls: Vec<ProgramCall>,

    /// The number of resets since the start.
    #[serde(skip)]
    pub(crate) resets: u64,
    #[serde(skip)]
    pub(crate) faults: Faults,
    #[serde(skip)]
    pub(crate) refund_outcomes: Outcomes,
    #[serde(skip)]
    pub(crate) delivery_faults: DeliveryFaults,
    #[serde(skip)]
    pub(crate) consents: BTreeMap<String, Consent>,
    #[serde(skip)]
    pub(crate) redirects: Redirects,
    #[serde(skip)]
    pub(crate) page_configs: BTreeMap<String, PageConfig>,
    #[serde(skip)]
    pub(crate) shares: Vec<Share>,
    /// The code of each user's last login.
    #[serde(skip)]
    pub(crate) last_logins: BTreeMap<String, String>,
    /// The times at which each user of the mini program requested a session.
    #[serde(skip)]
    pub(crate) sessions_asked: BTreeMap<String, Vec<Millis>>,
}

impl Database {
    /// The database of the first start, with a TLS certificate for this address.
    pub(crate) fn new(tls_ip: IpAddr) -> Result<Self, rcgen::Error> {
        let (keys, private_keys) = Keys::generate(tls_ip)?;
        Ok(Self::with_keys(keys, private_keys))
    }

    /// An empty database with these keys.
    pub(crate) fn with_keys(keys: Keys, private_keys: PrivateKeys) -> Self {
        Self {
            clock_ahead: 0,
            shop_clock_ahead: 0,
            keys,
            private_keys,
            users: User::demo(),
            codes: BTreeMap::new(),
            program_codes: BTreeMap::new(),
            web_tokens: Vec::new(),
            tokens: Vec::new(),
            forced_refreshes: Vec::new(),
            program_forced_refreshes: Vec::new(),
            phone_codes: BTreeMap::new(),
            tickets: Vec::new(),
            orders: BTreeMap::new(),
            order_of: BTreeMap::new(),
            refund_of: BTreeMap::new(),
            refunds_made: 0,
            payments_made: 0,
            notifications: Vec::new(),
            unsettled: BTreeSet::new(),
            downloads: BTreeMap::new(),
            payment_codes: BTreeMap::new(),
            program_calls: Vec::new(),
            resets: 0,
            faults: Faults::default(),
            refund_outcomes: Outcomes::default(),
            delivery_faults: DeliveryFaults::default(),
            consents: BTreeMap::new(),
            redirects: Redirects::default(),
            page_configs: BTreeMap::new(),
            shares: Vec::new(),
            last_logins: BTreeMap::new(),
            sessions_asked: BTreeMap::new(),
        }
    }

    /// The user with this `openid` of the service account or the mini program.
    pub(crate) fn user(&self, openid: &str) -> Option<&User> {
        self.users.iter().find(|user| user.openid == openid || user.miniprogram_openid == openid)
    }

    /// The order with this number or id.
    pub(crate) fn order_named(&self, name: &str) -> Option<&Order> {
        self.orders.get(name).or_else(|| self.orders.get(self.order_of.get(name)?))
    }

    /// The refund with this number or id, and its order.
    pub(crate) fn refund_named(&self, name: &str) -> Option<(&Order, &Refund)> {
        let order = self.orders.get(self.refund_of.get(name)?)?;
        let mut refunds = order.refunds.iter();
        let refund = refunds.find(|refund| refund.out_refund_no == name || refund.refund_id == name)?;
        Some((order, refund))
    }
}
