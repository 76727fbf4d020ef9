//! `deployrunner_service_policy`: the actions of some services at some access levels, as a policy.
//!
//! Owns the arguments. Which action goes on which resource is decided in `permissions::narrow`.

use super::{names, rendered, texts};
use crate::checks;
use crate::permissions::narrow::{Narrowed, narrow};
use crate::provider::Client;
use iam_policy::catalog::{self, AccessLevel, Action};
use iam_policy::{ActionSet, Statement};
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Set, computed, optional, required};

object! {
    /// A policy of all actions of some services at some access levels. Services, actions and levels are those of AWS's Service Authorization Reference, of the day that the provider's catalogue has; AWS is not asked.
    ///
    /// With `resources`, an action stands on those of them that it can be limited to, by the forms of ARN that AWS documents. What cannot be limited to any is left out of the policy and told in `unscoped_actions` and `out_of_scope_actions`, so that a policy for one bucket never becomes one for the account.
    pub(super) struct State {
        /// Prefixes of services as actions have them, such as `s3` or `ec2`.
        services: Set<String> = required().check_each(checks::service),
        /// Access levels, such as `list` and `read`.
        access_levels: Set<String> = required().check_each(known_level),
        /// ARNs, with `*` and `?` where needed, to which the actions are limited. Without them the actions are allowed or denied on everything.
        resources: Set<String> = optional().check_each(checks::resource),
        /// Whether the policy allows or denies the actions; without it, it allows them.
        effect: String = optional().one_of(&["Allow", "Deny"]),
        /// The policy in JSON, to be read: every action by its name.
        json: String = computed(),
        /// The same policy in few characters, as `minify_policy` gives it: wildcards stand for whole words of names. They match the same actions of the catalogue, and what AWS adds later under such names.
        minified_json: String = computed(),
        /// The actions in the policy, sorted.
        actions: List<String> = computed(),
        /// Actions of these services and levels that are left out because no statement can limit them to a resource: they need `"*"`. Empty without `resources`.
        unscoped_actions: List<String> = computed(),
        /// Actions of these services and levels that are left out because they are never done to any of `resources`. Empty without `resources`.
        out_of_scope_actions: List<String> = computed(),
        /// The day of the catalogue of actions (`YYYY-MM-DD`). Newer actions are missing.
        catalog_date: String = computed(),
    }
}

/// The data source.
#[derive(Debug)]
pub(super) struct ServicePolicy;

impl DataSource for ServicePolicy {
    const NAME: &'static str = "service_policy";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        super::not_empty(
            &[
                (&config.services, "services"),
                (&config.access_levels, "access_levels"),
                (&config.resources, "resources"),
            ],
            found,
        );
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let wanted = wanted(&texts(&config.services), &texts(&config.access_levels));
        if wanted.is_empty() {
            let detail = "None of these services has an action of any of these levels. Name other levels, or leave \
                          the policy out.";
            let empty = Diagnostic::error("The policy would have no action", detail);
            return Err(empty.at(Path::attribute("access_levels")).into());
        }
        let narrowed = match &config.resources {
            Attr::Null => Narrowed::on_everything(wanted),
            _ => narrow(wanted, &texts(&config.resources)),
        };
        unused(&narrowed)?;
        let deny = config.effect.known().is_some_and(|effect| effect == "Deny");
        let statements = narrowed.groups.iter().map(|(resources, actions)| {
            let names = actions.iter().map(ToString::to_string);
            let statement = if deny { Statement::deny(names) } else { Statement::allow(names) };
            resources.iter().fold(statement, Statement::resource)
        });
        let policy = rendered(statements.collect())?;
        Ok(State {
            json: policy.json,
            minified_json: policy.minified_json,
            actions: sorted(&narrowed.groups.into_values().flatten().collect::<Vec<_>>()),
            unscoped_actions: sorted(&narrowed.unscoped),
            out_of_scope_actions: sorted(&narrowed.out_of_scope),
            catalog_date: Attr::Known(catalog::DATE.to_owned()),
            ..config
        })
    }
}

fn wanted(services: &[String], levels: &[String]) -> Vec<&'static Action> {
    let services = services.iter().filter_map(|prefix| catalog::service(prefix));
    services
        .flat_map(|service| service.actions())
        .filter(|action| levels.iter().any(|level| level == action.level().as_str()))
        .collect()
}

/// An ARN that nothing is done to is misspelt, or the service or level for it is missing.
fn unused(narrowed: &Narrowed) -> Result<(), Diagnostics> {
    let unused = narrowed.unused.iter().map(|resource| {
        let detail = format!(
            "None of the actions of these services and levels is done to `{resource}`. Check its form, or add the \
             service or level that it is meant for."
        );
        Diagnostic::error("A resource without an action", detail).at(Path::attribute("resources"))
    });
    unused.collect::<Diagnostics>().into_result()
}

fn sorted(actions: &[&'static Action]) -> Attr<List<String>> {
    names(actions.iter().copied().collect::<ActionSet>().iter())
}

fn known_level(level: &str) -> Result<(), String> {
    super::one_of(level, AccessLevel::ALL.map(AccessLevel::as_str), "access levels")
}
