//! Journeys through checklists by keys: Intelligent Order Management in its eight steps, a move to another tenant with its
//! locks and periods, and the mistakes that are stopped.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

mod support;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use envdeck::app::checklist::Line;
use envdeck::domain::checklist::{Row, State};
use envdeck::domain::environment::EnvironmentId;
use envdeck::domain::journal::{Entry, ItemAct, Journal, Value, What};
use envdeck::domain::known::Known;
use envdeck::domain::operation::{Operation, OperationKind, Outcome};
use envdeck::domain::verdict::{Answer, Code};
use envdeck::files::{checklist, journal};

use support::{Console, Screen};

/// The demo estate as a file, with its journal beside it.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        fs::copy("assets/demo.yaml", files.0.path().join("contoso.yaml")).unwrap();
        files
    }

    fn play(&self, keys: &str) -> Screen {
        Console::on(self.0.path().join("contoso.yaml")).size(120, 36).play(keys)
    }

    fn entries(&self) -> Vec<Entry> {
        let path: PathBuf = self.0.path().join("contoso.journal.yaml");
        if path.exists() { journal::load(&path).unwrap().journal.entries().to_vec() } else { Vec::new() }
    }

    fn operations(&self) -> Vec<Operation> {
        self.entries().into_iter().filter_map(|entry| if let What::Operation(operation) = entry.what { Some(*operation) } else { None }).collect()
    }

    /// Plays keys on an item of the checklist that `open` opens, wherever it stands.
    fn on(&self, open: &str, item: &str, keys: &str) -> Screen {
        let screen = self.play(open);
        let working = screen.model.working().unwrap_or_else(|| panic!("no checklist\n{}", screen.text()));
        let checklist = working.checklist().unwrap();
        let place = |lines: &[Line], id: &str| {
            let items = lines.iter().filter_map(|line| if let Line::Row(at) = line { Some(checklist.rows[*at].id()) } else { None });
            items.into_iter().position(|known| known == id)
        };
        if let Some(at) = place(working.lines(), item) {
            return self.play(&format!("{open}<home><down*{at}>{keys}"));
        }
        // It is folded away below the item that is repeated for it.
        let row = checklist.row(item).unwrap_or_else(|| panic!("no item {item}"));
        let above: Vec<&Row> = std::iter::successors(Some(row), |row| Some(&checklist.rows[row.parent?])).collect();
        let whole = above.iter().find(|row| row.repeats).unwrap();
        let from = checklist.rows.iter().position(|known| known.id == whole.id).unwrap();
        let down = checklist.rows.iter().position(|known| known.id == row.id).unwrap() - from;
        let at = place(working.lines(), whole.id()).unwrap();
        self.play(&format!("{open}<home><down*{at}><right><down*{down}>{keys}"))
    }
}

const TEST: &str = "/supply chain test<enter>";
/// The copy of the linked pair, taken upon oneself and recorded.
const COPIED: &str = "/supply chain<enter><home>c<enter>/supply chain test<enter><enter><enter>a<enter><down><enter><tab*2>Contoso Supply Chain Test<enter>";

fn state(screen: &Screen, item: &str) -> State {
    screen.model.working().unwrap().checklist().unwrap().row(item).unwrap_or_else(|| panic!("no item {item}")).state
}

