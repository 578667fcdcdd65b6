//! What nobody looked up never allows what is refused once it is known: asked of every key of the snapshot's schema.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::cli::schema::SNAPSHOT;
use envdeck::domain::copy::Level;
use envdeck::domain::environment::{EnvironmentId, EnvironmentType};
use envdeck::domain::estate::{Estate, Snapshot};
use envdeck::domain::journal::Journal;
use envdeck::domain::operation::OperationKind;
use envdeck::domain::request::{Back, Change, Choice, Context, Group, Half, Move, Movement, Request, UserMapping, outline};
use envdeck::domain::rulebook::{Edition, Rulebooks};
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::domain::words::Word;
use envdeck::files::snapshot;
use facts::{books, mapped, utc};
use serde_json::{Map, Value, json};

const NOW: &str = "2026-01-05T09:00:00Z";

/// What is no fact that somebody could know and does not: what says more than the rules where it stands, and nothing where
/// it does not.
///
/// - `backups_available_from` is the service's own word on how far back it reaches, which the rules know from the retention;
/// - `region` of a backup is written only where it is another one than that of its environment.
const SAYS_ONLY_MORE: [&str; 2] = ["backups_available_from", "backups/region"];

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// Values of a text, by the key it stands under: those that a rule tells apart.
fn texts(key: &str) -> &'static [&'static str] {
    match key {
        "region" => &["emea", "Europe", "na"],
        "application_build" => &["10.0.43", "10.0.44.0", "10.0.45", "next"],
        "dynamics_365_apps" => &["Sales", "Dynamics 365 Marketing"],
        "operation" => &["CopyTo", "Restore", "Reset"],
        "id" | "name" => &["p1", "p2"],
        "shared_with" => &["Everyone", "Sales team"],
        "security_group" => &["g1", "g2"],
        "users" | "upn" | "operator" => &["isaac@contoso.com", "lena@contoso.com"],
        "domain" => &["contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"],
        _ => &["x", "y"],
    }
}

/// Instants around those at which a rule changes its mind: the limits of readiness and of every retention.
fn instants() -> Vec<Value> {
    let ago = |seconds: i64| json!(envdeck::domain::time::rfc3339(utc(NOW) - chrono::TimeDelta::seconds(seconds)));
    let day = 86_400;
    [0, 300, 720, 2 * day, 3 * day, 7 * day, 7 * day + 1, 8 * day, 14 * day, 20 * day, 28 * day, 28 * day + 1, 29 * day, 900 * day].map(ago).to_vec()
}

fn resolved<'a>(root: &'a Value, node: &'a Value) -> &'a Value {
    match node.get("$ref").and_then(Value::as_str) {
        Some(name) => resolved(root, root.pointer(name.trim_start_matches('#')).unwrap()),
        None => node,
    }
}

/// Values of what stands under `key`: all of a vocabulary, both sides of each limit of a number, some of what has parts.
fn values(root: &Value, node: &Value, key: &str, dice: &mut Dice) -> Vec<Value> {
    if let Some(name) = node.get("$ref").and_then(Value::as_str) {
        match name.trim_start_matches("#/$defs/") {
            // A word of a newer world is judged as unknown.
            "newer" => return Vec::new(),
            "instant" => return instants(),
            "gigabytes" => return ["0", "0.99", "1", "30.25", "290", "320"].map(|size| json!(size)).to_vec(),
            "text" => return texts(key).iter().map(|text| json!(text)).collect(),
            _ => return values(root, resolved(root, node), key, dice),
        }
    }
    if let Some(forms) = node.get("anyOf").and_then(Value::as_array) {
        return forms.iter().flat_map(|form| values(root, form, key, dice)).collect();
    }
    if let Some(words) = node.get("enum").and_then(Value::as_array) {
        return words.clone();
    }
    if let Some(only) = node.get("const") {
        return vec![only.clone()];
    }
    match node.get("type").and_then(Value::as_str) {
        Some("boolean") => vec![json!(true), json!(false)],
        Some("integer") => [0, 1, 2, 3, 7, 14, 300].map(|number| json!(number)).to_vec(),
        Some("array") => {
            let items = values(root, &node["items"], key, dice);
            if items.is_empty() {
                return vec![json!([])];
            }
            let mut all = vec![json!([])];
            all.extend(items.iter().map(|item| json!([item])));
            all.extend((0..2).map(|_| json!([dice.one(&items), dice.one(&items)])));
            all.retain(is_a_list);
            all
        }
        Some("object") => (0..8).map(|nth| Value::Object(object(root, node, dice, nth == 0))).collect(),
        _ => texts(key).iter().map(|text| json!(text)).collect(),
    }
}

