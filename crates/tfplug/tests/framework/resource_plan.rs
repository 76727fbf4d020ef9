//! Plans: what is filled in, what is kept, what is replaced, what is refused.

use crate::stub::{Behavior, Client, Plain, Stub, Thing};
use crate::{errors, places, warnings};
use serde_json::json;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Plan, Planned};
use tfplug::schema::Attr;
use tfplug::testing::harness::{Change, Harness, Instance, unknown};
use tfplug::value::{Refinements, Value};

async fn made<B: Behavior>(host: &Harness<Stub<B>>) -> Instance {
    let config = json!({"name": "a", "note": "x", "parts": {"p": {}}});
    host.resource("stub_thing").converge(config, None).await.unwrap()
}

#[tokio::test]
async fn a_create_shows_defaults_and_what_will_be_known_after_apply() {
    let host = Harness::<Stub<Plain>>::new();
    let config = json!({"name": "a", "secret": "s", "parts": {"p": {}, "q": {"mode": "hand"}}});
    let plan = host.resource("stub_thing").plan(config, None).await.unwrap();
    let expected = json!({
        "name": "a", "note": null, "size": 1, "secret": null, "id": unknown(), "revision": unknown(),
        "parts": {"p": {"mode": "auto", "number": unknown()}, "q": {"mode": "hand", "number": unknown()}},
    });
    assert_eq!((plan.change, plan.json()), (Change::Create, expected));
    assert_eq!(plan.planned.attribute("id"), Some(&Value::Unknown(Refinements::not_null())));
    assert!(plan.replace.is_empty() && plan.identity.is_none());
}

#[tokio::test]
async fn the_same_configuration_is_no_change_and_no_other_state() {
    let host = Harness::<Stub<Plain>>::new();
    let made = made(&host).await;
    let config = json!({"name": "a", "note": "x", "parts": {"p": {}}, "secret": "another"});
    let plan = host.resource("stub_thing").plan(config, Some(&made)).await.unwrap();
    assert_eq!((plan.change, plan.planned), (Change::Nothing, made.state));
}

#[tokio::test]
async fn an_update_keeps_what_is_kept_and_leaves_the_rest_open() {
    let host = Harness::<Stub<Plain>>::new();
    let made = made(&host).await;
    let config = json!({"name": "a", "note": "y", "parts": {"p": {}, "q": {}}});
    let plan = host.resource("stub_thing").plan(config, Some(&made)).await.unwrap();
    let expected = json!({
        "name": "a", "note": "y", "size": 1, "secret": null, "id": "id-a", "revision": unknown(),
        "parts": {"p": {"mode": "auto", "number": 7}, "q": {"mode": "auto", "number": unknown()}},
    });
    assert_eq!((plan.change, plan.json()), (Change::Update, expected));
    assert_eq!(plan.identity, made.identity);
}

#[tokio::test]
async fn a_replacement_is_planned_as_a_new_object() {
    let host = Harness::<Stub<Plain>>::new();
    let made = made(&host).await;
    let plan = host.resource("stub_thing").plan(json!({"name": "b"}), Some(&made)).await.unwrap();
    assert_eq!((plan.change, plan.replace.clone()), (Change::Replace, vec![Path::attribute("name")]));
    assert_eq!(plan.json()["id"], unknown());
    assert_eq!(plan.identity, None, "the identity of the object that goes is not that of the new one");
    let replaced = host.resource("stub_thing").apply(&plan).await.unwrap();
    assert_eq!(replaced.json()["id"], "id-b");
    assert_eq!(replaced.identity(), json!({"id": "id-b", "region": "north"}));
}

struct Moody;

impl Behavior for Moody {
    async fn plan(_: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        let replace = match req.proposed.size.known() {
            Some(size) if *size > 10 => vec![Path::attribute("size")],
            _ => Vec::new(),
        };
        Ok(Planned { state: req.proposed, replace })
    }
}

