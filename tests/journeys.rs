//! Whole tasks by key string, from the first key to the saved journal.
#![expect(clippy::disallowed_methods, reason = "these tests put files in place and look at them")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

mod support;

use std::fs;
use std::path::PathBuf;

use envdeck::app::checklist::Line;
use envdeck::domain::environment::Environment;
use envdeck::domain::estate::Estate;
use envdeck::domain::journal::{Entry, ItemAct, What};
use envdeck::domain::known::Known;
use envdeck::domain::operation::{Operation, OperationKind};
use envdeck::domain::verdict::Code;
use envdeck::files::journal;
use support::{Console, Screen, utc};

/// A snapshot file in a folder of its own, with its journal beside it.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(files.snapshot(), demo()).unwrap();
        files
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.path().join("contoso.yaml")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("contoso.journal.yaml")
    }

    fn play(&self, keys: &str) -> Screen {
        Console::on(self.snapshot()).size(120, 36).play(keys)
    }

    fn entries(&self) -> Vec<Entry> {
        journal::load(&self.journal()).unwrap().journal.entries().to_vec()
    }

    fn acts(&self) -> Vec<(String, ItemAct, Option<String>)> {
        let act = |entry: Entry| match entry.what {
            What::Item { item, act, note, .. } => Some((item.into_string(), act, note.map(Into::into))),
            _ => None,
        };
        self.entries().into_iter().filter_map(act).collect()
    }

    fn operations(&self) -> Vec<Operation> {
        self.entries().into_iter().filter_map(|entry| if let What::Operation(operation) = entry.what { Some(*operation) } else { None }).collect()
    }
}

fn demo() -> String {
    fs::read_to_string("assets/demo.yaml").unwrap()
}

fn all(estate: &Estate) -> Vec<Environment> {
    estate.environments().map(|(_, environment)| environment.clone()).collect()
}

fn named<'a>(estate: &'a Estate, name: &str) -> &'a Environment {
    estate.environments().map(|(_, environment)| environment).find(|environment| &*environment.name == name).unwrap()
}

/// Contoso Sales is chosen, and its copy onto the UAT stands at the details.
const TO_DETAILS: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter>";
/// The same, up to the two ways out.
const TO_CARRY: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter>";
/// A rehearsal of it that is over.
const REHEARSED: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>y<advance 2d>";
/// A record of it, with ticket and approver.
const RECORDED: &str =
    "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><down><enter>CHG0042917<tab>lena@contoso.com<tab>Contoso Sales UAT<enter>";

/// Settles every item of the open checklist as it asks to be, top down, by the keys that are offered: what is repeated at once.
fn every_item(keys: &str, play: &dyn Fn(&str) -> Screen) -> String {
    let mut keys = keys.to_owned();
    for _ in 0..60 {
        let screen = play(&keys);
        let Some(checklist) = screen.model.working().and_then(|working| working.checklist()) else { break };
        let Some(open) = checklist.rows.iter().find(|row| row.is_worked() && !row.is_settled()) else { return keys };
        let whole = open.parent.map(|parent| &checklist.rows[parent]).filter(|whole| whole.repeats);
        let row = whole.unwrap_or(open);
        let several =
            checklist.rows.iter().filter(|part| part.parent.is_some_and(|parent| checklist.rows[parent].id == row.id) && !part.is_settled()).count() > 1;
        // The open item is gone to by going down from the first one.
        let lines = screen.model.working().unwrap().lines();
        let items = lines.iter().filter(|line| matches!(line, Line::Row(_)));
        let place = items.take_while(|line| !matches!(line, Line::Row(at) if checklist.rows[*at].id() == row.id())).count();
        let act = if row.item.decisions.is_empty() {
            "<space>".to_owned()
        } else if checklist.check(row.id(), ItemAct::Disabled, None).is_ok() {
            "d".to_owned()
        } else {
            "rto a test service<enter>".to_owned()
        };
        keys = format!("{keys}<home><down*{place}>{act}{}", if several { "y" } else { "" });
    }
    keys
}