/// Whether nothing stands twice in a list, which no file may say.
fn is_a_list(list: &Value) -> bool {
    let ids: Vec<_> = list.as_array().unwrap().iter().map(|item| item.get("id").or_else(|| item.get("upn")).unwrap_or(item).to_string()).collect();
    ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
}

/// A thing with all its parts, or with those alone that it cannot be without.
fn object(root: &Value, node: &Value, dice: &mut Dice, bare: bool) -> Map<String, Value> {
    let required = node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    let mut map = Map::new();
    for (key, part) in node["properties"].as_object().unwrap() {
        if key == "seen" || (bare && !required.contains(&key.as_str())) {
            continue;
        }
        let of = values(root, part, key, dice);
        map.insert(key.clone(), dice.one(&of).clone());
    }
    map
}

/// Environments near those against which nothing speaks, of each kind that has rules of its own.
fn environment(id: &str, profile: usize) -> Value {
    let half = |kind: &str, of: &str, build: &str| json!({ "id": format!("f{id}"), "name": format!("Ledger {id}"), "type": of, "kind": kind, "application_build": build, "pitr_days": 14 });
    let mut e = json!({
        "id": id, "name": id, "type": "sandbox", "state": "ready", "region": "emea", "url": format!("https://{id}.crm4.dynamics.com"),
        "org_id": format!("o{id}"), "created_at": "2023-02-15T08:00:00Z", "dataverse": { "version": "9.2", "size_gb": 12, "audit_gb": 4 },
        "dynamics_365_apps": [], "managed": true, "customer_managed_key": "none", "enterprise_policies": [], "admin_mode": false,
        "background_operations": true, "retention_days": 28, "security_group": "none", "finance_operations": "none",
        "operator_roles": ["system-administrator"], "users": ["isaac@contoso.com"], "deleted_at": "none", "disallowed_operations": [], "history": [],
        "backups": [
            { "id": "b1", "taken_at": "2026-01-04T18:02:00Z" }, { "id": "b2", "taken_at": "2025-12-27T18:02:00Z" },
        ],
        "order_management": "none",
    });
    let schema: Value = serde_json::from_str(SNAPSHOT).unwrap();
    let kinds = schema["$defs"]["components"]["properties"].as_object().unwrap();
    e["components"] = Value::Object(kinds.keys().map(|kind| (kind.clone(), json!([]))).collect());
    e["type"] = json!(
        ["production", "sandbox", "sandbox", "sandbox", "production", "developer", "default", "teams", "trial-subscription", "production", "sandbox"][profile]
    );
    match profile {
        2 => e["finance_operations"] = half("unified", "sandbox", "10.0.44"),
        3 => e["finance_operations"] = half("lcs", "sandbox", "10.0.44"),
        4 => e["finance_operations"] = half("unified", "production", "10.0.43"),
        9 => e["finance_operations"] = half("lcs", "production", "10.0.43"),
        10 => e["deleted_at"] = json!("2026-01-02T09:00:00Z"),
        _ => {}
    }
    e
}

const PROFILES: usize = 11;

fn tenant(id: &str) -> Value {
    let storage = |entitled: u32, used: u32| json!({ "entitled": entitled, "used": used });
    json!({
        "id": id, "name": id, "domain": format!("{id}.onmicrosoft.com"), "region": "emea", "cloud": "public", "operator_roles": ["power-platform-admin"],
        "capacity_gb": { "database": storage(320, 290), "file": storage(160, 80), "log": storage(20, 5) },
        "lockbox": false, "licences": { "total": 300, "active": 240 }, "dynamics_365_seats": 120, "paid_subscriptions": ["dynamics-365"],
        "security_groups": [{ "id": "g1", "name": "Vendors" }],
        "users": [{ "upn": "isaac@contoso.com", "active": true, "licensed": true, "access": "full", "mailbox": "none" }],
        "environments": [],
    })
}

