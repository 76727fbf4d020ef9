//! The Schema section: what must be set, what may be, what is only read; then each nested object, with an anchor.
//! The layout and the anchors are those that registries' readers know from terraform-plugin-docs.

use crate::schema::{Attribute, Kind, Nesting};
use crate::value::{Type, Value, json};

/// Who sets an attribute: what readers look for first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Required,
    Optional,
    ReadOnly,
}

const GROUPS: [Group; 3] = [Group::Required, Group::Optional, Group::ReadOnly];

impl Group {
    /// An argument that the provider fills in when it is left out is optional all the same.
    fn of(attribute: &Attribute) -> Self {
        match (attribute.declaration.required, attribute.declaration.optional) {
            (true, _) => Self::Required,
            (false, true) => Self::Optional,
            (false, false) => Self::ReadOnly,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Required => "Required",
            Self::Optional => "Optional",
            Self::ReadOnly => "Read-Only",
        }
    }
}

/// The section, as blocks of Markdown.
pub(super) fn section(attributes: &[Attribute]) -> Vec<String> {
    let mut blocks = vec![
        "<!-- from the provider's schema: edit its doc comments, not this page -->\n## Schema".to_owned(),
    ];
    blocks.extend(lists(attributes, "", |group| format!("### {}", group.title())));
    blocks.extend(nested(attributes, ""));
    blocks
}

/// The attributes of an identity. They have nothing nested in them.
pub(super) fn identity(attributes: &[Attribute]) -> Vec<String> {
    lists(attributes, "", |group| format!("{}:", group.title()))
}

/// A title and a list for each group that has attributes; `parent` is the anchor of the object they are in.
fn lists(attributes: &[Attribute], parent: &str, title: fn(Group) -> String) -> Vec<String> {
    let mut blocks = Vec::new();
    for group in GROUPS {
        let items: Vec<String> =
            sorted(attributes, group).iter().map(|attribute| item(attribute, parent)).collect();
        if !items.is_empty() {
            blocks.push(title(group));
            blocks.push(items.join("\n"));
        }
    }
    blocks
}

fn sorted(attributes: &[Attribute], group: Group) -> Vec<&Attribute> {
    let mut found: Vec<&Attribute> =
        attributes.iter().filter(|attribute| Group::of(attribute) == group).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Every object nested in these attributes, each followed by those nested in it.
fn nested(attributes: &[Attribute], parent: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    for attribute in GROUPS.iter().flat_map(|group| sorted(attributes, *group)) {
        let Kind::Nested(_, children) = &attribute.kind else { continue };
        let anchor = anchor(parent, &attribute.name);
        let path = anchor.replace("--", ".");
        blocks.push(format!("<a id=\"nestedatt--{anchor}\"></a>\n### Nested Schema for `{path}`"));
        blocks.extend(lists(children, &anchor, |group| format!("{}:", group.title())));
        blocks.extend(nested(children, &anchor));
    }
    blocks
}

/// The names on the way to a nested object, joined as anchors are.
fn anchor(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}--{name}") }
}

/// One attribute as an item of a list.
fn item(attribute: &Attribute, parent: &str) -> String {
    let mut words = vec![format!("- `{}` ({})", attribute.name, traits(attribute))];
    // What continues an item is indented, or it would end the list.
    words.push(attribute.description.replace('\n', "\n  ").replace("\n  \n", "\n\n"));
    words.extend(notes(attribute));
    if let Kind::Nested(..) = attribute.kind {
        let anchor = anchor(parent, &attribute.name);
        words.push(format!("(see [below for nested schema](#nestedatt--{anchor}))"));
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// The type, and what else a reader must know before the prose.
fn traits(attribute: &Attribute) -> String {
    let declaration = &attribute.declaration;
    let mut traits = vec![kind_name(&attribute.kind)];
    traits.extend(declaration.sensitive.then(|| "Sensitive".to_owned()));
    traits.extend(declaration.write_only.then(|| "Write-only".to_owned()));
    traits.extend(declaration.deprecated.is_some().then(|| "Deprecated".to_owned()));
    traits.join(", ")
}

/// What the declaration says beyond the prose, as sentences.
fn notes(attribute: &Attribute) -> Vec<String> {
    let declaration = &attribute.declaration;
    let mut notes = Vec::new();
    if !declaration.one_of.is_empty() {
        let allowed: Vec<String> = declaration.one_of.iter().map(|name| format!("`{name}`")).collect();
        notes.push(format!("One of {}.", allowed.join(", ")));
    }
    notes.extend(declaration.default.as_ref().map(|value| format!("Default: `{}`.", literal(value))));
    notes.extend(declaration.replace.then(|| "Forces replacement.".to_owned()));
    notes.extend(declaration.deprecated.as_ref().map(|instead| format!("**Deprecated**: {instead}")));
    notes
}

/// A value as it would stand in HCL; JSON literals of defaults are HCL too.
fn literal(value: &Value) -> String {
    json::to_json(value).to_string()
}

fn kind_name(kind: &Kind) -> String {
    let name = match kind {
        Kind::Plain(ty) => return type_name(ty),
        Kind::Nested(Nesting::Single, _) => "Attributes",
        Kind::Nested(Nesting::List, _) => "Attributes List",
        Kind::Nested(Nesting::Set, _) => "Attributes Set",
        Kind::Nested(Nesting::Map, _) => "Attributes Map",
    };
    name.to_owned()
}

/// A type in words, such as `Map of Set of String`.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Object(attributes) => {
            let attributes: Vec<String> =
                attributes.iter().map(|(name, ty)| format!("{name}: {}", type_name(ty))).collect();
            format!("Object {{{}}}", attributes.join(", "))
        }
        Type::Tuple(elements) => {
            format!("Tuple [{}]", elements.iter().map(type_name).collect::<Vec<_>>().join(", "))
        }
    }
}