#[test]
fn a_rehearsal_to_the_last_item_leaves_no_trace() {
    let files = Files::new();
    let before = all(&files.play("").model.estate);
    let keys = every_item(&format!("{REHEARSED}o"), &|keys| files.play(keys));
    let worked = files.play(&keys);
    let progress = worked.model.working().unwrap().progress().unwrap();
    assert!(progress.total > 15 && progress.done == progress.total && progress.mandatory_open == 0, "{progress:?}\n{}", worked.text());
    let uat = named(&worked.model.estate, "Contoso Sales UAT");
    assert_eq!((uat.admin_mode, uat.background_operations), (Known::Is(false), Known::Is(true)));
    worked.says("REHEARSAL");
    assert_ne!(all(&worked.model.estate), before);
    let after = files.play(&format!("{keys}<esc>Uy"));
    after.says("1 rehearsal taken back; the facts are as before");
    assert_eq!(all(&after.model.estate), before);
    assert!(!files.journal().exists());
}

#[test]
fn undo_takes_back_tick_by_tick_and_then_the_rehearsal() {
    let files = Files::new();
    let before = all(&files.play("").model.estate);
    let done = |keys: &str| files.play(keys).model.working().unwrap().progress().unwrap().done;
    let keys = format!("{REHEARSED}o<down*3><right><down><space><down><space>");
    assert_eq!((done(&keys), done(&format!("{keys}u")), done(&format!("{keys}uu")), done(&format!("{keys}uuu"))), (2, 1, 0, 0));
    files.play(&format!("{keys}uuu")).says("Nothing was ticked here yet");
    let undone = files.play(&format!("{keys}uu<esc>u"));
    undone.says("The rehearsal is taken back; Contoso Sales UAT is as before");
    assert_eq!(all(&undone.model.estate), before);
}

#[test]
fn what_was_switched_in_a_rehearsal_is_switched_back_with_its_tick() {
    let files = Files::new();
    let flags = |keys: &str| {
        let screen = files.play(keys);
        let uat = named(&screen.model.estate, "Contoso Sales UAT");
        (uat.admin_mode, uat.background_operations)
    };
    let keys = every_item(&format!("{REHEARSED}o"), &|keys| files.play(keys));
    let (on, off) = (Known::Is(true), Known::Is(false));
    assert_eq!(flags(&keys), (off, on));
    assert_eq!(flags(&format!("{keys}u")), (off, off));
    assert_eq!(flags(&format!("{keys}uu")), (on, off));
}

#[test]
fn a_copy_that_somebody_else_carried_out_earlier_is_recorded_as_such() {
    let files = Files::new();
    let keys = |when: &str| format!("<advance 3h>{}", RECORDED.replace("CHG0042917", &format!("<s-tab><s-tab>{when}<tab>isaac@contoso.com<tab>CHG0042917")));
    files.play(&keys("soon")).says("Carried out at: That is no time");
    files.play(&keys("2026-01-05 10:01")).says("lies in the future");
    assert!(files.operations().is_empty(), "nothing is written before it is right");
    files.play(&keys("2026-01-05 08:30Z")).says("Recorded, with its checklist");
    let [copy] = files.operations().try_into().unwrap();
    assert_eq!((copy.started_at, copy.completed_at), (utc("2026-01-05T08:30:00Z"), Some(utc("2026-01-05T08:30:00Z"))));
    let who = copy.inputs.iter().find(|(name, _)| &**name == "carried_out_by").map(|(_, value)| value.to_string());
    assert_eq!((who.as_deref(), copy.ticket.as_deref()), (Some("isaac@contoso.com"), Some("CHG0042917")));
}

