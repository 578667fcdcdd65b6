//! The schemas that editors check files by say what the readers read: the same keys, the same words, at every level.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use std::collections::BTreeSet;
use std::io::Cursor;

use envdeck::cli::schema::{JOURNAL, SNAPSHOT};
use envdeck::domain::component::ComponentKind;
use envdeck::domain::words::Word;
use envdeck::files::problem::Problems;
use envdeck::files::{DEMO, journal, snapshot};
use serde_json::Value;

/// Near to nothing, so that the readers list what they know.
const STRANGE: &str = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

const TENANT: &str = "schema: envdeck/1\ntenants: [{ id: t, name: T, environments: [], % }]";
const ENVIRONMENT: &str = "schema: envdeck/1\ntenants: [{ id: t, name: T, environments: [{ id: e, name: E, % }] }]";
const ENTRY: &str = "schema: envdeck-journal/1\nentries: [{ % }]";

/// Every map of a format: where the schema has it (`[]` is the item of a list), and a file in which only it is
/// something at `%`.
fn levels() -> Vec<(&'static str, String, String)> {
    let tenant = |inside: &str| TENANT.replace('%', inside);
    let environment = |inside: &str| ENVIRONMENT.replace('%', inside);
    let mut levels = vec![
        (SNAPSHOT, String::new(), "schema: envdeck/1\n%".to_owned()),
        (SNAPSHOT, "tenants[]".into(), "schema: envdeck/1\ntenants: [{ % }]".into()),
        (SNAPSHOT, "tenants[].capacity_gb".into(), tenant("capacity_gb: { % }")),
        (SNAPSHOT, "tenants[].capacity_gb.database".into(), tenant("capacity_gb: { database: { % } }")),
        (SNAPSHOT, "tenants[].seen".into(), tenant("seen: { % }")),
        (SNAPSHOT, "tenants[].seen.people".into(), tenant("seen: { people: { % } }")),
        (SNAPSHOT, "tenants[].environments[].seen".into(), environment("seen: { % }")),
        (SNAPSHOT, "tenants[].environments[].seen.components".into(), environment("seen: { components: { % } }")),
        (SNAPSHOT, "tenants[].licences".into(), tenant("licences: { % }")),
        (SNAPSHOT, "tenants[].security_groups[]".into(), tenant("security_groups: [{ % }]")),
        (SNAPSHOT, "tenants[].users[]".into(), tenant("users: [{ % }]")),
        (SNAPSHOT, "tenants[].environments[]".into(), tenant("").replace("[]", "[{ % }]")),
    ];
    for key in ["dataverse", "customer_managed_key", "finance_operations", "components", "order_management"] {
        levels.push((SNAPSHOT, format!("tenants[].environments[].{key}"), environment(&format!("{key}: {{ % }}"))));
    }
    for key in ["enterprise_policies", "disallowed_operations", "history", "backups"] {
        levels.push((SNAPSHOT, format!("tenants[].environments[].{key}[]"), environment(&format!("{key}: [{{ % }}]"))));
    }
    levels.push((SNAPSHOT, "tenants[].environments[].order_management.orchestrations[]".into(), environment("order_management: { orchestrations: [{ % }] }")));
    for kind in ComponentKind::ALL {
        let kind = kind.word();
        levels.push((SNAPSHOT, format!("tenants[].environments[].components.{kind}[]"), environment(&format!("components: {{ {kind}: [{{ % }}] }}"))));
    }
    levels.push((JOURNAL, String::new(), "schema: envdeck-journal/1\n%".into()));
    levels.push((JOURNAL, "entries[]".into(), ENTRY.into()));
    for kind in ["note", "fact", "operation", "checklist-opened", "item", "checklist-closed", "plan", "plan-step", "withdrawn"] {
        levels.push((JOURNAL, format!("entries[].{kind}"), ENTRY.replace('%', &format!("{kind}: {{ % }}"))));
    }
    levels.push((JOURNAL, "entries[].operation.acknowledged[]".into(), ENTRY.replace('%', "operation: { acknowledged: [{ % }] }")));
    levels
}

