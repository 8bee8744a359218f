//! The commands that change the state of a message in the outbox.

use model::message::{MessageChannel, MessageState};
use store::{Command, ReadSet, UnitOfWork};

/// Marks a waiting message as being sent by this run of the job. Returns whether this run may send it.
pub(super) struct BeginSending {
    pub(super) id: String,
    /// The random name of the run. If the writer applies the command again, it finds its own name.
    pub(super) sender: String,
    pub(super) channel: MessageChannel,
    pub(super) now_ms: i64,
}

impl Command for BeginSending {
    type Reply = bool;

    fn reads(&self, reads: &mut ReadSet) {
        reads.message(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> bool {
        let Some(message) = unit.message(&self.id) else { return false };
        match message.state {
            MessageState::Waiting => {}
            state => return state == MessageState::Sending && message.sender == self.sender,
        }
        if let Some(row) = unit.update_message(&self.id) {
            row.state = MessageState::Sending;
            row.sender.clone_from(&self.sender);
            row.channel = self.channel;
            row.changed_ms = self.now_ms;
        }
        true
    }
}

/// Stores the outcome of a message, or that it waits again.
pub(super) struct StoreOutcome {
    pub(super) id: String,
    /// The name of the run that sent it; empty if it was not sent.
    pub(super) sender: String,
    pub(super) state: MessageState,
    pub(super) code: String,
    pub(super) detail: String,
    pub(super) now_ms: i64,
}

impl Command for StoreOutcome {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.message(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let is_own = unit.message(&self.id).is_some_and(|message| match message.state {
            MessageState::Waiting => self.sender.is_empty(),
            // another server may have marked it as unknown while this server waited for the answer
            MessageState::Sending | MessageState::Unknown => message.sender == self.sender,
            MessageState::Sent | MessageState::Refused | MessageState::Dropped => false,
        });
        if !is_own {
            return;
        }
        if let Some(row) = unit.update_message(&self.id) {
            row.state = self.state;
            row.code.clone_from(&self.code);
            row.detail.clone_from(&self.detail);
            row.changed_ms = self.now_ms;
        }
    }
}
