//! The writer task: it commits the commands of this process, one group after the other.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use futures::future::BoxFuture;
use model::message::MessagePlan;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{Command, QueueFull, ReadSet, UnitOfWork, batch_window::BatchWindow, flush, load};
use crate::{Dialect, StoreError, driver::Connection};

/// The maximum number of messages in one group.
const GROUP: usize = 128;

/// The maximum number of messages that wait for the writer. `try_write` refuses more.
const QUEUE: usize = 4096;

/// Other work on the writer's connection. Returns whether it succeeded.
type Exclusive = Box<dyn for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, bool> + Send>;

enum Message {
    Command(Box<dyn Pending>),
    Exclusive(Exclusive),
}

/// A command with the channel to its caller, without the type of the command.
trait Pending: Send {
    fn reads(&self, reads: &mut ReadSet);
    fn apply(&mut self, unit: &mut UnitOfWork);
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Caller<C: Command> {
    command: C,
    reply: Option<C::Reply>,
    back: oneshot::Sender<Result<C::Reply, StoreError>>,
}

impl<C: Command> Pending for Caller<C> {
    fn reads(&self, reads: &mut ReadSet) {
        self.command.reads(reads);
    }

    fn apply(&mut self, unit: &mut UnitOfWork) {
        self.reply = Some(self.command.apply(unit));
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { reply, back, .. } = *self;
        let answer = outcome
            .and_then(|()| reply.ok_or_else(|| StoreError::new("answering", "the command was not applied")));
        // the caller may no longer wait, but the change is committed all the same
        let _ = back.send(answer);
    }
}

/// Sends commands to the writer task. Cheap to clone. The task ends when the last clone is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    messages: mpsc::Sender<Message>,
    stock_version: Arc<AtomicU64>,
    plan: SharedPlan,
}

/// The message plan. The shop sets it when it opens.
type SharedPlan = Arc<RwLock<Arc<MessagePlan>>>;

