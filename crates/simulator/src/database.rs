//! The simulator's in-memory database.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use serde::{Deserialize, Serialize};

use crate::{
    account::{Accounts, Keys, Merchant, PrivateKeys, RsaKeys, Seed, SeedError},
    bill::Download,
    clock::Millis,
    complaints::Complaint,
    faults::Faults,
    login::{Code, Consent, PhoneCode, ProgramCode, Ticket, Token, WebToken},
    messages::{SentMessage, Subscription},
    notify::{DeliveryFaults, Notification},
    pay::{Order, Outcomes, PaymentCode, Refund, order_key},
    phone::{PageConfigs, ProgramCall, Redirects, Share},
    trade_management::Delivery,
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
    pub(crate) accounts: Accounts,
    pub(crate) users: Vec<User>,
    pub(crate) codes: BTreeMap<String, Code>,
    #[serde(default)]
    pub(crate) program_codes: BTreeMap<String, ProgramCode>,
    pub(crate) web_tokens: Vec<WebToken>,
    pub(crate) tokens: Vec<Token>,
    /// The times of forced refreshes of tokens, by appid.
    #[serde(default)]
    pub(crate) token_refreshes: BTreeMap<String, Vec<Millis>>,
    #[serde(default)]
    pub(crate) phone_codes: BTreeMap<String, PhoneCode>,
    pub(crate) tickets: Vec<Ticket>,
    /// All orders. The key is [`order_key`].
    pub(crate) orders: BTreeMap<String, Order>,
    /// The key of the order of a `prepay_id`, `code_url`, `mweb_url` or `transaction_id`.
    pub(crate) order_of: BTreeMap<String, String>,
    /// The key of the order of a `refund_id`, or of an `out_refund_no` with its merchant, as in [`order_key`].
    #[serde(default)]
    pub(crate) refund_of: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) refunds_made: u64,
    pub(crate) payments_made: u64,
    pub(crate) notifications: Vec<Notification>,
    /// The indexes of the notifications that still wait for delivery.
    pub(crate) unsettled: BTreeSet<usize>,

    /// Requested bills of V3, by the token in their address.
    #[serde(default)]
    pub(crate) downloads: BTreeMap<String, Download>,

    #[serde(default)]
    pub(crate) payment_codes: BTreeMap<String, PaymentCode>,

    /// Deliveries that mini programs reported, by the keys of [`order_key`].
    #[serde(default)]
    pub(crate) deliveries: BTreeMap<String, Delivery>,

    /// Complaints of shoppers, by their numbers.
    #[serde(default)]
    pub(crate) complaints: BTreeMap<String, Complaint>,

    /// The address of each merchant for notifications about complaints.
    #[serde(default)]
    pub(crate) complaint_urls: BTreeMap<String, String>,

    /// Messages that users received.
    #[serde(default)]
    pub(crate) messages: Vec<SentMessage>,

    /// What users allow accounts to send.
    #[serde(default)]
    pub(crate) subscriptions: Vec<Subscription>,

    /// Calls of pages to the mini program whose web view shows them.
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
    pub(crate) page_configs: PageConfigs,
    #[serde(skip)]
    pub(crate) shares: Vec<Share>,
    /// The code of each user's last login.
    #[serde(skip)]
    pub(crate) last_logins: BTreeMap<String, String>,
    /// The times at which each user of the mini program requested a session.
    #[serde(skip)]
    pub(crate) sessions_asked: BTreeMap<String, Vec<Millis>>,
}

