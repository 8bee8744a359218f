//! Configurations that the server refuses: each has an error of one line.

use crate::{app::TestApp, on_both, program::Program};
use test_support::Database;

on_both!(each_start_error_is_one_clear_line);

/// Starts it, which fails, and gives the one line that says why.
async fn refusal(program: &Program, variables: &[(String, String)], more: &[(&str, &str)]) -> String {
    let mut variables = variables.to_vec();
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let ended = program.run(&["serve"], &variables).await;
    assert!(!ended.ok, "it started: {}", ended.stderr);
    match &*ended.errors() {
        [line] => (*line).to_owned(),
        _ => panic!("not one line: {}", ended.stderr),
    }
}

async fn each_start_error_is_one_clear_line(database: Database) {
    let mut app = TestApp::start(database).await;
    let program = Program::install();
    let variables = app.variables().to_vec();

    let line = refusal(&program, &variables, &[]).await;
    assert!(line.contains("cannot listen on") && line.contains("SHOP_ADDR"), "{line}");
    app.stop_server().await;

    // an image without ca-certificates
    let empty = program.folder().join("no-certificates");
    std::fs::create_dir(&empty).unwrap();
    let file = empty.join("none.pem");
    std::fs::write(&file, "").unwrap();
    let (folder, file) = (empty.to_str().unwrap(), file.to_str().unwrap());
    let nowhere = [("SSL_CERT_FILE", file), ("SSL_CERT_DIR", folder), ("WECHAT_CA_FILE", "")];
    let line = refusal(&program, &variables, &nowhere).await;
    assert!(line.contains("ca-certificates"), "{line}");

    std::fs::rename(program.site(), program.folder().join("elsewhere")).unwrap();
    let line = refusal(&program, &variables, &[]).await;
    assert!(line.contains("no browser files") && line.contains("make build"), "{line}");
    std::fs::rename(program.folder().join("elsewhere"), program.site()).unwrap();

    let connection = app.database.connect().await;
    connection.change_schema_version(connection.schema_version().await, Some(9999)).await;
    let line = refusal(&program, &variables, &[]).await;
    assert!(line.contains("newer version of the shop") && line.contains("9999"), "{line}");

    let mut fresh = variables.clone();
    fresh.push(("SHOP_DATABASE_URL".into(), format!("sqlite://{}/new.db", program.folder().display())));
    let said = program.run(&["jobs"], &fresh).await;
    assert!(said.ok && said.stderr.contains("the database is new: its tables are made"), "{}", said.stderr);
    let again = program.run(&["jobs"], &fresh).await;
    assert!(again.ok && !again.stderr.contains("tables"), "{}", again.stderr);
    app.stop().await;
}
