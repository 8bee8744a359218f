use store::inspect::{self, Inspection, Replication, Schema};

use super::Finding;
use crate::config::{Config, DatabaseUrl};

/// Checks the database. If `is_asynchronous_accepted` is true, an asynchronous standby is only a warning.
pub(super) async fn check(config: &Config, is_asynchronous_accepted: bool) -> Vec<Finding> {
    const REACH: &str = "database";
    const SCHEMA: &str = "schema";
    const WRITING: &str = "database writes";
    let found = match Inspection::of(&config.database_url.0).await {
        Ok(found) => found,
        Err(error) => {
            let remedy = "start the database, and check address, name and password in SHOP_DATABASE_URL. The user of the \
                          server needs rights for the file";
            return vec![Finding::wrong(REACH, error.to_string(), remedy)];
        }
    };
    let kind = format!("{:?} answers", found.dialect);
    let schema = match found.schema {
        Schema::Missing => Finding::ok(SCHEMA, "none yet: the first start creates it"),
        Schema::Current(version) => Finding::ok(SCHEMA, format!("version {version}")),
        Schema::Old { has, wants } => Finding::warning(
            SCHEMA,
            format!("version {has}, this program's is {wants}"),
            "back it up, then start the server: it migrates the schema",
        ),
        Schema::Newer { has, knows } => Finding::wrong(
            SCHEMA,
            format!("version {has} was written by a newer version of the shop; this one knows {knows}"),
            "run the newer version, or restore the copy that was made before the upgrade",
        ),
    };
    let writing = match found.written {
        Ok(()) => Finding::ok(WRITING, "the database took a test transaction, which was rolled back"),
        Err(error) => Finding::wrong(
            WRITING,
            error.to_string(),
            "check the disk space, the rights of the file and its folder, and whether this is a PostgreSQL replica. The \
             shop sells nothing until the database takes writes",
        ),
    };
    let replication = found.replication.map(|found| of_replication(found, is_asynchronous_accepted));
    let standby = match &config.read_database_url {
        Some(url) => Some(standby(url).await),
        None => None,
    };
    [Finding::ok(REACH, kind), schema, writing].into_iter().chain(replication).chain(standby).collect()
}

/// Checks the standby for long reads. A failure is only a warning, because the shop then reads from the leader.
async fn standby(url: &DatabaseUrl) -> Finding {
    const CHECK: &str = "SHOP_READ_DATABASE_URL";
    match inspect::is_standby(&url.0).await {
        Ok(true) => Finding::ok(CHECK, "a standby answers: lists, figures and exports are read there"),
        Ok(false) => Finding::warning(
            CHECK,
            "this server is not a standby, so the shop reads from the leader",
            "set the address of a standby, or remove the variable",
        ),
        Err(error) => Finding::warning(
            CHECK,
            format!("{error}; the shop reads from the leader"),
            "start the standby with hot_standby = on, and check address, name and password",
        ),
    }
}

fn of_replication(found: Replication, is_asynchronous_accepted: bool) -> Finding {
    const CHECK: &str = "database standbys";
    const REMEDY: &str = "set synchronous_standby_names (Patroni: synchronous_mode: true, see deploy/ha). If you accept the loss: \
                          server doctor --accept-asynchronous";
    match found {
        Replication::NoStandby => Finding::ok(CHECK, "none: if this machine is lost, the shop stops"),
        Replication::Synchronous { standbys: 0 } => Finding::warning(
            CHECK,
            "a commit waits for a standby, and none is connected",
            "start a standby: until then commits wait, and the shop takes no orders",
        ),
        Replication::Synchronous { standbys } => {
            Finding::ok(CHECK, format!("{standbys}; a commit waits until a standby has it"))
        }
        Replication::Asynchronous { standbys } => {
            let what = format!(
                "{standbys}, and a commit does not wait for them: a fail-over can lose payments, and WeChat will not \
                 report them again"
            );
            if is_asynchronous_accepted {
                Finding::warning(CHECK, what, REMEDY)
            } else {
                Finding::wrong(CHECK, what, REMEDY)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    #[test]
    fn an_asynchronous_standby_is_wrong_unless_the_operator_accepts_it() {
        let asynchronous = Replication::Asynchronous { standbys: 2 };
        assert_eq!(of_replication(asynchronous, false).verdict, Verdict::Wrong);
        assert_eq!(of_replication(asynchronous, true).verdict, Verdict::Warning);
        assert_eq!(of_replication(Replication::Synchronous { standbys: 2 }, false).verdict, Verdict::Ok);
        assert_eq!(of_replication(Replication::Synchronous { standbys: 0 }, false).verdict, Verdict::Warning);
    }
}
