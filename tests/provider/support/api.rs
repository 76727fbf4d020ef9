//! Calls of services that the tests have no client for, by the root of an account or by a session of a role.
//!
//! Owns the process of `tests/ground/call.py` that makes them, which ends when the [`Api`] is dropped.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};

use super::account::Refusal;
use super::ground;

/// Somebody who can call any service.
pub(crate) struct Api {
    child: Child,
    answers: RefCell<BufReader<ChildStdout>>,
}

impl Api {
    /// The root of that account.
    pub(crate) fn of_root(endpoint: &str, account: &str) -> Self {
        Self::start(&[endpoint, account])
    }

    /// A session of the role, which the root of that account assumes.
    pub(super) fn of_role(endpoint: &str, account: &str, role_arn: &str) -> Self {
        Self::start(&[endpoint, account, role_arn])
    }

    fn start(arguments: &[&str]) -> Self {
        let mut child = ground::python(&ground::folder().join("venv/bin/python"))
            .arg(ground::root().join("tests/ground/call.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the ground is prepared before any test starts");
        let answers = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { child, answers: RefCell::new(answers) }
    }

    /// Makes a call, its operation and parameters as boto3 spells them.
    #[track_caller]
    pub(crate) fn attempt(
        &self,
        service: &str,
        operation: &str,
        parameters: &Value,
    ) -> Result<Value, Refusal> {
        let call = json!({ "service": service, "operation": operation, "parameters": parameters });
        let mut stdin = self.child.stdin.as_ref().expect("it is piped");
        writeln!(stdin, "{call}").expect("it reads its input");
        let mut line = String::new();
        self.answers.borrow_mut().read_line(&mut line).expect("a pipe can be read");
        let came_of_it: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("{service} {operation} broke off; the reason is above"));
        let text = |name: &str| came_of_it["refused"][name].as_str().unwrap_or_default().to_owned();
        match &came_of_it["answer"] {
            Value::Null => Err(Refusal { code: text("code"), message: text("message") }),
            answer => Ok(answer.clone()),
        }
    }

    /// Makes a call that the test needs done; fails the test when AWS says no.
    #[track_caller]
    pub(crate) fn must(&self, service: &str, operation: &str, parameters: &Value) -> Value {
        let done = self.attempt(service, operation, parameters);
        done.unwrap_or_else(|refusal| panic!("{service} {operation} {parameters}: {refusal:?}"))
    }

    /// Fails the test unless the call is refused for want of permission.
    #[track_caller]
    pub(crate) fn must_not(&self, service: &str, operation: &str, parameters: &Value) {
        let denied = matches!(&self.attempt(service, operation, parameters), Err(refusal)
            if ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"].contains(&refusal.code.as_str()));
        assert!(denied, "{service} {operation} {parameters} was not denied");
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        // It ends when its standard input does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
