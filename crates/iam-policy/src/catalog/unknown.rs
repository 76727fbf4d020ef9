//! A name that is not in the catalogue, and the one that was probably meant.
//!
//! Owns the wording. Never decides what an unknown action may do.

use thiserror::Error;

use super::{DATE, service, services};
use crate::parse::nearest;

/// A name that the data about actions does not have. That data has a date: the action may be newer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}{}", self.what(), self.hint())]
pub struct UnknownAction {
    /// The name, as it was asked for.
    pub name: String,
    /// The whole name that was probably meant.
    pub nearest: Option<String>,
    /// Whether the service is known, so that only the action is not.
    pub service_known: bool,
}

impl UnknownAction {
    pub(super) fn new(name: &str) -> Self {
        let (prefix, short) = name.split_once(':').unwrap_or(("", name));
        let service = service(prefix);
        let in_service = service.and_then(|service| {
            let names = service.actions().iter().map(|action| action.name());
            nearest(short, names).map(|name| format!("{}:{name}", service.prefix()))
        });
        let nearest = in_service.or_else(|| in_nearest_service(prefix, short)).or_else(|| only_home(short));
        Self { name: name.to_owned(), nearest, service_known: service.is_some() }
    }

    fn what(&self) -> String {
        let Self { name, .. } = self;
        match name.split_once(':') {
            None => format!("action `{name}` has no service prefix, as in `s3:GetObject`"),
            Some((prefix, _)) if !self.service_known => {
                format!("unknown service `{prefix}` in `{name}`, the catalogue is of {DATE}")
            }
            Some(_) => format!("unknown action `{name}`, the catalogue is of {DATE}"),
        }
    }

    fn hint(&self) -> String {
        self.nearest.as_ref().map(|name| format!(", did you mean `{name}`")).unwrap_or_default()
    }
}

/// The action of that name in the service whose prefix was probably meant.
fn in_nearest_service(prefix: &str, short: &str) -> Option<String> {
    let service = service(&nearest(prefix, services().map(|service| service.prefix()))?)?;
    service.action(short).map(ToString::to_string)
}

/// The action of that name, if only one service has it.
fn only_home(short: &str) -> Option<String> {
    let mut homes = services().filter_map(|service| service.action(short));
    let first = homes.next()?;
    homes.next().is_none().then(|| first.to_string())
}
