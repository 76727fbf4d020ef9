//! For tests: an AWS on a loopback socket whose every answer the test decides, for what no emulator does.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Account, Aws, Endpoints, Patience, Secret, Settings};

pub(crate) const ACCOUNT: &str = "111111111111";

/// One request, by its form parameters; headers are among them, in lower case and with a colon in front.
pub(crate) struct Call(HashMap<String, String>);

impl Call {
    pub(crate) fn action(&self) -> &str {
        self.get("Action")
    }

    /// A parameter, empty when it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// What to answer: the inside of `<…Result>`, or an error.
pub(crate) enum Answer {
    Result(String),
    Error(&'static str, &'static str),
}

/// Success without content.
pub(crate) fn done() -> Answer {
    Answer::Result(String::new())
}

type Respond = dyn Fn(&Call) -> Answer + Send + Sync;

/// A running server; it ends with the test's runtime.
pub(crate) struct Canned {
    port: u16,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    /// Answers what `respond` says; GetCallerIdentity is answered here, as a user of [`ACCOUNT`].
    pub(crate) async fn serve(respond: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (respond, record): (Arc<Respond>, _) = (Arc::new(respond), Arc::clone(&calls));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&respond), Arc::clone(&record)));
            }
        });
        Self { port, calls }
    }

    pub(crate) fn settings(&self) -> Settings {
        let endpoint = Some(format!("http://127.0.0.1:{}", self.port));
        Settings {
            region: Some("us-east-1".to_owned()),
            access_key: Some("AKIAEXAMPLE".to_owned()),
            secret_key: Some(Secret::new("secret")),
            endpoints: Endpoints { iam: endpoint.clone(), sts: endpoint, access_analyzer: None },
            patience: Patience {
                total: Duration::from_secs(30),
                first: Duration::from_millis(1),
                longest: Duration::from_millis(10),
            },
            max_retries: Some(0),
            ..Settings::default()
        }
    }

    pub(crate) async fn account(&self) -> Arc<Account> {
        Aws::new(self.settings()).account(None).await.unwrap()
    }

    /// An account whose retries end soon.
    pub(crate) async fn impatient_account(&self) -> Arc<Account> {
        let settings = self.settings();
        let patience = Patience { total: Duration::from_millis(20), ..settings.patience };
        Aws::new(Settings { patience, ..settings }).account(None).await.unwrap()
    }

    /// The actions called so far but GetCallerIdentity, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|action| *action != "GetCallerIdentity").cloned().collect()
    }
}

async fn converse(stream: TcpStream, respond: Arc<Respond>, record: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(call) = read_call(&mut stream).await {
        record.lock().unwrap().push(call.action().to_owned());
        let answer = match call.action() {
            "GetCallerIdentity" => Answer::Result(format!(
                "<Arn>arn:aws:iam::{ACCOUNT}:user/tester</Arn><UserId>AIDATESTER</UserId><Account>{ACCOUNT}</Account>"
            )),
            _ => respond(&call),
        };
        let action = call.action();
        let (status, body) = match answer {
            Answer::Result(inside) => (
                200,
                format!("<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>"),
            ),
            Answer::Error(code, message) => {
                let error = format!("<Code>{code}</Code><Message>{message}</Message>");
                (400, format!("<ErrorResponse><Error>{error}</Error></ErrorResponse>"))
            }
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nx-amzn-RequestId: r-1\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_call(stream: &mut BufReader<TcpStream>) -> Option<Call> {
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(format!(":{}", name.to_ascii_lowercase()), value.trim().to_owned());
        }
    }
    let mut body = vec![0; headers.get(":content-length").map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let body = String::from_utf8(body).unwrap();
    let form = body.split('&').filter_map(|pair| pair.split_once('='));
    Some(Call(form.map(|(name, value)| (decode(name), decode(value))).chain(headers).collect()))
}

/// A role as GetRole, CreateRole and ListRoles show it.
pub(crate) fn role_fields(name: &str, unique_id: &str) -> String {
    format!(
        "<Path>/</Path><RoleName>{name}</RoleName><RoleId>{unique_id}</RoleId>\
         <Arn>arn:aws:iam::{ACCOUNT}:role/{name}</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate>\
         <AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>\
         <Description>about {name}</Description><MaxSessionDuration>7200</MaxSessionDuration>"
    )
}

/// What AssumeRole answers: a session of `arn` that lives until `expiration`.
pub(crate) fn session(arn: &str, expiration: &str) -> Answer {
    session_with("ASIASESSION", arn, expiration)
}

/// The same, with that access key.
pub(crate) fn session_with(key: &str, arn: &str, expiration: &str) -> Answer {
    Answer::Result(format!(
        "<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
         <SessionToken>t</SessionToken><Expiration>{expiration}</Expiration></Credentials>\
         <AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>{arn}</Arn></AssumedRoleUser>"
    ))
}

/// The answers that reading the role `name` by itself takes, for a role without policies.
pub(crate) fn single_read(call: &Call) -> Option<Answer> {
    let name = call.get("RoleName");
    match call.action() {
        "GetRole" => {
            Some(Answer::Result(format!("<Role>{}</Role>", role_fields(name, &format!("AROA{name}")))))
        }
        "ListRolePolicies" => {
            Some(Answer::Result("<PolicyNames/><IsTruncated>false</IsTruncated>".to_owned()))
        }
        "ListAttachedRolePolicies" => {
            Some(Answer::Result("<AttachedPolicies/><IsTruncated>false</IsTruncated>".to_owned()))
        }
        _ => None,
    }
}
