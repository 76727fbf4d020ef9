//! Claims about what is ours when it cannot be generated, or was only half made.

use super::*;
use crate::permissions::Owned;

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn services(base: Option<&str>) -> Permissions {
    Permissions {
        base: base.map(str::to_owned).into(),
        services: Attr::Known(Set(vec![Attr::Known("s3".to_owned())])),
        ..Permissions::default()
    }
}

#[test]
fn a_base_that_was_attached_before_a_change_failed_is_ours() {
    let confirmed = |before: Permissions, wanted: Permissions, attached: &[&str]| {
        let attached = attached.iter().map(|arn| (*arn).to_owned()).collect();
        let inline = [(GENERATED.to_owned(), "{}".to_owned())].into();
        confirmed(&Attr::Known(before), &Attr::Known(wanted), (&inline, &attached))
    };
    let (without, with) = (services(None), services(Some("read-only")));
    assert_eq!(confirmed(without.clone(), with.clone(), &[READ_ONLY]), Attr::Known(with.clone()));
    assert_eq!(confirmed(without.clone(), with.clone(), &[]), Attr::Known(without.clone()));
    assert_eq!(confirmed(with.clone(), without, &[READ_ONLY]), Attr::Known(with), "until it is detached");
}

#[test]
fn what_a_role_shows_tells_what_is_ours_of_it() {
    let document = || "{}".to_owned();
    let shown = [GENERATED, "written", "theirs"].map(|name| (name.to_owned(), document())).into();
    let managed = Managed {
        attached: [READ_ONLY, "arn:aws:iam::aws:policy/AdministratorAccess"].map(str::to_owned).into(),
        owned: [(
            "arn:aws:iam::111111111111:policy/ci/x-s3".to_owned(),
            Owned { document: document(), is_attached: true },
        )]
        .into(),
    };
    let ours = |base: &str| {
        let policies = Map::from([("written".to_owned(), Attr::Known(document()))]);
        let permissions = Permissions { inline_policies: Attr::Known(policies), ..services(Some(base)) };
        Held::of_shown(&Attr::Known(permissions), Some(Task::TerraformPlanner), (&shown, &managed))
    };
    let held = ours("read-only");
    let inline: Vec<String> = held.inline.into_known().unwrap().into_keys().collect();
    assert_eq!(inline, [GENERATED, "written"]);
    assert_eq!(held.attached, Attr::Known([READ_ONLY.to_owned()].into()));
    assert_eq!(held.owned, Attr::Known([("x-s3".to_owned(), document())].into()));
    assert_eq!(ours("none").attached, Attr::Known(BTreeSet::new()));
}
