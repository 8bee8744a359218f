//! How long the writer waits for more before it commits.
//!
//! Callers that were answered together often come back together: if the first of them were committed alone, the others
//! would wait for that commit, and from then on two halves would take turns, with two syncs of the disk instead of one.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// Groups that are committed without waiting after a wait was in vain.
const GROUPS_WITHOUT: u8 = 16;

#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Callers that the last commit answered.
    answered: usize,
    /// Those that had come meanwhile.
    waiting: usize,
    /// How long the last commit took.
    took: Duration,
    /// Groups that are not waited for.
    without: u8,
}

impl Pace {
    /// Takes in who comes back, until as many are there as were answered, for half a commit at most. One caller alone
    /// is never made to wait.
    pub(super) async fn gather<T>(
        &mut self,
        messages: &mut mpsc::Receiver<T>,
        group: &mut Vec<T>,
        most: usize,
    ) {
        if self.answered < 2 {
            return;
        }
        if self.without > 0 {
            self.without -= 1;
            return;
        }
        let expected = (self.waiting + self.answered).min(most);
        let until = Instant::now() + self.took / 2;
        while group.len() < expected {
            let more = messages.recv_many(group, expected - group.len());
            if !timeout_at(until, more).await.is_ok_and(|came| came > 0) {
                break;
            }
        }
        if group.len() < self.waiting + self.answered / 2 {
            self.without = GROUPS_WITHOUT;
        }
    }

    /// A group has been committed and answered; so many others are waiting.
    pub(super) fn committed(&mut self, answered: usize, waiting: usize, took: Duration) {
        *self = Self { answered, waiting, took, without: self.without };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Duration = Duration::from_secs(20);

    async fn gathered(pace: &mut Pace, come: usize) -> usize {
        let (sender, mut messages) = mpsc::channel(8);
        let mut group = vec![0];
        let coming = async {
            for _ in 0..come {
                tokio::time::sleep(Duration::from_millis(1)).await;
                sender.send(1).await.unwrap();
            }
        };
        tokio::join!(pace.gather(&mut messages, &mut group, 8), coming);
        group.len()
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_answered_together_is_committed_together_again() {
        let mut pace = Pace::default();
        assert_eq!(gathered(&mut pace, 1).await, 1, "nobody was answered");
        pace.committed(1, 0, SLOW);
        assert_eq!(gathered(&mut pace, 1).await, 1, "one alone does not wait");
        pace.committed(4, 0, SLOW);
        assert_eq!(gathered(&mut pace, 3).await, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_in_vain_is_not_repeated_at_once() {
        let mut pace = Pace::default();
        pace.committed(6, 0, SLOW);
        let begin = Instant::now();
        assert_eq!(gathered(&mut pace, 0).await, 1);
        assert!(begin.elapsed() >= SLOW / 2);
        let begin = Instant::now();
        assert_eq!(gathered(&mut pace, 0).await, 1);
        assert!(begin.elapsed() < SLOW / 2);
    }
}
