//! Pages of a zoo: each claim about what a reader finds, and where.

use super::*;
use crate::diagnostics::Diagnostics;
use crate::function::{Function, FunctionError};
use crate::provider::{Host, Registry};
use crate::schema::{List, Map, computed, optional, required};

crate::object! {
    /// How the zoo is reached.
    struct Config {
        /// Its address.
        url: String = required(),
    }
}

crate::object! {
    /// A cage.
    ///
    /// With a second paragraph.
    struct Cage {
        /// Whom it holds.
        animals: List<Animal> = required(),
        /// How wide it is,
        /// in meters.
        ///
        /// At least two.
        width: i64 = optional().default_to(4_i64).replace(),
        /// What it is made of.
        material: String = optional().computed().one_of(&["wood", "steel"]),
        /// The code of its lock.
        code: String = optional().sensitive().deprecated("Use `key`."),
        /// Signs by language.
        signs: Map<String> = computed(),
    }
}

crate::object! {
    /// One animal.
    struct Animal {
        /// Its name.
        name: String = required(),
        /// What it eats.
        food: Food = optional(),
    }
}

crate::object! {
    /// What an animal eats.
    struct Food {
        /// Kilograms a day.
        kilograms: i64 = computed(),
    }
}

crate::object! {
    /// What tells one cage from another.
    struct Number {
        /// The number on its door.
        number: i64 = required(),
    }
}

crate::object! {
    /// Joins words.
    ///
    /// Nothing is put between them.
    struct Words {
        /// What comes first.
        first: String = required(),
        /// All others.
        rest: List<String> = optional(),
    }
}

struct Join;

impl Function for Join {
    const NAME: &'static str = "join";
    const SUMMARY: &'static str = "Joins words.";
    const VARIADIC: bool = true;
    type Arguments = Words;
    type Output = String;

    fn call(_: Words) -> Result<String, FunctionError> {
        Ok(String::new())
    }
}

struct Zoo;

impl Provider for Zoo {
    const NAME: &'static str = "zoo";
    type Config = Config;
    type Client = ();

    async fn configure(_: Config, _: Host) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn registry() -> Registry<()> {
        Registry::new().function::<Join>()
    }
}

fn cage() -> Subject {
    let content = Content::Object { schema: Schema::of::<Cage>(), identity: attributes_of::<Number>() };
    Subject { category: Category::Resource, name: "cage", provider: "zoo", content }
}

fn attributes_of<T: crate::schema::Object>() -> Vec<Attribute> {
    T::attributes()
}

fn examples(files: &[&str]) -> Examples {
    files.iter().map(|file| ((*file).to_owned(), format!("# {file}\n"))).collect()
}

#[track_caller]
fn assert_in_order(page: &str, parts: &[&str]) {
    let mut rest = page;
    for part in parts {
        let found = rest.split_once(part);
        (_, rest) = found.unwrap_or_else(|| panic!("missing or out of order: {part}\n{page}"));
    }
}

#[test]
fn a_page_has_front_matter_heading_prose_example_schema_and_import_in_this_order() {
    let page = cage().render(&examples(&["resource.tf", "import.sh", "import-by-identity.tf"]));
    assert!(page.starts_with("---\npage_title: \"zoo_cage Resource - zoo\"\nsubcategory: \"\"\n"), "{page}");
    assert_in_order(
        &page,
        &[
            "description: |-\n  A cage.\n---\n",
            "# zoo_cage (Resource)\n\nA cage.\n\nWith a second paragraph.\n",
            "## Example Usage\n\n```terraform\n# resource.tf\n```\n",
            "## Schema\n\n### Required\n",
            "## Import\n",
            "```terraform\n# import-by-identity.tf\n```\n",
            "### Identity Schema\n\nRequired:\n\n- `number` (Number) The number on its door.\n",
            "```shell\n# import.sh\n```\n",
        ],
    );
    assert!(!page.contains("import-by-string-id.tf"), "no example, no way shown");
}

#[test]
fn attributes_stand_in_three_groups_in_alphabetical_order() {
    let page = cage().render(&Examples::new());
    let heads = ["### Required\n\n- `animals`", "### Optional\n\n- `code`", "- `material`", "- `width`"];
    assert_in_order(&page, &heads);
    assert_in_order(&page, &["- `width`", "### Read-Only\n\n- `signs` (Map of String) Signs by language.\n"]);
}

#[test]
fn a_declaration_is_said_beside_the_prose() {
    let page = cage().render(&Examples::new());
    let code = "- `code` (String, Sensitive, Deprecated) The code of its lock. **Deprecated**: Use `key`.\n";
    assert!(page.contains(code), "{page}");
    assert!(page.contains("- `material` (String) What it is made of. One of `wood`, `steel`.\n"), "{page}");
}

#[test]
fn prose_of_several_paragraphs_stays_in_its_item() {
    let page = cage().render(&Examples::new());
    let width = "- `width` (Number) How wide it is,\n  in meters.\n\n  At least two. Default: `4`. Forces replacement.\n";
    assert!(page.contains(width), "{page}");
}

#[test]
fn nested_objects_follow_with_anchors_that_the_attribute_points_to() {
    let page = cage().render(&Examples::new());
    assert_in_order(
        &page,
        &[
            "(Attributes List) Whom it holds. (see [below for nested schema](#nestedatt--animals))",
            "<a id=\"nestedatt--animals\"></a>\n### Nested Schema for `animals`\n\nRequired:\n\n- `name`",
            "Optional:\n\n- `food` (Attributes) What it eats. (see [below for nested schema](#nestedatt--animals--food))",
            "<a id=\"nestedatt--animals--food\"></a>\n### Nested Schema for `animals.food`\n\nRead-Only:\n",
        ],
    );
}

#[test]
fn a_function_shows_its_signature_and_its_arguments() {
    let subjects = subjects::<Zoo>();
    let function = subjects.iter().find(|subject| subject.category() == Category::Function).unwrap();
    let page = function.render(&examples(&["function.tf"]));
    assert_in_order(
        &page,
        &[
            "page_title: \"join function - zoo\"",
            "# function: join\n",
            "Nothing is put between them.\n\nNeeds Terraform 1.8",
            "```terraform\n# function.tf\n```",
            "```text\njoin(first string, rest string...) string\n```",
            "1. `first` (String) What comes first.\n1. `rest` (String, Variadic, Nullable) All others.\n",
        ],
    );
}

#[test]
fn each_subject_says_where_its_page_and_its_examples_are() {
    let places: Vec<(String, String)> =
        subjects::<Zoo>().iter().map(|subject| (subject.page_path(), subject.example_folder())).collect();
    let expected = [("index.md", "provider"), ("functions/join.md", "functions/join")];
    assert_eq!(places, expected.map(|(page, folder)| (page.to_owned(), folder.to_owned())));
    assert_eq!(cage().page_path(), "resources/cage.md");
    assert_eq!(cage().example_folder(), "resources/zoo_cage");
}

#[test]
fn a_resource_with_an_identity_needs_an_example_of_each_way_to_import_it() {
    let required: Vec<&str> =
        cage().example_files().iter().filter(|file| file.required).map(|file| file.name).collect();
    assert_eq!(required, ["resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"]);
}
