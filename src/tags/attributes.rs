//! The attributes `tags` and `tags_all` of a resource: what they will be, and what they are.

use super::{DefaultTags, Tags, check};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, Map};

/// The texts of an attribute that are known.
pub fn known(map: &Attr<Map<String>>) -> Tags {
    let pairs = map.known().into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))).collect()
}

/// Tags as an attribute.
pub fn attribute(tags: Tags) -> Map<String> {
    tags.into_iter().map(|(key, value)| (key, Attr::Known(value))).collect()
}

/// `tags_all` of a resource with these `tags`: the provider's defaults among them, without keys that it ignores. Unknown
/// while anything in `tags` is.
///
/// # Errors
/// A tag is to be set and ignored, or IAM would not take them.
pub fn planned(
    own: &Attr<Map<String>>,
    (defaults, is_ignored): (&DefaultTags, &dyn Fn(&str) -> bool),
) -> Result<Attr<Map<String>>, Diagnostics> {
    if own.is_unknown() || own.known().is_some_and(|own| own.values().any(Attr::is_unknown)) {
        return Ok(Attr::Unknown);
    }
    let own = known(own);
    if let Some(key) = own.keys().find(|key| is_ignored(key)) {
        let detail = format!(
            "The provider block's `ignore_tags` leaves the tag {key:?} alone, so it cannot be set here. Remove it from \
             one of the two."
        );
        let path = Path::attribute("tags").key(key);
        return Err(Diagnostic::error("Invalid tags", detail).at(path).into());
    }
    let mut all = defaults.merge(&own);
    all.retain(|key, _| !is_ignored(key));
    check(&all).map_err(|reason| Diagnostic::error("Invalid tags", reason).at(Path::attribute("tags")))?;
    Ok(Attr::Known(attribute(all)))
}

/// `tags` of a resource on which `seen` was found: those of its own that are still there, and those that somebody
/// added. What its state, `(tags, tags_all)`, had from the provider's defaults is not its own.
pub fn own((own, all): (&Attr<Map<String>>, &Attr<Map<String>>), seen: &Tags) -> Attr<Map<String>> {
    let (before, all) = (known(own), known(all));
    let is_default = |key: &String| all.contains_key(key) && !before.contains_key(key);
    let mut tags = seen.clone();
    tags.retain(|key, _| !is_default(key));
    if tags.is_empty() && own.is_null() { Attr::Null } else { Attr::Known(attribute(tags)) }
}