#[test]
fn a_copy_with_order_management_is_planned_carried_out_and_worked_in_its_eight_steps() {
    let files = Files::new();
    files.play(&format!("{TEST}I")).says("Begin the plan").says("Copy with Intelligent Order Management");
    files.play(&format!("{TEST}Iy")).says("The plan is in the journal");
    let plan = format!("{TEST}I");
    let says = |item: &str, keys: &str, text: &str| {
        files.on(&plan, item, keys).says(text);
    };

    // Nothing of step 1 before the checks; the window is a date and time.
    says("dataverse", "<enter>", "first: Confirm that you have administrative access to finance and operations");
    for item in ["access-finance", "access-admin-center", "installed"] {
        files.on(&plan, item, "<space>");
    }
    says("window", "<space>soon<enter>", "This is no date and time");
    const REVIEW: &str = "/supply chain<enter><home>c<enter>/supply chain test<enter><enter><enter>";
    files.play(REVIEW).says("No validation window is planned yet");
    says("window", "<space>2026-01-02 20:00<enter>", "That is over");
    files.on(&plan, "window", "<space>2026-01-10 20:00<enter>");
    files.play(REVIEW).says("The checks before the copy are settled").says_not("Take this upon you");
    says("dataverse", "<enter>", "A copy begins at its source");
    says("leave-off", "<space>", "first: Settle email");
    says("outside", "<space>", "first: Finance and operations: refresh the database");

    files.play(&COPIED.replace("<enter>a<enter>", "<enter><enter>")).says("Recorded, with its checklist");
    let copied = files.play(&plan);
    assert_eq!(state(&copied, "dataverse"), State::Done, "the copy that was recorded is the step");
    let orders = |screen: &Screen| {
        let estate = &screen.model.estate;
        let test = estate.environments().find(|(_, environment)| &*environment.name == "Contoso Supply Chain Test").unwrap().1;
        let Known::Is(Some(orders)) = test.order_management.clone() else { panic!() };
        orders
    };
    assert_eq!(orders(&copied).active, Known::Is(false));
    files.on(&plan, "database", "<space>");

    // What could reach production first (C-53): the item leads to the other checklist and follows it.
    says("leave-off", "<space>", "first: Settle email");
    says("outside", "<space>", "this follows from another checklist");
    let other = files.on(&plan, "outside", "<enter>");
    other.says("After a copy");
    let copy = format!("{TEST}o");
    assert_eq!(&*files.play(&copy).model.working().unwrap().checklist().unwrap().template, "post-copy");
    let rows: Vec<(String, bool)> = {
        let screen = files.play(&copy);
        let checklist = screen.model.working().unwrap().checklist().unwrap();
        let wanted = ["email", "sharepoint", "yammer", "platform-extensibility", "client-extensibility"];
        let of = |row: &&Row| std::iter::successors(Some(*row), |row| Some(&checklist.rows[row.parent?])).any(|row| wanted.contains(&row.id()));
        let open = checklist.rows.iter().filter(of).filter(|row| row.is_worked() && !row.is_settled());
        open.map(|row| (row.id().to_owned(), !row.item.decisions.is_empty())).collect()
    };
    assert!(!rows.is_empty());
    for (item, decides) in rows {
        files.on(&copy, &item, if decides { "d" } else { "<space>" });
    }
    assert_eq!(state(&files.play(&plan), "outside"), State::Done);
    // The checks were those of this copy; another one is checked anew (IOM-003 to IOM-005).
    files.play(REVIEW).says("Take this upon you").says_not("The checks before the copy are settled");

    // Step 2 is two acts; leaving the mode with mandatory items open is taken upon oneself by name.
    files.on(&plan, "leave-off", "<space>").says("Take this upon yourself?");
    files.on(&plan, "open-app", "<space>").says("waits until administration mode is off");
    files.on(&plan, "leave-off", "<space>y");
    files.on(&plan, "open-app", "<space>").says("first: Turn background operations on");
    // What is still open begins to send now, so it is taken upon oneself once more.
    files.on(&plan, "background", "<space>").says("Take this upon yourself?");
    files.on(&plan, "background", "<space>y");
    let thrown: Vec<_> = files.operations().into_iter().map(|operation| (operation.kind, operation.acknowledged.len())).collect();
    assert_eq!(thrown, [(OperationKind::Copy, 0), (OperationKind::AdminMode, 1), (OperationKind::Background, 1)]);

    // Step 3 and 4.
    files.on(&plan, "open-app", "<space>");
    files.on(&plan, "allow", "<space>");
    says("activate", "<space>", "first: Connection references: open and save each");
    files.on(&plan, "references", "<space>y");
    files.on(&plan, "activate", "<space>");
    assert_eq!(orders(&files.play("")).active, Known::Is(true), "the tick states the fact");
    for item in ["portal", "select"] {
        files.on(&plan, item, "<space>");
    }
    files.on(&plan, "active", "<space>y");
    files.on(&plan, "update", "<space>y");

    // Step 5: written down before it is removed, for each orchestration, published or not.
    says("delete-providers@ShipStation", "<space>", "first: Orchestrations: take the provider actions out of each");
    for orchestration in ["Web shop orders", "Store replenishment", "Returns pilot"] {
        files.on(&plan, &format!("open-flow@{orchestration}"), "<space>");
        says(&format!("remove@{orchestration}"), "<space>", "first: Write down the provider actions");
        files.on(&plan, &format!("record@{orchestration}"), &format!("<space>Actions of {orchestration}<enter>"));
        files.on(&plan, &format!("remove@{orchestration}"), "<space>");
    }
    assert_eq!(state(&files.play(&plan), "orchestration"), State::Done, "leaving read-only mode is optional");
    says("publish@Returns pilot", "<space>", "first: Add the provider actions again");
    files.on(&plan, "save-flows", "<space>");
    says("add-actions@Returns pilot", "<space>", "first: Installed providers: delete each");

    // Step 6, then 7: what was written down comes back.
    says("reinstall-providers@ShipStation", "<space>", "first: Installed providers: delete each");
    files.on(&plan, "delete-providers", "<space>y");
    files.on(&plan, "reinstall-providers@Vertex Tax", "xnot used any more<enter>");
    files.on(&plan, "reinstall-providers", "<space>y");
    says("add-actions@Returns pilot", "", "Written down before: Actions of Returns pilot (thomas@contoso.com");
    says("reset-link", "<space>", "first: Set up the security roles");
    says("security-roles", "<space>", "first: Orchestrations: put the provider actions back");
    for orchestration in ["Web shop orders", "Store replenishment", "Returns pilot"] {
        files.on(&plan, &format!("add-actions@{orchestration}"), "<space>");
        files.on(&plan, &format!("publish@{orchestration}"), "<space>");
    }

    // Step 8, as dual-write is enabled.
    files.on(&plan, "security-roles", "<space>");
    says("health-check", "<space>", "first: Select Reset link");
    for item in ["reset-link", "health-check", "configure"] {
        files.on(&plan, item, "<space>");
    }
    let done = files.play(&plan);
    let progress = done.model.working().unwrap().progress().unwrap();
    assert_eq!((progress.mandatory_open, progress.done), (0, progress.total), "{}", done.text());
    assert_eq!(state(&done, "initial-sync"), State::Open, "it may stay open");

    // Over again, and everything of it is superseded.
    files.play(&format!("<advance 1d>{COPIED}"));
    let again = files.play(&format!("<advance 1d>{TEST}o"));
    assert_eq!(again.model.working().unwrap().progress().unwrap().done, 0, "{}", again.text());
}