fn estate(dice: &mut Dice) -> Value {
    let mut tenants = [tenant("contoso"), tenant("fabrikam")];
    let at = usize::from(dice.roll(12) == 0);
    tenants[0]["environments"] = json!([environment("a", dice.roll(PROFILES))]);
    tenants[at]["environments"].as_array_mut().unwrap().push(environment("b", dice.roll(PROFILES)));
    json!({ "schema": "envdeck/1", "captured_at": NOW, "operator": "thomas@contoso.com", "tenants": tenants })
}

/// A key that somebody can leave out: where it stands, and what its schema says of it.
#[derive(Clone)]
struct Fact<'a> {
    path: Vec<Step>,
    schema: &'a Value,
}

#[derive(Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    At(usize),
}

impl Fact<'_> {
    fn name(&self) -> &str {
        self.path.iter().rev().find_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None }).unwrap()
    }

    /// Its keys without numbers, from the environment or tenant on.
    fn keys(&self) -> String {
        let keys: Vec<&str> = self.path.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None }).collect();
        let from = keys.iter().rposition(|key| ["tenants", "environments"].contains(key)).map_or(0, |at| at + 1);
        keys[from..].join("/")
    }
}

/// Every fact that is there: of what is unknown or is none, no part can be looked up.
fn facts_of<'a>(root: &'a Value, node: &'a Value, at: &Value, path: &[Step], found: &mut Vec<Fact<'a>>) {
    let node = resolved(root, node);
    if let Some(forms) = node.get("anyOf").and_then(Value::as_array) {
        forms.iter().for_each(|form| facts_of(root, form, at, path, found));
        return;
    }
    match (at, node.get("type").and_then(Value::as_str)) {
        (Value::Object(map), Some("object")) => {
            let required = |key: &str| node["required"].as_array().is_some_and(|all| all.iter().any(|of| of == key));
            for (key, part) in node["properties"].as_object().unwrap() {
                if ["rulebook", "schema", "seen"].contains(&key.as_str()) {
                    continue;
                }
                let path = [path, &[Step::Key(key.clone())]].concat();
                if !required(key) {
                    found.push(Fact { path: path.clone(), schema: part });
                }
                if let Some(inside) = map.get(key) {
                    facts_of(root, part, inside, &path, found);
                }
            }
        }
        (Value::Array(items), Some("array")) => {
            for (number, item) in items.iter().enumerate() {
                facts_of(root, &node["items"], item, &[path, &[Step::At(number)]].concat(), found);
            }
        }
        _ => {}
    }
}

/// The same estate with another value there, or without one.
fn with(estate: &Value, path: &[Step], value: Option<&Value>) -> Value {
    let mut changed = estate.clone();
    let (last, before) = path.split_last().unwrap();
    let mut at = &mut changed;
    for step in before {
        at = match step {
            Step::Key(key) => &mut at[key],
            Step::At(number) => &mut at[number],
        };
    }
    if let (Step::Key(key), Value::Object(map)) = (last, at) {
        match value {
            Some(value) => drop(map.insert(key.clone(), value.clone())),
            None => drop(map.remove(key)),
        }
    }
    changed
}

