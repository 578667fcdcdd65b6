//! The checklist of a copy from its opening to its evidence, and the journal behind it, as the command line shows them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use envdeck::domain::checklist::{Checklist, Gate, STATED, State, opened, warning_before_leaving};
use envdeck::domain::component::{ComponentKind, Property};
use envdeck::domain::environment::{Environment, EnvironmentId};
use envdeck::domain::estate::Estate;
use envdeck::domain::journal::{Entry, EntryId, ItemAct, Journal, Value as Input, What};
use envdeck::domain::known::Known;
use envdeck::domain::operation::{Acknowledgement, Operation, OperationKind, Outcome};
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::files;
use serde_json::{Value, json};
use tempfile::TempDir;

const SNAPSHOT: &str = "schema: envdeck/1
captured_at: 2026-01-05T09:00:00Z
operator: thomas@contoso.com
tenants:
  - id: t1
    name: Contoso
    environments:
      - id: sales
        name: Contoso Sales
        type: production
        components:
          canvas-app: [{ id: a1, name: Visit planner, in_solution: false }, { id: a2, name: Quotes, in_solution: true, shared_with: everyone }, { id: a3, name: Prices, in_solution: true, shared_with: none }]
          cloud-flow: []
          custom-connector: []
          connection: []
      - id: uat
        name: Contoso UAT
        type: sandbox
        order_management: none
        components:
          mailbox:
            - { id: m1, name: isaac@contoso.com, incoming: server-side-sync, outgoing: server-side-sync, appointments: none }
            - { id: m2, name: 'Quotes | queue', incoming: email-router }
          sharepoint-site: [{ id: s1, name: Sales documents, url: 'https://contoso.sharepoint.com/sites/sales' }]
          yammer: [{ id: y1, name: Sales feed, network: contoso.com }]
          plug-in: [{ id: p1, name: Credit check, external: true }, { id: p2, name: Rounding, external: false }, { id: p3, name: Tax }]
          workflow-activity: []
          web-resource: []
          iframe: []
          dataverse-search: []
          cloud-flow: [{ id: f1, name: Quote approval, in_solution: true, trigger: http }]
          connection-reference: []
          custom-connector: []
          canvas-app: [{ id: a1, name: Visit planner, in_solution: false }]
          connection: []
      - { id: dev, name: Contoso Dev }
";

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_603_600 + minute * 60, 0).unwrap()
}

/// A snapshot with its journal, worked as the console works it.
struct Work {
    estate: Estate,
    journal: Journal,
    opened: EntryId,
    minute: i64,
}

impl Work {
    fn new() -> Self {
        let loaded = files::snapshot::read("contoso.yaml", SNAPSHOT.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        Self { estate: Estate::new(loaded.snapshot, Journal::default(), None, None), journal: Journal::default(), opened: EntryId::new(""), minute: 0 }
    }

    fn environment(&self, id: &str) -> &Environment {
        self.estate.environment(self.estate.find(&EnvironmentId::new(id)).unwrap())
    }

    fn add(&mut self, by: &str, what: What) -> EntryId {
        self.minute += 1;
        let entry = Entry::new(at(self.minute), Arc::from(by), what);
        let id = entry.id.clone();
        self.journal.add(entry);
        id
    }

    /// Records a copy and opens its checklist.
    fn copy(&mut self, level: &str) -> &mut Self {
        self.done(OperationKind::Copy, "sales", vec![("level".into(), Input::Text(level.into()))], "post-copy")
    }

    /// Records an operation that overwrites the sandbox, and opens the checklist that follows it.
    fn done(&mut self, kind: OperationKind, source: &str, inputs: Vec<(Box<str>, Input)>, checklist: &str) -> &mut Self {
        let thomas: Arc<str> = Arc::from("thomas@contoso.com");
        let shown = "1 canvas app of Contoso Sales stands outside solutions: Visit planner".into();
        let done = Operation {
            kind,
            source: Some(EnvironmentId::new(source)),
            target: EnvironmentId::new("uat"),
            inputs,
            verdict: Answer::AllowedWithWarnings,
            account: Vec::new(),
            acknowledged: vec![Acknowledgement { code: Code::OutsideSolution, severity: Severity::Warn, shown, by: thomas.clone(), at: at(-70) }],
            ticket: Some("CHG0042917".into()),
            approver: Some(Arc::from("lena@contoso.com")),
            started_at: at(-60),
            completed_at: Some(at(0)),
            outcome: Outcome::Succeeded,
        };
        let operation = Some(self.add("thomas@contoso.com", What::Operation(Box::new(done))));
        self.opened = self.add("thomas@contoso.com", What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: checklist.into(), operation });
        self
    }