/// What the reader says about the file with `inside` at its `%`.
fn problems(file: &str, inside: &str) -> Problems {
    let text = file.replace('%', inside);
    let read = if text.starts_with("schema: envdeck-journal") {
        journal::read("t.yaml", Cursor::new(text)).map(drop)
    } else {
        snapshot::read("t.yaml", Cursor::new(text)).map(drop)
    };
    read.err().unwrap_or_else(|| Problems::none_in("t.yaml"))
}

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

/// What a part of the schema says, wherever it says it, except for the forms that many share.
fn said<'a>(root: &'a Value, part: &'a Value, key: &str) -> Option<&'a Value> {
    if let Some(name) = part.get("$ref").and_then(Value::as_str) {
        return if name == "#/$defs/newer" { None } else { said(root, root.pointer(name.trim_start_matches('#')).unwrap(), key) };
    }
    part.get(key).or_else(|| part.get("anyOf")?.as_array()?.iter().find_map(|form| said(root, form, key)))
}

/// The part of the schema at a path such as `tenants[].users[]`.
fn part<'a>(root: &'a Value, path: &str) -> &'a Value {
    path.split('.').filter(|step| !step.is_empty()).fold(root, |part, step| {
        let property = &said(root, part, "properties").unwrap()[step.trim_end_matches("[]")];
        if step.ends_with("[]") { said(root, property, "items").unwrap() } else { property }
    })
}

fn set<'a>(words: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_schemas_have_the_keys_that_are_read_at_every_level() {
    for (schema, path, file) in levels() {
        let root = parsed(schema);
        let level = part(&root, &path);
        let properties = said(&root, level, "properties").unwrap_or_else(|| panic!("{path} has properties")).as_object().unwrap();
        assert_eq!(said(&root, level, "additionalProperties"), Some(&Value::Bool(false)), "{path}");
        let strange = format!("there is no key `{STRANGE}` here; ");
        let problems = problems(&file, &format!("{STRANGE}: 1"));
        let known = problems.list.iter().find_map(|problem| problem.message.strip_prefix(&strange)).unwrap_or_else(|| panic!("{path}: {problems}"));
        let known = known.trim_start_matches("known are ").trim_start_matches("the only one is ");
        assert_eq!(set(properties.keys().map(String::as_str)), set(known.split(", ")), "{path}");
    }
}

#[test]
fn the_schemas_ask_for_the_keys_that_the_readers_ask_for() {
    for (schema, path, file) in levels() {
        let root = parsed(schema);
        let required = said(&root, part(&root, &path), "required").and_then(Value::as_array).cloned().unwrap_or_default();
        // Without its first line a file is another one, so that is never missing.
        let required: BTreeSet<_> = required.iter().filter_map(Value::as_str).filter(|key| *key != "schema").map(str::to_owned).collect();
        let problems = problems(&file, "");
        let last = path.rsplit('.').next().unwrap().replace("[]", "[0]");
        let here = problems.list.iter().filter(|problem| problem.path.ends_with(&last) && (!path.is_empty() || problem.path.is_empty()));
        let missing: BTreeSet<_> = here.filter_map(|problem| Some(problem.message.strip_prefix('`')?.split_once("` is missing here")?.0.to_owned())).collect();
        assert_eq!(required, missing, "{path}: {problems}");
    }
}

#[test]
fn the_schemas_have_the_words_that_are_read() {
    let mut compared = 0;
    for (schema, path, file) in levels() {
        let root = parsed(schema);
        for (key, property) in said(&root, part(&root, &path), "properties").unwrap().as_object().unwrap() {
            let is_list = said(&root, property, "items").is_some();
            let item = said(&root, property, "items").unwrap_or(property);
            let words = said(&root, item, "enum").and_then(Value::as_array).cloned().unwrap_or_default();
            let words: BTreeSet<_> = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let strange = if is_list { format!("{key}: [{STRANGE}]") } else { format!("{key}: {STRANGE}") };
            let problems = problems(&file, &strange);
            let known = problems.list.iter().find_map(|problem| problem.message.split_once(&format!("\"{STRANGE}\", known are "))).map(|(_, known)| known);
            // The codes of findings grow with the rules; what envdeck wrote needs no completion.
            let expected = if key == "code" { BTreeSet::new() } else { known.map(|known| set(known.split(", "))).unwrap_or_default() };
            assert_eq!(words, expected, "{path}.{key}");
            compared += usize::from(!words.is_empty());
        }
    }
    assert!(compared >= 30, "{compared}");
}

