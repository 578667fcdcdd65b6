//! Journeys of a move to another tenant by keys: from the empty plan over the rehearsal copy to the last item behind the move.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

mod support;

use std::fs;
use std::path::PathBuf;

use envdeck::app::checklist::{self, Line, Working};
use envdeck::domain::checklist::{AnswerKind, Row, State};
use envdeck::domain::component::{ComponentKind, Property};
use envdeck::domain::environment::Environment;
use envdeck::domain::journal::{Entry, ItemAct, What};
use envdeck::domain::known::Known;
use envdeck::domain::operation::{Operation, OperationKind};
use envdeck::domain::request::{Change, Request};
use envdeck::domain::time;
use envdeck::domain::verdict::Code;
use envdeck::files::journal;

use insta::assert_snapshot;
use support::{Console, Screen, utc};

/// The demo estate as a file, with its journal and mapping files beside it.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        fs::copy("assets/demo.yaml", files.0.path().join("both.yaml")).unwrap();
        let users = "carla@fabrikam.com, carla@contoso.com\nben@fabrikam.com, ben.ito@contoso.com\n";
        files.write("sales.csv", users);
        files.write("test.csv", users);
        files
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn play(&self, keys: &str) -> Screen {
        Console::on(self.0.path().join("both.yaml")).size(120, 36).play(keys)
    }

    /// The same on a screen that shows all of a review.
    fn tall(&self, keys: &str) -> Screen {
        Console::on(self.0.path().join("both.yaml")).size(120, 150).play(keys)
    }

    fn entries(&self) -> Vec<Entry> {
        let path: PathBuf = self.0.path().join("both.journal.yaml");
        if path.exists() { journal::load(&path).unwrap().journal.entries().to_vec() } else { Vec::new() }
    }

    fn operations(&self) -> Vec<Operation> {
        self.entries().into_iter().filter_map(|entry| if let What::Operation(operation) = entry.what { Some(*operation) } else { None }).collect()
    }

    /// Plays keys on an item of the checklist that `open` opens, wherever it stands.
    fn on(&self, open: &str, item: &str, keys: &str) -> Screen {
        let screen = self.play(open);
        let working = screen.model.working().unwrap_or_else(|| panic!("no checklist\n{}", screen.text()));
        self.play(&format!("{open}<home>{}{keys}", way(working, item, 0).0))
    }

    /// Works a checklist of Fabrikam Sales in its order until nothing holds anything up any more, and returns the items in the
    /// order in which they were worked. Where an item leads elsewhere `steps` says what is done; all else is ticked, decided or
    /// answered, what is repeated all at once. Fails where something is open and nothing of it can be done.
    fn work(&self, template: &str, steps: &[(&str, &dyn Fn())]) -> Vec<String> {
        let mut worked: Vec<String> = Vec::new();
        let mut open = self.opens(template);
        loop {
            let screen = self.play(&open);
            let working = screen.model.working().unwrap();
            let checklist = working.checklist().unwrap();
            let left: Vec<&Row> = checklist.rows.iter().filter(|row| row.is_worked() && (row.is_open_mandatory() || row.holds_up())).collect();
            let (mut keys, mut now, mut from) = ("<home>".to_owned(), Vec::new(), 0);
            for row in left.iter().filter(|row| row.waits.is_none()) {
                let id = row.id().to_owned();
                assert!(!worked.contains(&id), "{id} is open again: {:?}", row.reason);
                if let Some((_, step)) = steps.iter().find(|(item, _)| *item == id) {
                    if now.is_empty() {
                        step();
                        now.push(id);
                        open = self.opens(template);
                    }
                    break;
                }
                let whole = row.parent.and_then(|parent| checklist.rows.get(parent)).filter(|whole| whole.repeats);
                let at_once =
                    whole.filter(|whole| checklist.shared_out(whole.id(), ItemAct::Done).is_ok_and(|rows| rows.len() > 1 && row.item.items.is_empty()));
                if at_once.is_some_and(|whole| {
                    now.iter().any(|id| checklist.row(id).is_some_and(|known| known.parent == row.parent && known.item.id == whole.item.id))
                }) {
                    now.push(id);
                    continue;
                }
                let (to, place) = way(working, at_once.unwrap_or(row).id(), from);
                let folded = place.is_none();
                if folded && !now.is_empty() {
                    break;
                }
                keys += &to;
                from = place.unwrap_or(0);
                keys += match row.item.asks.as_ref().map(|asks| asks.answer) {
                    Some(AnswerKind::Text) => "<space>written down<enter>",
                    Some(AnswerKind::Time | AnswerKind::Planned) => "<space>2026-01-10 20:00<enter>",
                    None if row.item.decisions.is_empty() => "<space>",
                    None => "d",
                };
                keys += if at_once.is_some() { "y" } else { "" };
                now.push(id);
                if folded {
                    break;
                }
            }
            if now.is_empty() {
                let stuck: Vec<_> = left.iter().map(|row| (row.id(), &row.waits)).collect();
                assert!(stuck.is_empty(), "nothing of this can be done: {stuck:?}");
                return worked;
            }
            let after = self.play(&format!("{open}{keys}"));
            for id in now {
                assert!(state(&after, &id) != State::Open, "{id}\n{}", after.text());
                worked.push(id);
            }
        }
    }

    /// The keys that open a checklist of Fabrikam Sales: `o` goes through those that are open, the newest first.
    fn opens(&self, template: &str) -> String {
        let screen = self.play("");
        let (estate, templates) = (&screen.model.estate, &screen.model.ui.templates);
        let mut all = checklist::all_open_for(estate, templates, &named(&screen, "Fabrikam Sales").id).into_iter();
        let is = |(id, _)| checklist::compute(estate, templates, &id).is_some_and(|checklist| &*checklist.template == template);
        let at = all.position(is).unwrap_or_else(|| panic!("{template} is not open"));
        format!("{HERE}{}", "o".repeat(at + 1))
    }
}