    fn checklist(&self) -> Checklist {
        let templates = files::checklist::built_in().unwrap();
        let all = opened(&self.journal, &templates);
        let opened = all.iter().find(|opened| opened.entry.id == self.opened).unwrap();
        Checklist::of(&self.journal, opened, &templates, self.environment("uat"), &self.estate).unwrap()
    }

    fn act(&mut self, item: &str, act: ItemAct, note: Option<&str>) -> &mut Self {
        self.minute += 1;
        let entries = self.checklist().entries(item, act, note, &Arc::from("isaac@contoso.com"), at(self.minute));
        entries.unwrap_or_else(|refused| panic!("{item}: {refused}")).into_iter().for_each(|entry| self.journal.add(entry));
        self
    }

    /// A morning's work: some done, some decided, one taken back, some open.
    fn morning() -> Self {
        let mut work = Self::new();
        work.copy("everything")
            .act("email-incoming", ItemAct::Done, None)
            .act("email-outgoing", ItemAct::Done, None)
            .act("email-outgoing", ItemAct::Reopened, Some("the queue was missed"))
            .act("sharepoint", ItemAct::Disabled, None)
            .act("yammer", ItemAct::Redirected, Some("test.contoso.com"))
            .act("plug-ins", ItemAct::LeftAsIs, Some("the credit bureau has a test mode | see <wiki>"))
            .act("flows-review", ItemAct::Noted, Some("Lena knows the flows"))
            .act("flows-edit", ItemAct::NotApplicable, Some("no flow needs it"))
            .act("flows-enable", ItemAct::Done, None);
        let slip = work.journal.entries().last().unwrap().id.clone();
        work.add("isaac@contoso.com", What::Withdrawn { entry: slip, reason: "that was the source".into() });
        work
    }

    fn saved(&self) -> Folder {
        let folder = Folder(TempDir::new().unwrap());
        std::fs::write(folder.snapshot(), SNAPSHOT).unwrap();
        std::fs::write(folder.0.path().join("contoso.journal.yaml"), files::journal::write(&self.journal)).unwrap();
        folder
    }
}

struct Folder(TempDir);

impl Folder {
    fn snapshot(&self) -> PathBuf {
        self.0.path().join("contoso.yaml")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("envdeck"));
        command.env_remove("ENVDECK_SNAPSHOT").env_remove("ENVDECK_AS");
        command.args(arguments).arg("-s").arg(self.snapshot()).args(["--now", "2026-01-05T12:00:00Z"]).output().unwrap()
    }

    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.text(&[arguments, &["--format", "json"]].concat())).unwrap()
    }
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_checklist_of_a_copy_is_personal_to_its_components_and_level() {
    let mut work = Work::new();
    let everything = work.copy("everything").checklist();
    let names = |checklist: &Checklist, item: &str| checklist.row(item).unwrap().concerns.iter().map(|concern| concern.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&everything, "email"), ["isaac@contoso.com", "Quotes | queue"]);
    assert_eq!(names(&everything, "plug-ins"), ["Credit check", "Tax"], "one that stays inside is not named");
    assert!(everything.row("plug-ins").unwrap().concerns[1].unsure);
    assert_eq!(names(&everything, "validate-outside-solutions"), ["Visit planner"]);
    assert!(everything.row("sharepoint").is_some() && everything.row("sharepoint-set-up").is_none() && everything.row("team-roles").is_none());
    assert_eq!(everything.row("iframes").map(|row| row.state), Some(State::NotApplicable));
    assert!(everything.row("order-management").is_none() && everything.row("flows-http").is_none() && everything.row("clean-up").is_none());
    let customizations = Work::new().copy("customizations").checklist();
    assert!(everything.row("email-incoming").unwrap().mandatory && !customizations.row("email-incoming").unwrap().mandatory);
    for item in ["sharepoint-set-up", "plug-ins-secure-configuration", "plug-ins-modify", "team-roles", "reference-data", "who-gets-in"] {
        assert!(customizations.row(item).is_some_and(|row| !row.mandatory) && everything.row(item).is_none(), "{item}");
    }
    assert!(customizations.row("sharepoint").is_none());
    assert!(customizations.header.iter().any(|line| line.contains("no audit data")) && !everything.header.iter().any(|line| line.contains("audit")));
}