/// Why the database cannot be created.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewDatabaseError {
    #[error(transparent)]
    Keys(#[from] rcgen::Error),
    #[error(transparent)]
    Seed(#[from] SeedError),
}

impl Database {
    /// The database of the first start, with the accounts of the seed and a TLS certificate for this address.
    pub(crate) fn new(tls_ip: IpAddr, seed: Seed, rsa: RsaKeys) -> Result<Self, NewDatabaseError> {
        let (keys, private_keys, authority) = Keys::generate(tls_ip, rsa)?;
        Ok(Self::with_accounts(keys, private_keys, seed.world(&authority)?))
    }

    /// An empty database with these keys and accounts.
    pub(crate) fn with_accounts(keys: Keys, private_keys: PrivateKeys, accounts: Accounts) -> Self {
        Self {
            clock_ahead: 0,
            shop_clock_ahead: 0,
            keys,
            private_keys,
            users: accounts.users.clone(),
            accounts,
            codes: BTreeMap::new(),
            program_codes: BTreeMap::new(),
            web_tokens: Vec::new(),
            tokens: Vec::new(),
            token_refreshes: BTreeMap::new(),
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
            deliveries: BTreeMap::new(),
            complaints: BTreeMap::new(),
            complaint_urls: BTreeMap::new(),
            messages: Vec::new(),
            subscriptions: Vec::new(),
            program_calls: Vec::new(),
            resets: 0,
            faults: Faults::default(),
            refund_outcomes: Outcomes::default(),
            delivery_faults: DeliveryFaults::default(),
            consents: BTreeMap::new(),
            redirects: Redirects::default(),
            page_configs: PageConfigs::default(),
            shares: Vec::new(),
            last_logins: BTreeMap::new(),
            sessions_asked: BTreeMap::new(),
        }
    }

    /// The user with this `openid` of any account.
    pub(crate) fn user(&self, openid: &str) -> Option<&User> {
        self.users.iter().find(|user| user.is(openid))
    }

    /// The merchant of an order.
    pub(crate) fn merchant_of(&self, order: &Order) -> &Merchant {
        self.accounts.merchant(&order.mch_id).unwrap_or_else(|| self.accounts.first_merchant())
    }

    /// The order of this merchant with this number.
    pub(crate) fn order(&self, mch_id: &str, out_trade_no: &str) -> Option<&Order> {
        self.orders.get(&order_key(mch_id, out_trade_no))
    }

    /// The order with this id: a `prepay_id`, `code_url`, `mweb_url` or `transaction_id`.
    pub(crate) fn order_with_id(&self, id: &str) -> Option<&Order> {
        self.orders.get(self.order_of.get(id)?)
    }

    /// This merchant's order with this `transaction_id`.
    pub(crate) fn paid_order(&self, mch_id: &str, transaction_id: &str) -> Option<&Order> {
        self.order_with_id(transaction_id)
            .filter(|order| order.mch_id == mch_id && order.has_transaction(transaction_id))
    }

    /// The order with this number or id. If several merchants have used the number, this is the order of the first one.
    pub(crate) fn order_named(&self, name: &str, mch_id: Option<&str>) -> Option<&Order> {
        let of_merchants = || self.accounts.merchants.iter().find_map(|each| self.order(&each.mch_id, name));
        match mch_id {
            Some(mch_id) => {
                let with_id = || self.order_with_id(name).filter(|order| order.mch_id == mch_id);
                self.order(mch_id, name).or_else(with_id)
            }
            None => of_merchants().or_else(|| self.order_with_id(name)),
        }
    }

    /// The merchant's refund with this number, and its order.
    pub(crate) fn refund(&self, mch_id: &str, out_refund_no: &str) -> Option<(&Order, &Refund)> {
        let order = self.orders.get(self.refund_of.get(&order_key(mch_id, out_refund_no))?)?;
        let refund = order.refunds.iter().find(|refund| refund.out_refund_no == out_refund_no)?;
        Some((order, refund))
    }

    /// The merchant's refund with this `refund_id`, and its order.
    pub(crate) fn refund_with_id(&self, mch_id: &str, refund_id: &str) -> Option<(&Order, &Refund)> {
        let order = self.orders.get(self.refund_of.get(refund_id)?).filter(|order| order.mch_id == mch_id)?;
        let refund = order.refunds.iter().find(|refund| refund.refund_id == refund_id)?;
        Some((order, refund))
    }
}
