//! The sections of a function: how it is called, and what each argument is.

use super::attributes::type_name;
use super::page::fenced;
use crate::schema::Attribute;
use crate::server::Signature;

/// The sections, as blocks of Markdown.
pub(super) fn section(name: &str, signature: &Signature) -> Vec<String> {
    let variadic = signature.variadic.as_ref().map(type_name);
    let last = signature.parameters.len().saturating_sub(1);
    let mut called = Vec::new();
    let mut items = Vec::new();
    for (position, parameter) in signature.parameters.iter().enumerate() {
        let rest = variadic.as_ref().filter(|_| position == last);
        let ty = rest.cloned().unwrap_or_else(|| type_name(&parameter.ty()));
        let dots = if rest.is_some() { "..." } else { "" };
        called.push(format!("{} {}{dots}", parameter.name, ty.to_lowercase()));
        items.push(argument(parameter, &ty, rest.is_some()));
    }
    let returns = type_name(&signature.returns).to_lowercase();
    let call = format!("{name}({}) {returns}", called.join(", "));
    let mut blocks = vec!["## Signature".to_owned(), fenced("text", &call)];
    if !items.is_empty() {
        blocks.push("## Arguments".to_owned());
        blocks.push(items.join("\n"));
    }
    blocks
}

/// One argument as an item of a numbered list; Markdown does the numbering.
fn argument(parameter: &Attribute, ty: &str, variadic: bool) -> String {
    let mut traits = vec![ty.to_owned()];
    traits.extend(variadic.then(|| "Variadic".to_owned()));
    traits.extend(parameter.declaration.optional.then(|| "Nullable".to_owned()));
    let prose = parameter.description.replace('\n', "\n   ");
    format!("1. `{}` ({}) {prose}", parameter.name, traits.join(", "))
}
