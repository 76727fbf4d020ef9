//! A page from top to bottom: front matter, heading, prose, example, then what is particular to the category.

use super::{Category, Content, Examples, Subject, attributes, import, signature};

/// The whole page, ending with a line break.
pub(super) fn render(subject: &Subject, examples: &Examples) -> String {
    let mut parts = vec![front_matter(subject), heading(subject), subject.description().to_owned()];
    parts.extend(hosts(subject.category).map(str::to_owned));
    if let Some(text) = subject.example_files().first().and_then(|file| examples.get(file.name)) {
        parts.push("## Example Usage".to_owned());
        parts.push(fenced("terraform", text));
    }
    match &subject.content {
        Content::Object { schema, identity } => {
            parts.extend(attributes::section(&schema.attributes));
            parts.extend(import::section(identity, examples));
        }
        Content::Function(function) => parts.extend(signature::section(subject.name, function)),
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

/// A block of code.
pub(super) fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// The metadata that registries read. The description is one paragraph, on one line.
fn front_matter(subject: &Subject) -> String {
    let summary = match &subject.content {
        Content::Function(signature) => signature.summary,
        Content::Object { schema, .. } => schema.description.split("\n\n").next().unwrap_or_default(),
    };
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "---\npage_title: \"{}\"\nsubcategory: \"\"\ndescription: |-\n  {summary}\n---",
        match subject.category {
            Category::Provider => format!("Provider: {}", subject.name),
            category => format!("{} {} - {}", subject.full_name(), label(category), subject.provider),
        }
    )
}

fn heading(subject: &Subject) -> String {
    match subject.category {
        Category::Provider => format!("# {} Provider", subject.name),
        Category::Function => format!("# function: {}", subject.name),
        category => format!("# {} ({})", subject.full_name(), label(category)),
    }
}

fn label(category: Category) -> &'static str {
    match category {
        Category::Provider => "Provider",
        Category::Resource => "Resource",
        Category::DataSource => "Data Source",
        Category::Function => "function",
        Category::EphemeralResource => "Ephemeral Resource",
        Category::ListResource => "List Resource",
        Category::Action => "Action",
    }
}

/// Which hosts know the category, where not all do.
fn hosts(category: Category) -> Option<&'static str> {
    match category {
        Category::Provider | Category::Resource | Category::DataSource => None,
        Category::Function => Some("Needs Terraform 1.8 or OpenTofu 1.7, or later."),
        Category::EphemeralResource => Some("Needs Terraform 1.10 or OpenTofu 1.11, or later."),
        Category::ListResource | Category::Action => Some("Needs Terraform 1.14 or later."),
    }
}