#[tokio::test]
async fn a_provider_may_ask_for_replacement_this_time() {
    let host = Harness::<Stub<Moody>>::new();
    let made = made(&host).await;
    let thing = host.resource("stub_thing");
    assert_eq!(
        thing.plan(json!({"name": "a", "size": 9}), Some(&made)).await.unwrap().change,
        Change::Update
    );
    assert_eq!(
        thing.plan(json!({"name": "a", "size": 11}), Some(&made)).await.unwrap().change,
        Change::Replace
    );
}

#[tokio::test]
async fn unknown_configuration_is_planned_as_unknown_with_what_is_known_of_it() {
    let host = Harness::<Stub<Plain>>::new();
    let thing = host.resource("stub_thing");
    let plan = thing.plan(json!({"name": unknown(), "parts": unknown()}), None).await.unwrap();
    assert_eq!((&plan.json()["name"], &plan.json()["parts"]), (&unknown(), &unknown()));
    let applied = thing.apply_with(&plan, json!({"name": "a", "parts": {"p": {}}})).await.unwrap();
    assert_eq!(applied.json()["parts"], json!({"p": {"mode": "auto", "number": 7}}));

    let Value::Object(mut config) = plan.planned else { panic!("not an object") };
    let refined = Value::Unknown(Refinements::prefix("arn:"));
    config.insert("name".into(), refined.clone());
    for computed in ["id", "revision", "size"] {
        config.insert(computed.into(), Value::Null);
    }
    let plan = thing.plan(Value::Object(config), None).await.unwrap();
    assert_eq!(plan.planned.attribute("name"), Some(&refined));
}

#[tokio::test]
async fn an_unknown_value_that_may_replace_does() {
    let host = Harness::<Stub<Plain>>::new();
    let made = made(&host).await;
    let plan = host.resource("stub_thing").plan(json!({"name": unknown()}), Some(&made)).await.unwrap();
    assert_eq!(plan.change, Change::Replace);
}

struct Respelling;

impl Behavior for Respelling {
    async fn plan(_: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        let prior = req.prior.as_ref().and_then(|prior| prior.note.known());
        let same = |note: &String| prior.is_some_and(|prior| prior.eq_ignore_ascii_case(note));
        let note = match req.proposed.note.clone() {
            Attr::Known(note) if same(&note) => Attr::from(prior.cloned()),
            note => note,
        };
        Ok(Thing { note, ..req.proposed }.into())
    }
}

#[tokio::test]
async fn another_spelling_of_the_same_is_no_change() {
    let host = Harness::<Stub<Respelling>>::new();
    let made = made(&host).await;
    let thing = host.resource("stub_thing");
    let config = json!({"name": "a", "note": "X", "parts": {"p": {}}});
    assert_eq!(thing.plan(config, Some(&made)).await.unwrap().change, Change::Nothing);
    let config = json!({"name": "a", "note": "X", "size": 2, "parts": {"p": {}}});
    let plan = thing.plan(config, Some(&made)).await.unwrap();
    assert_eq!((plan.change, &plan.json()["note"]), (Change::Update, &json!("x")));
}

struct Inventing;

impl Behavior for Inventing {
    async fn plan(_: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        let note = Attr::Known("my own".to_owned());
        Ok(Thing { note, secret: req.config.secret.clone(), ..req.proposed }.into())
    }
}

#[tokio::test]
async fn a_plan_that_contradicts_the_configuration_names_the_attribute() {
    let host = Harness::<Stub<Inventing>>::new();
    let config = json!({"name": "a", "note": "x", "secret": "s"});
    let refused = host.resource("stub_thing").plan(config, None).await.unwrap_err();
    assert_eq!(places(&refused), ["note", "secret"]);
    assert!(errors(&refused).contains("This is a fault in the provider"));
}

struct Grumbling;

impl Behavior for Grumbling {
    async fn plan(ctx: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        ctx.warn(Diagnostic::warning("Careful", "That is a long name.").at(Path::attribute("name")));
        match req.proposed.size.known() {
            Some(13) => Err(Diagnostic::error("Bad luck", "Write 12.").at(Path::attribute("size")).into()),
            _ => Ok(req.proposed.into()),
        }
    }

