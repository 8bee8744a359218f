//! The program itself, as an operator starts it.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The server's binary in a folder of its own, with stand-ins for the browser's files.
pub(crate) struct Program {
    folder: tempfile::TempDir,
}

/// How long a command may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

impl Program {
    #[track_caller]
    pub(crate) fn install() -> Self {
        // of the build's own file system, so that a link will do
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::hard_link(env!("CARGO_BIN_EXE_server"), folder.path().join("server")).unwrap();
        std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
        std::fs::write(folder.path().join("hash.txt"), "js: 1\nwasm: 2\ncss: 3\n").unwrap();
        for file in ["xiaodian.1.js", "xiaodian.2.wasm", "xiaodian.3.css"] {
            std::fs::write(folder.path().join("site/pkg").join(file), "").unwrap();
        }
        Self { folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where a release has its files.
    pub(crate) fn site(&self) -> PathBuf {
        self.folder().join("site")
    }

    /// The program with this configuration and nothing of the test's own environment.
    fn command(&self, arguments: &[&str], variables: &[(String, String)]) -> Command {
        let mut command = Command::new("sh");
        command
            .current_dir(self.folder())
            // without the signal, a file that may not grow is an error that a program hears of
            .args(["-c", "trap '' XFSZ; exec ./server \"$@\"", "server"])
            .args(arguments)
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str], variables: &[(String, String)]) -> Ended {
        let running = Running(self.command(arguments, variables).spawn().unwrap());
        tokio::task::spawn_blocking(|| running.end()).await.unwrap()
    }

    /// Starts the server.
    #[track_caller]
    pub(crate) fn start(&self, variables: &[(String, String)]) -> Running {
        self.start_with(&[], variables)
    }

    /// Starts a command.
    #[track_caller]
    pub(crate) fn start_with(&self, arguments: &[&str], variables: &[(String, String)]) -> Running {
        Running(self.command(arguments, variables).spawn().unwrap())
    }
}

/// A program that runs; killed where a test fails before its end.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Asks it to stop, as the system does, and waits.
    pub(crate) async fn stop(self) -> Ended {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(asked.success());
        tokio::task::spawn_blocking(|| self.end()).await.unwrap()
    }

    #[track_caller]
    fn end(mut self) -> Ended {
        // both are read at once: a full pipe would hold the program
        let (mut out, mut err) = (self.0.stdout.take().unwrap(), self.0.stderr.take().unwrap());
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            err.read_to_string(&mut text).map(|_| text)
        });
        let output = std::thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).map(|_| text)
        });
        let begun = Instant::now();
        let status = loop {
            match self.0.try_wait().unwrap() {
                Some(status) => break status,
                None if begun.elapsed() > PATIENCE => panic!("it does not end"),
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        Ended {
            ok: status.success(),
            stdout: output.join().unwrap().unwrap(),
            stderr: errors.join().unwrap().unwrap(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a program said, and whether it was content.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The lines of the log that say that something is wrong.
    pub(crate) fn errors(&self) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.contains(" ERROR ")).collect()
    }
}
