//! Reads messages to shoppers and staff (the outbox). Commands write them.

use model::{OrderId, message::MessagePlan, record::MessageRecord};

use crate::{
    Store, StoreError,
    rows::{MESSAGE, message},
};

impl Store {
    /// Sets which messages the shop sends. Before this call commands write no messages.
    pub fn plan_messages(&self, plan: MessagePlan) {
        self.writer.plan_messages(plan);
    }

    /// The messages about an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn messages_of(&self, id: &OrderId) -> Result<Vec<MessageRecord>, StoreError> {
        let sql = format!("SELECT {MESSAGE} FROM messages WHERE order_id = $1 ORDER BY created_ms, id");
        self.select(sql, &[id.as_str()]).await?.iter().map(message).collect()
    }

    /// A message; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn message(&self, id: &str) -> Result<Option<MessageRecord>, StoreError> {
        let sql = format!("SELECT {MESSAGE} FROM messages WHERE id = $1");
        self.select(sql, &[id]).await?.first().map(message).transpose()
    }
}
