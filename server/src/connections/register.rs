//! The register of open connections: the address of each, and what it is doing.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::ConnectionLimits;

/// The server may close a connection that transferred nothing for this long, to free its place for a new one.
const IDLE: Duration = Duration::from_secs(2);

/// As [`IDLE`], while the server answers a request. It is longer than the time limit of a call to WeChat.
const IDLE_IN_REQUEST: Duration = Duration::from_secs(20);

/// One IP address can have this part of the reserved connections: their number divided by this, rounded up.
const RESERVED_DIVISOR: u32 = 8;

/// The open connections. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Register(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: ConnectionLimits,
    begun: Instant,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Activity>>>,
}

/// The activity of one connection.
#[derive(Debug)]
pub(super) struct Activity {
    /// The IP address in the form that limits count; `None` for a trusted proxy.
    address: Option<String>,
    /// Whether this is one of the reserved connections.
    pub(super) is_reserved: bool,
    /// When the connection last transferred bytes, in milliseconds since the register was created.
    last_ms: AtomicU64,
    /// The number of requests that the server is answering.
    requests: AtomicUsize,
    /// Whether a response waits because the client does not read.
    is_unread: AtomicBool,
    is_ended: AtomicBool,
    end: Notify,
}

/// An entry of the register. Dropping it removes the entry.
#[derive(Debug)]
pub(super) struct RegisterEntry {
    register: Register,
    number: u64,
    pub(super) activity: Arc<Activity>,
}

impl Register {
    pub(super) fn new(limits: ConnectionLimits) -> Self {
        let open = Mutex::default();
        Self(Arc::new(Inner { limits, begun: Instant::now(), next: AtomicU64::new(0), open }))
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Registers a connection from an IP address, or from a trusted proxy (`None`). If a limit is reached, this closes
    /// the connection that was idle longest, or uses a reserved connection. Returns `None` if neither is possible; then
    /// the caller must close the new connection.
    pub(super) fn enter(&self, address: Option<String>) -> Option<RegisterEntry> {
        let limits = &self.0.limits;
        let (now_ms, mut open) = (self.now_ms(), self.open());
        let count = |wanted: &dyn Fn(&Activity) -> bool| {
            let living = open.values().filter(|other| !other.is_ended.load(Relaxed));
            u32::try_from(living.filter(|other| wanted(other)).count()).unwrap_or(u32::MAX)
        };
        let same = |other: &Activity| address.is_some() && other.address == address;
        let end = |wanted: &dyn Fn(&Activity) -> bool| close_longest_idle(&open, now_ms, wanted);
        let own = count(&|other| same(other) && !other.is_reserved);
        let room = (own < limits.per_address || end(&|other| same(other) && !other.is_reserved))
            && (count(&|other| !other.is_reserved) < limits.most || end(&|other| !other.is_reserved));
        if !room {
            let of_address = count(&|other| same(other) && other.is_reserved);
            if of_address >= limits.reserved.div_ceil(RESERVED_DIVISOR)
                || count(&|other| other.is_reserved) >= limits.reserved && !end(&|other| other.is_reserved)
            {
                return None;
            }
        }
        let activity = Arc::new(Activity {
            address,
            is_reserved: !room,
            last_ms: AtomicU64::new(now_ms),
            requests: AtomicUsize::new(0),
            is_unread: AtomicBool::new(false),
            is_ended: AtomicBool::new(false),
            end: Notify::new(),
        });
        let number = self.0.next.fetch_add(1, Relaxed);
        open.insert(number, Arc::clone(&activity));
        Some(RegisterEntry { register: self.clone(), number, activity })
    }

    /// Closes the connection that was idle longest, if it was idle long enough.
    pub(super) fn make_room(&self) {
        close_longest_idle(&self.open(), self.now_ms(), &|_| true);
    }

    /// If too many clients do not read, closes the one of their connections that transferred nothing for the longest
    /// time.
    fn bound_unread(&self) {
        let open = self.open();
        let unread =
            || open.values().filter(|other| other.is_unread.load(Relaxed) && !other.is_ended.load(Relaxed));
        if unread().count() > self.0.limits.unread as usize
            && let Some(longest) = unread().min_by_key(|other| other.last_ms.load(Relaxed))
        {
            longest.end();
        }
    }
}

/// Closes the `wanted` connection that was idle longest, if it was idle long enough. Returns whether it closed one.
fn close_longest_idle(
    open: &HashMap<u64, Arc<Activity>>,
    now_ms: u64,
    wanted: &dyn Fn(&Activity) -> bool,
) -> bool {
    let may_end = |other: &&Arc<Activity>| {
        let limit = if other.requests.load(Relaxed) > 0 { IDLE_IN_REQUEST } else { IDLE };
        let idle = now_ms.saturating_sub(other.last_ms.load(Relaxed));
        !other.is_ended.load(Relaxed) && u128::from(idle) >= limit.as_millis() && wanted(other)
    };
    let longest = open.values().filter(may_end).min_by_key(|other| other.last_ms.load(Relaxed));
    if let Some(longest) = longest {
        longest.end();
    }
    longest.is_some()
}

impl Activity {
    fn end(&self) {
        self.is_ended.store(true, Relaxed);
        self.end.notify_one();
    }

