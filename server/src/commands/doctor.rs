use std::cell::Cell;

use server::{
    config::{Config, ConfigError},
    doctor::{self, Finding, Verdict},
};
use shop::SystemClock;

use super::{Outcome, progress::Progress, say};

/// Checks the configuration, the machine and WeChat, and prints what to do. Fails if something is wrong.
pub(crate) async fn doctor(config: Result<Config, ConfigError>, is_asynchronous_accepted: bool) -> Outcome {
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            for line in error.lines() {
                say(&format!("wrong   configuration: {line}"));
            }
            return Err("the configuration is not complete: see above, and .env.sample".into());
        }
    };
    say("ok      configuration: complete");
    let progress = Progress::begin("");
    let (wrong, warnings) = (Cell::new(0), Cell::new(0));
    let found = |finding: Finding| {
        match finding.verdict {
            Verdict::Ok => {}
            Verdict::Warning => warnings.set(warnings.get() + 1),
            Verdict::Wrong => wrong.set(wrong.get() + 1),
        }
        progress.say(&finding.to_string());
    };
    let begin = |what| progress.set_step(format!("looking at {what}"));
    doctor::examine(&config, &SystemClock, is_asynchronous_accepted, begin, found).await;
    drop(progress);
    match (wrong.get(), warnings.get()) {
        (0, 0) => say("all is well"),
        (0, warnings) => say(&format!("nothing is wrong; {warnings} to look at")),
        (wrong, _) => return Err(format!("{wrong} of the checks above are wrong").into()),
    }
    Ok(())
}
