//! The provider's messages as a host reads them, and the host's as it writes them.

use crate::diagnostics::{Deferral, Diagnostic, Diagnostics, Severity};
use crate::generated::tfplugin6 as pb;
use crate::path::Path;
use crate::schema::{Attribute, Declaration, Kind, Nesting, Schema};
use crate::value::{Type, Value, msgpack};
use pb::attribute_path::step::Selector;
use std::collections::BTreeMap;
use tonic::{Response, Status};

/// All that a provider offers, as a host knows it.
#[derive(Debug)]
pub(super) struct Schemas {
    pub(super) provider: Schema,
    pub(super) resources: BTreeMap<String, Schema>,
    pub(super) identities: BTreeMap<String, Vec<Attribute>>,
    pub(super) data_sources: BTreeMap<String, Schema>,
    pub(super) ephemeral_resources: BTreeMap<String, Schema>,
    pub(super) list_resources: BTreeMap<String, Schema>,
    pub(super) actions: BTreeMap<String, Schema>,
    pub(super) functions: BTreeMap<String, Signature>,
}

/// A function's types.
#[derive(Debug)]
pub(super) struct Signature {
    parameters: Vec<Type>,
    variadic: Option<Type>,
    pub(super) returns: Type,
}

impl Signature {
    pub(super) fn parameter(&self, position: usize) -> Option<Type> {
        self.parameters.get(position).or(self.variadic.as_ref()).cloned()
    }
}

impl Schemas {
    pub(super) fn read(
        schemas: pb::get_provider_schema::Response,
        identities: pb::get_resource_identity_schemas::Response,
    ) -> Result<Self, Diagnostics> {
        warnings(schemas.diagnostics)?;
        warnings(identities.diagnostics)?;
        let actions = schemas.action_schemas.into_iter();
        let actions = actions.map(|(name, action)| (name, action.schema.unwrap_or_default()));
        Ok(Self {
            provider: schema(schemas.provider.unwrap_or_default())?,
            resources: each(schemas.resource_schemas, schema)?,
            identities: each(identities.identity_schemas, identity)?,
            data_sources: each(schemas.data_source_schemas, schema)?,
            ephemeral_resources: each(schemas.ephemeral_resource_schemas, schema)?,
            list_resources: each(schemas.list_resource_schemas, schema)?,
            actions: each(actions, schema)?,
            functions: each(schemas.functions, signature)?,
        })
    }
}

/// The schema under a name; a name that the provider did not offer has the empty one, so that it can be
/// asked about all the same.
pub(super) fn named(schemas: &BTreeMap<String, Schema>, name: &str) -> Schema {
    let nothing = || Schema { version: 0, description: String::new(), attributes: Vec::new() };
    schemas.get(name).cloned().unwrap_or_else(nothing)
}

fn each<A, B>(
    all: impl IntoIterator<Item = (String, A)>,
    read: fn(A) -> Result<B, Diagnostics>,
) -> Result<BTreeMap<String, B>, Diagnostics> {
    all.into_iter().map(|(name, one)| Ok((name, read(one)?))).collect()
}

fn schema(wire: pb::Schema) -> Result<Schema, Diagnostics> {
    let block = wire.block.unwrap_or_default();
    let attributes = block.attributes.into_iter().map(attribute).collect::<Result<_, _>>()?;
    Ok(Schema { version: wire.version, description: block.description, attributes })
}