/// Only what is in a solution is part of a backup (BKP-031), and what stands outside of one in the target was not touched (RST-052).
#[test]
fn after_a_restore_what_is_missing_is_that_of_the_source() {
    let after_a_restore_from = |source: &str| Work::new().done(OperationKind::Restore, source, Vec::new(), "post-restore").checklist();
    let named = |checklist: &Checklist| {
        let row = checklist.row("outside-solutions").unwrap();
        (row.state, row.concerns.iter().map(|concern| concern.name.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(named(&after_a_restore_from("sales")), (State::Open, vec!["Visit planner".to_owned()]), "what is in a solution came");
    assert_eq!(named(&after_a_restore_from("uat")), (State::NotApplicable, Vec::new()), "it is still there");
    // What was shared with everyone is that of the source, as far as it came (RST-058).
    let shared = |checklist: &Checklist| checklist.row("app-sharing").unwrap().concerns.iter().map(|concern| concern.name.to_string()).collect::<Vec<_>>();
    assert_eq!(shared(&after_a_restore_from("sales")), ["Quotes"], "what stands outside of solutions did not come");
    let unknown = after_a_restore_from("dev");
    assert_eq!(named(&unknown), (State::Open, Vec::new()));
    assert!(unknown.row("outside-solutions").unwrap().text.starts_with("Nobody looked"));
}

#[test]
fn the_whole_checklist_can_be_worked_to_its_end() {
    let mut work = Work::new();
    work.copy("everything");
    assert!(work.checklist().check("background-on", ItemAct::Done, None).unwrap_err().starts_with("Yammer is not decided yet"));
    while let Some((id, act)) = work.checklist().next_open_mandatory(None).map(|row| {
        let decision = row.item.decisions.first().map_or(ItemAct::Done, |decision| decision.act());
        (row.id().to_owned(), decision)
    }) {
        work.act(&id, act, Some("as agreed"));
    }
    assert_eq!((warning_before_leaving(&[work.checklist()]), work.checklist().gate(Gate::BackgroundOperations)), (None, None));
    while let Some(id) = work.checklist().rows.iter().find(|row| row.is_worked() && !row.is_settled()).map(|row| row.id().to_owned()) {
        work.act(&id, ItemAct::Done, Some("as agreed"));
    }
    let checklist = work.checklist();
    let progress = checklist.progress();
    assert!(progress.done == progress.total && checklist.rows.iter().all(|row| row.is_settled()), "{progress:?}");
    assert!(work.saved().text(&["checklist", "uat", "--format", "markdown"]).contains("Nothing is open."));
}

#[test]
fn the_evidence_reads_as_an_auditor_asks() {
    insta::assert_snapshot!(Work::morning().saved().text(&["checklist", "uat", "--format", "markdown"]));
}

#[test]
fn the_checklist_reads_well_on_a_terminal() {
    insta::assert_snapshot!(Work::morning().saved().text(&["checklist", "Contoso UAT"]));
}

#[test]
fn the_shape_of_checklist() {
    let list = Work::morning().saved().json(&["checklist", "uat"]);
    assert_eq!(keys(&list[0]), ["id", "checklist", "title", "environment", "level", "audit_logs", "opened_at", "closed", "progress", "items"]);
    assert_eq!(list[0]["environment"], json!({ "id": "uat", "name": "Contoso UAT" }));
    assert_eq!((&list[0]["checklist"], &list[0]["opened_at"], &list[0]["closed"]), (&json!("post-copy"), &json!("2026-01-05T09:02:00Z"), &Value::Null));
    let item = |id: &str| list[0]["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(id)).unwrap();
    let shape =
        "id section text state mandatory by at decision note path help links rules waits_for due_at optional component recalled parent components remarks";
    assert_eq!(keys(item("yammer")), shape.split(' ').collect::<Vec<_>>());
    let yammer = json!({
        "id": "yammer", "section": "components", "text": "Yammer: disable it, or redirect it to a separate Yammer network", "state": "decided", "mandatory": true,
        "by": "isaac@contoso.com", "at": "2026-01-05T09:07:00Z", "decision": "redirected", "note": "test.contoso.com",
        "path": "Settings > Administration > Yammer Configuration", "links": [], "waits_for": null, "due_at": null, "optional": false, "component": null, "recalled": null, "parent": null, "components": ["Sales feed"], "remarks": [],
    });
    let mut of_yammer = item("yammer").clone();
    let rules = of_yammer.as_object_mut().unwrap().remove("rules").unwrap();
    let help = of_yammer.as_object_mut().unwrap().remove("help").unwrap();
    assert!(help.as_array().unwrap().contains(&json!("Posts made in the copy must not conflict with those of production.")), "{help}");
    // A repetition says what its item says, up to the link about mailboxes.
    assert!(item("email-outgoing@m1")["links"][0]["url"].as_str().unwrap().contains("server-side-synchronization"));
    assert!(of_yammer == yammer && rules.as_array().unwrap().contains(&json!("PCP-025")), "{of_yammer}");
    assert_eq!((&item("email-outgoing")["state"], &item("email-outgoing")["parent"]), (&json!("open"), &json!("email")));
    assert_eq!((&item("iframes")["state"], &item("iframes")["note"]), (&json!("not-applicable"), &json!("by the facts there are none (IFRAMEs)")));
    assert_eq!(item("flows-review")["remarks"][0]["text"], json!("Lena knows the flows"));
    assert_eq!(keys(&list[0]["progress"]), ["done", "total", "mandatory_open"]);
}

#[test]
fn no_open_checklist_is_said_and_closed_ones_are_there_on_demand() {
    let mut work = Work::morning();
    let id = work.opened.clone();
    work.add("thomas@contoso.com", What::ChecklistClosed { checklist: id, reason: "given up".into() });
    let folder = work.saved();
    assert_eq!(folder.text(&["checklist", "uat"]), "Contoso UAT has no open checklist; a recorded copy opens one\n");
    assert_eq!(folder.text(&["checklist", "dev", "--all"]), "Contoso Dev has no checklist; a recorded copy opens one\n");
    assert_eq!(folder.json(&["checklist", "uat"]), json!([]));
    assert!(folder.text(&["checklist", "uat", "--format", "markdown"]).contains("no open checklist"));
    assert_eq!(folder.json(&["checklist", "uat", "--all"])[0]["closed"], json!("given up"));
    assert!(folder.text(&["checklist", "uat", "--all"]).contains("closed 2026-01-05 09:13Z by thomas@contoso.com: given up"));
    assert_eq!(folder.run(&["checklist", "uat", "--format", "csv"]).status.code(), Some(2));
    assert_eq!(folder.run(&["checklist", "nowhere"]).status.code(), Some(2));
}

#[test]
fn a_checklist_of_a_newer_envdeck_is_not_passed_over() {
    let mut work = Work::new();
    work.add("thomas@contoso.com", What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "post-teleport".into(), operation: None });
    let folder = work.saved();
    assert!(folder.text(&["checklist", "uat"]).starts_with("post-teleport: Contoso UAT, this version of envdeck does not know this checklist\n"));
    assert!(folder.text(&["checklist", "uat", "--format", "markdown"]).contains("does not know this checklist"));
    let list = folder.json(&["checklist", "uat"]);
    assert_eq!((&list[0]["title"], &list[0]["progress"], &list[0]["items"]), (&Value::Null, &Value::Null, &json!([])));
}

#[test]
fn the_journal_lists_the_newest_last_and_loses_nothing() {
    let mut work = Work::morning();
    let slip = work.add("thomas@contoso.com", What::Note { environment: EnvironmentId::new("dev"), text: "=wrong".into() });
    work.add("thomas@contoso.com", What::Withdrawn { entry: slip, reason: "another environment".into() });
    let folder = work.saved();
    insta::assert_snapshot!(folder.text(&["journal"]));
    let all = folder.json(&["journal"]);
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), work.journal.entries().len());
    assert_eq!(keys(&all[0]), ["id", "at", "by", "kind", "environment", "text", "note", "withdrawn", "withdrawn_by", "runs", "account", "details"]);
    assert_eq!((&all[0]["kind"], &all[0]["details"]["acknowledged"][0]["code"]), (&json!("operation"), &json!("OutsideSolution")));
    assert_eq!((&all[2]["kind"], &all[2]["environment"]), (&json!("item"), &json!({ "id": "uat", "name": "Contoso UAT" })));
    assert_eq!((&all[14]["withdrawn"], &all[16]["environment"]["id"]), (&json!(true), &json!("dev")));
    let kinds = |environment: &str| {
        let list = folder.json(&["journal", "--environment", environment]);
        list.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("dev"), ["note", "withdrawn"]);
    assert_eq!(kinds("sales"), ["operation"]);
    assert_eq!(kinds("uat").len(), 16);
    let csv = folder.text(&["journal", "--format", "csv"]);
    assert!(csv.starts_with("id,at,by,kind,environment_id,environment,text,note,withdrawn,account\n") && csv.contains(",'=wrong,,true,\n"), "{csv}");
    let none = Work::new().saved();
    assert!(none.text(&["journal"]).starts_with("there are no entries here;") && none.json(&["journal"]) == json!([]));
}

/// A team adds checklists as files; one that is wrong is refused by file, line and reason, and one that is not there as well.
#[test]
fn a_folder_of_checklists_is_added() {
    let folder = Work::morning().saved();
    let own = tempfile::tempdir().unwrap();
    let whole = "checklist: tell-everybody\ntitle: Tell everybody\nopened_by: [copy]\nsections:\n  - id: mails\n    title: Mails\n    items:\n      - { id: testers, text: Write to the testers, mandatory: true }\n";
    std::fs::write(own.path().join("tell.yaml"), whole).unwrap();
    let path = own.path().to_string_lossy().into_owned();
    let checklists = ["--checklists", &*path];
    let before = folder.json(&["checklist", "uat"]);
    assert_eq!(folder.json(&[&["checklist", "uat"], &checklists[..]].concat()), before, "what was opened before stays as it is");
    let refused = |file: &str, text: &str| {
        std::fs::write(own.path().join(file), text).unwrap();
        let output = folder.run(&[&["checklist", "uat"], &checklists[..]].concat());
        std::fs::remove_file(own.path().join(file)).unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let same = refused("again.yaml", whole);
    assert!(same.contains("tell.yaml") && same.contains("the checklist \"tell-everybody\" stands in") && same.contains("again.yaml already"), "{same}");
    let ours = refused("ours.yaml", &whole.replace("tell-everybody", "post-copy"));
    assert!(ours.contains("ours.yaml: the checklist \"post-copy\" stands in assets/checklists/post-copy.yaml already"), "{ours}");
    let wrong = refused("wrong.yaml", &whole.replace("tell-everybody", "another").replace("mandatory: true", "mandatori: true"));
    assert!(wrong.contains("wrong.yaml:8:") && wrong.contains("did you mean `mandatory`?"), "{wrong}");
    let rule = refused("rule.yaml", &whole.replace("tell-everybody", "another").replace("mandatory: true", "rules: [PCP-999]"));
    assert!(rule.contains("rule.yaml: there is no rule \"PCP-999\""), "{rule}");
    let itself = whole.replace("tell-everybody", "another").replace("mandatory: true", "follows: { checklist: another, items: [testers] }");
    let itself = refused("itself.yaml", &itself);
    assert!(itself.contains("itself.yaml: a checklist cannot follow itself"), "{itself}");
    let binary = refused("binary.yaml", "\0\u{1}");
    assert!(binary.contains("binary.yaml"), "{binary}");
    let missing = folder.run(&["checklist", "uat", "--checklists", "nowhere"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("nowhere: the checklists cannot be read: there is no such f"), "{missing:?}");
}

/// The mailboxes, flows and references of an environment with their properties, as `envdeck show` would say.
fn property(estate: &Estate, kind: ComponentKind, id: &str, name: &str) -> String {
    let environment = estate.environment(estate.find(&EnvironmentId::new("uat")).unwrap());
    let list = match environment.components.of(kind) {
        Known::Is(list) => list,
        Known::Unknown => panic!("{kind:?}"),
    };
    match list.iter().find(|component| &*component.id == id).unwrap().property(name) {
        Known::Is(Property::Text(text)) => text.to_string(),
        Known::Is(Property::Nothing) => "none".to_owned(),
        Known::Is(Property::Flag(flag)) => flag.to_string(),
        Known::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn a_tick_that_says_what_is_so_moves_the_facts_until_it_is_taken_back_or_a_capture_is_newer() {
    let mut work = Work::new();
    work.copy("everything");
    let fold = |work: &Work, captured: &str| {
        let text = SNAPSHOT.replace("2026-01-05T09:00:00Z", captured);
        let loaded = files::snapshot::read("contoso.yaml", std::io::Cursor::new(text.into_bytes())).unwrap();
        Estate::new(loaded.snapshot, work.journal.clone(), None, None)
    };
    let incoming = |estate: &Estate| property(estate, ComponentKind::Mailbox, "m1", "incoming");
    let tick = |work: &mut Work, item: &str, act| {
        let what = What::Item { checklist: work.opened.clone(), item: item.into(), act, note: None };
        work.add("isaac@contoso.com", what)
    };
    let before = incoming(&fold(&work, "2026-01-05T09:00:30Z"));
    assert_eq!(before, "server-side-sync");
    tick(&mut work, "email-incoming@m1", ItemAct::Done);
    tick(&mut work, "flows-review@f1", ItemAct::Disabled);
    let estate = fold(&work, "2026-01-05T09:00:30Z");
    assert_eq!((incoming(&estate), property(&estate, ComponentKind::Mailbox, "m1", "outgoing")), ("none".to_owned(), "server-side-sync".to_owned()));
    assert_eq!(property(&estate, ComponentKind::CloudFlow, "f1", "state"), "disabled");
    // The row stays, says so, and is settled by its tick.
    work.estate = estate;
    let checklist = work.checklist();
    let row = checklist.row("email-incoming@m1").unwrap();
    assert_eq!((row.state, row.text.contains("incoming none")), (State::Done, true), "{}", row.text);
    // A capture after the tick knows better.
    assert_eq!(incoming(&fold(&work, "2026-02-01T00:00:00Z")), "server-side-sync");
    tick(&mut work, "email-incoming@m1", ItemAct::Reopened);
    assert_eq!(incoming(&fold(&work, "2026-01-05T09:00:30Z")), "server-side-sync");
}

#[test]
fn every_act_that_states_a_fact_names_an_item_and_a_property_that_exist() {
    let templates = files::checklist::built_in().unwrap();
    for states in &STATED {
        let mut items = templates.iter().flat_map(envdeck::domain::checklist::Template::items).filter(|item| *item.id == *states.item);
        assert!(items.next().is_some(), "{}", states.item);
        assert!(states.kind.properties().iter().any(|(name, _)| *name == states.property), "{}", states.property);
    }
}

#[test]
fn what_is_open_only_because_of_what_nobody_has_to_do_is_not_called_mandatory() {
    let mut work = Work::new();
    work.copy("everything");
    let opened = work.opened.clone();
    let what = What::Item { checklist: opened, item: "flows-review@f1".into(), act: ItemAct::LeftAsIs, note: Some("test".into()) };
    work.add("isaac@contoso.com", what);
    let checklist = work.checklist();
    let flows = checklist.row("flows").unwrap();
    assert_eq!((flows.state, flows.mandatory), (State::Open, false));
    // Whoever settles the mandatory rows has no mandatory whole left.
    for whole in checklist.rows.iter().filter(|row| row.parts > 0 && row.is_open_mandatory()) {
        let at = checklist.rows.iter().position(|row| row.id == whole.id);
        assert!(checklist.rows.iter().any(|part| part.parent == at && part.is_open_mandatory()), "{}", whole.id);
    }
}