#[test]
fn a_copy_is_recorded_and_its_checklist_worked_and_found_again() {
    let files = Files::new();
    files.play(RECORDED).says("Recorded, with its checklist: o opens it");
    let [copy] = files.operations().try_into().unwrap();
    assert_eq!((copy.kind, copy.ticket.as_deref(), copy.approver.as_deref()), (OperationKind::Copy, Some("CHG0042917"), Some("lena@contoso.com")));
    assert_eq!(copy.started_at, utc("2026-01-05T07:00:00Z"));

    let uat = named(&files.play("").model.estate, "Contoso Sales UAT").clone();
    assert_eq!((uat.admin_mode, uat.background_operations), (Known::Is(true), Known::Is(false)), "the facts moved on and are there again");

    // Tick, untick, and a remark; then decisions with where, why not, and why it does not apply.
    let work = "/sales uat<enter>o<down*3><right><down><space><space><space>nasked Lena<enter>";
    files.play(work);
    let acts = files.acts();
    let kinds: Vec<ItemAct> = acts.iter().map(|(_, act, _)| *act).collect();
    assert_eq!(kinds, [ItemAct::Done, ItemAct::Reopened, ItemAct::Done, ItemAct::Noted], "{acts:?}");
    assert_eq!(acts[3].2.as_deref(), Some("asked Lena"));

    let again = files.play("/sales uat<enter>o");
    again.says("1 of ");
    let at = |item: &str| format!("/sales uat<enter>o{}", go_to(&again, item));
    files.play(&format!("{}rtest.sharepoint.com<enter>", at("sharepoint")));
    files.play(&format!("{}<space>", at("background-on"))).says("Yammer is not decided yet");
    files.play(&format!("{}lboth may post<enter>", at("yammer")));
    files.play(&format!("{}Nhas none<enter>y", at("iframes")));
    let acts = files.acts();
    let last: Vec<_> = acts[4..].iter().map(|(item, act, note)| (&**item, *act, note.as_deref())).collect();
    assert_eq!(
        last,
        [
            ("sharepoint@s101", ItemAct::Redirected, Some("test.sharepoint.com")),
            ("yammer", ItemAct::LeftAsIs, Some("both may post")),
            ("iframes", ItemAct::NotApplicable, Some("has none"))
        ]
    );

    // Leaving administration mode asks, and no leaves all as it was.
    let leave = format!("{}<space>", at("leave-admin-mode"));
    files.play(&leave).says("Take this upon yourself?").says("mandatory items");
    files.play(&format!("{leave}n"));
    assert_eq!(files.acts().len(), 7);
    let left = files.play(&format!("{leave}y"));
    assert_eq!(named(&left.model.estate, "Contoso Sales UAT").admin_mode, Known::Is(false));
    assert_eq!(named(&left.model.estate, "Contoso Sales UAT").background_operations, Known::Is(false), "two acts (C-21)");
    let (item, act, _) = files.acts().pop().unwrap();
    assert_eq!((&*item, act), ("leave-admin-mode", ItemAct::Done));
    let left = files.operations().pop().unwrap();
    let [taken] = left.acknowledged.as_slice() else { panic!("{:?}", left.acknowledged) };
    assert_eq!((&*taken.by, taken.code), ("thomas@contoso.com", Code::ChecklistOpen));
    assert!(taken.shown.contains("Email: Outgoing Email"), "the journal lists what was taken upon oneself: {}", taken.shown);
    let on = files.play(&format!("{}<space>y", at("background-on")));
    assert_eq!(named(&on.model.estate, "Contoso Sales UAT").background_operations, Known::Is(true));
    assert!(on.model.ui.unsaved.is_empty());

    // A newer snapshot that shows all of it already: the checklist is still there, nothing is done twice.
    let was = files.play("/sales uat<enter>o").model.working().unwrap().progress();
    let newer = demo().replacen("captured_at: 2026-01-05T07:00:00Z", "captured_at: 2026-01-06T07:00:00Z", 1);
    fs::write(files.snapshot(), newer.replacen("name: Contoso Sales UAT", "name: Contoso Sales UAT 2", 1)).unwrap();
    let after = Console::on(files.snapshot()).at("2026-01-06T08:00:00Z").size(120, 36).play("/sales uat<enter>o");
    assert_eq!(after.model.working().unwrap().checklist().unwrap().id, again.model.working().unwrap().checklist().unwrap().id);
    assert!(was.unwrap().done >= 5);
    let uat = named(&after.model.estate, "Contoso Sales UAT 2");
    assert_eq!(uat.admin_mode, Known::Is(false), "as captured");
    assert_eq!(uat.restorable_since, Some(utc("2026-01-05T07:00:00Z")), "no capture shows that older points are gone (C-19)");
    assert!(uat.backups.is(|backups| backups.iter().all(|backup| backup.overwritten)));
}