#[test]
fn providers_are_not_deleted_and_flows_not_published_by_ticking_everything_at_once() {
    let files = Files::new();
    files.play(COPIED);
    let plan = format!("{TEST}I");
    for (item, says) in [
        ("delete-providers", "waits until administration mode is off"),
        ("restore", "waits until administration mode is off"),
        ("remove@Returns pilot", "first: Write down the provider actions"),
    ] {
        files.on(&plan, item, "<space>").says(says);
    }
    assert!(files.entries().iter().all(|entry| !matches!(entry.what, What::Item { .. })));
}

#[test]
fn background_operations_stay_off_while_yammer_points_at_production() {
    let files = Files::new();
    files
        .play("/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>aaaaaaaa<enter><down><enter><tab*2>Contoso Sales UAT<enter>")
        .says("Recorded");
    let list = "/sales uat<enter>o";
    files.on(list, "leave-admin-mode", "<space>y");
    files.on(list, "background-on", "<space>").says("Yammer is not decided yet");
    files.play("/sales uat<enter>B").says("Yammer is not decided yet");
    // With a reason it is taken upon oneself, and the journal keeps it.
    files.on(list, "yammer", "l").says("Why is it left as it is?");
    files.on(list, "yammer", "l <enter>").says("Why is it left as it is?");
    // Redirected to where it points now is not redirected, however the place is written.
    files.on(list, "yammer", "rhttps://www.yammer.com/contoso.com<enter>").says("is where it points now: name another");
    files.on(list, "yammer", "lboth may post<enter>");
    // It still points at the network of production (PCP-024): that is taken upon oneself by name.
    files.on(list, "background-on", "<space>").says("Sales feed (network contoso.com)");
    files.on(list, "background-on", "<space>y");
    assert_eq!(files.operations().last().map(|last| last.acknowledged.iter().any(|taken| taken.code == Code::YammerShared)), Some(true));
    assert_eq!(files.operations().last().map(|last| last.kind), Some(OperationKind::Background));
    let kept = files.entries().into_iter().find_map(|entry| match entry.what {
        What::Item { item, act: ItemAct::LeftAsIs, note, .. } if &*item == "yammer" => Some((entry.by, note)),
        _ => None,
    });
    let (by, note) = kept.unwrap();
    assert_eq!((&*by, note.as_deref()), ("thomas@contoso.com", Some("both may post")));
}

