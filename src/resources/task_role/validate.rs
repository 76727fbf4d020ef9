//! What in a task role contradicts itself, before anything is known of AWS.

use super::state::State;
use crate::{permissions, trust};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::Attr;

pub(super) fn validate(config: &State, found: &mut Diagnostics) {
    names(config, found);
    if let Attr::Known(trust) = &config.trust {
        trust::validate(trust, &Path::attribute("trust"), found);
    }
    if let Attr::Known(permissions) = &config.permissions {
        permissions::validate(permissions, &Path::attribute("permissions"), found);
    }
}

fn names(config: &State, found: &mut Diagnostics) {
    if config.name.is_null() && config.name_prefix.is_null() {
        let detail = "Set `name`, or `name_prefix` to have a unique name made.";
        found.push(Diagnostic::error("The role has no name", detail).at(Path::attribute("name")));
    }
    if !config.name.is_null() && !config.name_prefix.is_null() {
        let detail = "`name` and `name_prefix` cannot both be set. Keep one.";
        found.push(Diagnostic::error("The role has two names", detail).at(Path::attribute("name_prefix")));
    }
}