/// The keys from the first item to `item`.
fn go_to(screen: &Screen, item: &str) -> String {
    let working = screen.model.working().unwrap();
    let checklist = working.checklist().unwrap();
    let row = |line: &Line| if let Line::Row(at) = line { Some(checklist.rows[*at].id()) } else { None };
    let items: Vec<&str> = working.lines().iter().filter_map(row).collect();
    format!("<home><down*{}>", items.iter().position(|id| *id == item).unwrap())
}

#[test]
fn esc_at_each_step_of_the_wizard_leaves_everything_equal() {
    let files = Files::new();
    let before = all(&files.play("").model.estate);
    let steps = [
        "c",
        "c<enter>",
        TO_DETAILS,
        &format!("{TO_DETAILS} for Isaac<enter>"),
        TO_CARRY,
        &format!("{TO_CARRY}<enter>"),
        &format!("{TO_CARRY}<down><enter>CHG1"),
    ];
    for step in steps {
        let left = files.play(&format!("{step}<esc*9>"));
        assert!(left.model.ui.layers.is_empty(), "{step}");
        assert_eq!(all(&left.model.estate), before, "{step}");
        assert!(!files.journal().exists(), "{step}");
    }
}

#[test]
fn what_was_typed_is_there_again_for_the_same_source() {
    let files = Files::new();
    let typed = format!("{TO_DETAILS} for Isaac<tab><right><enter><enter><down><enter>CHG1<tab>lena<esc*9>");
    let back = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter>";
    let other = "<esc>/contoso dev<enter>c<esc*3>";
    let through_palette = format!("{TO_DETAILS} for Isaac<enter>:contoso dev<enter><esc>");
    for between in ["", other] {
        let screen = files.play(&format!("{typed}{between}{back}"));
        screen.says("Contoso Sales UAT for Isaac").says("none: everybody with a licence and a role");
        let screen = files.play(&format!("{typed}{between}{back}<enter><enter><enter>"));
        screen.says("CHG1").says("lena");
    }
    files.play(&format!("{through_palette}{back}")).says("Contoso Sales UAT for Isaac");
    files.play(&format!("{typed}<c-r>{back}")).says("Contoso Sales UAT for Isaac");
}

#[test]
fn a_copy_over_again_supersedes_the_open_checklist() {
    let files = Files::new();
    files.play(RECORDED);
    let first = files.play("/sales uat<enter>o<down*3><space>").model.working().unwrap().id.clone();
    files.play(&format!("<advance 1h>{RECORDED}"));
    let second = files.play("/sales uat<enter>o");
    assert_ne!(second.model.working().unwrap().id, first);
    second.says("0 of ");
    assert_eq!(files.operations().len(), 2);
}

#[test]
fn read_only_rehearses_and_refuses_what_is_written() {
    let files = Files::new();
    files.play(RECORDED);
    let before = fs::read(files.journal()).unwrap();
    let play = |keys: &str| Console::on(files.snapshot()).read_only().size(120, 36).play(keys);
    play(&format!("{TO_CARRY}<down><enter>")).says("Started with --read-only: nothing is written");
    for key in ["<space>", "n", "N"] {
        let refused = play(&format!("/sales uat<enter>o<down*3><right><down>{key}"));
        refused.says("Started with --read-only: nothing is written");
        assert!(matches!(refused.model.ui.layers.last(), Some(envdeck::app::model::Layer::Checklist(_))), "{key}");
    }
    let practised = play(&format!("{REHEARSED}o<down*3><right><down><space>"));
    assert_eq!(practised.model.working().unwrap().progress().unwrap().done, 1);
    assert_eq!(fs::read(files.journal()).unwrap(), before);
}