/// By the newer articles background operations can be off only in administration mode, so that leaving it turns them on (CUR-021).
#[test]
fn by_the_newer_articles_administration_mode_is_not_left_before_yammer_is_settled() {
    let files = Files::new().with("current", &[]);
    files
        .play("/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>aaaaaaaa<enter><down><enter><tab*2>Contoso Sales UAT<enter>")
        .says("Recorded");
    let list = "/sales uat<enter>o";
    files.on(list, "leave-admin-mode", "<space>").says("Yammer is not decided yet");
    files.play("/sales uat<enter>a").says("Yammer is not decided yet").says("Background operations run from then on");
    files.on(list, "yammer", "d");
    files.on(list, "leave-admin-mode", "<space>y");
    let left = files.play(list);
    assert_eq!((state(&left, "leave-admin-mode"), state(&left, "background-on")), (State::Done, State::Done));
    let uat = left.model.estate.environments().find(|(_, environment)| &*environment.name == "Contoso Sales UAT").unwrap().1;
    assert_eq!((uat.admin_mode, uat.background_operations), (Known::Is(false), Known::Is(true)));
}

#[test]
fn administration_mode_is_not_left_with_mailboxes_on_unless_somebody_takes_it_upon_themselves() {
    let files = Files::new();
    files.play("/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>aaaaaaaa<enter><down><enter><tab*2>Contoso Sales UAT<enter>");
    let before = files.entries().len();
    // From the checklist and by the wizard alike.
    files.on("/sales uat<enter>o", "leave-admin-mode", "<space>n");
    assert_eq!(files.entries().len(), before);
    files.play("/sales uat<enter>a<enter>").says("must be acknowledged first");
    files.play("/sales uat<enter>aa<enter><down><enter><tab*2>Contoso Sales UAT<enter>").says("Recorded");
    let left = files.operations().pop().unwrap();
    assert_eq!(left.kind, OperationKind::AdminMode);
    let taken = left.acknowledged.iter().find(|taken| taken.code == Code::ChecklistOpen).unwrap();
    assert!(taken.shown.contains("Email: Incoming Email") && &*taken.by == "thomas@contoso.com", "{}", taken.shown);
    assert_eq!(state(&files.play("/sales uat<enter>o"), "leave-admin-mode"), State::Done, "the switch is ticked from wherever it was thrown");
}