    /// Completes when the connection must be closed.
    pub(super) async fn ended(&self) {
        self.end.notified().await;
    }

    /// Counts a request until the returned value is dropped.
    pub(super) fn request(self: &Arc<Self>) -> InRequest {
        self.requests.fetch_add(1, Relaxed);
        InRequest(Arc::clone(self))
    }
}

/// Counts a request while it exists: see [`Activity::request`].
pub(super) struct InRequest(Arc<Activity>);

impl Drop for InRequest {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Relaxed);
    }
}

impl RegisterEntry {
    /// Records that bytes were transferred.
    pub(super) fn touch(&self) {
        self.activity.last_ms.store(self.register.now_ms(), Relaxed);
    }

    /// Records whether a response waits for the client. May close the connection of another client that does not read.
    pub(super) fn set_unread(&self, is_unread: bool) {
        if self.activity.is_unread.swap(is_unread, Relaxed) != is_unread && is_unread {
            self.register.bound_unread();
        }
    }
}

impl Drop for RegisterEntry {
    fn drop(&mut self) {
        self.register.open().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> Register {
        Register::new(ConnectionLimits {
            most: 4,
            reserved: 8,
            per_address: 2,
            unread: 1,
            ..ConnectionLimits::default()
        })
    }

    fn address(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_has_a_limit_and_a_trusted_proxy_has_none() {
        let register = register();
        let mut held: Vec<_> = (0..3).map(|_| register.enter(address("a")).unwrap()).collect();
        let reserved =
            |held: &[RegisterEntry]| held.iter().filter(|entry| entry.activity.is_reserved).count();
        assert_eq!(reserved(&held), 1);
        assert!(
            register.enter(address("a")).is_none(),
            "one address has only a part of the reserved connections"
        );
        held.extend((0..2).map(|_| register.enter(None).unwrap()));
        assert_eq!(reserved(&held), 1, "a proxy is not counted");
        held.push(register.enter(None).unwrap());
        assert_eq!(reserved(&held), 2, "all four are taken");
        drop(held);
        assert!(!register.enter(address("a")).unwrap().activity.is_reserved);
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_connection_closes_the_longest_idle_one_without_a_request() {
        let register = register();
        let answered = register.enter(None).unwrap();
        let _request = answered.activity.request();
        let idle = register.enter(None).unwrap();
        let _others = [register.enter(None).unwrap(), register.enter(None).unwrap()];
        tokio::time::advance(IDLE).await;
        _others.iter().for_each(RegisterEntry::touch);
        let fifth = register.enter(None).unwrap();
        assert!(!fifth.activity.is_reserved);
        idle.activity.ended().await;
        assert!(register.enter(None).unwrap().activity.is_reserved, "nothing else is idle");
        tokio::time::advance(IDLE_IN_REQUEST).await;
        assert!(!register.enter(None).unwrap().activity.is_reserved);
    }

    #[tokio::test(start_paused = true)]
    async fn the_connection_that_has_been_unread_longest_is_closed() {
        let register = register();
        let (first, second) = (register.enter(None).unwrap(), register.enter(None).unwrap());
        first.set_unread(true);
        tokio::time::advance(Duration::from_millis(10)).await;
        second.touch();
        second.set_unread(true);
        first.activity.ended().await;
        assert!(!second.activity.is_ended.load(Relaxed));
    }
}
