//! The command that records discrepancies. Notifications and bills use it.

use model::record::DiscrepancyRecord;
use store::{Command, ReadSet, UnitOfWork};

/// Records discrepancies.
pub(crate) struct RecordDiscrepancies(pub(crate) Vec<DiscrepancyRecord>);

impl Command for RecordDiscrepancies {
    type Reply = ();

    fn reads(&self, _: &mut ReadSet) {}

    fn apply(&self, unit: &mut UnitOfWork) {
        for discrepancy in &self.0 {
            unit.record_discrepancy(discrepancy.clone());
        }
    }
}
