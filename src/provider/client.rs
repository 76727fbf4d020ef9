//! What resources work with: AWS, and what the provider block says about every resource. Never calls AWS
//! when it is made.

use super::config::{self, Config};
use super::settings;
use crate::aws::{self, Aws};
use crate::role::IgnoreTags;
use crate::tags::DefaultTags;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tfplug::diagnostics::{Deferral, Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::provider::Host;
use tfplug::schema::Shape;

/// The configured provider.
#[derive(Debug)]
pub struct Client {
    aws: Result<Aws, Vec<Path>>,
    default_tags: DefaultTags,
    ignore_tags: IgnoreTags,
    guard: BTreeMap<String, String>,
    is_off_told: AtomicBool,
}

impl Client {
    /// The client of a provider block, of which a plan may not know everything yet.
    ///
    /// # Errors
    /// A known block that cannot log in to anything.
    pub(super) fn new(config: &Config, host: &Host) -> Result<Self, Diagnostics> {
        let unknown = config.encode().unknown_paths();
        let user_agent = format!(
            "terraform-provider-deployrunner/{} Terraform/{}",
            env!("CARGO_PKG_VERSION"),
            if host.version.is_empty() { "unknown" } else { &host.version }
        );
        let aws = if unknown.is_empty() {
            Ok(Aws::new(settings::settings(config, user_agent)?))
        } else {
            Err(unknown)
        };
        Ok(Self {
            aws,
            default_tags: DefaultTags::new(settings::map(&config.default_tags)),
            ignore_tags: config.ignore_tags.known().map(ignore_tags).unwrap_or_default(),
            guard: settings::map(&config.guard),
            is_off_told: AtomicBool::new(false),
        })
    }

    /// AWS.
    ///
    /// # Errors
    /// Something in the provider block is not known yet: a deferral where the host can defer.
    pub fn aws(&self) -> Result<&Aws, Diagnostics> {
        self.aws.as_ref().map_err(|paths| {
            let names: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
            let detail = format!(
                "{} of the provider block will only be known after apply, so it is not known yet in which account, \
                 as whom or with which tags to work. Give the provider block values that are known at plan, or apply what they \
                 depend on first (`-target`). Nothing was guessed in their place.",
                names.join(", ")
            );
            Diagnostic::error("The provider configuration is not known yet", detail)
                .or_defer(Deferral::ProviderConfigUnknown)
                .into()
        })
    }

    /// Tags that every resource gets.
    pub fn default_tags(&self) -> &DefaultTags {
        &self.default_tags
    }

    /// What the guard's rules come to: level by rule.
    pub fn guard(&self) -> &BTreeMap<String, String> {
        &self.guard
    }

    /// Whether somebody has asked this before: what the provider block turns off is told once, not by every resource.
    pub fn is_off_told(&self) -> bool {
        self.is_off_told.swap(true, Ordering::Relaxed)
    }

    /// Tags that are left alone.
    pub fn ignore_tags(&self) -> &IgnoreTags {
        &self.ignore_tags
    }
}

fn ignore_tags(config: &config::IgnoreTags) -> IgnoreTags {
    IgnoreTags {
        keys: settings::set(&config.keys).into_iter().collect(),
        key_prefixes: settings::set(&config.key_prefixes),
    }
}

/// What AWS answered, as a diagnostic whose title says what was tried.
pub fn failure(tried: impl Into<String>, error: &aws::Error) -> Diagnostic {
    Diagnostic::error(tried, error.to_string())
}