    async fn plan_destroy(ctx: &Context<Client>, prior: Thing) -> Result<(), Diagnostics> {
        ctx.warn(Diagnostic::warning("Last chance", "It will be gone."));
        match prior.note.known().map(String::as_str) {
            Some("keep") => Err(Diagnostics::error("Protected", "Remove the note first.")),
            _ => Ok(()),
        }
    }
}

#[tokio::test]
async fn warnings_come_with_plans_and_before_errors() {
    let host = Harness::<Stub<Grumbling>>::new();
    let thing = host.resource("stub_thing");
    let plan = thing.plan(json!({"name": "a"}), None).await.unwrap();
    assert_eq!(
        (warnings(&plan.warnings).as_str(), places(&plan.warnings)),
        ("Careful: That is a long name.", vec!["name".to_owned()])
    );
    let refused = thing.plan(json!({"name": "a", "size": 13}), None).await.unwrap_err();
    assert_eq!(errors(&refused), "Bad luck: Write 12.");
    assert_eq!(places(&refused), ["name", "size"]);
}

#[tokio::test]
async fn the_provider_is_asked_before_an_object_is_destroyed() {
    let host = Harness::<Stub<Grumbling>>::new();
    let thing = host.resource("stub_thing");
    let kept = thing.converge(json!({"name": "a", "note": "keep"}), None).await.unwrap();
    assert_eq!(errors(&thing.plan_destroy(&kept).await.unwrap_err()), "Protected: Remove the note first.");
    let free = thing.converge(json!({"name": "a"}), None).await.unwrap();
    let plan = thing.plan_destroy(&free).await.unwrap();
    assert_eq!((plan.change, plan.planned.is_null()), (Change::Destroy, true));
    assert!(warnings(&plan.warnings).contains("Last chance"));
    assert!(thing.apply_with(&plan, Value::Null).await.unwrap().state.is_null());
}

struct Renaming;

impl Behavior for Renaming {
    async fn plan(_: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        let id = Attr::Known(format!("id-{}", req.proposed.size.known().unwrap()));
        Ok(Thing { id, ..req.proposed }.into())
    }
}

#[tokio::test]
async fn a_plan_may_not_change_the_identity_in_place() {
    let host = Harness::<Stub<Renaming>>::new();
    let thing = host.resource("stub_thing");
    let made = thing.converge(json!({"name": "a"}), None).await.unwrap();
    assert_eq!(made.identity(), json!({"id": "id-1", "region": "north"}));
    let refused = thing.plan(json!({"name": "a", "size": 2}), Some(&made)).await.unwrap_err();
    assert!(errors(&refused).contains("The identity of an object changed"));
    let plan = thing.plan(json!({"name": "b", "size": 2}), Some(&made)).await.unwrap();
    assert_eq!(plan.change, Change::Replace);
    assert_eq!(thing.apply(&plan).await.unwrap().identity(), json!({"id": "id-2", "region": "north"}));
}

struct Strict;

impl Behavior for Strict {
    fn validate(config: &Thing, found: &mut Diagnostics) {
        if let (Attr::Known(name), Attr::Known(note)) = (&config.name, &config.note)
            && name == note
        {
            found.push(
                Diagnostic::error("Say more", "The note repeats the name.").at(Path::attribute("note")),
            );
        }
    }
}

#[tokio::test]
async fn a_configuration_is_checked_by_the_provider_where_it_is_known() {
    let host = Harness::<Stub<Strict>>::new();
    let thing = host.resource("stub_thing");
    let found = thing.validate(json!({"name": "a", "note": "a"})).await;
    assert_eq!(
        (errors(&found).as_str(), places(&found)),
        ("Say more: The note repeats the name.", vec!["note".to_owned()])
    );
    assert!(thing.validate(json!({"name": unknown(), "note": "a"})).await.is_empty());
    let found = thing.validate(json!({"name": "a", "note": "a", "size": 1.5})).await;
    assert_eq!(places(&found), ["size"], "the provider is only asked about what the schema lets through");
}
