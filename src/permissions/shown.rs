//! Managed policies as a plan and a state show them, and back.
//!
//! Owns how a state tells which policies belong to the role: those that it shows with their document.

use iam_policy::{Arn, Kind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tfplug::schema::{Attr, Map};

use super::{compact, same};

/// The managed policies of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managed {
    /// ARNs of those that others own.
    pub attached: BTreeSet<String>,
    /// Customer-managed policies that the role owns, by ARN.
    pub owned: BTreeMap<String, Owned>,
}

/// A customer-managed policy that a role owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// JSON.
    pub document: String,
    /// It is there without being attached when a change ended half-way, or when somebody detached it.
    pub is_attached: bool,
}

impl Managed {
    /// As a plan shows them: by name, a JSON object that tells the policy's ARN, and the document of one that the
    /// role owns. Two policies of one name (in different paths, or AWS's and the account's own) go by their ARN.
    pub fn show(&self) -> Map<String> {
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for arn in self.attached.iter().chain(self.owned.keys()) {
            *by_name.entry(name_of(arn)).or_default() += 1;
        }
        let entry = |arn: &String, shown: Value| {
            let name = name_of(arn);
            let key = if by_name.get(name) == Some(&1) { name } else { arn.as_str() };
            (key.to_owned(), Attr::Known(shown.to_string()))
        };
        let attached = self.attached.iter().map(|arn| entry(arn, json!({ "PolicyArn": arn })));
        let owned = self.owned.iter().map(|(arn, policy)| {
            let document = serde_json::from_str(&policy.document).unwrap_or_else(|_| json!(policy.document));
            let mut shown = json!({ "PolicyArn": arn, "PolicyDocument": document });
            if let (false, Some(shown)) = (policy.is_attached, shown.as_object_mut()) {
                shown.insert("Attached".to_owned(), json!(false));
            }
            entry(arn, shown)
        });
        attached.chain(owned).collect()
    }

    /// What [`Managed::show`] shows; nothing for what is not known.
    pub fn shown(managed_policies: &Attr<Map<String>>) -> Self {
        let mut managed = Self::default();
        let texts = managed_policies.known().into_iter().flat_map(Map::values).filter_map(Attr::known);
        for shown in texts.filter_map(|text| serde_json::from_str::<Value>(text).ok()) {
            let Some(arn) = shown.get("PolicyArn").and_then(Value::as_str) else { continue };
            match shown.get("PolicyDocument") {
                None => drop(managed.attached.insert(arn.to_owned())),
                Some(document) => {
                    let document = document.as_str().map_or_else(|| document.to_string(), str::to_owned);
                    let is_attached = shown.get("Attached") != Some(&json!(false));
                    managed.owned.insert(arn.to_owned(), Owned { document, is_attached });
                }
            }
        }
        managed
    }

    /// The documents without layout, in the spelling of `before` where that means the same.
    #[must_use]
    pub fn spelled_as(mut self, before: &Self) -> Self {
        for (arn, policy) in &mut self.owned {
            let before = before.owned.get(arn).map(|before| &before.document);
            policy.document = match before.filter(|before| same(before, &policy.document)) {
                Some(before) => before.clone(),
                None => compact(&policy.document, Kind::Identity),
            };
        }
        self
    }
}

fn name_of(arn: &str) -> &str {
    Arn::parse(arn).ok().and_then(|_| arn.rsplit('/').next()).unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    const AGAIN: &str = r#"{"Statement":[{"Effect":"Allow","Resource":"*","Action":["s3:GetObject"]}],"Version":"2012-10-17"}"#;

    fn owned(document: &str, is_attached: bool) -> Owned {
        Owned { document: document.to_owned(), is_attached }
    }

    fn arn(path_and_name: &str) -> String {
        format!("arn:aws:iam::111111111111:policy/{path_and_name}")
    }

    #[test]
    fn what_is_owned_is_shown_with_its_document_and_known_by_it_again() {
        let managed = Managed {
            attached: [arn("theirs")].into(),
            owned: [(arn("ours"), owned(DOCUMENT, true)), (arn("half"), owned(DOCUMENT, false))].into(),
        };
        let shown = managed.show();
        assert_eq!(shown["theirs"], Attr::Known(format!(r#"{{"PolicyArn":"{}"}}"#, arn("theirs"))));
        let ours = format!(r#"{{"PolicyArn":"{}","PolicyDocument":{DOCUMENT}}}"#, arn("ours"));
        assert_eq!(shown["ours"], Attr::Known(ours));
        assert!(shown["half"].known().unwrap().ends_with(r#","Attached":false}"#), "{:?}", shown["half"]);
        assert_eq!(Managed::shown(&Attr::Known(shown)), managed);
    }

    #[test]
    fn policies_of_one_name_go_by_their_arn() {
        let managed = Managed {
            attached: [arn("x/same")].into(),
            owned: [(arn("same"), owned(DOCUMENT, true))].into(),
        };
        let shown = managed.show();
        assert_eq!(shown.keys().collect::<Vec<_>>(), [&arn("same"), &arn("x/same")]);
        assert_eq!(Managed::shown(&Attr::Known(shown)), managed);
    }

    #[test]
    fn the_spelling_stays_where_the_meaning_does() {
        let with = |document: &str| Managed {
            owned: [(arn("a"), owned(document, true))].into(),
            ..Managed::default()
        };
        assert_eq!(with(AGAIN).spelled_as(&with(DOCUMENT)), with(DOCUMENT));
        let other = AGAIN.replace("Get", "Put");
        let spelled = with(&other).spelled_as(&with(DOCUMENT));
        assert!(spelled.owned[&arn("a")].document.contains("s3:PutObject"));
    }
}