fn attribute(wire: pb::schema::Attribute) -> Result<Attribute, Diagnostics> {
    let kind = match wire.nested_type {
        Some(nested) => {
            let attributes = nested.attributes.into_iter().map(attribute).collect::<Result<_, _>>()?;
            Kind::Nested(nesting(nested.nesting)?, attributes)
        }
        None => Kind::Plain(ty(&wire.r#type)?),
    };
    let declaration = Declaration {
        required: wire.required,
        optional: wire.optional,
        computed: wire.computed,
        sensitive: wire.sensitive,
        write_only: wire.write_only,
        deprecated: Some(wire.deprecation_message).filter(|_| wire.deprecated),
        ..Declaration::default()
    };
    Ok(Attribute { name: wire.name, description: wire.description, kind, declaration })
}

fn nesting(wire: i32) -> Result<Nesting, Diagnostics> {
    use pb::schema::object::NestingMode;
    match NestingMode::try_from(wire) {
        Ok(NestingMode::Single) => Ok(Nesting::Single),
        Ok(NestingMode::List) => Ok(Nesting::List),
        Ok(NestingMode::Set) => Ok(Nesting::Set),
        Ok(NestingMode::Map) => Ok(Nesting::Map),
        _ => Err(malformed(format!("{wire} is not a nesting"))),
    }
}

fn identity(wire: pb::ResourceIdentitySchema) -> Result<Vec<Attribute>, Diagnostics> {
    let read = |attribute: pb::resource_identity_schema::IdentityAttribute| {
        let declaration = Declaration {
            required: attribute.required_for_import,
            optional: attribute.optional_for_import,
            ..Declaration::default()
        };
        let kind = Kind::Plain(ty(&attribute.r#type)?);
        Ok(Attribute { name: attribute.name, description: attribute.description, kind, declaration })
    };
    wire.identity_attributes.into_iter().map(read).collect()
}

fn signature(wire: pb::Function) -> Result<Signature, Diagnostics> {
    let parameters =
        wire.parameters.iter().map(|parameter| ty(&parameter.r#type)).collect::<Result<_, _>>()?;
    let variadic = wire.variadic_parameter.as_ref().map(|parameter| ty(&parameter.r#type)).transpose()?;
    let returns = wire.r#return.ok_or_else(|| malformed("a function returns nothing"))?;
    Ok(Signature { parameters, variadic, returns: ty(&returns.r#type)? })
}

fn ty(json: &[u8]) -> Result<Type, Diagnostics> {
    let json = serde_json::from_slice(json).map_err(|error| malformed(error.to_string()))?;
    Type::from_json(&json).map_err(malformed)
}

fn malformed(reason: impl Into<String>) -> Diagnostics {
    Diagnostics::error("Malformed answer from the provider", reason)
}

/// The answer to a call.
pub(super) fn answer<T>(answered: Result<Response<T>, Status>) -> Result<T, Diagnostics> {
    answered
        .map(Response::into_inner)
        .map_err(|status| Diagnostics::error("The call failed", status.to_string()))
}

pub(super) fn encode(value: &Value, ty: &Type) -> pb::DynamicValue {
    pb::DynamicValue { msgpack: msgpack::encode(value, ty), json: Vec::new() }
}

pub(super) fn decode(wire: Option<&pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    match wire {
        Some(wire) if !wire.msgpack.is_empty() => msgpack::decode(&wire.msgpack, ty)
            .map_err(|mismatch| malformed(format!("at `{}`: {}", mismatch.path, mismatch.message))),
        _ => Ok(Value::Null),
    }
}

/// The warnings of an answer.
///
/// # Errors
/// All diagnostics, if one of them is an error.
pub(super) fn warnings(wire: Vec<pb::Diagnostic>) -> Result<Diagnostics, Diagnostics> {
    let found = diagnostics(wire);
    if found.has_errors() { Err(found) } else { Ok(found) }
}

pub(super) fn diagnostics(wire: Vec<pb::Diagnostic>) -> Diagnostics {
    let read = |wire: pb::Diagnostic| Diagnostic {
        severity: match wire.severity() {
            pb::diagnostic::Severity::Warning => Severity::Warning,
            _ => Severity::Error,
        },
        summary: wire.summary,
        detail: wire.detail,
        path: wire.attribute.as_ref().map(path),
        deferral: None,
    };
    wire.into_iter().map(read).collect()
}

/// The details of all diagnostics, a line each.
pub(super) fn text(found: &Diagnostics) -> String {
    let lines: Vec<String> = found.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect();
    lines.join("\n")
}

pub(super) fn path(wire: &pb::AttributePath) -> Path {
    wire.steps.iter().fold(Path::root(), |path, step| match &step.selector {
        Some(Selector::AttributeName(name)) => path.join(name),
        Some(Selector::ElementKeyString(key)) => path.key(key),
        Some(Selector::ElementKeyInt(index)) => path.index(usize::try_from(*index).unwrap_or(usize::MAX)),
        None => path,
    })
}

pub(super) fn deferral(wire: Option<pb::Deferred>) -> Option<Deferral> {
    use pb::deferred::Reason;
    match wire?.reason() {
        Reason::ProviderConfigUnknown => Some(Deferral::ProviderConfigUnknown),
        Reason::AbsentPrereq => Some(Deferral::AbsentPrerequisite),
        _ => Some(Deferral::ResourceConfigUnknown),
    }
}
