//! The guard's pages: a table of its rules, and a page for each.
//!
//! Owns how they look. What they say is each rule's own `prose`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use terraform_provider_deployrunner::guard::{RULES, Rule};

const FOLDER: &str = "docs/guides";

/// The text of every page by its path below the root.
pub(super) fn pages() -> BTreeMap<PathBuf, String> {
    let of_rules = RULES.iter().map(|rule| (path(&format!("guard-{}.md", rule.name)), page(rule)));
    of_rules.chain([(path("guard.md"), index())]).collect()
}

/// Whether a path is one that only the guard's pages have.
pub(super) fn is_page(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    path.parent() == Some(Path::new(FOLDER)) && (name == "guard.md" || name.starts_with("guard-"))
}

fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

fn front(title: &str, description: &str) -> String {
    format!(
        "---\npage_title: \"{title}\"\nsubcategory: \"Guard\"\ndescription: |-\n  {description}.\n---\n\n# {title}\n\n"
    )
}

fn page(rule: &Rule) -> String {
    let Rule { name, prose, summary, .. } = rule;
    let level = rule.level.as_str();
    format!(
        "{front}{summary}. By default, the level is `{level}`.\n\n{prose}\n## Exceptions\n\nSay it where it is needed, \
         on the resource, or for all resources in the provider block:\n\n```terraform\nguard = {{ {name} = \
         \"{other}\" }}\n```\n\n`deny` makes it an error, `warn` a warning, and `off` leaves it out, which the plan \
         says. All rules are in [the guard](guard.md).\n",
        front = front(name, summary),
        prose = prose.trim_end().to_owned() + "\n",
        other = if level == "deny" { "warn" } else { "deny" },
    )
}

fn index() -> String {
    let row = |rule: &Rule| {
        format!("| [`{0}`](guard-{0}.md) | {1} | {2} |\n", rule.name, rule.summary, rule.level.as_str())
    };
    let rows: String = RULES.iter().map(row).collect();
    format!(
        "{front}{INTRODUCTION}\n| rule | finds | default |\n| --- | --- | --- |\n{rows}",
        front = front("The guard", "What is refused in a plan because it breaks the separation of tasks"),
    )
}

const INTRODUCTION: &str = "\
The guard looks at roles while they are planned, and refuses those that break the separation between planning, applying \
and building. Nothing has been created then.

It judges what a role will really hold: generated statements, policies written by hand, managed policies, AWS's own among \
them, and what explicit denies and the permissions boundary leave of all that. Of a runner it also compares the roles: \
none may assume, change or hand over one that is stronger, in the order invoker, planner, state role, builders, applier. \
What is not known yet is skipped, and judged when it is.

A finding names the attribute, the statement, the actions, and one request that would be allowed. Where patterns are so \
entangled that the search for one ends without an answer, it says that the statement may allow the actions. Of the rules \
about what a statement allows, the first in this table that finds something speaks; the others are silent about that \
statement.

A rule's level is `deny` (an error), `warn` or `off`. The `guard` of a resource wins over the provider block's:

```terraform
guard = { pass-role-unscoped = \"warn\" }
```
";