/// Everything that can be asked about these two: each operation with each of its choices.
fn questions() -> Vec<(String, Request)> {
    let (a, b) = (EnvironmentId::new("a"), EnvironmentId::new("b"));
    let mut all = Vec::new();
    let mut ask = |name: String, source: Option<&EnvironmentId>, target: &EnvironmentId, change: Change| {
        all.push((name, Request { source: source.cloned(), target: target.clone(), change }));
    };
    let name = || Choice::Chosen("n".into());
    for level in Level::ALL {
        for logs in [true, false] {
            for half in [Half::Moves(Movement::Refresh), Half::Left] {
                let change = Change::Copy {
                    level: Choice::Chosen(*level),
                    audit_logs: Choice::Chosen(logs),
                    name: name(),
                    group: Choice::Chosen(Group::Keep),
                    half: Choice::Chosen(half),
                };
                ask(format!("copy {} {logs} {half:?}", level.word()), Some(&a), &b, change);
            }
        }
    }
    let day = |days: i64| utc(NOW) - chrono::TimeDelta::days(days);
    let backs = [
        Back::To(day(1)),
        Back::To(day(8)),
        Back::To(day(20)),
        Back::Backup("b1".into(), utc("2026-01-04T18:02:00Z")),
        Back::Backup("b2".into(), utc("2025-12-27T18:02:00Z")),
    ];
    for back in backs {
        for half in [Choice::Open, Choice::Chosen(Half::Left), Choice::Chosen(Half::Restored(back.at()))] {
            for target in [&a, &b] {
                let change = Change::Restore { back: Choice::Chosen(back.clone()), audit_logs: Choice::Chosen(true), name: name(), half };
                ask(format!("restore {back:?} {half:?} onto {target}"), Some(&a), target, change);
            }
        }
    }
    ask("backup".into(), None, &a, Change::Backup { id: "n".into(), name: name(), notes: "".into(), half: Choice::Chosen(Half::BackedUp) });
    ask("delete-backup".into(), None, &a, Change::DeleteBackup(Choice::Chosen("b2".into())));
    for days in [7, 28] {
        ask(format!("retention {days}"), None, &a, Change::Retention { days, before: None });
    }
    for to in [EnvironmentType::Production, EnvironmentType::Sandbox] {
        ask(format!("switch {}", to.word()), None, &a, Change::Switch { to, sandbox_days: 7 });
    }
    for on in [true, false] {
        ask(format!("admin-mode {on}"), None, &a, Change::AdminMode(on));
        ask(format!("background {on}"), None, &a, Change::Background(on));
    }
    let plain = [
        Change::Reset,
        Change::Delete,
        Change::Recover,
        Change::Create { tenant: "contoso".into(), name: name(), kind: Choice::Chosen(EnvironmentType::Sandbox), region: Choice::Chosen("emea".into()) },
        Change::Edit { name: name(), group: Choice::Chosen(Group::Keep) },
        Change::RenameUrl(Choice::Chosen("https://n.crm4.dynamics.com".into())),
        Change::DeleteFinanceOperations,
    ];
    for change in plain {
        ask(change.kind().word().to_owned(), None, &a, change);
    }
    for mapping in [None, Some(UserMapping::of("usermapping.csv", Arc::new(mapped(2))))] {
        let change = Change::Migrate(Box::new(Move { to: "fabrikam".into(), same_region: true, group: None, mapping: mapping.clone(), cut_over: None }));
        ask(format!("migrate {}", mapping.is_some()), None, &a, change);
    }
    all
}

/// What stands in such a file; nothing where its values contradict each other, as a sum and its parts can.
fn read(estate: &Value) -> Option<Snapshot> {
    // In quotes it would be a text like any other.
    let text = estate.to_string().replace("\"none\"", "none");
    snapshot::read("x.yaml", Cursor::new(text)).ok().map(|loaded| loaded.snapshot)
}

/// What is answered to every question, by both rulebooks; nothing where what is named is not there.
fn answers(snapshot: &Snapshot, questions: &[(String, Request)]) -> Vec<Option<Answer>> {
    static BOOKS: LazyLock<Rulebooks> = LazyLock::new(books);
    let now = utc(NOW);
    let mut all = Vec::with_capacity(questions.len() * 2);
    for edition in [Edition::Articles, Edition::Current] {
        let estate = Estate::new(snapshot.clone(), Journal::default(), Some(edition), None);
        let context = Context::new(&estate, &BOOKS, &[], now);
        all.extend(questions.iter().map(|(_, request)| outline(request, &context).ok().map(|outline| outline.answer())));
    }
    all
}

/// What an answer leaves open: certain answers stay, unknown ones can become anything.
fn keeps(before: Answer, after: Answer) -> bool {
    match before {
        Answer::Blocked => after == Answer::Blocked,
        Answer::Unknown => true,
        Answer::Allowed | Answer::AllowedWithWarnings => matches!(after, Answer::Allowed | Answer::AllowedWithWarnings),
    }
}

