use super::{ReadSet, UnitOfWork};
use crate::{Store, StoreError};

/// A change of orders, payments, refunds, stock or balances, and of what is written with them. The writer reads the
/// rows, then applies the command to them in memory.
///
/// A command must be idempotent: if the commit of its group fails, the writer applies it again alone, and the first
/// commit may have succeeded. So random values and times are created before the command.
pub trait Command: Send + 'static {
    /// What the caller gets after the commit.
    type Reply: Send + 'static;

    /// Adds the rows that the command reads to the read set.
    fn reads(&self, reads: &mut ReadSet);

    /// Applies the change in memory. A command that refuses must leave the unit of work unchanged: it checks everything
    /// first.
    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply;
}

/// The writer's queue is full. The command was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the writer's queue is full")]
pub struct QueueFull;

impl Store {
    /// Runs a command and waits until its change is committed.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails. Either nothing was written, or the outcome of the commit is unknown.
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Reply, StoreError> {
        self.writer.write(command).await
    }

    /// Like [`Store::write`], but refuses at once if the writer's queue is full.
    ///
    /// # Errors
    /// The outer result is [`QueueFull`]; the inner one is that of [`Store::write`].
    pub async fn try_write<C: Command>(&self, command: C) -> Result<Result<C::Reply, StoreError>, QueueFull> {
        self.writer.try_write(command).await
    }
}
