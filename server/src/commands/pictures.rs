use clap::Subcommand;
use server::config::Config;

use super::{Outcome, open, progress::Progress, say};

/// The largest number of missing pictures that the command prints.
const NAMED: usize = 20;

/// A command about pictures.
#[derive(Subcommand)]
pub(crate) enum PicturesCommand {
    /// Move all pictures to SHOP_PICTURES, from the database or from SHOP_PICTURES_FROM. It can run while the shop
    /// serves, and it can be repeated.
    Move,
}

/// Runs the command.
pub(crate) async fn pictures(config: Config, command: PicturesCommand) -> Outcome {
    let PicturesCommand::Move = command;
    let shop = open(&config, config.clock()).await?;
    let pictures = shop.pictures();
    let what = format!("moving pictures to {}", pictures.place());
    let progress = Progress::begin(&what);
    let done = pictures
        .move_all(|done| {
            progress.set_step(format!("{what}: {} moved, {} were there", done.moved, done.already_moved))
        })
        .await;
    drop(progress);
    let done = done.map_err(|error| format!("{error}. What was moved stays moved: repeat the command"))?;
    say(&format!("{}: {} pictures moved, {} were there", pictures.place(), done.moved, done.already_moved));
    if done.missing.is_empty() {
        say("no picture is elsewhere: SHOP_PICTURES_FROM can be removed from all servers");
        return Ok(());
    }
    for key in done.missing.iter().take(NAMED) {
        say(&format!("missing: {key}"));
    }
    let missing = done.missing.len();
    Err(format!(
        "{missing} pictures are in no place: set SHOP_PICTURES_FROM to where they were, or restore the backup of that place, and \
         repeat the command"
    )
    .into())
}