#[test]
fn an_unknown_is_taken_upon_oneself_one_by_one_and_for_good() {
    let files = Files::new();
    // Without `managed` and `region` of the target two answers are open.
    let (head, tail) = demo().split_once("name: Contoso Sales UAT").map(|(head, tail)| (head.to_owned(), tail.to_owned())).unwrap();
    let tail = tail.replacen("        region: emea\n", "", 1).replacen("        customer_managed_key: none\n", "", 1).replacen(
        "        finance_operations: none\n",
        "",
        1,
    );
    fs::write(files.snapshot(), format!("{head}name: Contoso Sales UAT{tail}")).unwrap();
    let review = format!("{TO_DETAILS}<enter>");
    let open = files.play(&review).model.wizard().unwrap().unacknowledged();
    assert!(open >= 2, "{open}");
    files.play(&format!("{review}a<enter>")).says("must be acknowledged first");
    let all_given = format!("{review}{}", "a".repeat(open));
    files.play(&format!("{all_given}<enter><down><enter><tab*2>Contoso Sales UAT<enter>")).says("Recorded");
    let [copy] = files.operations().try_into().unwrap();
    assert_eq!(copy.acknowledged.len(), open);
    assert!(copy.acknowledged.iter().all(|given| &*given.by == "thomas@contoso.com" && given.at == utc("2026-01-05T07:00:00Z")));
    assert!(copy.acknowledged.iter().any(|given| given.shown.contains("`region` of Contoso Sales UAT is unknown")));
}

#[test]
fn what_changed_between_review_and_confirmation_leads_back() {
    let files = Files::new();
    let confirm = format!("{TO_CARRY}<down><enter><tab*2>Contoso Sales UAT");
    for (waited, said) in [("<advance 8d>", "1 finding to be acknowledged"), ("<advance 2d>", "New: The facts are")] {
        let back = files.play(&format!("{confirm}{waited}<enter>"));
        back.says("[Review]").says("Something changed meanwhile").says(said);
        assert!(!files.journal().exists());
        let back = files.play(&format!("{TO_CARRY}<enter>{waited}y"));
        back.says("[Review]").says("Something changed meanwhile");
        assert!(back.model.estate.rehearsals().is_empty());
    }
    // What was given for eight days is void at nine.
    files
        .play(&format!("{TO_DETAILS}<enter><advance 8d>a<enter><down><enter><tab*2>Contoso Sales UAT<advance 1d><enter>"))
        .says("1 finding to be acknowledged");
    files.play(&format!("{TO_DETAILS}<enter><advance 8d>a<enter><down><enter><tab*2>Contoso Sales UAT<enter>")).says("Recorded");
}

#[test]
fn a_copy_is_not_recorded_on_top_of_what_was_only_rehearsed() {
    let files = Files::new();
    let refused = files.play(&format!("{REHEARSED}<esc>/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>aaa<enter><down><enter>"));
    refused.says("Contoso Sales UAT is shown as rehearsed");
    assert!(!files.journal().exists());
}

#[test]
fn source_and_target_are_busy_while_a_rehearsal_runs() {
    let files = Files::new();
    let running = files.play(&format!("{TO_CARRY}<enter>y"));
    running.says("overwritten 0 %").says("copied 0 %");
    for name in ["Contoso Sales", "Contoso Sales UAT"] {
        assert!(named(&running.model.estate, name).state.is(|state| *state == envdeck::domain::environment::EnvironmentState::Running));
    }
    files.play(&format!("{TO_CARRY}<enter>y<esc>{TO_DETAILS}")).says("Blocked: ").says("is busy with another operation");
    let stages = files.play(&format!("{TO_CARRY}<enter>yfff"));
    assert!(stages.model.estate.rehearsals().iter().all(|rehearsal| !rehearsal.is_done()));
    files.play(&format!("{TO_CARRY}<enter>yffff")).says("has a checklist: o opens it");
}

