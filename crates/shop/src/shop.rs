use std::sync::Arc;

use store::{Store, StoreError};
use wechat::{Endpoints, Official, Website, miniprogram::MiniProgram};

use crate::{
    Admin, AfterSales, Catalogue, Checkout, Clock, Complaints, Identity, Ids, Invoices, Jobs,
    MerchantAccount, Messages, OfficialAccount, Orders, Payments, PicturePlaces, Pictures, Privacy, Products,
    PushReceivers, Pushes, Reconciliation, Refunds, Settings, Shipping, StaffAccounts, audit::Audit,
    gateway::Accounts, jobs::Handles, privacy::EndedSessions, products::Snapshot,
};

/// The clients of WeChat that the shop uses.
#[derive(Clone)]
pub struct Wechat {
    /// The URLs of WeChat's hosts.
    pub endpoints: Endpoints,
    /// The official account: login, `access_token`, `jsapi_ticket`.
    pub official: Official,
    /// The merchant account of the official account.
    pub account: MerchantAccount,
    /// The mini program with its merchant account, if configured.
    pub miniprogram: Option<(MiniProgram, MerchantAccount)>,
    /// The website application, for the login on a computer, if configured.
    pub website: Option<Website>,
    /// The receivers of pushed messages of both accounts.
    pub pushes: PushReceivers,
}

/// The parts from which the handles are built. Each handle clones the parts that it needs.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) settings: Arc<Settings>,
    pub(crate) catalogue: Arc<Snapshot>,
    pub(crate) endpoints: Endpoints,
    pub(crate) official: Official,
    pub(crate) miniprogram: Option<MiniProgram>,
    pub(crate) website: Option<Website>,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) pushes: Arc<PushReceivers>,
    pub(crate) pictures: PicturePlaces,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) audit: Audit,
    pub(crate) ended_sessions: Arc<EndedSessions>,
}

/// The shop: builds a handle for each subject, and hands the handles out. The shop and its handles are cheap to clone.
#[derive(Clone)]
pub struct Shop(Arc<Inner>);

struct Inner {
    parts: Parts,
    orders: Orders,
    checkout: Checkout,
    payments: Payments,
    refunds: Refunds,
    after_sales: AfterSales,
    reconciliation: Reconciliation,
    shipping: Shipping,
    identity: Identity,
    products: Products,
    pictures: Pictures,
    staff: StaffAccounts,
    admin: Admin,
    jobs: Jobs,
    official: OfficialAccount,
    pushes: Pushes,
    messages: Messages,
    complaints: Complaints,
    invoices: Invoices,
    privacy: Privacy,
}

