//! What a test does to the identity providers of an account behind Terraform's back, in one line each.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::Tag;

use super::Account;

/// An identity provider as AWS has it.
#[derive(Debug)]
pub(crate) struct OidcProvider {
    pub(crate) client_ids: BTreeSet<String>,
    pub(crate) thumbprints: BTreeSet<String>,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Account {
    /// The ARN of the provider for the issuer of that name, whether it is there or not.
    pub(crate) fn oidc_provider_arn(&self, issuer: &str) -> String {
        format!("arn:aws:iam::{}:oidc-provider/{issuer}", self.id())
    }

    /// The ARNs of all of them.
    #[track_caller]
    pub(crate) fn oidc_providers(&self) -> Vec<String> {
        let answer = self.must(self.iam().list_open_id_connect_providers().send());
        let arns = answer.open_id_connect_provider_list().iter();
        arns.filter_map(|entry| entry.arn().map(str::to_owned)).collect()
    }

    /// Makes one.
    #[track_caller]
    pub(crate) fn create_oidc_provider(&self, issuer: &str, client_id: &str) {
        let call = self.iam().create_open_id_connect_provider().url(format!("https://{issuer}"));
        self.must(call.client_id_list(client_id).send());
    }

    /// The one for an issuer.
    #[track_caller]
    pub(crate) fn oidc_provider(&self, issuer: &str) -> OidcProvider {
        let arn = self.oidc_provider_arn(issuer);
        let found =
            self.must(self.iam().get_open_id_connect_provider().open_id_connect_provider_arn(arn).send());
        OidcProvider {
            client_ids: found.client_id_list().iter().cloned().collect(),
            thumbprints: found.thumbprint_list().iter().cloned().collect(),
            tags: found.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect(),
        }
    }

    /// Has it take one more audience.
    #[track_caller]
    pub(crate) fn add_client_id(&self, issuer: &str, client_id: &str) {
        let call = self.iam().add_client_id_to_open_id_connect_provider().client_id(client_id);
        self.must(call.open_id_connect_provider_arn(self.oidc_provider_arn(issuer)).send());
    }

    /// Has it take an audience no longer.
    #[track_caller]
    pub(crate) fn remove_client_id(&self, issuer: &str, client_id: &str) {
        let call = self.iam().remove_client_id_from_open_id_connect_provider().client_id(client_id);
        self.must(call.open_id_connect_provider_arn(self.oidc_provider_arn(issuer)).send());
    }

    /// Gives it another thumbprint than it has.
    #[track_caller]
    pub(crate) fn set_thumbprint(&self, issuer: &str, thumbprint: &str) {
        let call = self.iam().update_open_id_connect_provider_thumbprint().thumbprint_list(thumbprint);
        self.must(call.open_id_connect_provider_arn(self.oidc_provider_arn(issuer)).send());
    }

    /// Adds or replaces a tag.
    #[track_caller]
    pub(crate) fn tag_oidc_provider(&self, issuer: &str, key: &str, value: &str) {
        let tag = Tag::builder().key(key).value(value).build().expect("both are given");
        let call = self.iam().tag_open_id_connect_provider().tags(tag);
        self.must(call.open_id_connect_provider_arn(self.oidc_provider_arn(issuer)).send());
    }

    /// Deletes it.
    #[track_caller]
    pub(crate) fn delete_oidc_provider(&self, issuer: &str) {
        let call = self.iam().delete_open_id_connect_provider();
        self.must(call.open_id_connect_provider_arn(self.oidc_provider_arn(issuer)).send());
    }
}