/// Fabrikam Sales, which holds something of every kind that a move has steps for.
const FABRIKAM: &str = "595a762e-ec3a-4aba-b835-7a0961b8578b";
const MOVED: &str = "T/fabrikam sales<enter><home>o";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Files {
    /// Writes a journal in which these checklists of Fabrikam Sales are open, the last one by a move.
    fn with(self, edition: &str, checklists: &[&str]) -> Self {
        let demo = fs::read_to_string("assets/demo.yaml").unwrap();
        fs::write(self.0.path().join("contoso.yaml"), demo.replace("rulebook: articles", &format!("rulebook: {edition}"))).unwrap();
        let (mut journal, environment, by) = (Journal::default(), EnvironmentId::new(FABRIKAM), Arc::from("thomas@contoso.com"));
        for (minute, id) in checklists.iter().enumerate() {
            let at = at("2026-01-02T08:00:00Z") + chrono::TimeDelta::minutes(minute.try_into().unwrap());
            let moved = (*id == "post-migration").then(|| Entry::new(at, Arc::clone(&by), What::Operation(Box::new(moved(at)))));
            let operation = moved.as_ref().map(|entry| entry.id.clone());
            moved.into_iter().for_each(|entry| journal.add(entry));
            journal.add(Entry::new(at, Arc::clone(&by), What::ChecklistOpened { environment: environment.clone(), checklist: (*id).into(), operation }));
        }
        fs::write(self.0.path().join("contoso.journal.yaml"), journal::write(&journal)).unwrap();
        self
    }

    /// Adds entries to the journal, as another session of the console would.
    fn add(&self, entries: Vec<Entry>) {
        let mut journal = Journal::default();
        self.entries().into_iter().chain(entries).for_each(|entry| journal.add(entry));
        fs::write(self.0.path().join("contoso.journal.yaml"), journal::write(&journal)).unwrap();
    }

    /// Settles every row of these sections that is free, until none is.
    fn settle(&self, open: &str, sections: &[&str]) {
        let mut minute = chrono::TimeDelta::zero();
        loop {
            let screen = self.play(open);
            let checklist = screen.model.working().unwrap().checklist().unwrap();
            let of = |row: &&Row| sections.contains(&&*checklist.sections[row.section].id);
            let free = checklist.rows.iter().filter(of).filter(|row| row.is_worked() && !row.is_settled());
            let done = |row: &Row, at| checklist.entries(row.id(), ItemAct::Done, Some("2026-01-04 20:00"), &Arc::from("thomas@contoso.com"), at).ok();
            let mut entries = Vec::new();
            for row in free {
                minute += chrono::TimeDelta::seconds(1);
                entries.extend(done(row, at("2026-01-04T20:00:00Z") + minute).into_iter().flatten());
            }
            if entries.is_empty() {
                return;
            }
            self.add(entries);
        }
    }
}

fn moved(at: DateTime<Utc>) -> Operation {
    let text = |name: &str, value: &str| (Box::from(name), Value::Text(value.into()));
    let users = ["carla@fabrikam.com, carla@contoso.com", "ben@fabrikam.com, ben.ito@contoso.com"].map(Box::from);
    Operation {
        kind: OperationKind::Migrate,
        source: None,
        target: EnvironmentId::new(FABRIKAM),
        inputs: vec![
            text("to_tenant", "ab0469a5-c2ba-4ff7-b9d4-9080df2db07e"),
            ("same_region".into(), Value::Flag(false)),
            ("users".into(), Value::List(users.to_vec())),
        ],
        verdict: Answer::AllowedWithWarnings,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at,
        completed_at: Some(at),
        outcome: Outcome::Succeeded,
    }
}

