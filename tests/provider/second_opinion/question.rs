//! One question in two languages: the request and the policies as the engine takes them, and what the server is asked.

use iam_policy::{
    Caller, Context, Document, Kind, PolicySet, PrincipalKind, Request, ResourcePolicy, Statement,
};
use serde_json::{Value, json};

use super::case::{Case, parsed};
use super::operation::{NAME, Operation, REGION};

/// How many roles ask at the same time.
const ROLES: usize = 4;

/// A request, the policies that bear on it, and the same for the server.
pub(super) struct Question {
    /// Which case it is of, by index.
    pub(super) case: usize,
    /// What it is about, for people.
    pub(super) title: String,
    pub(super) policies: PolicySet,
    pub(super) request: Request,
    /// As `tests/ground/second_opinion.py` takes it.
    pub(super) asked: Value,
}

impl Question {
    /// Each operation, asked about the cases that are for all.
    pub(super) fn for_all<'a>(
        operations: &'a [Operation],
        cases: &[Case],
        account: &str,
    ) -> Vec<(&'a Operation, Self)> {
        let of_each = |_: &Operation| (0..cases.len()).filter(|&case| cases[case].is_for_all()).collect();
        Self::all(operations, cases, account, of_each)
    }

    /// Each operation, asked about that many of the other cases, by turns.
    pub(super) fn by_turns<'a>(
        operations: &'a [Operation],
        cases: &[Case],
        account: &str,
        many: usize,
    ) -> Vec<(&'a Operation, Self)> {
        let mut turn = (0..cases.len()).filter(|&case| !cases[case].is_for_all()).cycle();
        Self::all(operations, cases, account, |_| turn.by_ref().take(many).collect())
    }

    fn all<'a>(
        operations: &'a [Operation],
        cases: &[Case],
        account: &str,
        mut of_each: impl FnMut(&Operation) -> Vec<usize>,
    ) -> Vec<(&'a Operation, Self)> {
        let mut questions = Vec::new();
        for (index, operation) in operations.iter().enumerate() {
            for case in of_each(operation) {
                let question = Self::new(operation, (case, &cases[case]), account, index % ROLES);
                questions.push((operation, question));
            }
        }
        questions
    }

    fn new(operation: &Operation, (index, case): (usize, &Case), account: &str, role: usize) -> Self {
        let role = format!("asker-{role}");
        let mut words = operation.words(account);
        words.push(("role", role.clone()));
        let held = case.filled(&words);
        let context = tagged(known(account), &held["tags"]);
        let resource = operation.resource(account, NAME);
        Self {
            case: index,
            title: format!("{} on {resource}, {}", operation.title(), case.name()),
            policies: with_key_policy(policies(&held), &resource, account),
            request: Request::new(caller(account, &role), operation.action(), resource, context),
            asked: asked(&held, &role, operation.call(account, NAME)),
        }
    }
}

/// A KMS key always has a policy. Where none is given it is this, which leaves all to the account's own policies (AWS
/// KMS Developer Guide, "Default key policy"); the server does not look for the policy of a key that it does not have.
pub(super) fn with_key_policy(set: PolicySet, resource: &str, account: &str) -> PolicySet {
    if !resource.starts_with("arn:aws:kms:") {
        return set;
    }
    let root = format!("arn:aws:iam::{account}:root");
    let policy =
        Document::new([Statement::allow(["kms:*"]).principal(PrincipalKind::Aws, root).resource("*")]);
    set.resource("default", &policy, ResourcePolicy::Key)
}

/// A session of a role, as the server makes it.
pub(super) fn caller(account: &str, role: &str) -> Caller {
    Caller::Role { arn: format!("arn:aws:iam::{account}:role/{role}"), session: Some("asking".to_owned()) }
}

/// The condition keys that AWS would find in every request that is made here. The clock stands, between all dates that
/// the cases speak of.
pub(super) fn known(account: &str) -> Context {
    Context::complete()
        .with("aws:CurrentTime", ["2026-11-01T00:00:00Z"])
        .with("aws:EpochTime", ["1793491200"])
        .with("aws:MultiFactorAuthPresent", ["false"])
        .with("aws:RequestedRegion", [REGION])
        .with("aws:ResourceAccount", [account])
        .with("aws:SecureTransport", ["false"])
        .with("aws:SourceIp", ["127.0.0.1"])
        .with("aws:TokenIssueTime", ["2026-11-01T00:00:00Z"])
        .with("aws:ViaAWSService", ["false"])
        .unknown("aws:userid")
}

/// The context of a caller whose role has these tags.
pub(super) fn tagged(context: Context, tags: &Value) -> Context {
    tags.as_object().into_iter().flatten().fold(context, |context, (name, value)| {
        context.with(&format!("aws:PrincipalTag/{name}"), [value.as_str().unwrap()])
    })
}

/// The policies of a filled case, as the engine takes them.
pub(super) fn policies(held: &Value) -> PolicySet {
    let of =
        |layer: &str| held[layer].as_array().unwrap().iter().map(|policy| parsed(policy, Kind::Identity));
    let set = of("identity").fold(PolicySet::new(), |set, policy| set.identity("identity", &policy));
    let set = of("boundary").fold(set, |set, policy| set.boundary("boundary", &policy));
    of("session").fold(set, |set, policy| set.session("session", &policy))
}

/// The policies of a filled case and a call, as the server's side takes them.
pub(super) fn asked(held: &Value, role: &str, call: Value) -> Value {
    let mut asked = json!({"role": role, "identity": held["identity"], "call": call});
    for layer in ["boundary", "session"] {
        if let Some(policy) = held[layer].get(0) {
            asked[layer] = policy.clone();
        }
    }
    if let Some(tags) = held.get("tags") {
        asked["tags"] = tags.clone();
    }
    asked
}
