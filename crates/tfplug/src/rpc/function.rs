//! Functions. Their errors are about arguments, never diagnostics.

use super::{decode, encode, schema};
use crate::function::FunctionError;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::schema::nearest;
use crate::server::{Server, Signature};
use crate::value::{Type, Value};

pub(super) fn signatures<P: Provider>(server: &Server<P>) -> pb::get_functions::Response {
    let functions = server.registry.functions.iter();
    pb::get_functions::Response {
        functions: functions
            .map(|(name, function)| ((*name).to_owned(), schema::function(&function.signature())))
            .collect(),
        diagnostics: Vec::new(),
    }
}

pub(super) fn call<P: Provider>(
    server: &Server<P>,
    req: &pb::call_function::Request,
) -> pb::call_function::Response {
    match result(server, req) {
        Ok((value, ty)) => pb::call_function::Response { result: encode::value(&value, &ty), error: None },
        Err(FunctionError { text, argument }) => {
            let function_argument = argument.and_then(|position| i64::try_from(position).ok());
            let error = pb::FunctionError { text: unended(text), function_argument };
            pb::call_function::Response { result: None, error: Some(error) }
        }
    }
}

/// The text without its last full stop: hosts put one behind what they are told.
fn unended(mut text: String) -> String {
    if text.ends_with('.') && !text.ends_with("..") {
        text.pop();
    }
    text
}

fn result<P: Provider>(
    server: &Server<P>,
    req: &pb::call_function::Request,
) -> Result<(Value, Type), FunctionError> {
    let registry = &server.registry.functions;
    let Some(function) = registry.get(req.name.as_str()) else {
        let hint = nearest(&req.name, registry.keys().copied())
            .map(|near| format!(" Did you mean `{near}`?"))
            .unwrap_or_default();
        let text = format!("The provider `{}` has no function `{}`.{hint}", P::NAME, req.name);
        return Err(FunctionError { text, argument: None });
    };
    let signature = function.signature();
    let mut arguments = Vec::new();
    for (position, wire) in req.arguments.iter().enumerate() {
        let Some(ty) = parameter_type(&signature, position) else {
            return Err(FunctionError::argument(position, "there is no parameter for this argument"));
        };
        let value = decode::value(Some(wire), &ty).map_err(|wrong| {
            let text = wrong.into_iter().map(|diagnostic| diagnostic.detail).collect::<Vec<_>>().join("\n");
            FunctionError::argument(position, text)
        })?;
        if value.is_null() && !accepts_null(&signature, position) {
            return Err(FunctionError::argument(position, "this argument must not be null"));
        }
        arguments.push(value);
    }
    Ok((function.call(arguments)?, signature.returns))
}

/// Hosts refuse such an argument themselves; a function may rely on it.
fn accepts_null(signature: &Signature, position: usize) -> bool {
    let parameter = signature.parameters.get(position).or_else(|| signature.parameters.last());
    parameter.is_some_and(|parameter| parameter.declaration.optional)
}

fn parameter_type(signature: &Signature, position: usize) -> Option<Type> {
    match &signature.variadic {
        Some(ty) if position + 1 >= signature.parameters.len() => Some(ty.clone()),
        _ => signature.parameters.get(position).map(crate::schema::Attribute::ty),
    }
}
