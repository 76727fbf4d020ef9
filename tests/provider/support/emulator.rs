//! An emulator of AWS as a process of ours, and the record that it keeps of every call.
//!
//! Owns the process: it ends when its [`Server`] is dropped, and, since it waits on its standard input, also when
//! this process is killed. Knows nothing of IAM.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::ground;

/// Which program plays AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emulator {
    /// Enforces policies, trust and boundaries.
    Ministack,
    /// Checks each call's own rules, and lets anybody do anything.
    Moto,
}

impl Emulator {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Ministack, Self::Moto];

    /// As trial names and `tests/ground/serve.py` spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ministack => "ministack",
            Self::Moto => "moto",
        }
    }
}

/// An answer to give in the emulator's place, `times` times, to one action in one account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    code: &'static str,
    message: &'static str,
    status: u16,
    times: u32,
    applied: bool,
}

impl Fault {
    /// The error `code` with the HTTP status that AWS gives it: 403 for a refusal, 400 for the rest.
    pub(crate) fn error(code: &'static str) -> Self {
        let status = if code == "AccessDenied" { 403 } else { 400 };
        Self { code, message: "asked for by the test", status, times: 1, applied: false }
    }

    /// AWS is busy: an error that a client is meant to try again after.
    pub(crate) fn throttled() -> Self {
        Self::error("Throttling")
    }

    /// AWS is broken for a moment.
    pub(crate) fn internal() -> Self {
        Self { status: 500, ..Self::error("ServiceFailure") }
    }

    /// The same with AWS's own words, for errors that differ in them alone.
    pub(crate) fn saying(self, message: &'static str) -> Self {
        Self { message, ..self }
    }

    /// The same answer to the next `times` calls.
    pub(crate) fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// AWS does what it was asked and only the answer is lost.
    pub(crate) fn after_the_work(self) -> Self {
        Self { applied: true, ..self }
    }
}

/// A running emulator on a loopback port.
pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts it and waits until it answers. Ends the test when it does not.
    pub(crate) fn start(emulator: Emulator) -> Self {
        let mut child = ground::python(&ground::folder().join("venv/bin/python"))
            .arg(ground::root().join("tests/ground/serve.py"))
            .arg(emulator.name())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the ground is prepared before any emulator starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("a pipe can be read");
        let port = line.trim().parse();
        let port = port.unwrap_or_else(|_| panic!("{} did not start; its error is above", emulator.name()));
        Self { child, port }
    }

    /// The URL that clients take as the endpoint of every service.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The actions called in `account` so far, in order.
    pub(crate) fn calls(&self, account: &str) -> Vec<String> {
        self.calls_at(&format!("/_ground/calls?account={account}"))
    }

    /// The actions called in all accounts so far, in order.
    pub(crate) fn all_calls(&self) -> Vec<String> {
        self.calls_at("/_ground/calls")
    }

    fn calls_at(&self, path: &str) -> Vec<String> {
        let calls = self.ask("GET", path, "");
        let calls = calls.as_array().expect("the record is a list");
        calls.iter().map(|call| call["action"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Answers the next calls of `action` in `account` with `fault`.
    pub(crate) fn answer_with(&self, account: &str, action: &str, fault: Fault) {
        let Fault { code, message, status, times, applied } = fault;
        let asked = json!({
            "account": account, "action": action,
            "code": code, "message": message, "status": status, "times": times, "applied": applied,
        });
        self.ask("POST", "/_ground/faults", &asked.to_string());
    }

    /// Dates the answers in `account` as many seconds later than they are; earlier, if negative. ministack only.
    pub(crate) fn set_clock_ahead(&self, account: &str, seconds: i64) {
        let asked = json!({ "account": account, "ahead": seconds });
        self.ask("POST", "/_ground/clock", &asked.to_string());
    }

    /// A token with these claims, signed by the issuer of that URL. It is good on ministack, while it lasts.
    pub(crate) fn token(&self, claims: &Value, signed_by: &str) -> String {
        let asked = json!({ "claims": claims, "signed_by": signed_by });
        let answer = self.ask("POST", "/_ground/tokens", &asked.to_string());
        answer["token"].as_str().expect("an answer carries the token").to_owned()
    }

    /// One request to the record in front of the emulator. HTTP/1.0, so that the answer ends with the connection.
    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("the emulator is running");
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.0\r\nHost: ground\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("the emulator reads its requests");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the emulator answers in UTF-8");
        let (_, json) = answer.split_once("\r\n\r\n").expect("an HTTP answer has a head and a body");
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{method} {path}: {error} in {answer}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends when its standard input does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
