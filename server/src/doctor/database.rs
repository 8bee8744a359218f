use store::inspect::{Inspection, Schema};

use super::Finding;
use crate::config::Config;

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    const REACH: &str = "database";
    const SCHEMA: &str = "schema";
    const WRITING: &str = "database writes";
    let found = match Inspection::of(&config.database_url.0).await {
        Ok(found) => found,
        Err(error) => {
            let remedy = "is it running, and are address, name and password in SHOP_DATABASE_URL right? A file needs rights \
                          for the user that runs the server";
            return vec![Finding::wrong(REACH, error.to_string(), remedy)];
        }
    };
    let kind = format!("{:?} answers", found.dialect);
    let schema = match found.schema {
        Schema::Missing => Finding::ok(SCHEMA, "none yet: the first start makes it"),
        Schema::Current(version) => Finding::ok(SCHEMA, format!("version {version}")),
        Schema::Old { has, wants } => Finding::warning(
            SCHEMA,
            format!("version {has}, this program's is {wants}"),
            "back it up, then start the server: it brings the schema up to date",
        ),
        Schema::Newer { has, knows } => Finding::wrong(
            SCHEMA,
            format!("version {has} was written by a newer version of the shop; this one knows {knows}"),
            "run the newer version, or restore the copy that was made before the upgrade",
        ),
    };
    let writing = match found.written {
        Ok(()) => Finding::ok(WRITING, "a trial change was taken, and given up"),
        Err(error) => Finding::wrong(
            WRITING,
            error.to_string(),
            "disk full, rights of the file and its folder, or a PostgreSQL replica? Nothing can be sold until it takes writes",
        ),
    };
    vec![Finding::ok(REACH, kind), schema, writing]
}