#[test]
fn killed_after_any_key_at_most_that_key_is_lost() {
    let files = Files::new();
    files.play(RECORDED);
    let script =
        ["/sales uat<enter>o", "<down*3><right><down>", "<space>", "<down>", "<space>", "<space>", "n", "x", "<enter>", "<down>", "N", "w", "<enter>", "y"];
    let recorded = fs::read(files.journal()).unwrap();
    let mut most = 0;
    for end in 0..=script.len() {
        fs::write(files.journal(), &recorded).unwrap();
        let screen = files.play(&script[..end].concat());
        let saved = files.entries();
        assert_eq!(saved, screen.model.estate.journal().entries(), "after {:?}", &script[..end]);
        assert!(saved.len() >= most);
        most = saved.len();
    }
    assert_eq!(most, 2 + 5);
}

#[test]
fn undo_works_when_nothing_was_ticked_and_time_stands_still() {
    let files = Files::new();
    files.play(&format!("{REHEARSED}<esc>u")).says("The rehearsal is taken back");
    files.play(&format!("{REHEARSED}ou")).says("Nothing was ticked here yet");
}

#[test]
fn a_reload_takes_rehearsals_back_and_says_so() {
    let files = Files::new();
    let before = all(&files.play("").model.estate);
    let reloaded = files.play(&format!("{REHEARSED}<c-r>"));
    reloaded.says("1 rehearsal taken back");
    assert_eq!(all(&reloaded.model.estate), before);
}

#[test]
fn whatever_is_pressed_what_was_rehearsed_is_taken_back_whole() {
    const KEYS: [&str; 24] = [
        "c",
        "<enter>",
        "<enter>",
        "<enter>",
        "y",
        "f",
        "f",
        "f",
        "f",
        "o",
        "<space>",
        "d",
        "N",
        "<tab>",
        "<down>",
        "<down*7>",
        "<up>",
        "<esc>",
        "u",
        "a",
        "l",
        "O",
        "<advance 1h>",
        ":",
    ];
    let before = all(&Console::demo().play("").model.estate);
    let mut seed: u32 = 20_260_105;
    for _ in 0..40 {
        let mut keys = "/contoso sales<enter>".to_owned();
        for _ in 0..70 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            keys.push_str(KEYS[(seed >> 16) as usize % KEYS.len()]);
        }
        let mut model = Console::demo().play(&keys).model;
        model.estate.discard();
        if model.estate.journal().entries().is_empty() {
            assert_eq!(all(&model.estate), before, "{keys}");
        }
        assert!(model.ui.unsaved.is_empty(), "{keys}");
    }
}

#[test]
fn a_record_that_was_wrong_is_withdrawn_and_everything_is_as_before() {
    // The newest entry is the checklist that the copy opened.
    const TO_COPY: &str = "/sales uat<enter>J<down>";
    let files = Files::new();
    let before = named(&files.play("").model.estate, "Contoso Sales UAT").clone();
    files.play("/sales uat<enter>Jw").says("There is no entry here");
    files.play(RECORDED).says("Recorded, with its checklist");
    assert_ne!(*named(&files.play("").model.estate, "Contoso Sales UAT"), before);
    files.play(&format!("{TO_COPY}w")).says("ticket CHG0042917. Why is it wrong?");
    files.play(&format!("{TO_COPY}w<enter>")).says("Say why it is withdrawn");
    let after = files.play(&format!("{TO_COPY}wit was Contoso HR Test<enter>"));
    after.says("Withdrawn, and what follows from it");
    assert_eq!(*named(&after.model.estate, "Contoso Sales UAT"), before);
    let again = files.play("/sales uat<enter>o");
    assert!(again.model.working().is_none(), "its checklist is not worked any more");
    assert_eq!(files.operations().len(), 1, "the journal keeps what was withdrawn");
}

#[test]
fn a_note_on_what_is_about_to_be_overwritten_is_read_before_it_is() {
    let files = Files::new();
    files.play("/sales uat<enter>ndo not overwrite, ask Lena<enter>");
    let review = files.play("/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>");
    review.says("do not overwrite, ask Lena");
}