fn complaints(schema: &str, yaml: &str) -> Vec<String> {
    let value: Value = serde_yaml::from_str(yaml).unwrap();
    let validator = jsonschema::draft202012::new(&parsed(schema)).unwrap();
    validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schemas_are_schemas_and_every_key_is_explained() {
    fn explained(value: &Value, path: &str) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            for (key, property) in properties {
                assert!(property.get("description").is_some() || property.get("$ref").is_some(), "{path}.{key}");
            }
        }
        match value {
            Value::Object(map) => map.iter().for_each(|(key, inside)| explained(inside, &format!("{path}/{key}"))),
            Value::Array(list) => list.iter().for_each(|inside| explained(inside, path)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for schema in [SNAPSHOT, JOURNAL] {
        assert!(jsonschema::draft202012::meta::is_valid(&parsed(schema)));
        explained(&parsed(schema), "");
    }
}

#[test]
fn what_is_read_is_what_the_schemas_allow() {
    assert_eq!(complaints(SNAPSHOT, DEMO), Vec::<String>::new());
    let monday = include_str!("snapshots/files_journal__a_monday_morning_reads_well.snap");
    assert_eq!(complaints(JOURNAL, monday.split_once("---\n").unwrap().1.split_once("---\n").unwrap().1), Vec::<String>::new());
    // Each value alone, as the reader and the schema judge it.
    for (at, read, refused) in [
        (ENVIRONMENT, "type: sandbox", "type: sandbx"),
        (ENVIRONMENT, "type: { unknown: Foo }", "type: { unknown: Foo, x: 1 }"),
        (ENVIRONMENT, "url: none", "url: ~"),
        (ENVIRONMENT, "dataverse: none", "dataverse: { size_gb: -1 }"),
        (ENVIRONMENT, "dataverse: { size_gb: '420.25' }", "dataverse: { size_gb: 1e400 }"),
        (ENVIRONMENT, "retention_days: none", "retention_days: 30"),
        (ENVIRONMENT, "managed: false", "managed: none"),
        (ENVIRONMENT, "deleted_at: 2026-01-05T10:00:00.5+01:00", "deleted_at: 2026-01-05"),
        (ENVIRONMENT, "users: none", "users: ['']"),
        (ENVIRONMENT, "operator_roles: [{ unknown: Foo }]", "operator_roles: [foo]"),
        (ENVIRONMENT, "components: { mailbox: [{ id: a, name: A, incoming: none }] }", "components: { mailbox: [{ id: a, name: A, incoming: x }] }"),
        (ENVIRONMENT, "components: { mailbox: none }", "components: none"),
        (TENANT, "capacity_gb: { used: 420.25 }", "capacity_gb: none"),
        (TENANT, "capacity_gb: { log: { used: 1 } }", "capacity_gb: { log: 1 }"),
        (TENANT, "seen: { people: { at: 2026-01-05T10:00:00Z } }", "seen: { people: { source: graph } }"),
        (ENVIRONMENT, "seen: { components: { mailbox: { at: 2026-01-05T10:00:00Z, source: a } } }", "seen: { components: { at: 2026-01-05T10:00:00Z } }"),
        (TENANT, "dynamics_365_seats: 120", "dynamics_365_seats: 1.5"),
        (TENANT, "security_groups: none", "lockbox: { unknown: Foo }"),
    ] {
        assert!(problems(at, read).is_empty() && complaints(SNAPSHOT, &at.replace('%', read)).is_empty(), "{read}");
        assert!(!problems(at, refused).is_empty() && !complaints(SNAPSHOT, &at.replace('%', refused)).is_empty(), "{refused}");
    }
}
