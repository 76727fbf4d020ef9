//! What a test does to the roles and policies of an account behind Terraform's back, in one line each.
//!
//! Everything fails the test when AWS says no, except where the answer is an `Option`. Documents are JSON values.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{Role, Tag};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Account;

impl Account {
    /// Makes a role that trusts whom `trust` names.
    #[track_caller]
    pub(crate) fn create_role(&self, name: &str, trust: &Value) -> Role {
        let call = self.iam().create_role().role_name(name).assume_role_policy_document(trust.to_string());
        self.must(call.send()).role().expect("an answer carries the role").clone()
    }

    /// The role, none when there is none of that name.
    #[track_caller]
    pub(crate) fn role(&self, name: &str) -> Option<Role> {
        match self.attempt(self.iam().get_role().role_name(name).send()) {
            Ok(answer) => answer.role().cloned(),
            Err(refusal) if refusal.code == "NoSuchEntity" => None,
            Err(refusal) => panic!("GetRole {name}: {refusal:?}"),
        }
    }

    /// The names of all roles.
    #[track_caller]
    pub(crate) fn role_names(&self) -> Vec<String> {
        let answer = self.must(self.iam().list_roles().max_items(1000).send());
        answer.roles().iter().map(|role| role.role_name().to_owned()).collect()
    }

    /// Deletes the role with everything in it, as somebody tidying up in the console does.
    #[track_caller]
    pub(crate) fn delete_role(&self, name: &str) {
        for policy in self.inline_policies(name).keys() {
            self.delete_inline_policy(name, policy);
        }
        for arn in self.attached_policies(name) {
            self.detach(name, &arn);
        }
        self.must(self.iam().delete_role().role_name(name).send());
    }

    /// The role's trust policy.
    #[track_caller]
    pub(crate) fn trust(&self, role: &str) -> Value {
        let role = self.role(role).expect("the role is there");
        document(role.assume_role_policy_document().expect("a role has a trust policy"))
    }

    /// Replaces the role's trust policy.
    #[track_caller]
    pub(crate) fn set_trust(&self, role: &str, trust: &Value) {
        let call = self.iam().update_assume_role_policy().role_name(role).policy_document(trust.to_string());
        self.must(call.send());
    }

    /// Sets description and duration, which AWS updates in one call.
    #[track_caller]
    pub(crate) fn set_description_and_duration(&self, role: &str, description: &str, seconds: i32) {
        let call = self.iam().update_role().role_name(role).description(description);
        self.must(call.max_session_duration(seconds).send());
    }

    /// The role's inline policies by name.
    #[track_caller]
    pub(crate) fn inline_policies(&self, role: &str) -> BTreeMap<String, Value> {
        let names = self.must(self.iam().list_role_policies().role_name(role).send());
        let content = |name: &String| {
            let answer = self.must(self.iam().get_role_policy().role_name(role).policy_name(name).send());
            (name.clone(), document(answer.policy_document()))
        };
        names.policy_names().iter().map(content).collect()
    }

