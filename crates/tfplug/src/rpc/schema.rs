//! Schemas as the protocol carries them.

use crate::generated::tfplugin6 as pb;
use crate::schema::{Attribute, Kind, Nesting, Schema};
use crate::server::Signature;
use crate::value::Type;

/// A schema.
pub(super) fn schema(schema: &Schema) -> pb::Schema {
    pb::Schema {
        version: schema.version,
        block: Some(pb::schema::Block {
            version: schema.version,
            attributes: schema.attributes.iter().map(attribute).collect(),
            description: schema.description.clone(),
            description_kind: pb::StringKind::Markdown.into(),
            ..Default::default()
        }),
    }
}

/// The schema of a managed resource.
///
/// Terraform before 1.0.5 crashes when it proposes a new value for a nested attribute that had none, unless the
/// attribute is optional and computed: then it leaves the value alone. So that is what hosts are told of nested
/// attributes here; that a required one is set is checked by the framework, and that one which is not computed
/// is never filled in follows from the plan rules.
pub(super) fn resource(resource: &Schema) -> pb::Schema {
    let mut wire = schema(resource);
    for attribute in wire.block.iter_mut().flat_map(|block| &mut block.attributes) {
        if attribute.nested_type.is_some() && (attribute.required || attribute.optional) {
            (attribute.required, attribute.optional, attribute.computed) = (false, true, true);
        }
    }
    wire
}

/// The schema of an identity.
pub(super) fn identity(attributes: &[Attribute]) -> pb::ResourceIdentitySchema {
    let identity_attributes =
        attributes.iter().map(|attribute| pb::resource_identity_schema::IdentityAttribute {
            name: attribute.name.clone(),
            r#type: type_bytes(&attribute.ty()),
            required_for_import: attribute.declaration.required,
            optional_for_import: attribute.declaration.optional,
            description: attribute.description.clone(),
        });
    pb::ResourceIdentitySchema { version: 0, identity_attributes: identity_attributes.collect() }
}

/// The signature of a function.
pub(super) fn function(signature: &Signature) -> pb::Function {
    let mut parameters: Vec<_> = signature.parameters.iter().map(parameter).collect();
    let variadic_parameter = signature.variadic.as_ref().and_then(|ty| {
        let last = parameters.pop()?;
        Some(pb::function::Parameter { r#type: type_bytes(ty), ..last })
    });
    pb::Function {
        parameters,
        variadic_parameter,
        r#return: Some(pb::function::Return { r#type: type_bytes(&signature.returns) }),
        summary: signature.summary.to_owned(),
        description: signature.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

fn parameter(attribute: &Attribute) -> pb::function::Parameter {
    pb::function::Parameter {
        name: attribute.name.clone(),
        r#type: type_bytes(&attribute.ty()),
        allow_null_value: attribute.declaration.optional,
        allow_unknown_values: false,
        description: attribute.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
    }
}

fn attribute(attribute: &Attribute) -> pb::schema::Attribute {
    let declaration = &attribute.declaration;
    let (r#type, nested_type) = match &attribute.kind {
        Kind::Plain(ty) => (type_bytes(ty), None),
        Kind::Nested(nesting, nested) => (Vec::new(), Some(object(*nesting, nested))),
    };
    pb::schema::Attribute {
        name: attribute.name.clone(),
        r#type,
        nested_type,
        description: attribute.description.clone(),
        required: declaration.required,
        optional: declaration.optional,
        computed: declaration.computed,
        sensitive: declaration.sensitive,
        description_kind: pb::StringKind::Markdown.into(),
        deprecated: declaration.deprecated.is_some(),
        write_only: declaration.write_only,
        deprecation_message: declaration.deprecated.clone().unwrap_or_default(),
    }
}

fn object(nesting: Nesting, attributes: &[Attribute]) -> pb::schema::Object {
    use pb::schema::object::NestingMode;
    let nesting = match nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    pb::schema::Object {
        attributes: attributes.iter().map(attribute).collect(),
        nesting: nesting.into(),
        ..Default::default()
    }
}

fn type_bytes(ty: &Type) -> Vec<u8> {
    ty.to_json().to_string().into_bytes()
}
