//! Calls on the identity providers of an account that speak OpenID Connect.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use super::create::{Attempts, is_since};
use super::{Iam, from_sdk_tags, to_sdk_tags};
use crate::aws::{Error, Kind};

const CREATE: &str = "iam:CreateOpenIDConnectProvider";

/// What `iam:CreateOpenIDConnectProvider` takes.
#[derive(Clone, Debug)]
pub struct NewOidcProvider<'a> {
    /// Begins with `https://`; at most 255 characters.
    pub url: &'a str,
    /// Up to 100 audiences.
    pub client_ids: &'a BTreeSet<String>,
    /// Up to 5; without any, IAM asks the issuer for its certificate.
    pub thumbprints: Option<&'a BTreeSet<String>>,
    /// Up to 50.
    pub tags: &'a BTreeMap<String, String>,
}

/// An identity provider as AWS has it; its URL is in its ARN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OidcProviderDetail {
    /// The audiences of which a token must have one.
    pub client_ids: BTreeSet<String>,
    /// SHA-1 of certificates, in hexadecimal.
    pub thumbprints: BTreeSet<String>,
    /// All of them.
    pub tags: BTreeMap<String, String>,
}

impl Iam<'_> {
    /// `iam:CreateOpenIDConnectProvider` for the provider that will have this ARN.
    ///
    /// When an attempt gets no answer and the next one finds the URL taken, the provider may be ours: it is, if it is
    /// exactly what was asked for and no older than the first attempt.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`], or AWS's refusal.
    pub async fn create_oidc_provider(&self, arn: &str, provider: &NewOidcProvider<'_>) -> Result<(), Error> {
        let begun = SystemTime::now();
        let tags = to_sdk_tags(CREATE, provider.tags)?;
        let request = self
            .client
            .create_open_id_connect_provider()
            .url(provider.url)
            .set_client_id_list(Some(list(provider.client_ids)))
            .set_thumbprint_list(provider.thumbprints.map(list))
            .set_tags((!tags.is_empty()).then_some(tags));
        let attempts = Attempts::default();
        let send = || request.clone().customize().interceptor(attempts.clone()).send();
        match self.write(CREATE, send).await {
            Err(error) if error.kind() == Kind::AlreadyExists && attempts.count() > 1 => {
                let ours = self.is_made_without_answer(arn, provider, begun).await;
                if ours { Ok(()) } else { Err(error) }
            }
            answer => answer.map(drop),
        }
    }

    async fn is_made_without_answer(
        &self,
        arn: &str,
        asked: &NewOidcProvider<'_>,
        begun: SystemTime,
    ) -> bool {
        let Ok((found, created)) = self.get_dated(arn).await else { return false };
        created.is_some_and(|created| is_since(created, begun))
            && *asked.client_ids == found.client_ids
            && asked.thumbprints.is_none_or(|asked| *asked == found.thumbprints)
            && *asked.tags == found.tags
    }

    /// `iam:GetOpenIDConnectProvider`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such provider.
    pub async fn get_oidc_provider(&self, arn: &str) -> Result<OidcProviderDetail, Error> {
        Ok(self.get_dated(arn).await?.0)
    }

    /// The same for a provider that was created a moment ago: "no such provider" then means "not everywhere yet".
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn get_new_oidc_provider(&self, arn: &str) -> Result<OidcProviderDetail, Error> {
        self.persist(|error| error.kind() == Kind::NotFound, || self.get_oidc_provider(arn)).await
    }

    async fn get_dated(&self, arn: &str) -> Result<(OidcProviderDetail, Option<SystemTime>), Error> {
        let request = self.client.get_open_id_connect_provider().open_id_connect_provider_arn(arn);
        let found = self.read("iam:GetOpenIDConnectProvider", request.send()).await?;
        let created = found.create_date().copied().and_then(|date| SystemTime::try_from(date).ok());
        let detail = OidcProviderDetail {
            tags: from_sdk_tags(found.tags()),
            client_ids: found.client_id_list.unwrap_or_default().into_iter().collect(),
            thumbprints: found.thumbprint_list.unwrap_or_default().into_iter().collect(),
        };
        Ok((detail, created))
    }

    /// `iam:AddClientIDToOpenIDConnectProvider`; adding what is there is no error.
    ///
    /// # Errors
    /// [`Kind::LimitExceeded`] beyond 100, or AWS's refusal.
    pub async fn add_client_id(&self, arn: &str, client_id: &str) -> Result<(), Error> {
        let request = self.client.add_client_id_to_open_id_connect_provider();
        let request = request.open_id_connect_provider_arn(arn).client_id(client_id);
        self.write("iam:AddClientIDToOpenIDConnectProvider", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:RemoveClientIDFromOpenIDConnectProvider`; removing what is not there is no error.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn remove_client_id(&self, arn: &str, client_id: &str) -> Result<(), Error> {
        let request = self.client.remove_client_id_from_open_id_connect_provider();
        let request = request.open_id_connect_provider_arn(arn).client_id(client_id);
        self.write("iam:RemoveClientIDFromOpenIDConnectProvider", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:UpdateOpenIDConnectProviderThumbprint`: these replace all others. AWS refuses an empty list.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn update_thumbprints(&self, arn: &str, thumbprints: &BTreeSet<String>) -> Result<(), Error> {
        let request = self.client.update_open_id_connect_provider_thumbprint();
        let request = request.open_id_connect_provider_arn(arn).set_thumbprint_list(Some(list(thumbprints)));
        self.write("iam:UpdateOpenIDConnectProviderThumbprint", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:TagOpenIDConnectProvider`: adds tags and replaces the values of those whose keys are there.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn tag_oidc_provider(&self, arn: &str, tags: &BTreeMap<String, String>) -> Result<(), Error> {
        const TAG: &str = "iam:TagOpenIDConnectProvider";
        let request = self.client.tag_open_id_connect_provider();
        let request = request.open_id_connect_provider_arn(arn).set_tags(Some(to_sdk_tags(TAG, tags)?));
        self.write(TAG, || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:UntagOpenIDConnectProvider`.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn untag_oidc_provider(&self, arn: &str, keys: &[String]) -> Result<(), Error> {
        let request = self.client.untag_open_id_connect_provider();
        let request = request.open_id_connect_provider_arn(arn).set_tag_keys(Some(keys.to_vec()));
        self.write("iam:UntagOpenIDConnectProvider", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:DeleteOpenIDConnectProvider`. Roles that trust it keep their trust policies.
    ///
    /// # Errors
    /// [`Kind::NotFound`], or AWS's refusal.
    pub async fn delete_oidc_provider(&self, arn: &str) -> Result<(), Error> {
        let request = self.client.delete_open_id_connect_provider().open_id_connect_provider_arn(arn);
        self.write("iam:DeleteOpenIDConnectProvider", || request.clone().send()).await?;
        Ok(())
    }
}

fn list(texts: &BTreeSet<String>) -> Vec<String> {
    texts.iter().cloned().collect()
}