    /// Ends the role's sessions, as the console of AWS does.
    #[track_caller]
    pub(crate) fn revoke_sessions(&self, role: &str) {
        let before = json!({ "DateLessThan": { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" } });
        let all = json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": before });
        let policy = json!({ "Version": "2012-10-17", "Statement": [all] });
        self.put_inline_policy(role, "AWSRevokeOlderSessions", &policy);
    }

    /// Gives the role more until a moment that is long past.
    #[track_caller]
    pub(crate) fn elevate(&self, role: &str) {
        let until = json!({ "DateLessThan": { "aws:CurrentTime": "2026-01-01T00:00:00Z" } });
        let more = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": until });
        let policy = json!({ "Version": "2012-10-17", "Statement": [more] });
        self.put_inline_policy(role, "deployrunner-elevation-x", &policy);
    }

    /// Adds or replaces an inline policy.
    #[track_caller]
    pub(crate) fn put_inline_policy(&self, role: &str, name: &str, policy: &Value) {
        let call = self.iam().put_role_policy().role_name(role).policy_name(name);
        self.must(call.policy_document(policy.to_string()).send());
    }

    /// Removes an inline policy.
    #[track_caller]
    pub(crate) fn delete_inline_policy(&self, role: &str, name: &str) {
        self.must(self.iam().delete_role_policy().role_name(role).policy_name(name).send());
    }

    /// The ARNs of the policies attached to the role.
    #[track_caller]
    pub(crate) fn attached_policies(&self, role: &str) -> BTreeSet<String> {
        let answer = self.must(self.iam().list_attached_role_policies().role_name(role).send());
        answer
            .attached_policies()
            .iter()
            .filter_map(|policy| policy.policy_arn().map(str::to_owned))
            .collect()
    }

    /// Attaches a managed policy.
    #[track_caller]
    pub(crate) fn attach(&self, role: &str, policy_arn: &str) {
        self.must(self.iam().attach_role_policy().role_name(role).policy_arn(policy_arn).send());
    }

    /// Detaches a managed policy.
    #[track_caller]
    pub(crate) fn detach(&self, role: &str, policy_arn: &str) {
        self.must(self.iam().detach_role_policy().role_name(role).policy_arn(policy_arn).send());
    }

    /// Makes a customer-managed policy and gives its ARN.
    #[track_caller]
    pub(crate) fn create_policy(&self, name: &str, policy: &Value) -> String {
        self.create_policy_at("/", name, policy)
    }

    /// The same in a path.
    #[track_caller]
    pub(crate) fn create_policy_at(&self, path: &str, name: &str, policy: &Value) -> String {
        let call = self.iam().create_policy().path(path).policy_name(name);
        let call = call.policy_document(policy.to_string());
        let answer = self.must(call.send());
        answer.policy().and_then(|policy| policy.arn()).expect("an answer carries the ARN").to_owned()
    }

    /// Gives a customer-managed policy another document.
    #[track_caller]
    pub(crate) fn change_policy(&self, arn: &str, policy: &Value) {
        let call = self.iam().create_policy_version().policy_arn(arn).policy_document(policy.to_string());
        self.must(call.set_as_default(true).send());
    }

    /// The versions of a customer-managed policy, oldest first.
    #[track_caller]
    pub(crate) fn policy_versions(&self, arn: &str) -> Vec<String> {
        let answer = self.must(self.iam().list_policy_versions().policy_arn(arn).send());
        let mut versions: Vec<String> =
            answer.versions().iter().filter_map(|version| version.version_id().map(str::to_owned)).collect();
        versions.sort();
        versions
    }

    /// The documents in force of all customer-managed policies, by ARN.
    #[track_caller]
    pub(crate) fn policy_documents(&self) -> BTreeMap<String, Value> {
        let local = self.must(self.iam().list_policies().scope("Local".into()).max_items(1000).send());
        let document = |policy: &aws_sdk_iam::types::Policy| {
            let (arn, version) = (policy.arn()?.to_owned(), policy.default_version_id()?);
            let call = self.iam().get_policy_version().policy_arn(&arn).version_id(version);
            let answer = self.must(call.send());
            Some((arn, document(answer.policy_version()?.document()?)))
        };
        local.policies().iter().filter_map(document).collect()
    }

    /// The tags of a customer-managed policy.
    #[track_caller]
    pub(crate) fn policy_tags(&self, arn: &str) -> BTreeMap<String, String> {
        let answer = self.must(self.iam().list_policy_tags().policy_arn(arn).send());
        answer.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
    }

    /// Deletes a customer-managed policy.
    #[track_caller]
    pub(crate) fn delete_policy(&self, arn: &str) {
        self.must(self.iam().delete_policy().policy_arn(arn).send());
    }

    /// The ARN of the role's permissions boundary.
    #[track_caller]
    pub(crate) fn boundary(&self, role: &str) -> Option<String> {
        let role = self.role(role).expect("the role is there");
        role.permissions_boundary()
            .and_then(|boundary| boundary.permissions_boundary_arn().map(str::to_owned))
    }

    /// Sets the role's permissions boundary, or takes it away.
    #[track_caller]
    pub(crate) fn set_boundary(&self, role: &str, policy_arn: Option<&str>) {
        match policy_arn {
            Some(arn) => {
                let call =
                    self.iam().put_role_permissions_boundary().role_name(role).permissions_boundary(arn);
                self.must(call.send());
            }
            None => {
                self.must(self.iam().delete_role_permissions_boundary().role_name(role).send());
            }
        }
    }

    /// The role's tags.
    #[track_caller]
    pub(crate) fn tags(&self, role: &str) -> BTreeMap<String, String> {
        let answer = self.must(self.iam().list_role_tags().role_name(role).send());
        answer.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
    }

    /// Adds or replaces a tag.
    #[track_caller]
    pub(crate) fn tag(&self, role: &str, key: &str, value: &str) {
        let tag = Tag::builder().key(key).value(value).build().expect("both are given");
        self.must(self.iam().tag_role().role_name(role).tags(tag).send());
    }

    /// Removes a tag.
    #[track_caller]
    pub(crate) fn untag(&self, role: &str, key: &str) {
        self.must(self.iam().untag_role().role_name(role).tag_keys(key).send());
    }

    /// Makes `role` in this account, which account `from` may assume and which may do everything.
    #[track_caller]
    pub(crate) fn let_in(&mut self, from: &str, role: &str, external_id: Option<&str>) {
        let mut statement =
            json!({"Effect": "Allow", "Principal": {"AWS": from}, "Action": "sts:AssumeRole"});
        if let Some(id) = external_id {
            statement["Condition"] = json!({"StringEquals": {"sts:ExternalId": id}});
        }
        self.create_role(role, &json!({"Version": "2012-10-17", "Statement": [statement]}));
        let all = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        self.put_inline_policy(role, "all", &json!({"Version": "2012-10-17", "Statement": [all]}));
        self.expect_fixture(role);
    }

    /// Roles, customer-managed policies and identity providers that are still there and that the test's setting did not
    /// put there.
    #[track_caller]
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let mut left = self.role_names();
        left.retain(|name| !self.is_fixture(name));
        let local = self.iam().list_policies().scope("Local".into()).max_items(1000);
        let policies = self.must(local.send());
        left.extend(policies.policies().iter().filter_map(|policy| policy.arn().map(str::to_owned)));
        left.extend(self.oidc_providers());
        left
    }
}

/// A policy document from an answer: IAM percent-encodes it, as RFC 3986 has it.
fn document(encoded: &str) -> Value {
    let text = percent_decode_str(encoded).decode_utf8().expect("a document is UTF-8");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("no policy document: {error} in {text}"))
}
