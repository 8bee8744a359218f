//! How the shop writes orders, payments and refunds: commands, decided in memory, committed in groups.
//!
//! Commands that arrive during a commit form the next group. The writer reads the rows of the whole group, lets each
//! command decide in memory, writes each table with one statement and commits once (one sync of the disk). Only then
//! it answers the callers. If the database refuses a group, the writer tries each command alone, so that one bad command
//! does not fail the others.

mod batch_window;
mod command;
mod complaints;
mod flush;
mod load;
mod outbox;
mod read_set;
mod shoppers;
mod unit;
mod writer;

pub(crate) use self::writer::Writer;
pub use self::{
    command::{Command, QueueFull},
    outbox::News,
    read_set::ReadSet,
    shoppers::{Belongings, Joined, KnownOpenId},
    unit::{EventEntry, UnitOfWork, Unpaid},
};