#[test]
fn nothing_is_deleted_for_a_move_before_it_is_exported_and_nothing_moves_before_it_is_prepared() {
    let files = Files::new().with("articles", &["migration"]);
    let says = |item: &str, keys: &str, text: &str| {
        files.on(MOVED, item, keys).says(text);
    };
    says("cut-over", "<enter>", "first: Make sure that you are authorised");
    says("submit", "<space>", "first: Make sure that you are authorised");
    says("rehearsal-validated", "<space>", "first: Move the copy to the new tenant");

    // Each app is exported with its package; until all are, none is deleted (TTM-086).
    says("delete-solution-apps@a2102", "<space>", "first: Apps in solutions: export each");
    files.on(MOVED, "export-solution-apps@a2102", "<space>quote.zip<enter>");
    says("delete-solution-apps@a2102", "<space>", "first: Apps in solutions: export each");
    files.on(MOVED, "export-solution-apps", "<space>service.zip<enter>y");
    assert_eq!(state(&files.play(MOVED), "export-solution-apps"), State::Done);
    says("delete-solution-apps@a2102", "<space>", "first: Apps outside of solutions: export each");
    says("delete-solution-apps@a2102", "", "Written down before: quote.zip (thomas@contoso.com");
    says("export-apps-download@a2101", "<space>", "first: Choose More Commands");

    // Type and language of a portal are written down before it is reset (TTM-105).
    says("portal-reset@po2101", "<space>", "first: Write down its type");
    for (item, keys) in [("portal-sign-in", ""), ("portal-center", ""), ("portal-type", "Customer self-service<enter>"), ("portal-language", "English<enter>")]
    {
        files.on(MOVED, &format!("{item}@po2101"), &format!("<space>{keys}"));
    }
    files.on(MOVED, "portal-reset@po2101", "<space>");
    assert_eq!(state(&files.play(MOVED), "portals"), State::Done);

    // No request before the rehearsal is validated, whatever else is done (TTM-035).
    files.settle(MOVED, &["prepare", "rehearsal", "exports", "components"]);
    says("submit", "<space>", "first: Copy it into a new sandbox");
    says("cut-over", "<enter>", "first: Copy it into a new sandbox");
    says("delete-solution-apps@a2102", "<space>", "first: Do what stands in the list of steps before the move");
    assert_eq!(state(&files.play(MOVED), "lockbox"), State::Open, "Fabrikam has Customer Lockbox");
}

#[test]
fn what_was_written_down_before_a_move_comes_back_after_it() {
    let files = Files::new().with("articles", &["migration"]);
    for (item, keys) in [("export-solution-apps@a2102", "quote.zip"), ("export-chatbots@cb2101", "bot.zip"), ("connectors@gw2101", "address in the safe")] {
        files.on(MOVED, item, &format!("<space>{keys}<enter>"));
    }
    for (item, keys) in [("portal-sign-in", ""), ("portal-center", ""), ("portal-type", "Customer self-service<enter>")] {
        files.on(MOVED, &format!("{item}@po2101"), &format!("<space>{keys}"));
    }
    let at = at("2026-01-04T22:00:00Z");
    let entry = Entry::new(at, Arc::from("thomas@contoso.com"), What::Operation(Box::new(moved(at))));
    let opened = What::ChecklistOpened { environment: EnvironmentId::new(FABRIKAM), checklist: "post-migration".into(), operation: Some(entry.id.clone()) };
    files.add(vec![entry, Entry::new(at, Arc::from("thomas@contoso.com"), opened)]);

    let says = |item: &str, keys: &str, text: &str| {
        files.on(MOVED, item, keys).says(text);
    };
    says("solution-import@a2102", "", "Written down before: quote.zip");
    says("chatbot-import@cb2101", "", "Written down before: bot.zip");
    says("connectors@gw2101", "", "Written down before: address in the safe");
    says("portal-type@po2101", "", "Written down before: Customer self-service");
    says("portal-provision@po2101", "<space>", "first: Choose the same type");
    says("validated", "<space>", "first: Check in the admin center of the new tenant");
    let screen = files.play(MOVED);
    let checklist = screen.model.working().unwrap().checklist().unwrap();
    // The region is another one, no group was given; of two mailboxes one is configured again (C-50).
    assert!(checklist.row("region").is_some() && checklist.row("url").is_none() && checklist.row("security-group").is_some());
    let users =
        |item: &str| checklist.rows.iter().filter(|row| row.id().starts_with(&format!("{item}@"))).filter_map(|row| row.key.clone()).collect::<Vec<_>>();
    assert_eq!((users("mailboxes-verify"), users("mailboxes-reconfigure")), (vec![Arc::from("carla@contoso.com")], vec![Arc::from("ben.ito@contoso.com")]));
    assert_eq!(checklist.row("leave-admin-mode").map(|row| row.state), Some(State::NotApplicable), "it is off already");
}

