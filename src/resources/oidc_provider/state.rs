//! The attributes of an identity provider, and what they say to the AWS side.

use crate::aws::OidcProviderDetail;
use crate::checks;
use crate::provider::Client;
use crate::role::Rules;
use crate::tags::attributes;
use iam_policy::Arn;
use std::collections::BTreeSet;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Map, Set, computed, optional, required};

/// What stands before an issuer's name in its URL.
const SCHEME: &str = "https://";

object! {
    /// The account's IAM identity provider for an OpenID Connect issuer, such as a CI system: AWS then takes the issuer's signed tokens, and roles can trust them.
    ///
    /// An account has one for each issuer, which all roles of the account share. It lets nobody in by itself; the `trust` of each role decides. Destroying it leaves those roles as they are, and nobody can assume them with a token any more.
    pub struct State {
        /// URL of the issuer, exactly as its tokens have it in `iss`: `https://token.actions.githubusercontent.com`, `https://gitlab.com`, `https://app.terraform.io`, or the URL of an own GitLab. At most 255 characters, without port and query.
        pub url: String = required().replace().check(checks::oidc::url),
        /// Client IDs, that is audiences, of which a token must have one in `aud`: 1 to 100. `sts.amazonaws.com` for GitHub, `aws.workload.identity` for HCP Terraform, whatever the job asks for with GitLab. The `trust` of each role names its audience as well.
        pub client_ids: Set<String> = required().check_each(checks::oidc::client_id),
        /// SHA-1 thumbprints of certificates of the issuer, 1 to 5, each of 40 hexadecimal digits in lower case. Only for an issuer whose certificate no public authority has signed: for all others AWS does not look at them. Left out, IAM asks the issuer for its certificate when the provider is made. IAM has no way to take thumbprints away, so those that are there stay until others replace them.
        pub thumbprints: Set<String> = optional().computed().keep().check_each(checks::oidc::thumbprint),
        /// Account in which the provider is, entered through the provider block's `account_role`. Defaults to the provider block's own account when it is made; from then on it stays where it is until another account is named.
        pub account_id: String = optional().computed().keep().replace().check(checks::account_id),
        /// Tags, over those of the provider block's `default_tags`; at most 50 together.
        pub tags: Map<String> = optional().check_keys(checks::tag_key).check_each(checks::tag_value),
        /// ARN of the provider.
        pub id: String = computed().keep().never_null(),
        /// ARN of the provider, known at plan.
        pub arn: String = computed().keep().never_null(),
        /// All tags, the provider block's `default_tags` included.
        pub tags_all: Map<String> = computed().never_null(),
    }
}

object! {
    /// What tells one identity provider from every other.
    pub struct Identity {
        /// Account ID.
        pub account_id: String = required(),
        /// Partition: `aws`, `aws-cn`, `aws-us-gov`…
        pub partition: String = optional(),
        /// URL of the issuer, with `https://`.
        pub url: String = required(),
    }
}

impl State {
    /// The identity, once account and URL are known.
    pub(super) fn identity(&self) -> Option<Identity> {
        let arn = Arn::parse(self.arn.known()?).ok()?;
        Some(Identity {
            account_id: Attr::Known(arn.account().to_owned()),
            partition: Attr::Known(arn.partition().to_owned()),
            url: self.url.clone(),
        })
    }

    /// Whether only what names the provider is known, as after an import.
    pub(super) fn is_imported(&self) -> bool {
        self.client_ids.is_null()
    }

    /// The URL, which every stored state has.
    pub(super) fn issuer(&self) -> &str {
        self.url.known().map(String::as_str).unwrap_or_default()
    }

    /// Says where it is. What it is called follows from that and the URL.
    pub(super) fn place(&mut self, (partition, account_id): (&str, &str)) {
        self.account_id = Attr::Known(account_id.to_owned());
        if let Attr::Known(url) = &self.url {
            self.arn = Attr::Known(arn((partition, account_id), url));
            self.id = self.arn.clone();
        }
    }

    /// The ARN.
    ///
    /// # Errors
    /// The state was damaged.
    pub(super) fn arn(&self) -> Result<&str, Diagnostics> {
        self.arn.known().map(String::as_str).ok_or_else(|| {
            let detail = "`arn` should be known here and is not. The state was damaged, or this is a fault in the \
                          provider; please report it.";
            Diagnostic::error("The state lacks a value", detail).at(Path::attribute("arn")).into()
        })
    }

    /// The provider that these attributes describe.
    pub(super) fn detail(&self) -> OidcProviderDetail {
        OidcProviderDetail {
            client_ids: texts(&self.client_ids),
            thumbprints: texts(&self.thumbprints),
            tags: attributes::known(&self.tags_all),
        }
    }

    /// These attributes of a provider as it was found.
    pub(super) fn observed(self, found: OidcProviderDetail, client: &Client) -> Self {
        let rules = Rules { ignore_tags: client.ignore_tags().clone(), ..Rules::default() };
        let seen = rules.visible_tags(&found.tags, &attributes::known(&self.tags_all));
        let own = match self.is_imported() {
            true => Some(client.default_tags().without_defaults(&seen)).filter(|own| !own.is_empty()),
            false => attributes::own((&self.tags, &self.tags_all), &seen)
                .into_known()
                .map(|own| attributes::known(&Attr::Known(own))),
        };
        Self {
            client_ids: Attr::Known(set(found.client_ids)),
            thumbprints: Attr::Known(set(found.thumbprints)),
            tags: own.map(attributes::attribute).into(),
            tags_all: Attr::Known(attributes::attribute(seen)),
            ..self
        }
    }
}

/// The ARN of the provider for `url`.
pub(super) fn arn((partition, account_id): (&str, &str), url: &str) -> String {
    let issuer = url.strip_prefix(SCHEME).unwrap_or(url);
    format!("arn:{partition}:iam::{account_id}:oidc-provider/{issuer}")
}

/// The URL of the issuer that a provider's ARN names.
pub(super) fn url(issuer: &str) -> String {
    format!("{SCHEME}{issuer}")
}

/// The known texts of a set.
pub(super) fn texts(set: &Attr<Set<String>>) -> BTreeSet<String> {
    set.known().into_iter().flat_map(|set| &set.0).filter_map(Attr::known).cloned().collect()
}

/// Texts as an attribute.
pub(super) fn set(texts: BTreeSet<String>) -> Set<String> {
    Set(texts.into_iter().map(Attr::Known).collect())
}
