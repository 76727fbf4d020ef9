//! The framework's vocabulary into wire messages.

use crate::context::Private;
use crate::diagnostics::{Deferral, Diagnostic, Diagnostics, Severity};
use crate::generated::tfplugin6 as pb;
use crate::path::{Path, Step};
use crate::schema::Attribute;
use crate::value::{Type, Value, msgpack};
use pb::attribute_path::step::Selector;

/// A value of type `ty`, as msgpack.
pub(super) fn value(value: &Value, ty: &Type) -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: msgpack::encode(value, ty), json: Vec::new() })
}

/// An identity whose attributes are `attributes`.
pub(super) fn identity(
    identity: Option<&Value>,
    attributes: &[Attribute],
) -> Option<pb::ResourceIdentityData> {
    let identity = identity.filter(|_| !attributes.is_empty())?;
    Some(pb::ResourceIdentityData { identity_data: value(identity, &super::decode::object(attributes)) })
}

/// Private data; nothing when there is none.
pub(super) fn private(private: &Private) -> Vec<u8> {
    if private.is_empty() { Vec::new() } else { serde_json::to_vec(private).unwrap_or_default() }
}

/// Diagnostics in order.
pub(super) fn diagnostics(diagnostics: Diagnostics) -> Vec<pb::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> pb::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => pb::diagnostic::Severity::Error,
        Severity::Warning => pb::diagnostic::Severity::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().map(path),
    }
}

/// A path.
pub(super) fn path(path: &Path) -> pb::AttributePath {
    let step = |step: &Step| pb::attribute_path::Step {
        selector: Some(match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
        }),
    };
    pb::AttributePath { steps: path.steps().iter().map(step).collect() }
}

/// Why something was put off.
pub(super) fn deferred(reason: Option<Deferral>) -> Option<pb::Deferred> {
    use pb::deferred::Reason;
    let reason = match reason? {
        Deferral::ResourceConfigUnknown => Reason::ResourceConfigUnknown,
        Deferral::ProviderConfigUnknown => Reason::ProviderConfigUnknown,
        Deferral::AbsentPrerequisite => Reason::AbsentPrereq,
    };
    Some(pb::Deferred { reason: reason.into() })
}