impl Writer {
    /// Starts the writer task on a connection to the database with this URL. SQLite blocks its thread during a disk
    /// sync, so its writer has its own thread.
    pub(crate) fn start(url: &str, connection: Connection) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let dialect = connection.dialect();
        let stock_version = Arc::new(AtomicU64::new(0));
        let plan = SharedPlan::default();
        let writing = WritingConnection {
            url: url.to_owned(),
            connection: Some(connection),
            stock_version: Arc::clone(&stock_version),
            plan: Arc::clone(&plan),
        };
        let running = run(writing, receiver);
        match dialect {
            Dialect::Postgres => drop(tokio::spawn(running)),
            Dialect::Sqlite => {
                let runtime = tokio::runtime::Handle::current();
                std::thread::Builder::new()
                    .name("sqlite-writer".to_owned())
                    .spawn(move || runtime.block_on(running))
                    .map_err(StoreError::during("starting the writer"))?;
            }
        }
        Ok(Self { messages: sender, stock_version, plan })
    }

    /// See [`Store::plan_messages`](crate::Store::plan_messages).
    pub(crate) fn plan_messages(&self, plan: MessagePlan) {
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(plan);
    }

    /// See [`Store::stock_version`](crate::Store::stock_version).
    pub(crate) fn stock_version(&self) -> u64 {
        self.stock_version.load(Ordering::Acquire)
    }

    /// Whether the writer task still takes commands.
    pub(crate) fn is_running(&self) -> bool {
        !self.messages.is_closed()
    }

    /// See [`Store::write`](crate::Store::write).
    pub(crate) async fn write<C: Command>(&self, command: C) -> Result<C::Reply, StoreError> {
        let (back, answer) = oneshot::channel();
        let message = Message::Command(Box::new(Caller { command, reply: None, back }));
        self.messages.send(message).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// See [`Store::try_write`](crate::Store::try_write).
    pub(crate) async fn try_write<C: Command>(
        &self,
        command: C,
    ) -> Result<Result<C::Reply, StoreError>, QueueFull> {
        let (back, answer) = oneshot::channel();
        match self.messages.try_send(Message::Command(Box::new(Caller { command, reply: None, back }))) {
            Ok(()) => Ok(answer.await.unwrap_or_else(|_| Err(stopped()))),
            Err(mpsc::error::TrySendError::Full(_)) => Err(QueueFull),
            Err(mpsc::error::TrySendError::Closed(_)) => Ok(Err(stopped())),
        }
    }

    /// Runs other statements on the writer's connection, after the commands of a group: leases of jobs, the catalogue
    /// and others.
    pub(crate) async fn exclusive<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let (back, answer) = oneshot::channel();
        let message = Message::Exclusive(Box::new(move |connection| {
            Box::pin(async move {
                let outcome = work(connection).await;
                let is_done = outcome.is_ok();
                let _ = back.send(outcome);
                is_done
            })
        }));
        self.messages.send(message).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

fn stopped() -> StoreError {
    StoreError::new("writing", "the writer has stopped")
}

/// The writer's connection. It is opened again after a failure, or if the database server closed it.
struct WritingConnection {
    url: String,
    connection: Option<Connection>,
    /// Grows with each transaction that may have changed stock.
    stock_version: Arc<AtomicU64>,
    plan: SharedPlan,
}

impl WritingConnection {
    /// Begins a transaction.
    async fn begin(&mut self) -> Result<&mut Connection, StoreError> {
        const CONTEXT: &str = "beginning a transaction";
        if let Some(mut connection) = self.connection.take() {
            let begun = connection.begin(CONTEXT).await;
            if begun.is_ok() {
                return Ok(self.connection.insert(connection));
            }
            // SQLite was busy, and a new connection would wait equally long
            if connection.dialect() == Dialect::Sqlite {
                begun?;
            }
        }
        let connection = self.connection.insert(Connection::open(&self.url, false).await?);
        connection.begin(CONTEXT).await?;
        Ok(connection)
    }

    /// A connection on which the database answers; opens a new one if necessary.
    async fn answering(&mut self) -> Result<&mut Connection, StoreError> {
        if let Some(mut connection) = self.connection.take()
            && connection.answers().await
        {
            return Ok(self.connection.insert(connection));
        }
        Ok(self.connection.insert(Connection::open(&self.url, false).await?))
    }

    fn raise_stock_version(&self) {
        self.stock_version.fetch_add(1, Ordering::Release);
    }

    /// Drops the connection. This ends an open transaction.
    fn close(&mut self) {
        self.connection = None;
    }
}

async fn run(mut connection: WritingConnection, mut messages: mpsc::Receiver<Message>) {
    let mut group: Vec<Message> = Vec::with_capacity(GROUP);
    let mut window = BatchWindow::default();
    while messages.recv_many(&mut group, GROUP).await > 0 {
        window.gather(&mut messages, &mut group, GROUP).await;
        let mut commands = Vec::with_capacity(group.len());
        let mut exclusives = Vec::new();
        for message in group.drain(..) {
            match message {
                Message::Command(command) => commands.push(command),
                Message::Exclusive(work) => exclusives.push(work),
            }
        }
        if !commands.is_empty() {
            let (answered, begin) = (commands.len(), Instant::now());
            write(&mut connection, commands).await;
            window.committed(answered, messages.len(), begin.elapsed());
        }
        for work in exclusives {
            match connection.answering().await {
                Ok(open) => {
                    if !work(open).await {
                        connection.close();
                    }
                    connection.raise_stock_version();
                }
                // dropping the work closes its channel, so its caller gets an error
                Err(error) => tracing::error!(%error, "the writer got no database connection"),
            }
        }
    }
}

async fn write(connection: &mut WritingConnection, mut commands: Vec<Box<dyn Pending>>) {
    match commit(connection, &mut commands).await {
        Ok(()) => answer(commands, Ok(())),
        Err(error) if commands.len() == 1 => {
            // only debug, because the caller logs the error
            tracing::debug!(%error, "a change was not written");
            answer(commands, Err(error));
        }
        Err(error) => {
            tracing::warn!(%error, commands = commands.len(), "a group of commands was not written: trying each command alone");
            for command in commands {
                let mut alone = vec![command];
                let outcome = commit(connection, &mut alone).await;
                if let Err(error) = &outcome {
                    tracing::debug!(%error, "a change was not written");
                }
                answer(alone, outcome);
            }
        }
    }
}

fn answer(commands: Vec<Box<dyn Pending>>, outcome: Result<(), StoreError>) {
    for command in commands {
        command.answer(outcome.clone());
    }
}

async fn commit(
    connection: &mut WritingConnection,
    commands: &mut [Box<dyn Pending>],
) -> Result<(), StoreError> {
    let mut reads = ReadSet::default();
    for command in commands.iter() {
        command.reads(&mut reads);
    }
    let outcome = transact(connection, &reads, commands).await;
    match &outcome {
        Ok(moves_stock) if !moves_stock => {}
        Ok(_) => connection.raise_stock_version(),
        // the commit may have succeeded
        Err(_) => {
            connection.close();
            connection.raise_stock_version();
        }
    }
    outcome.map(drop)
}

/// Applies and commits the commands in one transaction. Returns whether they change stock.
async fn transact(
    connection: &mut WritingConnection,
    reads: &ReadSet,
    commands: &mut [Box<dyn Pending>],
) -> Result<bool, StoreError> {
    let plan = Arc::clone(&connection.plan.read().unwrap_or_else(PoisonError::into_inner));
    let connection = connection.begin().await?;
    let mut unit = load::load(connection, reads, plan).await?;
    for command in commands {
        command.apply(&mut unit);
    }
    flush::flush(connection, &unit).await?;
    connection.commit("committing").await?;
    Ok(!unit.stock_moves.is_empty())
}

#[cfg(test)]
mod tests {
    use model::{
        catalogue::{Product, Specification},
        discrepancy::DiscrepancyKind,
        freight::FreightRules,
        record::DiscrepancyRecord,
    };

    use super::*;
    use crate::Store;

    /// Takes stock without a check. The CHECK of the table refuses too much.
    struct Take {
        sku: &'static str,
        pieces: i64,
    }

    impl Command for Take {
        type Reply = ();

        fn reads(&self, _: &mut ReadSet) {}

        fn apply(&self, unit: &mut UnitOfWork) {
            if let Ok(sku) = self.sku.parse() {
                unit.move_stock(&sku, -self.pieces);
            }
        }
    }

    fn product((sku, stock): (&str, i64)) -> Product {
        Product {
            id: sku.parse().unwrap(),
            name: "n".to_owned(),
            category: "c".to_owned(),
            summary: String::new(),
            description: String::new(),
            picture: String::new(),
            pictures: Vec::new(),
            options: Vec::new(),
            skus: vec![Specification {
                sku: sku.parse().unwrap(),
                spec: String::new(),
                price: model::Fen(1),
                stock,
                weight_g: 0,
            }],
            on_sale: true,
            sale: model::catalogue::SalePeriod::default(),
            archived: false,
            purchase_limit: None,
            version: 1,
        }
    }

    async fn store(folder: &tempfile::TempDir) -> Store {
        let store = Store::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        let stock = [("mug-celadon-300", 100), ("throw-wool-1", 1), ("test-sticker-1", 100_000)];
        store.seed_catalogue(stock.map(product).to_vec(), FreightRules::default()).await.unwrap();
        store
    }

    async fn left(store: &Store, sku: &str) -> i64 {
        store.stock().await.unwrap().into_iter().find(|row| row.sku.as_str() == sku).unwrap().stock
    }

    #[tokio::test]
    async fn a_command_that_the_database_refuses_fails_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder).await;
        let before = left(&store, "mug-celadon-300").await;
        let takes = (0..20).map(|at| {
            let sku = if at == 7 { "throw-wool-1" } else { "mug-celadon-300" };
            store.writer.write(Take { sku, pieces: if at == 7 { 2 } else { 1 } })
        });
        let outcomes = futures::future::join_all(takes).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 1);
        assert!(outcomes[7].is_err());
        assert_eq!(left(&store, "mug-celadon-300").await, before - 19);
        assert_eq!(left(&store, "throw-wool-1").await, 1);
    }

    struct RecordDiscrepancy(DiscrepancyRecord);

    impl Command for RecordDiscrepancy {
        type Reply = ();

        fn reads(&self, _: &mut ReadSet) {}

        fn apply(&self, unit: &mut UnitOfWork) {
            unit.record_discrepancy(self.0.clone());
        }
    }

    /// Runs a pragma on the writer's connection.
    async fn tell(store: &Store, pragma: String) {
        let told = store.writer.exclusive(move |connection| {
            Box::pin(async move { connection.run("telling it", &pragma).await })
        });
        told.await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_fails_one_change_and_the_next_is_written_once_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder).await;
        let note = |detail: String| {
            RecordDiscrepancy(DiscrepancyRecord {
                id: detail.clone(),
                kind: DiscrepancyKind::UnknownEvent,
                out_trade_no: String::new(),
                at_ms: 1,
                detail,
                payload: vec![7; 64 * 1024],
                resolution: String::new(),
            })
        };
        // the file cannot grow any more
        tell(&store, "PRAGMA max_page_count = 1".to_owned()).await;
        let error = store.writer.write(note("first".to_owned())).await.unwrap_err().to_string();
        assert!(error.contains("full"), "{error}");
        // a new connection has no such limit, like a disk with free space again
        store.writer.write(note("second".to_owned())).await.unwrap();
        tell(&store, "PRAGMA query_only = ON".to_owned()).await;
        let error =
            store.writer.write(Take { sku: "test-sticker-1", pieces: 1 }).await.unwrap_err().to_string();
        assert!(error.contains("readonly"), "{error}");
        store.writer.write(Take { sku: "test-sticker-1", pieces: 1 }).await.unwrap();
        assert_eq!(store.open_discrepancies().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_store_whose_writer_has_died_is_not_ready() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder).await;
        store.ping().await.unwrap();
        let died = store.writer.exclusive::<(), _>(|_| Box::pin(async { panic!("a defect in the writer") }));
        assert!(died.await.is_err());
        // the channel closes when the task has ended
        while store.writer.is_running() {
            tokio::task::yield_now().await;
        }
        let error = store.ping().await.unwrap_err().to_string();
        assert!(error.contains("restart the server"), "{error}");
    }

    #[tokio::test]
    async fn too_many_at_once_are_refused_and_the_rest_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder).await;
        let before = left(&store, "test-sticker-1").await;
        // the writer is busy until all commands were sent
        let (begin, has_begun) = oneshot::channel();
        let (release, held) = oneshot::channel::<()>();
        let writer = store.writer.clone();
        let busy = tokio::spawn(async move {
            let hold = writer.exclusive(move |_| {
                Box::pin(async {
                    let _ = begin.send(());
                    held.await.map_err(StoreError::during("waiting"))
                })
            });
            hold.await
        });
        has_begun.await.unwrap();
        let takes =
            (0..QUEUE + 200).map(|_| store.writer.try_write(Take { sku: "test-sticker-1", pieces: 0 }));
        let all_tried = async { release.send(()) };
        let (outcomes, _) = tokio::join!(biased; futures::future::join_all(takes), all_tried);
        busy.await.unwrap().unwrap();
        let full = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        assert!(full >= 200, "{full}");
        assert!(outcomes.into_iter().flatten().all(|written| written.is_ok()));
        assert_eq!(left(&store, "test-sticker-1").await, before);
    }
}
