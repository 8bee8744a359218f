//! How long the writer waits for more commands before it commits.
//!
//! Callers that one commit answered often send their next commands at almost the same time. Without a wait, the writer
//! would commit the first of these alone and the others after it: two syncs of the disk instead of one.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// The number of commits without a wait, after a wait in which no command arrived.
const COMMITS_WITHOUT_WAIT: u8 = 16;

#[derive(Debug, Default)]
pub(super) struct BatchWindow {
    /// The number of callers that the last commit answered.
    answered: usize,
    /// The number of callers that arrived during that commit.
    waiting: usize,
    /// The duration of the last commit.
    took: Duration,
    /// The number of coming commits that do not wait.
    without_wait: u8,
}

impl BatchWindow {
    /// Adds commands that arrive, until as many are there as the last commit answered. Waits for half a commit at most. A
    /// single caller never waits.
    pub(super) async fn gather<T>(
        &mut self,
        messages: &mut mpsc::Receiver<T>,
        group: &mut Vec<T>,
        limit: usize,
    ) {
        if self.answered < 2 {
            return;
        }
        if self.without_wait > 0 {
            self.without_wait -= 1;
            return;
        }
        let expected = (self.waiting + self.answered).min(limit);
        let until = Instant::now() + self.took / 2;
        while group.len() < expected {
            let more = messages.recv_many(group, expected - group.len());
            if !timeout_at(until, more).await.is_ok_and(|came| came > 0) {
                break;
            }
        }
        if group.len() < self.waiting + self.answered / 2 {
            self.without_wait = COMMITS_WITHOUT_WAIT;
        }
    }

    /// Records a commit: how many callers it answered, how many wait now, and how long it took.
    pub(super) fn committed(&mut self, answered: usize, waiting: usize, took: Duration) {
        *self = Self { answered, waiting, took, without_wait: self.without_wait };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Duration = Duration::from_secs(20);

    async fn gathered(window: &mut BatchWindow, come: usize) -> usize {
        let (sender, mut messages) = mpsc::channel(8);
        let mut group = vec![0];
        let coming = async {
            for _ in 0..come {
                tokio::time::sleep(Duration::from_millis(1)).await;
                sender.send(1).await.unwrap();
            }
        };
        tokio::join!(window.gather(&mut messages, &mut group, 8), coming);
        group.len()
    }

    #[tokio::test(start_paused = true)]
    async fn callers_of_one_group_share_the_next_commit_too() {
        let mut window = BatchWindow::default();
        assert_eq!(gathered(&mut window, 1).await, 1, "no caller was answered before");
        window.committed(1, 0, SLOW);
        assert_eq!(gathered(&mut window, 1).await, 1, "a single caller does not wait");
        window.committed(4, 0, SLOW);
        assert_eq!(gathered(&mut window, 3).await, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_without_result_is_not_repeated_at_once() {
        let mut window = BatchWindow::default();
        window.committed(6, 0, SLOW);
        let begin = Instant::now();
        assert_eq!(gathered(&mut window, 0).await, 1);
        assert!(begin.elapsed() >= SLOW / 2);
        let begin = Instant::now();
        assert_eq!(gathered(&mut window, 0).await, 1);
        assert!(begin.elapsed() < SLOW / 2);
    }
}
