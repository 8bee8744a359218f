//! The program: its start, its verbs and its exit codes.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::fake_shop::FakeShop;

/// A running program. It is killed when it is dropped.
struct Program {
    child: Child,
    url: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
    command.env_remove("RUST_LOG").env_remove("WECHAT_SIMULATOR_JSSDK").env_remove("WECHAT_SIMULATOR_URL");
    command
}

impl Program {
    #[track_caller]
    fn start(shop: &str) -> Self {
        let free = "127.0.0.1:0";
        let mut command = command();
        command.args(["--listen", free, "--tls-listen", free, "--phone-listen", free, "--shop", shop]);
        Self::started(command)
    }

    /// Starts it and reads its address.
    #[track_caller]
    fn started(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap().trim_end_matches('/').to_owned();
        Self { child, url }
    }

    #[track_caller]
    fn run(&self, verb: &[&str]) -> Output {
        command().args(verb).args(["--simulator", &self.url]).output().unwrap()
    }

    /// Runs a verb that must succeed.
    #[track_caller]
    fn text(&self, verb: &[&str]) -> String {
        let output = self.run(verb);
        assert!(output.status.success(), "{verb:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, verb: &[&str]) -> Value {
        serde_json::from_str(&self.text(&[verb, &["--json"]].concat())).unwrap()
    }

    /// Stops the program and returns its log.
    fn log(mut self) -> String {
        self.child.kill().unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verbs_control_a_running_simulator() {
    let shop = FakeShop::start().await;
    tokio::task::block_in_place(|| {
        let program = Program::start(shop.url.as_str());
        let order = program.json(&[
            "trigger",
            "order",
            "--out-trade-no",
            "order1",
            "--total-fee",
            "250",
            "--notify-url",
            &shop.notify_url(),
        ]);
        assert_eq!((&order["trade_state"], &order["out_trade_no"]), (&json!("NOTPAY"), &json!("order1")));
        let prepay_id = order["prepay_id"].as_str().unwrap();
        assert_eq!(program.json(&["pay", prepay_id])["trade_state"], "SUCCESS");
        assert!(program.text(&["trigger", "refund", "--out-trade-no", "order1"]).contains("out_refund_no"));
        assert_eq!(program.json(&["resend", "order1", "--kind", "payment"])["resent"], 1);
        assert_eq!(program.json(&["clock", "+2h"])["ahead_s"], 7200);
        assert!(program.text(&["clock"]).contains("ahead_s       7200"));
        assert_eq!(
            program.json(&["faults", "add", "token", "http_500", "--times", "1"])["faults"][0]["kind"],
            "http_500"
        );
        assert_eq!(program.text(&["faults"]), "token  http_500  1 times\n");
        let status = program.text(&["status"]);
        assert!(
            status.contains("orders         1 (1 REFUND)") && status.contains("faults         1 (1 token)"),
            "{status}"
        );
        assert_eq!(program.text(&["faults", "clear"]), "no faults\n");
        assert_eq!(program.json(&["status"])["orders"], 1);
        program.text(&["reset"]);
        assert_eq!(program.json(&["status"])["orders"], 0);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_follows_requests_and_names_mistakes_without_secrets() {
    let program = tokio::task::block_in_place(|| Program::start("http://127.0.0.1:9"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let account: Value =
        client.get(format!("{}/_simulator/account", program.url)).send().await.unwrap().json().await.unwrap();
    let follow = command()
        .args(["logs", "--follow", "--simulator", &program.url])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut follow = Program { child: follow, url: String::new() };
    let order = format!(
        "<xml><appid>{}</appid><mch_id>{}</mch_id><nonce_str>a</nonce_str><out_trade_no>order1</out_trade_no>\
         <sign>{}</sign></xml>",
        account["appid"].as_str().unwrap(),
        account["mch_id"].as_str().unwrap(),
        "0".repeat(32),
    );
    client.post(format!("{}/pay/orderquery", program.url)).body(order).send().await.unwrap();
    let mut line = String::new();
    tokio::task::block_in_place(|| {
        let mut lines = BufReader::new(follow.child.stdout.as_mut().unwrap());
        lines.read_line(&mut line).unwrap();
        lines.read_line(&mut line).unwrap();
    });
    assert!(line.contains("wrong_signature") && line.contains("/pay/orderquery"), "{line}");
    assert!(line.contains("No known mistake explains this signature."), "{line}");
    let entries =
        tokio::task::block_in_place(|| program.text(&["logs", "--verdict", "wrong_signature", "--json"]));
    assert_eq!(entries.lines().count(), 1, "{entries}");
    let log = tokio::task::block_in_place(|| program.log());
    assert!(log.contains("wrong signature: No known mistake"), "{log}");
    for name in
        ["secret", "miniprogram_secret", "api_v2_key", "api_v3_key", "previous_api_v2_key", "sandbox_signkey"]
    {
        assert!(!log.contains(account[name].as_str().unwrap()), "{name}");
    }
}

#[test]
fn a_verb_without_a_simulator_ends_with_one_line_and_code_2() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    for verb in [
        &["status"][..],
        &["trigger", "payment"],
        &["pay", "order1"],
        &["clock", "+1h"],
        &["logs"],
        &["logs", "--follow"],
        &["faults"],
        &["reset"],
    ] {
        let output = command().args(verb).args(["--simulator", &url]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{verb:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(&format!("simulator: no simulator runs at {url}")), "{error}");
        assert_eq!((error.lines().count(), output.stdout.len()), (1, 0), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verb_that_is_refused_ends_with_one_line_and_code_1() {
    tokio::task::block_in_place(|| {
        let program = Program::start("http://127.0.0.1:9");
        for verb in [
            &["pay", "nowhere1"][..],
            &["resend", "nowhere1"],
            &["faults", "add", "token", "wrong_signature"],
        ] {
            let output = program.run(verb);
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1), "{verb:?}: {error}");
        }
    });
}

#[test]
fn a_port_that_is_taken_ends_with_one_line_and_code_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = command().args(["--listen", &address]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.starts_with(&format!("simulator: cannot listen on {address}")), "{error}");
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn a_mistake_in_the_seed_ends_with_one_line_and_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let seed = folder.path().join("seed.toml");
    for (text, expected) in [
        ("[[merchants]]\nmchid = \"1900000999\"", "seed.toml: line 2: unknown field `mchid`"),
        (
            "[[merchants]]\nmch_id = \"1900000999\"\n[[merchants]]\nmch_id = \"1900000999\"",
            "merchants[1]: the mch_id 1900000999 is used twice",
        ),
    ] {
        std::fs::write(&seed, text).unwrap();
        let free = "127.0.0.1:0";
        let output = command()
            .args(["--listen", free, "--tls-listen", free, "--phone-listen", free, "--seed"])
            .arg(&seed)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.lines().count()), (Some(2), 1), "{error}");
        assert!(error.contains(expected), "{error}");
    }
    let output = command().arg("--seed").arg(folder.path().join("nothing.toml")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nothing.toml: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_beside_the_program_is_served_also_from_an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("simulator");
    std::fs::copy(env!("CARGO_BIN_EXE_simulator"), &program).unwrap();
    let start = || {
        let free = "127.0.0.1:0";
        let mut command = Command::new(&program);
        command.env_clear().current_dir(folder.path());
        command.args(["--listen", free, "--tls-listen", free, "--phone-listen", free]);
        tokio::task::block_in_place(|| Program::started(command))
    };
    let script = async |program: &Program| {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/open/js/jweixin-1.6.0.js", program.url);
        client.get(url).send().await.unwrap().status().as_u16()
    };
    let without = start();
    assert_eq!(script(&without).await, 503);
    let log = tokio::task::block_in_place(|| without.log());
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.starts_with("simulator: no JS-SDK script"), "{log}");
    std::fs::write(folder.path().join("jweixin-1.6.0.js"), "var wx = 1;").unwrap();
    let with = start();
    assert_eq!(script(&with).await, 200);
    assert_eq!(tokio::task::block_in_place(|| with.log()), "");
    let mut command = command();
    command.args(["--jssdk", "nowhere.js", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0"]);
    command.args(["--phone-listen", "127.0.0.1:0"]);
    let log = tokio::task::block_in_place(|| Program::started(command).log());
    assert!(log.starts_with("simulator: nowhere.js is not a file: no JS-SDK script"), "{log}");
}
