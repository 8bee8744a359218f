use super::{ReadSet, UnitOfWork};
use crate::{Store, StoreError};

/// A change: the rows that it reads, and what it decides. If its group fails, the writer applies it again, alone. The
/// first commit may have succeeded, so applying it twice must have the same result as once.
pub trait Command: Send + 'static {
    /// What the caller gets once the change is on disk.
    type Reply: Send + 'static;

    /// Names the rows to read.
    fn reads(&self, reads: &mut ReadSet);

    /// Decides, in memory. A command that refuses leaves the unit of work unchanged.
    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply;
}

/// The writer's queue is full, and the command was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the writer's queue is full")]
pub struct QueueFull;

impl Store {
    /// Runs a command and waits until its change is on disk.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails: then nothing of it was written, or the outcome of the commit is unknown.
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Reply, StoreError> {
        self.writer.write(command).await
    }

    /// Like [`Store::write`], but refuses at once if too many commands wait.
    ///
    /// # Errors
    /// [`QueueFull`] outside; inside as [`Store::write`].
    pub async fn try_write<C: Command>(&self, command: C) -> Result<Result<C::Reply, StoreError>, QueueFull> {
        self.writer.try_write(command).await
    }
}
