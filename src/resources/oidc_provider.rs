//! `deployrunner_oidc_provider`: the account's identity provider for an OpenID Connect issuer.
//!
//! Owns the provider whole: client IDs, thumbprints, tags. Never touches the roles that trust it.

mod change;
mod import;
mod plan;
mod state;

use crate::aws::{self, Kind, NewOidcProvider, Stop};
use crate::provider::{Client, entered, failure};
use change::{MAX_CLIENT_IDS, change};
use state::{Identity, State};
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Create, Failed, Import, Plan, Planned, Read, Resource, Update};
use tfplug::schema::Attr;

/// The most thumbprints that a provider has (IAM API reference, `CreateOpenIDConnectProvider`).
const MAX_THUMBPRINTS: usize = 5;

/// The resource.
#[derive(Debug)]
pub(super) struct OidcProvider;

impl Resource for OidcProvider {
    const NAME: &'static str = "oidc_provider";
    type State = State;
    type Identity = Identity;
    type Client = Client;

    fn identity(state: &State) -> Option<Identity> {
        state.identity()
    }

    fn validate(config: &State, found: &mut Diagnostics) {
        let client_ids = config.client_ids.known().map(|ids| ids.0.len());
        let thumbprints = config.thumbprints.known().map(|all| all.0.len());
        let mut refuse = |attribute: &str, title: &str, detail: String| {
            found.push(Diagnostic::error(title, detail).at(Path::attribute(attribute)));
        };
        match client_ids {
            Some(0) => {
                let detail = "Without a client ID no token's audience is right, so AWS would take none. Name the \
                              audience that the CI system asks for, such as `sts.amazonaws.com`.";
                refuse("client_ids", "No client ID", detail.to_owned());
            }
            Some(count) if count > MAX_CLIENT_IDS => {
                let detail =
                    format!("A provider has at most {MAX_CLIENT_IDS} client IDs; these are {count}.");
                refuse("client_ids", "Too many client IDs", detail);
            }
            _ => {}
        }
        match thumbprints {
            Some(0) => {
                let detail = "IAM takes no empty list of thumbprints, and cannot take away those that are there. Leave \
                              the argument out: IAM then asks the issuer for its certificate when the provider is made.";
                refuse("thumbprints", "No thumbprint", detail.to_owned());
            }
            Some(count) if count > MAX_THUMBPRINTS => {
                let detail =
                    format!("A provider has at most {MAX_THUMBPRINTS} thumbprints; these are {count}.");
                refuse("thumbprints", "Too many thumbprints", detail);
            }
            _ => {}
        }
    }