/// Whether no background operations run in administration mode or rest without it: neither edition believes that, so that
/// whoever knows the mode knows what they do (C-21, CUR-021).
fn is_believed(estate: &Value) -> bool {
    let environments = estate["tenants"].as_array().unwrap().iter().flat_map(|tenant| tenant["environments"].as_array().unwrap());
    environments.into_iter().all(|of| of["admin_mode"].is_null() || of["admin_mode"] != of["background_operations"])
}

/// A number from the environment, for a longer run or other worlds.
fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn a_fact_that_is_looked_up_never_turns_a_certain_answer_whatever_is_asked() {
    let schema: Value = serde_json::from_str(SNAPSHOT).unwrap();
    let questions = questions();
    let kinds: BTreeSet<OperationKind> = questions.iter().map(|(_, request)| request.change.kind()).collect();
    assert_eq!(kinds.len(), OperationKind::ALL.len(), "every operation is asked about");
    let mut wrong: BTreeMap<(String, String), (usize, String)> = BTreeMap::new();
    let (mut asked, mut seen) = (BTreeSet::new(), BTreeMap::<(Answer, Answer), usize>::new());
    let seed = number("SOUNDNESS_SEED", 1);
    for world in 0..number("SOUNDNESS_WORLDS", 120) {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(world));
        let mut estate = estate(&mut dice);
        let mut changed: Option<String> = None;
        for _ in 0..dice.roll(4) {
            let mut facts = Vec::new();
            facts_of(&schema, &schema, &estate, &[], &mut facts);
            facts.retain(|fact| !fact.keys().starts_with("components/") || dice.roll(8) == 0);
            let fact = dice.one(&facts).clone();
            let of = values(&schema, fact.schema, fact.name(), &mut dice);
            let value = if dice.roll(2) == 0 { None } else { Some(dice.one(&of)) };
            let other = with(&estate, &fact.path, value);
            if read(&other).is_some() {
                (estate, changed) = (other, Some(fact.keys()));
            }
        }
        let mut facts = Vec::new();
        facts_of(&schema, &schema, &estate, &[], &mut facts);
        // Facts of which no rule reads most are asked less often; and the same fact of the other end, which one rule reads
        // together with it, more often.
        facts.retain(|fact| !fact.keys().starts_with("components/") || dice.roll(8) == 0);
        let beside: Vec<_> = facts.iter().filter(|fact| changed.as_ref() == Some(&fact.keys())).cloned().collect();
        let whole: Vec<_> = facts.iter().filter(|fact| fact.path.len() == 5).cloned().collect();
        for nth in 0..4 {
            let turn = usize::try_from(world).unwrap() * 4 + nth;
            let fact = match nth {
                0 if !beside.is_empty() => dice.one(&beside),
                0 | 1 => dice.one(&whole),
                _ => &facts[turn % facts.len()],
            };
            let keys = fact.keys();
            if SAYS_ONLY_MORE.iter().any(|more| keys.starts_with(more)) {
                continue;
            }
            let without = with(&estate, &fact.path, None);
            let Some(before) = read(&without).map(|without| answers(&without, &questions)) else { continue };
            let mut possible = 0;
            for value in values(&schema, fact.schema, fact.name(), &mut dice) {
                let with = with(&estate, &fact.path, Some(&value));
                let Some(after) = read(&with).map(|snapshot| answers(&snapshot, &questions)) else { continue };
                let is_believed = is_believed(&with);
                possible += 1;
                for (number, (before, after)) in before.iter().zip(&after).enumerate() {
                    let (Some(before), Some(after)) = (before, after) else { continue };
                    *seen.entry((*before, *after)).or_default() += 1;
                    let (name, request) = &questions[number % questions.len()];
                    let is_asked = is_believed || request.change.kind() != OperationKind::Background;
                    if is_asked && !keeps(*before, *after) {
                        let kind = name.split(' ').next().unwrap().to_owned();
                        let of = if number < questions.len() { "articles" } else { "current" };
                        let what = format!("{name}, {of}: {} became {} by {keys} = {value} of {without}", before.word(), after.word());
                        wrong.entry((kind, keys.clone())).or_insert((0, what)).0 += 1;
                    }
                }
            }
            if possible > 0 {
                asked.insert(keys);
            }
        }
    }
    assert!(wrong.is_empty(), "{} kinds: {wrong:#?}", wrong.len());
    // The property is about something only if all of these came up.
    for pair in [(Answer::Allowed, Answer::Allowed), (Answer::Unknown, Answer::Allowed), (Answer::Unknown, Answer::Blocked), (Answer::Blocked, Answer::Blocked)]
    {
        assert!(seen.contains_key(&pair), "{pair:?} never came up: {seen:?}");
    }
    assert!(asked.len() > 40, "{asked:?}");
}

