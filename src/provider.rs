//! The provider: its block, its client, and the list of what it offers.

mod client;
mod config;
mod place;
mod settings;
mod validate;

pub use client::{Client, failure};
pub use config::Config;
pub(crate) use place::{Place, entered, place};

use crate::{data_sources, functions, resources};
use tfplug::diagnostics::Diagnostics;
use tfplug::provider::{Host, Provider, Registry};

/// The provider `deployrunner`.
#[derive(Debug)]
pub struct DeployRunner;

impl Provider for DeployRunner {
    const NAME: &'static str = "deployrunner";
    type Config = Config;
    type Client = Client;

    fn validate(config: &Config, found: &mut Diagnostics) {
        validate::validate(config, found);
    }

    async fn configure(config: Config, host: Host) -> Result<Client, Diagnostics> {
        Client::new(&config, &host)
    }

    fn registry() -> Registry<Client> {
        functions::register(data_sources::register(resources::register(Registry::new())))
    }
}