    async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
        plan::plan(ctx, req).await
    }

    async fn create(ctx: &Context<Client>, req: Create<State>) -> Result<State, Failed<State>> {
        let (config, mut planned, stop) = (req.config, req.planned, stop(ctx));
        let account = entered(ctx.client()?.aws()?, &planned.account_id).await?;
        planned.place((account.partition(), account.id()));
        let arn = planned.arn()?.to_owned();
        let tried = |error| not_made(&planned, &arn, &error);
        let iam = account.iam(&stop).await.map_err(tried)?;
        let wanted = planned.detail();
        let new = NewOidcProvider {
            url: planned.issuer(),
            client_ids: &wanted.client_ids,
            thumbprints: Some(&wanted.thumbprints).filter(|all| !all.is_empty()),
            tags: &wanted.tags,
        };
        iam.create_oidc_provider(&arn, &new).await.map_err(tried)?;
        plan::remember(ctx, &config);
        if planned.thumbprints.is_unknown() {
            // The answer does not say what IAM has found.
            let found = iam.get_new_oidc_provider(&arn).await;
            let found = found.inspect_err(|error| ctx.warn(unread(&arn, error))).unwrap_or_default();
            planned.thumbprints = Attr::Known(state::set(found.thumbprints));
        }
        Ok(planned)
    }

    async fn read(ctx: &Context<Client>, req: Read<State>) -> Result<Option<State>, Diagnostics> {
        let (client, state, stop) = (ctx.client()?, req.state, stop(ctx));
        let account = entered(client.aws()?, &state.account_id).await?;
        let arn = state.arn()?.to_owned();
        let tried = |error| failure(format!("Cannot read the identity provider {arn}"), &error);
        let found = account.iam(&stop).await.map_err(tried)?.get_oidc_provider(&arn).await;
        match found {
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            found => Ok(Some(state.observed(found.map_err(tried)?, client))),
        }
    }

    async fn update(ctx: &Context<Client>, req: Update<State>) -> Result<State, Failed<State>> {
        let (client, stop) = (ctx.client()?, stop(ctx));
        let Update { config, prior, planned } = req;
        let account = entered(client.aws()?, &planned.account_id).await?;
        let arn = prior.arn()?.to_owned();
        let tried = |error| failure(format!("Cannot update the identity provider {arn}"), &error);
        let iam = account.iam(&stop).await.map_err(tried)?;
        let (mut live, wanted) = (prior.detail(), planned.detail());
        let done = change(&iam, &arn, &mut live, (&wanted, client.ignore_tags())).await;
        if let Err(error) = done {
            // What was asked for goes into state only as far as AWS has it, so that the next plan shows the rest.
            let diagnostics = tried(error).into();
            return Err(Failed { diagnostics, reached: Some(prior.observed(live, client)) });
        }
        plan::remember(ctx, &config);
        Ok(State { thumbprints: Attr::Known(state::set(live.thumbprints)), ..planned })
    }

    async fn delete(ctx: &Context<Client>, prior: State) -> Result<(), Failed<State>> {
        let stop = stop(ctx);
        let account = entered(ctx.client()?.aws()?, &prior.account_id).await?;
        let arn = prior.arn()?;
        let tried = |error| failure(format!("Cannot delete the identity provider {arn}"), &error);
        match account.iam(&stop).await.map_err(tried)?.delete_oidc_provider(arn).await {
            Err(error) if error.kind() == Kind::NotFound => Ok(()),
            done => done.map_err(|error| tried(error).into()),
        }
    }

    async fn import(ctx: &Context<Client>, target: Import<Identity>) -> Result<State, Diagnostics> {
        import::target(ctx, target).await
    }
}

fn stop(ctx: &Context<Client>) -> Stop {
    Stop::from(ctx.stop().receiver())
}

fn not_made(planned: &State, arn: &str, error: &aws::Error) -> Diagnostics {
    let url = planned.issuer();
    if error.kind() == Kind::AlreadyExists {
        let detail = format!(
            "The account has a provider for this issuer already, and it was left as it is: there is one for each issuer, \
             which all roles of the account share. If this configuration should own it, import it:\n\n  import {{\n    \
             to = deployrunner_oidc_provider.<name>\n    id = \"{arn}\"\n  }}\n\nElse remove the resource; roles can \
             trust the provider as it is. AWS answered: {error}"
        );
        let title = format!("The identity provider for {url} exists already");
        return Diagnostic::error(title, detail).at(Path::attribute("url")).into();
    }
    let tried = format!("Cannot create the identity provider for {url}");
    match error.code() {
        Some("OpenIdIdpCommunicationError") => {
            let detail = format!(
                "{error} Without `thumbprints`, IAM asks the issuer for its certificate, and could not reach it. Is the \
                 URL right, and is the issuer on the internet? If it is, set `thumbprints`."
            );
            Diagnostic::error(tried, detail).at(Path::attribute("thumbprints")).into()
        }
        _ => failure(tried, error).into(),
    }
}

fn unread(arn: &str, error: &aws::Error) -> Diagnostic {
    let detail = format!(
        "The provider {arn} was made, but which thumbprints IAM found could not be read. The next refresh reads them. \
         {error}"
    );
    Diagnostic::warning("Thumbprints are not known yet", detail).at(Path::attribute("thumbprints"))
}
