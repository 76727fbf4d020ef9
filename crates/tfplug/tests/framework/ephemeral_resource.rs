//! Ephemeral resources: opened, renewed and closed with what open noted.

use crate::stub::{Client, provider};
use crate::{errors, places, warnings};
use serde_json::json;
use std::time::{Duration, SystemTime};
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::ephemeral_resource::{EphemeralResource, Opened};
use tfplug::provider::Registry;
use tfplug::schema::{Attr, computed, required};
use tfplug::testing::harness::Harness;

tfplug::object! {
    struct Lease {
        /// Whose.
        owner: String = required().one_of(&["me", "you"]),
        /// The secret.
        token: String = computed().sensitive(),
    }
}

struct Leases;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

impl EphemeralResource for Leases {
    const NAME: &'static str = "lease";
    type State = Lease;
    type Client = Client;

    async fn open(ctx: &Context<Client>, config: Lease) -> Result<Opened<Lease>, Diagnostics> {
        ctx.warn(Diagnostic::warning("Short", "It lasts a second."));
        if config.owner.known().is_some_and(|owner| owner == "you") {
            return Err(Diagnostics::error("Not yours", "Write \"me\"."));
        }
        ctx.set_private("lease", Some(json!("l-1")));
        Ok(Opened { result: Lease { token: Attr::Known("t".into()), ..config }, renew_at: Some(at(1)) })
    }

    async fn renew(ctx: &Context<Client>) -> Result<Option<SystemTime>, Diagnostics> {
        match ctx.private("renewed") {
            None => {
                assert_eq!(ctx.private("lease"), Some(json!("l-1")));
                ctx.set_private("renewed", Some(json!(1)));
                Ok(Some(at(2)))
            }
            Some(_) => Err(Diagnostics::error("Expired", "Open it again.")),
        }
    }

    async fn close(ctx: &Context<Client>) -> Result<(), Diagnostics> {
        ctx.warn(Diagnostic::warning("Closed", format!("{:?}", ctx.private("lease").unwrap())));
        Ok(())
    }
}

provider!(Leasing, Registry::new().ephemeral_resource::<Leases>());

#[tokio::test]
async fn what_open_noted_reaches_renew_and_close() {
    let host = Harness::<Leasing>::new();
    let lease = host.ephemeral_resource("stub_lease");
    let mut opened = lease.open(json!({"owner": "me"})).await.unwrap();
    assert_eq!(opened.json(), json!({"owner": "me", "token": "t"}));
    assert_eq!(
        (opened.renew_at, warnings(&opened.warnings)),
        (Some(at(1)), "Short: It lasts a second.".into())
    );
    lease.renew(&mut opened).await.unwrap();
    assert_eq!(opened.renew_at, Some(at(2)));
    assert_eq!(json!(opened.private()), json!({"lease": "l-1", "renewed": 1}));
    assert_eq!(errors(&lease.renew(&mut opened).await.unwrap_err()), "Expired: Open it again.");
    assert_eq!(warnings(&lease.close(opened).await.unwrap()), "Closed: String(\"l-1\")");
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let host = Harness::<Leasing>::new();
    let lease = host.ephemeral_resource("stub_lease");
    let refused = lease.open(json!({"owner": "you"})).await.unwrap_err();
    assert_eq!(errors(&refused), "Not yours: Write \"me\".");
    assert_eq!(warnings(&refused), "Short: It lasts a second.");
    assert_eq!(places(&lease.validate(json!({"owner": "us"})).await), ["owner"]);
}
