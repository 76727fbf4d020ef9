//! Whom a trust lets in, asked of the policy engine: what the tests of all kinds of trust stand before.

use super::*;
use iam_policy::{Caller, Context, Outcome, PolicySet, Request, ResourcePolicy, evaluate_alone};

pub(super) const HOME: Home<'_> = Home { partition: "aws", account_id: "111111111111" };

pub(super) fn text(text: &str) -> Attr<String> {
    Attr::Known(text.to_owned())
}

pub(super) fn set(texts: &[&str]) -> Attr<Set<String>> {
    set_of(texts.iter().map(|text| (*text).to_owned()))
}

pub(super) fn github(entry: GithubTrust) -> Trust {
    Trust { github: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() }
}

pub(super) fn gitlab(entry: GitlabTrust) -> Trust {
    Trust { gitlab: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() }
}

pub(super) fn hcp_terraform(entry: HcpTerraformTrust) -> Trust {
    Trust { hcp_terraform: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() }
}

/// The statements of the trust policy, as JSON.
#[track_caller]
pub(super) fn statements(trust: &Trust) -> serde_json::Value {
    let document = document(trust, HOME).into_known().unwrap();
    check(&document, &Path::root()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&document.to_json()).unwrap();
    json["Statement"].clone()
}

/// The summaries of what validation finds, errors and warnings.
pub(super) fn faults(trust: &Trust) -> Vec<String> {
    let mut found = Diagnostics::new();
    validate(trust, &Path::attribute("trust"), &mut found);
    found.iter().map(|found| found.summary.clone()).collect()
}

/// A token, as its issuer makes it.
pub(super) struct Token<'a> {
    pub(super) issuer: &'a str,
    pub(super) claims: Vec<(&'a str, &'a str)>,
}

impl Token<'_> {
    pub(super) fn request(&self) -> Request {
        let provider = format!("arn:aws:iam::111111111111:oidc-provider/{}", self.issuer);
        let context = self.claims.iter().fold(Context::complete(), |context, (claim, value)| {
            context.with(&format!("{}:{claim}", self.issuer), [*value])
        });
        request(Caller::Federated { provider }, "sts:AssumeRoleWithWebIdentity", context)
    }
}

pub(super) fn request(caller: Caller, action: &str, context: Context) -> Request {
    Request::new(caller, action, "arn:aws:iam::111111111111:role/runner", context)
}

/// What the trust policy decides, whatever the policies of who asks: across accounts these must allow it as well.
pub(super) fn decide(document: &Document, request: &Request) -> Outcome {
    let set = PolicySet::new().resource("trust", document, ResourcePolicy::Trust);
    evaluate_alone(&set, request).outcome
}

/// Whether the trust lets the holder of the token in.
#[track_caller]
pub(super) fn opens(trust: &Trust, token: &Token<'_>) -> bool {
    let document = document(trust, HOME).into_known().unwrap();
    match decide(&document, &token.request()) {
        Outcome::Allowed => true,
        Outcome::Denied => false,
        Outcome::Unknown => panic!("everything is known of a token"),
    }
}

/// Fails the test unless the trust policy is read back as this trust.
#[track_caller]
pub(super) fn assert_read_back(trust: &Trust) {
    let document = document(trust, HOME).into_known().unwrap();
    let read = read_back(&document, HOME).unwrap_or_else(|| panic!("{}", document.to_json()));
    assert_eq!(read.encode(), trust.encode(), "{}", document.to_json());
}