/// The keys to an item from another place among those that are shown, and its own place; none where it was folded away below
/// the item that is repeated for it.
fn way(working: &Working, item: &str, from: usize) -> (String, Option<usize>) {
    let checklist = working.checklist().unwrap();
    let place = |id: &str| {
        let items = working.lines().iter().filter_map(|line| if let Line::Row(at) = line { Some(checklist.rows[*at].id()) } else { None });
        items.into_iter().position(|known| known == id)
    };
    let to = |at: usize| if at < from { format!("<up*{}>", from - at) } else { "<down>".repeat(at - from) };
    if let Some(at) = place(item) {
        return (to(at), Some(at));
    }
    let row = checklist.row(item).unwrap_or_else(|| panic!("no item {item}"));
    let mut above = std::iter::successors(Some(row), |row| Some(&checklist.rows[row.parent?]));
    let whole = above.find(|row| row.repeats).unwrap();
    let first = checklist.rows.iter().position(|known| known.id == whole.id).unwrap();
    let down = checklist.rows.iter().position(|known| known.id == row.id).unwrap() - first;
    (format!("{}<right><down*{down}>", to(place(whole.id()).unwrap())), None)
}

fn named<'a>(screen: &'a Screen, name: &str) -> &'a Environment {
    let all = screen.model.estate.environments().map(|(_, environment)| environment);
    all.into_iter().find(|environment| &*environment.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn tenant_of(screen: &Screen, environment: &Environment) -> String {
    screen.model.estate.tenant(environment.tenant).name.to_string()
}

fn state(screen: &Screen, item: &str) -> State {
    screen.model.working().unwrap().checklist().unwrap().row(item).unwrap_or_else(|| panic!("no item {item}")).state
}

const SALES: &str = "T/fabrikam sales<enter><home>";
/// The same, wherever it stands.
const HERE: &str = "<c-p>fabrikam sales<enter>";
/// What nobody may leave as it is in the demo: the role, and storage for a rehearsal copy.
const ANSWERED: &str = "<enter><home><down*3>=global-admin<enter>y<down*2>=200<enter>y<enter>";

/// Begins the plan that leads to the mapping file, and works it to its end.
fn export_the_users(files: &Files) {
    files.play(&format!("{HERE}<c-p>export the users<enter>")).says("Begin the plan \"Export the users for the mapping file\"");
    files.play(&format!("{HERE}<c-p>export the users<enter>y")).says("The plan is in the journal");
    files.on(&files.opens("migration"), "mapping-file", "<space>").says("this follows from another checklist");
    files.on(&files.opens("migration"), "mapping-file", "<enter>").says("Export the users for the mapping file");
    files.on(&files.opens("export-users"), "lint", "<space>").says("first: Open both worksheets");
    let worked = files.work("export-users", &[]);
    assert_eq!(worked.last().map(String::as_str), Some("keep"));
    assert_eq!(state(&files.play(&files.opens("migration")), "mapping-file"), State::Done);
}

/// Copies it onto the sandbox beside it; until then nothing of the cut-over.
fn copy_for_the_rehearsal(files: &Files) {
    files.on(&files.opens("migration"), "cut-over", "<enter>").says("first: Copy it into a new sandbox");
    let copy = "<enter>/sales test<enter><enter><enter>aaaa<enter><down><enter><tab><tab>Fabrikam Sales Test<enter>";
    files.on(&files.opens("migration"), "rehearsal-copy", &format!("<enter>{copy}")).says("Recorded, with its checklist");
}

/// The copy moves with a mapping file of its own, and not with that of its original.
fn move_the_copy(files: &Files) {
    files.on(&files.opens("migration"), "cut-over", "<enter>").says("first: Move the copy");
    let test = "T/fabrikam sales test<enter><home>m<enter><enter>";
    let other = format!("{test}{}<enter><enter><enter>aaaaaa<c-u>Fabrikam Sales Test<enter><enter>", files.path("sales.csv"));
    files.play(&other).says("is the mapping file of Fabrikam Sales already");
    let own = format!(
        "{test}{}<enter><enter><enter>aaaaaa<c-u>Fabrikam Sales Test<enter><enter><down><enter><tab><tab>Fabrikam Sales Test<enter>",
        files.path("test.csv")
    );
    files.play(&own).says("Recorded, with its checklist: o opens it");
    let moved = files.play("");
    assert_eq!(tenant_of(&moved, named(&moved, "Fabrikam Sales Test")), "Contoso");
    assert_eq!(tenant_of(&moved, named(&moved, "Fabrikam Sales")), "Fabrikam");
    files.on(&files.opens("migration"), "rehearsal-move", "<space>");
}

/// The cut-over asks nothing twice, and leaves the same environment in the other tenant.
fn cut_over(files: &Files, sales: &Environment) {
    let plan = files.opens("migration");
    files.on(&plan, "users-mapped", "<space>").says("first: Have it moved to the new tenant");
    files.on(&plan, "cut-over", "<enter>").says("Review (5 of 6)");
    let rows = |screen: &Screen| {
        let checklist = screen.model.working().unwrap().checklist().unwrap();
        checklist.rows.iter().filter(|row| row.id() != "cut-over").map(|row| (row.id().to_owned(), row.state)).collect::<Vec<_>>()
    };
    let before = rows(&files.play(&plan));
    // The runbook of the plan knows where to and by which file, and is not taken lightly either.
    let runbook = format!("{plan}x<tab*4>Fabrikam Sales<enter>");
    files.play(&runbook).says("There is no script while something has to be acknowledged").says("NotFullySupported");
    files.play(&format!("{runbook}a")).says("Take it upon yourself");
    files.play(&format!("{runbook}aContoso<enter>")).says("That is not its name");
    files.tall(&format!("{runbook}aFabrikam Sales<enter>")).says("#!/usr/bin/env bash").says("Stand by while Fabrikam Sales");
    files.tall(&format!("{SALES}m")).says("Only members of Order Desk get in").says("2 users by the mapping file");
    files
        .on(&plan, "cut-over", "<enter>aaaa<c-u>Fabrikam Sales<enter><enter><down><enter><tab><tab>Fabrikam Sales<enter>")
        .says("Recorded, with its checklist: o opens it");

    let screen = files.play("");
    let after = named(&screen, "Fabrikam Sales");
    let mut expected = sales.clone();
    expected.tenant = after.tenant;
    (expected.region, expected.url) = (Known::Unknown, Known::Unknown);
    expected.backups = Known::Is(Vec::new());
    expected.kept_since = after.kept_since;
    expected.security_group = Known::Is(Some("6384e0b3-7b55-4bcb-91f1-20682cc85dc0".into()));
    expected.users = Known::Is(vec!["carla@contoso.com".into(), "ben.ito@contoso.com".into()]);
    (expected.operator_roles, expected.disallowed_operations) = (Known::Unknown, Known::Unknown);
    expected.components.change(ComponentKind::ConnectionReference, |reference| reference.set("connection", Property::Nothing));
    assert_eq!(*after, expected);
    assert_eq!(tenant_of(&screen, after), "Contoso");
    assert_eq!(after.kept_since.map(time::minute).as_deref(), Some("2026-01-05 07:00Z"), "no restore point from before (TTM-011)");
    let fabrikam = screen.model.estate.tenants().find(|(_, tenant)| &*tenant.name == "Fabrikam").unwrap().0;
    assert!(screen.model.estate.environments().all(|(_, environment)| environment.tenant != fabrikam || &*environment.name != "Fabrikam Sales"), "TTM-108");
    assert!(!files.play("A").text().contains("The cut-over of Fabrikam Sales"), "it is recorded");
    assert_eq!(rows(&files.play(&files.opens("migration"))), before, "what the plan asked of the old tenant stays as it was");
    let kinds: Vec<OperationKind> = files.operations().iter().map(|operation| operation.kind).collect();
    assert_eq!(kinds, [OperationKind::Copy, OperationKind::Migrate, OperationKind::Migrate]);
    let last = files.operations().pop().unwrap();
    assert!(last.acknowledged.iter().any(|given| given.code == Code::NotFullySupported), "TTM-016");
    let Some(Change::Migrate(request)) = Request::of(&last).map(|request| request.change) else { panic!() };
    assert_eq!(request.cut_over.map(|at| at.to_utc()), Some(utc("2026-01-10T20:00:00Z")));
}

/// The checklist that the move opened, to its end, where the move left administration mode on.
fn work_behind_the_move(files: &Files) {
    files.on(&files.opens("migration"), "alerted", "<space>").says("first: Work through the checklist of the move");
    files.on(&files.opens("migration"), "post-migration", "<space>").says("this follows from another checklist");
    files.on(&files.opens("migration"), "post-migration", "<enter>").says("After the move to another tenant");
    let post = files.opens("post-migration");
    assert_eq!(state(&files.play(&post), "leave-admin-mode"), State::NotApplicable);
    files.play(&format!("{HERE}a<enter><down><enter><tab*2>Fabrikam Sales<enter>")).says("Recorded");
    files.on(&post, "leave-admin-mode", "<space>").says("first: Have all parties validate the environment");
    files.on(&post, "solution-import@a2102", "").says("Written down before: written down (thomas@contoso.com");
    let leave = || {
        // Microsoft says first that it has moved: that is left out only by somebody who takes it upon themselves.
        let post = files.opens("post-migration");
        files.on(&post, "background-on", "<space>").says("first: Turn off administration mode");
        let asked = files.on(&post, "leave-admin-mode", "<space>");
        asked.says("1 mandatory item is").says("Wait for the email or the call").says_not("Capture both");
        files.on(&files.opens("migration"), "alerted", "<space>");
        files.on(&post, "leave-admin-mode", "<space>").says_not("Take this upon yourself?");
    };
    let worked = files.work("post-migration", &[("leave-admin-mode", &leave)]);
    let place = |item: &str| worked.iter().position(|id| id == item).unwrap_or_else(|| panic!("{item} is not in {worked:?}"));
    assert!(place("validated") < place("leave-admin-mode") && place("leave-admin-mode") < place("capture"));
    let after = files.play(&post);
    let sales = named(&after, "Fabrikam Sales");
    assert_eq!((sales.admin_mode, sales.background_operations), (Known::Is(false), Known::Is(true)));
}

#[test]
fn fabrikams_production_moves_into_contoso_after_its_copy_did() {
    let files = Files::new();
    // Room for both: the copy that is moved to rehearse it takes storage there as well (TTM-034).
    let demo = fs::read_to_string("assets/demo.yaml").unwrap();
    files.write("both.yaml", &demo.replace("file: { entitled: 160, used: 100 }", "file: { entitled: 360, used: 100 }"));
    let before = files.play("");
    let sales = named(&before, "Fabrikam Sales").clone();

    // The empty plan: destination, questions, mapping file, details; it is begun although much is still blocked.
    let draft = format!("{SALES}m{ANSWERED}{}<enter><enter>2026-01-10 20:00<tab><tab>Order Desk<enter>", files.path("sales.csv"));
    files.tall(&draft).says("Fabrikam Sales is moved to the tenant Contoso").says("blocked").says("2026-01-10 20:00Z (Saturday 20:00 your time)");
    files.play(&format!("{draft}<enter>")).says("must be acknowledged first");
    // What can be lost for good is taken upon oneself by typing the name (TTM-016, C-42).
    files.play(&format!("{draft}aaa<c-u>")).says("Take it upon yourself");
    files.play(&format!("{draft}aaa<c-u>Fabrikam<enter>")).says("That is not its name: type Fabrikam Sales");
    files
        .play(&format!("{draft}aaa<c-u>Fabrikam Sales<enter><enter>"))
        .says("Blocked: No copy of Fabrikam Sales is recorded")
        .says("p begins the plan all the same");
    files.play(&format!("{draft}p")).says("Begin the plan to move Fabrikam Sales to Contoso?");
    files.play(&format!("{draft}pn"));
    assert!(!files.entries().iter().any(|entry| matches!(entry.what, What::Plan { .. })), "nothing was begun");
    files.play(&format!("{draft}py")).says("The plan is in the journal");
    files.play(&format!("{SALES}o")).says("Fabrikam Sales: Move to another tenant");
    files.tall(&format!("{SALES}m")).says("Review (5 of 6)").says("Saturday 20:00 your time").says("2 users by the mapping file");
    files.play(&format!("{SALES}mp")).says("The plan of Fabrikam Sales is begun already");
    // What nobody has to do is not done.
    let optional = files.play(&files.opens("migration"));
    assert_eq!((state(&optional, "mailboxes-renamed"), state(&optional, "mailboxes-renamed@ben@fabrikam.com")), (State::Open, State::Open));
    let attention = |keys: &str| {
        let screen = files.play(keys);
        let item = screen.model.ui.attention.items().iter().find(|item| item.message.starts_with("The cut-over of Fabrikam Sales")).cloned();
        item.map(|item| (item.message, item.remedy))
    };
    let (planned, before) = attention("A").unwrap();
    assert_eq!(planned, "The cut-over of Fabrikam Sales is planned for 2026-01-10 20:00Z");
    assert!(before.starts_with("Before it ") && before.ends_with(" mandatory items of its plan have to be settled"), "{before}");
    assert!(attention("<advance 5d><advance 13h><advance 1m>A").unwrap().0.ends_with("was planned for 2026-01-10 20:00Z and is not recorded"));

    // What matters is locked, each with what comes first.
    for (item, keys, first) in [
        ("cut-over", "<enter>", "first: Make sure that you are authorised"),
        ("mapping-file", "<space>", "first: Users: create them in the new tenant"),
        ("rehearsal-move", "<space>", "first: Make sure that the old tenant has room for a copy"),
        ("rehearsal-validated", "<space>", "first: Move the copy"),
        ("delete-solution-apps@a2102", "<space>", "first: Apps in solutions: export each"),
    ] {
        files.on(&files.opens("migration"), item, keys).says(first);
    }

    // The plan to its end, item by item in its order, with all that it leads to.
    let validate = || {
        let plan = files.opens("migration");
        for (item, keys) in [("cut-over", "<enter>"), ("submit", "<space>")] {
            files.on(&plan, item, keys).says("first: Have all parties validate the copy that was moved");
        }
        files.on(&plan, "rehearsal-validated", "<space>Carla for sales, Ben for service: fine<enter>");
    };
    let worked = files.work(
        "migration",
        &[
            ("mapping-file", &|| export_the_users(&files)),
            ("rehearsal-copy", &|| copy_for_the_rehearsal(&files)),
            ("rehearsal-move", &|| move_the_copy(&files)),
            ("rehearsal-validated", &validate),
            ("cut-over", &|| cut_over(&files, &sales)),
            ("post-migration", &|| work_behind_the_move(&files)),
        ],
    );
    let place = |item: &str| worked.iter().position(|id| id == item).unwrap_or_else(|| panic!("{item} is not in {worked:?}"));
    let order = ["mapping-file", "rehearsal-copy", "rehearsal-move", "rehearsal-validated", "submit", "cut-over", "users-mapped", "post-migration"];
    assert!(order.is_sorted_by_key(|item| place(item)), "{worked:?}");
    assert!(place("export-solution-apps@a2102") < place("delete-solution-apps@a2102") && place("delete-solution-apps@a2102") < place("cut-over"), "TTM-086");
    for template in ["migration", "post-migration"] {
        let done = files.play(&files.opens(template));
        let progress = done.model.working().unwrap().progress().unwrap();
        assert_eq!((progress.mandatory_open, progress.done), (0, progress.total), "{}", done.text());
    }
    let ended = files.play("");
    assert_eq!(tenant_of(&ended, named(&ended, "Fabrikam Sales")), "Contoso");
    let validated =
        files.entries().into_iter().any(|entry| matches!(entry.what, What::Item { act: ItemAct::Done, note: Some(note), .. } if note.starts_with("Carla")));
    assert!(validated, "who validated it is evidence");
}

/// The record leads where the environment is now, so that `o` opens the checklist that it opened.
#[test]
fn a_recorded_move_shows_the_other_tenant_and_its_own_checklist() {
    let files = Files::new();
    files.write("test.csv", "carla@fabrikam.com, carla@contoso.com\n");
    let recorded = format!(
        "T/fabrikam sales test<enter><home>m{ANSWERED}{}<enter><enter><enter>aaaaaaaaaaaa<c-u>Fabrikam Sales Test<enter><enter><down><enter><tab><tab>Fabrikam Sales Test<enter>",
        files.path("test.csv")
    );
    let screen = files.play(&recorded);
    screen.says("Recorded, with its checklist: o opens it").says("Contoso ▾").says("▸Fabrikam Sales Test");
    let again = Files::new();
    again.write("test.csv", "carla@fabrikam.com, carla@contoso.com\n");
    again
        .play(&format!("{}o", recorded.replace(&files.path("test.csv"), &again.path("test.csv"))))
        .says("Check in the admin center of the new tenant that it is listed");
}

#[test]
fn a_rehearsed_move_shows_the_other_tenant_and_is_taken_back_exactly() {
    let files = Files::new();
    let before = files.play("");
    // A sandbox needs no rehearsal copy; Ben is not enabled in it.
    files.write("test.csv", "carla@fabrikam.com, carla@contoso.com\n");
    let draft = format!(
        "T/fabrikam sales test<enter><home>m{ANSWERED}{}<enter><enter><enter>aaaaaaaaaaaa<c-u>Fabrikam Sales Test<enter><enter>",
        files.path("test.csv")
    );
    let begun = files.play(&format!("{draft}<enter>y"));
    begun.says("Rehearsing in memory");
    let moving = named(&begun, "Fabrikam Sales Test");
    assert_eq!((moving.admin_mode, moving.background_operations), (Known::Is(true), Known::Is(false)), "TTM-118");
    begun.says("Verify prerequisites");
    files.play(&format!("{draft}<enter>yf")).says("Migrate environment");
    files.play(&format!("{draft}<enter>yff")).says("User mapping and sync");
    let done = files.play(&format!("{draft}<enter>yffff"));
    done.says("Fabrikam Sales Test stands in Contoso now").says("REHEARSAL");
    let after = named(&done, "Fabrikam Sales Test");
    assert_eq!((tenant_of(&done, after), after.admin_mode), ("Contoso".to_owned(), Known::Is(false)));
    let undone = files.play(&format!("{draft}<enter>yffffu"));
    for (key, environment) in before.model.estate.environments() {
        assert_eq!(environment, undone.model.estate.environment(key));
    }
    assert!(undone.model.estate.rehearsals().is_empty());
    assert!(files.operations().is_empty(), "what was rehearsed is never saved");
}

#[test]
fn nothing_happens_before_the_confirmation_and_esc_keeps_what_was_typed() {
    let files = Files::new();
    let before = files.play("");
    let path = files.path("sales.csv");
    for keys in
        ["m", "m<enter>", "m<enter><enter>", "m<enter><enter>PATH<enter>", "m<enter><enter>PATH<enter><enter>", "m<enter><enter>PATH<enter><enter><enter>aaap"]
    {
        for way_out in ["", "<esc*8>"] {
            let left = files.play(&format!("{SALES}{}{way_out}", keys.replace("PATH", &path)));
            for (key, environment) in before.model.estate.environments() {
                assert_eq!(environment, left.model.estate.environment(key), "{keys}{way_out}");
            }
            assert!(left.model.estate.journal().entries().is_empty() && left.model.estate.rehearsals().is_empty(), "{keys}{way_out}");
        }
    }
    let back = files.play(&format!("{SALES}m<enter><enter>{path}<enter><enter>2026-01-10 20:00<esc*5>m<enter><enter>"));
    back.says(&path.chars().take(20).collect::<String>()).says("2 users mapped: nothing is wrong");
    files.play(&format!("{SALES}m<enter><enter>{path}<enter><enter>2026-01-10 20:00<esc*5>m<enter><enter><enter>")).says("2026-01-10 20:00");
}

#[test]
fn a_mapping_file_is_mended_and_read_again_with_one_key() {
    let files = Files::new();
    files.write("sales.csv", "carla@fabrikam.com; carla@contoso.com\nben@fabrikam.com, ben@contoso.com\n");
    let open = format!("{SALES}m<enter><enter>{}<enter>", files.path("sales.csv"));
    let read = files.play(&open);
    read.says("line 1, column 19: A semicolon separates the two users").says("line 2, column 19: Contoso has no user `ben@contoso.com`");
    read.says("Left behind, 2 users who can use Fabrikam Sales: carla@fabrikam.com, dora@fabrikam.com");
    // It goes on all the same, and the review blocks.
    files.play(&format!("{open}<enter><enter><end>")).says("blocked");
    files.write("sales.csv", "carla@fabrikam.com, carla@contoso.com\nben@fabrikam.com, ben.ito@contoso.com\n");
    files.play(&format!("{open}<c-r>")).says("2 users mapped: nothing is wrong");
    let nowhere = files.play(&format!("{SALES}m<enter><enter>{}<enter>", files.path("nowhere.csv")));
    nowhere.says("nowhere.csv").says("Ctrl-R");
    files.play(&format!("{SALES}m<enter><enter>-<enter>")).says("reads no mapping file from standard input");
}

#[test]
fn what_can_never_move_is_refused_at_once() {
    let files = Files::new();
    files.play("/supply chain<enter><home>m<enter>").says("Blocked: Contoso Supply Chain is linked to");
    files.play("T/plant managers<enter><home>m<enter>").says("Blocked: Plant Managers is of the type Teams");
    files.play(&format!("{SALES}m<down><enter>")).says("Blocked: Fabrikam Sales is in Fabrikam already");
    let read_only = Console::demo().size(120, 36).read_only();
    read_only.play(&format!("{SALES}m<enter><enter><enter><enter>p")).says("Started with --read-only");
}

#[test]
fn several_environments_are_planned_together_and_each_has_its_own_file_and_checklist() {
    let files = Files::new();
    files.write("test.csv", "carla@fabrikam.com, carla@contoso.com\n");
    // Both are marked; the other environments of the tenant are not.
    let marked = "T/fabrikam sales<enter><home><space><space>m";
    let asked = files.play(&format!("{marked}<enter><enter>"));
    asked.says("Move 2 environments").says("Each environment has its own").says("Fabrikam Sales Test");
    let one_file = format!("{marked}<enter><enter>{0}<tab>{0}<enter><enter>", files.path("sales.csv"));
    files.play(&one_file).says("each environment needs a mapping file of its own").says("Mapping file (3 of 6)");
    let both = format!(
        "{marked}<enter><enter>{}<tab>{}<enter><enter>2026-01-10 20:00<tab><right><tab>Order Desk<tab>Vendors<enter>",
        files.path("sales.csv"),
        files.path("test.csv")
    );
    let review = files.tall(&both);
    review.says("Fabrikam Sales is moved to the tenant Contoso").says("Only members of Order Desk get in");
    files.play(&format!("{both}<enter>")).says("Several environments are moved by a plan");
    files.play(&format!("{both}p")).says("Begin the plan to move Fabrikam Sales, Fabrikam Sales Test");
    files.play(&format!("{both}py")).says("with a checklist for each environment");
    let plans: Vec<Entry> = files.entries().into_iter().filter(|entry| matches!(entry.what, What::Plan { .. })).collect();
    let [plan] = plans.as_slice() else { panic!("{plans:?}") };
    let opened: Vec<String> = files
        .entries()
        .iter()
        .filter_map(|entry| match &entry.what {
            What::ChecklistOpened { environment, checklist, operation } if &**checklist == "migration" && operation.as_ref() == Some(&plan.id) => {
                Some(environment.to_string())
            }
            _ => None,
        })
        .collect();
    assert_eq!(opened.len(), 2);
    // Each is moved from its own checklist, with its own file and group; a sandbox needs no rehearsal copy.
    let test = files.tall("T/fabrikam sales test<enter><home>m");
    test.says("Fabrikam Sales Test is moved to the tenant Contoso")
        .says("1 user by the mapping file")
        .says("Only members of Vendors get in")
        .says("2026-01-10 20:00Z");
    files.tall(&format!("{SALES}m")).says("2 users by the mapping file").says("Only members of Order Desk get in");
    // Of two tenants nothing is planned together.
    let apart = files.play("TT/sales<enter>*m");
    apart.says("a plan moves those of one tenant together");
}

/// A file is what lies there, however it is named; and what a plan keeps is where it lies (TTM-041).
#[test]
fn a_mapping_file_is_the_same_however_it_is_named() {
    let files = Files::new();
    let folder = files.0.path().join("maps");
    fs::create_dir(&folder).unwrap();
    files.write("maps/sales.csv", "carla@fabrikam.com, carla@contoso.com\n");
    let round_about = files.path("maps/../sales.csv");
    let marked = "T/fabrikam sales<enter><home><space><space>m<enter><enter>";
    let twice = format!("{marked}{}<tab>{round_about}<enter><enter>", files.path("sales.csv"));
    files.play(&twice).says("each environment needs a mapping file of its own");
    // Two files of one name in two folders are two files.
    let apart = format!("{marked}{}<tab>{}<enter><enter>", files.path("sales.csv"), files.path("maps/sales.csv"));
    files.play(&apart).says("Details").says_not("of its own");
    // Two files that say the same may be meant; that is asked.
    let alike = format!("{marked}{}<tab>{}<enter><enter>", files.path("sales.csv"), files.path("test.csv"));
    files.play(&alike).says("say the same, to the letter: is that meant?");
    // The plan keeps where the file lies, and what was in it.
    files.play(&format!("{SALES}m<enter><enter>{round_about}<enter><enter><enter>py")).says("The plan is in the journal");
    let inputs = files.entries().into_iter().find_map(|entry| if let What::Plan { inputs, .. } = entry.what { Some(inputs) } else { None }).unwrap();
    let said = |of: &str| inputs.iter().find(|(name, _)| name.starts_with(of)).map(|(_, value)| value.to_string()).unwrap();
    let whole = fs::canonicalize(files.0.path().join("sales.csv")).unwrap().display().to_string();
    assert_eq!(said("mapping/"), whole);
    // What changed since is said.
    files.tall(&format!("{SALES}m")).says_not("says something else");
    files.write("sales.csv", "carla@fabrikam.com, carla@contoso.com\n");
    files.tall(&format!("{SALES}m")).says("says something else than when its plan was begun");
}

/// Journals of before name the file as it was typed: it lies where they lie, wherever the console is started.
#[test]
fn a_journal_of_before_names_its_mapping_file_from_its_own_folder() {
    let files = Files::new();
    let whole = fs::canonicalize(files.0.path().join("sales.csv")).unwrap().display().to_string();
    files.play(&format!("{SALES}m<enter><enter>{}<enter><enter><enter>py", files.path("sales.csv")));
    let journal = files.0.path().join("both.journal.yaml");
    let text = fs::read_to_string(&journal).unwrap();
    let before: Vec<&str> = text.lines().filter(|line| !line.contains("mapping_digest/")).collect();
    let before = before.join("\n").replace(&whole, "sales.csv");
    assert!(before.contains(": sales.csv"), "{before}");
    fs::write(&journal, format!("{before}\n")).unwrap();
    files.tall(&format!("{SALES}m")).says("2 users by the mapping file");
    let other = files.play("T/fabrikam sales test<enter><home>m<enter><enter>");
    assert!(other.text().contains("Mapping file"));
    let shared = format!("T/fabrikam sales test<enter><home>m<enter><enter>{}<enter><enter><enter>", files.path("sales.csv"));
    files.tall(&shared).says("is the mapping file of Fabrikam Sales already");
}

fn tall(keys: &str) -> Screen {
    Console::demo().size(120, 60).play(keys)
}

/// The wizard on Fabrikam's production environment in the demo.
const DEMO: &str = "T/fabrikam sales<enter><home>m";
/// A file with mistakes, from the folder in which tests run.
const WITH_MISTAKES: &str = "tests/files/fabrikam-users.csv";

#[test]
fn every_tenant_is_a_destination_with_its_reasons() {
    assert_snapshot!(Console::demo().play(DEMO));
}

#[test]
fn what_is_known_is_answered_with_its_source() {
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{DEMO}<enter><down*3>=global-admin<enter>y")));
}

/// What it holds is asked for where nobody looked (TTM-054), and once it is known it is no doubt any more.
#[test]
fn what_an_environment_holds_is_asked_for_before_it_moves() {
    let questions = "T/fabrikam sales test<enter><home>m<home><enter>";
    tall(questions).says("8 answers are missing").says("Custom pages in it                              ? nobody looked");
    let answered = format!("{questions}=none<enter>");
    tall(&answered).says("7 answers are missing").says("none  typed by thomas");
    let review = |keys: &str| tall(&format!("{keys}<enter>tests/files/fabrikam-carla.csv<enter><enter><enter>"));
    review(questions).says("`components.custom-page`");
    review(&answered).says("`components.chatbot`").says_not("`components.custom-page`");
}

#[test]
fn a_question_is_answered_over_the_questions() {
    assert_snapshot!(Console::demo().play(&format!("{DEMO}<enter><down*7>=")));
}

#[test]
fn every_mistake_of_a_mapping_file_has_its_place_and_its_way_out() {
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{DEMO}<enter><enter>{WITH_MISTAKES}<enter>")));
}

#[test]
fn a_mapping_file_on_the_smallest_screen() {
    assert_snapshot!(Console::demo().size(60, 16).play(&format!("{DEMO}<enter><enter>{WITH_MISTAKES}<enter><down>")));
}

#[test]
fn a_cut_over_is_planned_for_a_time_that_is_to_come() {
    Console::demo().play(&format!("{DEMO}<enter><enter><enter>2026-01-02 20:00<enter>")).says("Planned cut-over: 2026-01-02 20:00Z is over");
}

#[test]
fn the_details_of_a_move() {
    assert_snapshot!(Console::demo().play(&format!("{DEMO}<enter><enter><enter>2026-01-07 09:00<tab><tab>Order")));
}

#[test]
fn the_review_of_a_move() {
    assert_snapshot!(Console::demo().play(&format!("{DEMO}<enter><enter>{WITH_MISTAKES}<enter><enter>2026-01-07 09:00<enter>")));
}

#[test]
fn the_review_of_a_move_says_who_does_what() {
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{DEMO}<enter><enter><enter><enter><end>")));
}

#[test]
fn the_ways_out_of_a_move() {
    let sandbox = "T/fabrikam sales test<enter><home>m<enter><home><down*3>=global-admin<enter>y<enter>tests/files/fabrikam-carla.csv<enter><enter><enter>aaaaaaaaaaaaaaaa<c-u>Fabrikam Sales Test<enter><enter>";
    assert_snapshot!(Console::demo().play(sandbox));
}