impl Shop {
    /// Opens the shop with a store. Fills an empty catalogue with `initial`.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open(
        store: Store,
        initial: &Catalogue,
        settings: Settings,
        wechat: Wechat,
        pictures: PicturePlaces,
        clock: impl Clock,
        ids: impl Ids,
    ) -> Result<Self, StoreError> {
        let ended_sessions = Arc::new(EndedSessions::load(&store).await?);
        let Wechat { endpoints, official, account, miniprogram, website, pushes } = wechat;
        let (miniprogram, miniprogram_account) = miniprogram.unzip();
        let accounts = Arc::new(Accounts::new(account, miniprogram_account));
        let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (Arc::new(clock), Arc::new(ids));
        let catalogue = Arc::new(Snapshot::load(&store, initial, Arc::clone(&clock)).await?);
        let audit = Audit::new(&store, &clock, &ids);
        let settings = Arc::new(settings);
        Ok(Self::new(Parts {
            store,
            settings,
            catalogue,
            endpoints,
            official,
            miniprogram,
            website,
            accounts,
            pushes: Arc::new(pushes),
            pictures,
            clock,
            ids,
            audit,
            ended_sessions,
        }))
    }

    /// Builds the handles. Each gets clones of the handles that it calls, so no two handles can call each other.
    fn new(parts: Parts) -> Self {
        let orders = Orders::new(&parts);
        let refunds = Refunds::new(&parts);
        let pictures = Pictures::new(&parts);
        let after_sales = AfterSales::new(&parts, &orders, &refunds, &pictures);
        let payments = Payments::new(&parts, &orders);
        let pushes = Pushes::new(&parts);
        let shipping = Shipping::new(&parts, &orders);
        let messages = Messages::new(&parts);
        parts.store.plan_messages(messages.plan());
        let complaints = Complaints::new(&parts);
        let reconciliation = Reconciliation::new(&parts, &payments, &refunds);
        let handles = Handles {
            payments: &payments,
            refunds: &refunds,
            after_sales: &after_sales,
            reconciliation: &reconciliation,
            pushes: &pushes,
            shipping: &shipping,
            messages: &messages,
            complaints: &complaints,
            pictures: &pictures,
        };
        let jobs = Jobs::new(&parts, &handles);
        Self(Arc::new(Inner {
            checkout: Checkout::new(&parts, &orders, &payments),
            jobs,
            shipping,
            identity: Identity::new(&parts),
            products: Products::new(&parts, &pictures),
            pictures,
            staff: StaffAccounts::new(&parts),
            admin: Admin::new(&parts),
            invoices: Invoices::new(&parts, &orders),
            privacy: Privacy::new(&parts),
            official: OfficialAccount::new(&parts),
            orders,
            payments,
            refunds,
            after_sales,
            reconciliation,
            pushes,
            messages,
            complaints,
            parts,
        }))
    }

    /// Orders, as their shoppers see them.
    #[must_use]
    pub fn orders(&self) -> &Orders {
        &self.0.orders
    }

    /// From the cart to a placed order.
    #[must_use]
    pub fn checkout(&self) -> &Checkout {
        &self.0.checkout
    }

    /// Payments of orders.
    #[must_use]
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }

    /// Refunds.
    #[must_use]
    pub fn refunds(&self) -> &Refunds {
        &self.0.refunds
    }

    /// What shoppers ask for after the sale, and the answers of staff.
    #[must_use]
    pub fn after_sales(&self) -> &AfterSales {
        &self.0.after_sales
    }

    /// The comparison of the books with WeChat.
    #[must_use]
    pub fn reconciliation(&self) -> &Reconciliation {
        &self.0.reconciliation
    }

    /// Shipments of paid orders, and their reports to WeChat.
    #[must_use]
    pub fn shipping(&self) -> &Shipping {
        &self.0.shipping
    }

    /// Login with WeChat, guests and profiles.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// The catalogue, and the changes that staff make to it.
    #[must_use]
    pub fn products(&self) -> &Products {
        &self.0.products
    }

    /// Where the bytes of pictures are.
    #[must_use]
    pub fn pictures(&self) -> &Pictures {
        &self.0.pictures
    }

    /// The accounts of the staff, and their sign-in.
    #[must_use]
    pub fn staff(&self) -> &StaffAccounts {
        &self.0.staff
    }

    /// What staff see in the console.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        &self.0.admin
    }

    /// The jobs: work that a server does later.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The official account's `access_token` and JS-SDK.
    #[must_use]
    pub fn official(&self) -> &OfficialAccount {
        &self.0.official
    }

    /// Messages that WeChat pushes.
    #[must_use]
    pub fn pushes(&self) -> &Pushes {
        &self.0.pushes
    }

    /// Messages to shoppers and staff.
    #[must_use]
    pub fn messages(&self) -> &Messages {
        &self.0.messages
    }

    /// Complaints of shoppers at WeChat.
    #[must_use]
    pub fn complaints(&self) -> &Complaints {
        &self.0.complaints
    }

    /// The invoices that shoppers ask for.
    #[must_use]
    pub fn invoices(&self) -> &Invoices {
        &self.0.invoices
    }

    /// The copy and the erasure of a shopper's data.
    #[must_use]
    pub fn privacy(&self) -> &Privacy {
        &self.0.privacy
    }

    /// The merchant's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// The URLs of WeChat's hosts.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.parts.endpoints
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.parts.clock
    }

    /// The source of random numbers.
    #[must_use]
    pub fn ids(&self) -> &dyn Ids {
        &*self.0.parts.ids
    }
}
