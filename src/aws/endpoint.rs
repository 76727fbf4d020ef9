//! Which endpoint was set for a service, and where: what a person needs who could not reach it.
//!
//! Only tells; the SDK itself reads the environment, in this same order.

use super::{Endpoints, Error, Kind};

/// Adds the endpoint in use to an error that says that nobody answered, where one is set.
pub(super) fn explain(error: Error, endpoints: &Endpoints) -> Error {
    explain_with(error, endpoints, |name| std::env::var(name).ok())
}

fn explain_with(error: Error, endpoints: &Endpoints, variable: impl Fn(&str) -> Option<String>) -> Error {
    if error.kind() != Kind::Unreachable {
        return error;
    }
    let (set, argument, own) = if error.operation().starts_with("sts:") {
        (&endpoints.sts, "`endpoints.sts`", "AWS_ENDPOINT_URL_STS")
    } else {
        (&endpoints.iam, "`endpoints.iam`", "AWS_ENDPOINT_URL_IAM")
    };
    let ignored = || {
        variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|text| text.eq_ignore_ascii_case("true"))
    };
    let from_environment = |name: &'static str| variable(name).filter(|url| !url.is_empty()).zip(Some(name));
    let found = match set {
        Some(url) => Some((url.clone(), argument)),
        None if ignored() => None,
        None => from_environment(own).or_else(|| from_environment("AWS_ENDPOINT_URL")),
    };
    match found {
        Some((url, source)) => {
            error.advise(format!("The endpoint is {}, from {source}.", without_user(&url)))
        }
        None => error,
    }
}

/// The URL without a user and password, which no message may show.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(operation: &'static str, endpoints: &Endpoints, variables: &[(&str, &str)]) -> String {
        let find =
            |name: &str| variables.iter().find(|(of, _)| *of == name).map(|(_, value)| (*value).to_owned());
        explain_with(Error::new(Kind::Unreachable, operation, "x"), endpoints, find).advice().join(" ")
    }

    #[test]
    fn the_block_beats_the_variable_of_the_service_which_beats_the_one_of_all() {
        let block = Endpoints { iam: Some("http://a".to_owned()), ..Endpoints::default() };
        let all = [("AWS_ENDPOINT_URL_IAM", "http://b"), ("AWS_ENDPOINT_URL", "http://c")];
        assert_eq!(told("iam:GetRole", &block, &all), "The endpoint is http://a, from `endpoints.iam`.");
        let none = Endpoints::default();
        assert_eq!(told("iam:GetRole", &none, &all), "The endpoint is http://b, from AWS_ENDPOINT_URL_IAM.");
        assert_eq!(told("sts:AssumeRole", &block, &all), "The endpoint is http://c, from AWS_ENDPOINT_URL.");
    }

    #[test]
    fn an_endpoint_of_aws_needs_no_telling() {
        assert_eq!(told("iam:GetRole", &Endpoints::default(), &[]), "");
        let ignored = [("AWS_ENDPOINT_URL", "http://c"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
        assert_eq!(told("iam:GetRole", &Endpoints::default(), &ignored), "");
        let denied = Error::new(Kind::Denied, "iam:GetRole", "x");
        assert!(explain_with(denied, &Endpoints::default(), |_| Some("u".to_owned())).advice().is_empty());
    }

    #[test]
    fn a_password_in_the_url_is_not_shown() {
        assert_eq!(without_user("https://me:secret@host:8/p@q"), "https://host:8/p@q");
        assert_eq!(without_user("host"), "host");
    }
}