#[test]
fn the_periods_of_a_self_service_move_run_in_the_list_of_what_needs_attention() {
    let files = Files::new().with("current", &["migration"]);
    files.settle(MOVED, &["prepare", "rehearsal"]);
    // The copy of the rehearsal is recorded, so what waits for it goes on.
    let copied = Operation {
        kind: OperationKind::Copy,
        source: Some(EnvironmentId::new(FABRIKAM)),
        target: EnvironmentId::new("6597fe15-6e4e-449d-bcfa-a2cd5cf991cd"),
        inputs: Vec::new(),
        ..moved(at("2026-01-03T08:00:00Z"))
    };
    files.add(vec![Entry::new(at("2026-01-03T08:00:00Z"), Arc::from("thomas@contoso.com"), What::Operation(Box::new(copied)))]);
    files.settle(MOVED, &["rehearsal"]);

    files.on(MOVED, "submit-self", "<space>2026-01-04 20:00<enter>");
    let asks = "Fabrikam Sales: the request for its move lapses unless the new tenant approves it";
    let list = files.play("A");
    list.says("deadline").says("in 6 d");
    let item = |screen: &Screen| screen.model.ui.attention.items().iter().find(|item| item.message.starts_with("Fabrikam Sales: ")).cloned();
    assert_eq!(item(&list).unwrap().message, format!("{asks} by 2026-01-11 20:00Z"));
    // It is too late a second after the seven days, and says what to do.
    let last = files.play("<advance 6d><advance 13h>A");
    assert_eq!(item(&last).unwrap().message, format!("{asks} by 2026-01-11 20:00Z"));
    let over = item(&files.play("<advance 6d><advance 13h><advance 1m>A")).unwrap();
    assert_eq!(over.message, "Fabrikam Sales: the 7 days for \"Have an administrator of the new tenant approve the request\" ended on 2026-01-11 20:00Z");
    assert!(over.remedy.starts_with("Ask for the move again"), "{}", over.remedy);
    // Enter goes to the item; what ends the period takes it off the list, and the validation begins the other one.
    let places = list.model.ui.attention.items().iter().position(|item| item.message.starts_with("Fabrikam Sales: ")).unwrap();
    let there = files.play(&format!("A<home><down*{places}><enter>"));
    assert_eq!(there.model.working().unwrap().selected().map(Row::id), Some("approved"), "{}", there.text());
    files.on(MOVED, "approved", "<space>");
    assert_eq!(item(&files.play("A")), None);
    files.on(MOVED, "upload-mapping", "<space>");
    files.on(MOVED, "validated", "<space>2026-01-05 06:00<enter>");
    let second = item(&files.play("A")).unwrap();
    assert_eq!(second.message, "Fabrikam Sales: the validation of its move lapses unless it is moved by 2026-01-12 06:00Z");
}

#[test]
fn a_move_has_steps_for_something_of_every_kind_in_the_demo_estate() {
    let screen = Files::new().with("articles", &["migration"]).play("");
    let environment = screen.model.estate.environments().find(|(_, environment)| environment.id.as_str() == FABRIKAM).unwrap().1;
    let plan = checklist::built_in().unwrap().into_iter().find(|template| &*template.id == "migration").unwrap();
    for item in plan.items() {
        let each = if let Some(envdeck::domain::checklist::Each::Components(each)) = &item.each { each.as_slice() } else { &[] };
        for concerned in each.iter().chain(&item.components) {
            let Known::Is(list) = environment.components.of(concerned.kind) else { panic!("nobody looked for {:?}", concerned.kind) };
            assert!(list.iter().any(|component| concerned.includes(component) == Known::Is(true)), "{}: {concerned:?}", item.id);
        }
    }
}
