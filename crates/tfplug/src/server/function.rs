//! A function behind an object-safe trait.

use super::Typed;
use crate::function::{Function, FunctionError};
use crate::path::{Path, Step};
use crate::schema::{Attribute, Schema, Shape};
use crate::server::check;
use crate::value::{Mismatch, Type, Value};
use std::collections::BTreeMap;

/// What a host needs to know to call a function.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) summary: &'static str,
    pub(crate) description: String,
    pub(crate) parameters: Vec<Attribute>,
    /// Set when the last parameter takes any number of arguments: the type of each.
    pub(crate) variadic: Option<Type>,
    pub(crate) returns: Type,
}

/// A function of any type.
pub(crate) trait AnyFunction: Send + Sync {
    fn signature(&self) -> Signature;
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

impl<F: Function> AnyFunction for Typed<F> {
    fn signature(&self) -> Signature {
        let Schema { description, attributes: parameters, .. } = Schema::of::<F::Arguments>();
        let variadic = match parameters.last().map(Attribute::ty) {
            Some(Type::List(element)) if F::VARIADIC => Some(*element),
            _ => None,
        };
        Signature { summary: F::SUMMARY, description, parameters, variadic, returns: F::Output::kind().ty() }
    }

    fn call(&self, mut arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let signature = self.signature();
        let parameters = &signature.parameters;
        if signature.variadic.is_some() {
            let fixed = parameters.len().saturating_sub(1).min(arguments.len());
            let rest = arguments.split_off(fixed);
            arguments.push(Value::List(rest));
        }
        if arguments.len() != parameters.len() {
            let text = format!("expected {} arguments, found {}", parameters.len(), arguments.len());
            return Err(FunctionError { text, argument: None });
        }
        let names = parameters.iter().map(|parameter| parameter.name.clone());
        let object = Value::Object(names.zip(arguments).collect::<BTreeMap<_, _>>());
        if let Some(wrong) = check(parameters, &object).into_iter().next() {
            return Err(at(&signature, wrong.path.as_ref(), wrong.detail));
        }
        let arguments = F::Arguments::decode(&object, &Path::root())
            .map_err(|Mismatch { path, message }| at(&signature, Some(&path), message))?;
        F::call(arguments).map(|result| result.encode())
    }
}

/// The error with the position of the argument that its path starts at. Rule: each argument of a variadic
/// parameter has a position of its own.
fn at(signature: &Signature, path: Option<&Path>, text: String) -> FunctionError {
    let mut steps = path.map(Path::steps).unwrap_or_default().iter();
    let first = steps.next();
    let named =
        |parameter: &Attribute| matches!(first, Some(Step::Attribute(name)) if *name == parameter.name);
    let position = signature.parameters.iter().position(named);
    let argument = position.map(|position| match steps.next() {
        Some(Step::Index(index))
            if signature.variadic.is_some() && position + 1 == signature.parameters.len() =>
        {
            position + index
        }
        _ => position,
    });
    FunctionError { text, argument }
}
