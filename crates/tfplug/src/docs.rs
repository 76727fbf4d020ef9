//! Pages for a registry, in Markdown, from what a provider declares: its doc comments are the documentation.
//!
//! Text in, text out. Owns how a page looks and what it is called; never reads or writes a file, and never knows
//! which provider it describes.

mod attributes;
mod import;
mod page;
mod signature;

use crate::provider::Provider;
use crate::schema::{Attribute, Schema};
use crate::server::Signature;
use std::collections::BTreeMap;

/// Example files of one subject: file name to text.
pub type Examples = BTreeMap<String, String>;

/// What kind of thing a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// The provider block.
    Provider,
    /// A managed resource.
    Resource,
    /// A data source.
    DataSource,
    /// A function.
    Function,
    /// An ephemeral resource.
    EphemeralResource,
    /// A list resource.
    ListResource,
    /// An action.
    Action,
}

/// One thing that gets a page.
#[derive(Debug, Clone)]
pub struct Subject {
    category: Category,
    name: &'static str,
    provider: &'static str,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Object { schema: Schema, identity: Vec<Attribute> },
    Function(Signature),
}

/// A file that a subject's page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExampleFile {
    /// Its name in [`Subject::example_folder`].
    pub name: &'static str,
    /// Whether the page is incomplete without it.
    pub required: bool,
}

/// Everything that a provider offers: the provider block first, then by category and name. Each schema is built;
/// the provider is not configured.
pub fn subjects<P: Provider>() -> Vec<Subject> {
    let registry = P::registry();
    let object = |category, name, schema: &Schema, identity| Subject {
        category,
        name,
        provider: P::NAME,
        content: Content::Object { schema: schema.clone(), identity },
    };
    let mut found = vec![object(Category::Provider, P::NAME, &P::schema(), Vec::new())];
    for (name, it) in &registry.resources {
        found.push(object(Category::Resource, name, it.schema(), it.identity()));
    }
    for (name, it) in &registry.data_sources {
        found.push(object(Category::DataSource, name, it.schema(), Vec::new()));
    }
    for (name, it) in &registry.functions {
        let content = Content::Function(it.signature());
        found.push(Subject { category: Category::Function, name, provider: P::NAME, content });
    }
    for (name, it) in &registry.ephemeral_resources {
        found.push(object(Category::EphemeralResource, name, it.schema(), Vec::new()));
    }
    for (name, it) in &registry.list_resources {
        found.push(object(Category::ListResource, name, it.schema(), Vec::new()));
    }
    for (name, it) in &registry.actions {
        found.push(object(Category::Action, name, it.schema(), Vec::new()));
    }
    found
}

impl Category {
    /// Every category, in the order of [`subjects`].
    pub const ALL: [Self; 7] = [
        Self::Provider,
        Self::Resource,
        Self::DataSource,
        Self::Function,
        Self::EphemeralResource,
        Self::ListResource,
        Self::Action,
    ];

    /// The folder of its pages under `docs/` and of its examples under `examples/`, as registries expect them. The
    /// provider's one page is at the top, and its examples are in `provider`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Resource => "resources",
            Self::DataSource => "data-sources",
            Self::Function => "functions",
            Self::EphemeralResource => "ephemeral-resources",
            Self::ListResource => "list-resources",
            Self::Action => "actions",
        }
    }
}

impl Subject {
    /// What kind of thing it is.
    pub fn category(&self) -> Category {
        self.category
    }

    /// Its name without the provider's, such as `pet`; the provider's own for the provider block.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its name as users write it, such as `random_pet`. Functions have no prefix.
    pub fn full_name(&self) -> String {
        match self.category {
            Category::Provider | Category::Function => self.name.to_owned(),
            _ => format!("{}_{}", self.provider, self.name),
        }
    }

    /// The path of its page, below `docs/`.
    pub fn page_path(&self) -> String {
        match self.category {
            Category::Provider => "index.md".to_owned(),
            category => format!("{}/{}.md", category.folder(), self.name),
        }
    }

    /// The folder of its examples, below `examples/`.
    pub fn example_folder(&self) -> String {
        match self.category {
            Category::Provider => self.category.folder().to_owned(),
            category => format!("{}/{}", category.folder(), self.full_name()),
        }
    }

    /// The files that its example folder may hold. Import is shown where there are examples of it, and must be
    /// where there is an identity to import by.
    pub fn example_files(&self) -> Vec<ExampleFile> {
        let usage = match self.category {
            Category::Provider => "provider.tf",
            Category::Resource => "resource.tf",
            Category::DataSource => "data-source.tf",
            Category::Function => "function.tf",
            Category::EphemeralResource => "ephemeral-resource.tf",
            Category::ListResource => "list-resource.tfquery.hcl",
            Category::Action => "action.tf",
        };
        let mut files = vec![ExampleFile { name: usage, required: true }];
        if self.category == Category::Resource {
            let required = !self.identity().is_empty();
            files.push(ExampleFile { name: import::COMMAND, required });
            files.push(ExampleFile { name: import::BY_ID, required });
            if required {
                files.push(ExampleFile { name: import::BY_IDENTITY, required });
            }
        }
        files
    }

    /// Its page. Examples that are not given are left out.
    pub fn render(&self, examples: &Examples) -> String {
        page::render(self, examples)
    }

    fn description(&self) -> &str {
        match &self.content {
            Content::Object { schema, .. } => &schema.description,
            Content::Function(signature) => &signature.description,
        }
    }

    fn identity(&self) -> &[Attribute] {
        match &self.content {
            Content::Object { identity, .. } => identity,
            Content::Function(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests;
