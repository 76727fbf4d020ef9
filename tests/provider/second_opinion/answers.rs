//! The server's answers, through `tests/ground/second_opinion.py`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Asks the server at that address, by roles of the account; `true` is allowed.
pub(super) fn of(root: &Path, endpoint: &str, account: &str, questions: &Value) -> Vec<bool> {
    let mut asking = Command::new(root.join("target/ground/venv/bin/python"))
        .arg(root.join("tests/ground/second_opinion.py"))
        .args([endpoint, account])
        .env("PYTHONPYCACHEPREFIX", root.join("target/ground/pycache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It reads all before it writes anything.
    let mut stdin = asking.stdin.take().unwrap();
    stdin.write_all(questions.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = asking.wait_with_output().unwrap();
    assert!(output.status.success(), "the server could not be asked; the reason is above");
    serde_json::from_slice(&output.stdout).unwrap()
}
