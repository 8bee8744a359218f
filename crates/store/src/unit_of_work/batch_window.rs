//! Decides how long the writer waits for more commands before it commits a group.
//!
//! The callers of one commit often send their next commands at almost the same time. Without a wait, the writer would
//! commit the first of these commands alone and then the others: two disk syncs instead of one.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// After a useless wait, the writer makes this many commits without a wait.
const COMMITS_WITHOUT_WAIT: u8 = 16;

#[derive(Debug, Default)]
pub(super) struct BatchWindow {
    /// The number of callers that the last commit answered.
    answered: usize,
    /// The number of messages that arrived during that commit.
    waiting: usize,
    /// The duration of the last commit.
    took: Duration,
    /// The number of next commits without a wait.
    without_wait: u8,
}

impl BatchWindow {
    /// Waits for more commands, until the group is as large as the last one, with the messages that arrived since.
    /// Waits at most half the duration of the last commit. A single caller never waits.
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

    /// Records a commit: how many callers it answered, how many messages wait now, and how long it took.
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