/// An answer, what was found with its severities, and until when both hold.
type Judged = (Answer, Vec<(Severity, Code)>, Option<DateTime<Utc>>);

/// What is found at an instant; nothing where what is named is not there.
fn judged(request: &Request, estate: &Estate, books: &Rulebooks, now: DateTime<Utc>) -> Option<Judged> {
    let outline = outline(request, &Context::new(estate, books, &[], now)).ok()?;
    let codes = Severity::ALL.iter().flat_map(|severity| outline.codes(*severity).map(|code| (*severity, code)).collect::<Vec<_>>()).collect();
    Some((outline.answer(), codes, outline.holds_until))
}

#[test]
fn every_answer_holds_until_the_instant_that_it_names() {
    let schema: Value = serde_json::from_str(SNAPSHOT).unwrap();
    let (questions, books, now) = (questions(), books(), utc(NOW));
    let nanosecond = TimeDelta::nanoseconds(1);
    let mut held = BTreeSet::new();
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for world in 0..number("SOUNDNESS_WORLDS", 200) {
        let mut dice = Dice(number("SOUNDNESS_SEED", 1).wrapping_mul(1_000_003).wrapping_add(world));
        let mut estate = estate(&mut dice);
        // An old backup is lost anyway, and would hide what else is.
        if dice.roll(2) == 0 {
            estate["tenants"][0]["environments"][0]["backups"] = json!([]);
        }
        let mut facts = Vec::new();
        facts_of(&schema, &schema, &estate, &[], &mut facts);
        facts.retain(|fact| fact.path.len() == 5);
        // Those that time has to do with are set more often than others.
        let timely = ["created_at", "backups_available_from", "backups", "deleted_at", "retention_days", "type", "managed", "dynamics_365_apps"];
        for fact in &facts {
            let often = if timely.contains(&&*fact.keys()) { 3 } else { 90 };
            if dice.roll(often) == 0 {
                let of = values(&schema, fact.schema, fact.name(), &mut dice);
                let value = if dice.roll(4) == 0 { None } else { Some(dice.one(&of)) };
                let other = with(&estate, &fact.path, value);
                estate = if read(&other).is_some() { other } else { estate };
            }
        }
        // Without the age of the facts in the way, the rules themselves have to say how long they hold.
        if dice.roll(4) > 0 {
            estate.as_object_mut().unwrap().remove("captured_at");
        }
        let snapshot = read(&estate).unwrap();
        for edition in [Edition::Articles, Edition::Current] {
            let known = Estate::new(snapshot.clone(), Journal::default(), Some(edition), None);
            for (name, request) in &questions {
                let Some((answer, codes, until)) = judged(request, &known, &books, now) else { continue };
                let last = until.unwrap_or(now + TimeDelta::days(2000));
                held.insert((request.change.kind(), until.is_some()));
                let between = now + (last - now) / 1000 * i32::try_from(dice.roll(1000)).unwrap();
                for at in [last, last - nanosecond, between, now + TimeDelta::seconds(1), now + TimeDelta::hours(24)] {
                    if at < now || at > last {
                        continue;
                    }
                    let (then, codes_then, _) = judged(request, &known, &books, at).unwrap();
                    if (then, &codes_then) != (answer, &codes) {
                        let what = format!("{name}, {edition:?}: until {until:?} {codes:?}, but at {at} {codes_then:?}: {estate}");
                        wrong.entry(name.split(' ').next().unwrap().to_owned()).or_insert((0, what)).0 += 1;
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} kinds: {wrong:#?}", wrong.len());
    for kind in [OperationKind::Restore, OperationKind::Switch, OperationKind::Retention, OperationKind::DeleteBackup, OperationKind::Recover] {
        assert!(held.contains(&(kind, true)), "{kind:?} never changes by time: {held:?}");
    }
}
