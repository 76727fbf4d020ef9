//! What in a task role contradicts itself, before anything is known of AWS.

use super::state::State;
use crate::permissions::Permissions;
use crate::role::{ELEVATION_PREFIX, REVOKE_POLICY};
use crate::{permissions, trust};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::Attr;

pub(crate) fn validate(config: &State, found: &mut Diagnostics) {
    names(config, found);
    if let Attr::Known(trust) = &config.trust {
        trust::validate(trust, &Path::attribute("trust"), found);
    }
    permissions::validate(&config.permissions, config.task(), &Path::attribute("permissions"), found);
    if let Attr::Known(permissions) = &config.permissions {
        reserved(permissions, found);
    }
}

/// Inline policies of these names are others' by agreement, and are never touched.
fn reserved(permissions: &Permissions, found: &mut Diagnostics) {
    let names = permissions.inline_policies.known().into_iter().flat_map(|policies| policies.keys());
    for name in names.filter(|name| *name == REVOKE_POLICY || name.starts_with(ELEVATION_PREFIX)) {
        let detail = format!(
            "The name {name:?} is reserved: `{REVOKE_POLICY}` is how AWS ends a role's sessions, and names that begin \
             with `{ELEVATION_PREFIX}` are grants for a limited time. Choose another name."
        );
        let path = Path::attribute("permissions").join("inline_policies").key(name);
        found.push(Diagnostic::error("Reserved policy name", detail).at(path));
    }
}

fn names(config: &State, found: &mut Diagnostics) {
    if config.name.is_null() && config.name_prefix.is_null() {
        let detail = "Set `name`, or `name_prefix` to have a unique name made.";
        found.push(Diagnostic::error("The role has no name", detail).at(Path::attribute("name")));
    }
    if config.name.known().is_some() && config.name_prefix.known().is_some() {
        let detail = "`name` and `name_prefix` cannot both be set. Keep one.";
        found.push(Diagnostic::error("The role has two names", detail).at(Path::attribute("name_prefix")));
    }
}
