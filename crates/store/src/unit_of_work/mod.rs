//! Applies commands and commits them in groups. This is how the shop changes orders, payments, refunds and what belongs
//! to them.
//!
//! Commands that arrive during a commit form the next group. The writer reads the rows of the whole group, applies each
//! command in memory, writes the changes and commits once (one disk sync). Then it answers the callers. If a group
//! fails, the writer applies each command again alone, so that one bad command does not fail the others.

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
    outbox::NewMessage,
    read_set::ReadSet,
    shoppers::{Belongings, Joined, KnownOpenId},
    unit::{EventEntry, UnitOfWork, Unpaid},
};
