//! Checklists over the entries of a journal: what opens, ticks, unticks, decides and supersedes.

mod periods;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::domain::component::{Component, ComponentKind, Property};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::journal::{Entry, EntryId, ItemAct, Journal, Value, What};
use crate::domain::known::Known;
use crate::domain::operation::{Operation, OperationKind, Outcome};
use crate::domain::rulebook::Edition;
use crate::domain::tenant::TenantKey;
use crate::domain::verdict::Answer;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_603_600 + minute * 60, 0).unwrap()
}

fn environment() -> Environment {
    Environment::unexplored(TenantKey(0), EnvironmentId::new("uat"), "UAT".into())
}

fn item(id: &str) -> Item {
    Item { id: id.into(), text: Arc::from(format!("Do {id}")), ..Item::default() }
}

const DECISIONS: [Decision; 3] = [Decision::Disable, Decision::Redirect, Decision::LeaveAsIs];

/// An item done by the system, mail with two parts, feed with decisions that guards a gate, and what is behind it.
fn template() -> Template {
    let mail = Concerned { kind: ComponentKind::Mailbox, of: Where::Here, only: Vec::new(), not: Vec::new() };
    let items = vec![
        Item { done_by_system: true, ..item("off") },
        Item {
            unknown: Some("Look for mailboxes".into()),
            components: vec![mail],
            decisions: DECISIONS.to_vec(),
            mandatory: Mandatory::When(vec![Condition::Level(Level::Everything)]),
            items: vec![Arc::new(item("incoming")), Arc::new(item("outgoing"))],
            ..item("mail")
        },
        Item {
            decisions: vec![Decision::Redirect, Decision::LeaveAsIs],
            mandatory: Mandatory::When(Vec::new()),
            gate: Some((Gate::BackgroundOperations, "the feed is not decided".into())),
            ..item("feed")
        },
        Item { when: vec![Condition::Level(Level::Customizations)], ..item("tables") },
        item("leave"),
        Item { behind: Some(Gate::BackgroundOperations), after: vec!["leave".into()], ..item("background") },
    ];
    let items = items.into_iter().map(Arc::new).collect();
    let section = Section { id: "all".into(), title: "All".into(), items, ..Section::default() };
    Template { id: "test".into(), title: "Test".into(), sections: vec![section], ..Template::default() }
}

/// A journal in which a copy was made and its checklist opened, worked as the console works it.
struct Work {
    journal: Journal,
    template: Template,
    environment: Environment,
    opened: EntryId,
}

impl Work {
    fn on(environment: Environment, level: Option<&str>) -> Self {
        let copy = Operation {
            kind: OperationKind::Copy,
            source: Some(EnvironmentId::new("sales")),
            target: environment.id.clone(),
            inputs: level.map(|level| ("level".into(), Value::Text(level.into()))).into_iter().collect(),
            verdict: Answer::Allowed,
            acknowledged: Vec::new(),
            account: Vec::new(),
            ticket: None,
            approver: None,
            started_at: at(-60),
            completed_at: Some(at(0)),
            outcome: Outcome::Succeeded,
        };
        let mut work = Self { journal: Journal::default(), template: template(), environment, opened: EntryId::new("") };
        let operation = work.add(0, What::Operation(Box::new(copy)));
        work.opened = work.add(0, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "test".into(), operation: Some(operation) });
        work
    }

    fn add(&mut self, minute: i64, what: What) -> EntryId {
        let entry = Entry::new(at(minute), Arc::from("thomas"), what);
        let id = entry.id.clone();
        self.journal.add(entry);
        id
    }

    fn checklist(&self) -> Checklist {
        let templates = [self.template.clone()];
        let all = opened(&self.journal, &templates);
        let opened = all.iter().find(|opened| opened.entry.id == self.opened).unwrap();
        Checklist::of(&self.journal, opened, &templates, &self.environment, Edition::Articles).unwrap()
    }

    /// Does it, always at the same instant.
    fn act(&mut self, item: &str, act: ItemAct, note: Option<&str>) -> Result<EntryId, String> {
        let entries = self.checklist().entries(item, act, note, &Arc::from("isaac"), at(0))?;
        let id = entries.last().unwrap().id.clone();
        entries.into_iter().for_each(|entry| self.journal.add(entry));
        Ok(id)
    }

    fn state(&self, item: &str) -> State {
        self.checklist().row(item).unwrap().state
    }

    fn progress(&self) -> (usize, usize, usize) {
        let Progress { done, total, mandatory_open } = self.checklist().progress();
        (done, total, mandatory_open)
    }
}

fn mailbox(name: &str) -> Component {
    Component { id: name.into(), name: name.into(), in_solution: Known::Unknown, properties: vec![("incoming", Property::Text("outlook".into()))] }
}

fn with_mailboxes(names: &[&str]) -> Environment {
    let mut environment = environment();
    environment.components.insert(ComponentKind::Mailbox, names.iter().map(|name| mailbox(name)).collect());
    environment
}

#[test]
fn a_whole_is_done_when_all_of_its_parts_are() {
    let mut work = Work::on(with_mailboxes(&["isaac", "lena"]), Some("everything"));
    assert_eq!((work.state("off"), work.state("mail"), work.progress()), (State::Done, State::Open, (0, 5, 3)));
    let row = work.checklist().row("mail").unwrap().clone();
    assert_eq!(
        row.concerns.iter().map(|concern| format!("{} ({})", concern.name, concern.detail)).collect::<Vec<_>>(),
        ["isaac (incoming outlook)", "lena (incoming outlook)"]
    );
    work.act("incoming", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("mail"), work.progress()), (State::Open, (1, 5, 2)));
    work.act("outgoing", ItemAct::NotApplicable, Some("send-only")).unwrap();
    assert_eq!((work.state("mail"), work.progress()), (State::Done, (2, 5, 1)));
    assert_eq!(work.checklist().row("mail").unwrap().mark.as_ref().map(|mark| &*mark.by), Some("isaac"));
    assert_eq!(work.act("mail", ItemAct::Reopened, None).unwrap_err(), "open one of its parts again");
    work.act("incoming", ItemAct::Reopened, None).unwrap();
    assert_eq!((work.state("mail"), work.state("incoming"), work.progress()), (State::Open, State::Open, (1, 5, 2)));
}

#[test]
fn ticks_and_unticks_within_one_instant_keep_their_order_and_their_history() {
    let mut work = Work::on(environment(), None);
    for _ in 0..3 {
        work.act("leave", ItemAct::Done, Some("  ")).unwrap();
        assert_eq!(work.state("leave"), State::Done);
        assert_eq!(work.act("leave", ItemAct::Done, None).unwrap_err(), "it is done already");
        work.act("leave", ItemAct::Reopened, Some("too early")).unwrap();
        assert_eq!(work.state("leave"), State::Open);
        assert_eq!(work.act("leave", ItemAct::Reopened, None).unwrap_err(), "it is open already");
    }
    let history: Vec<_> = work.checklist().row("leave").unwrap().history.iter().map(|mark| mark.act).collect();
    assert_eq!(history, [ItemAct::Done, ItemAct::Reopened].repeat(3));
}

#[test]
fn a_withdrawn_tick_never_was_one() {
    let mut work = Work::on(environment(), None);
    let slip = work.act("leave", ItemAct::Done, None).unwrap();
    work.add(5, What::Withdrawn { entry: slip, reason: "wrong environment".into() });
    assert_eq!(work.state("leave"), State::Open);
    assert!(work.checklist().row("leave").unwrap().history.is_empty());
    assert_eq!(work.checklist().withdrawn.iter().map(|stray| (&*stray.item, stray.mark.act)).collect::<Vec<_>>(), [("leave", ItemAct::Done)]);
}

#[test]
fn background_operations_wait_for_the_gate_and_for_what_comes_before() {
    let mut work = Work::on(environment(), None);
    assert_eq!(work.checklist().gate(Gate::BackgroundOperations), Some("the feed is not decided"));
    assert_eq!(work.act("background", ItemAct::Done, None).unwrap_err(), "the feed is not decided");
    assert_eq!(work.act("feed", ItemAct::Redirected, Some(" ")).unwrap_err(), "Where is it redirected to?");
    assert_eq!(work.act("feed", ItemAct::Done, None).unwrap_err(), "this needs a decision: redirect it to another service or leave it as it is");
    assert_eq!(work.act("feed", ItemAct::Disabled, None).unwrap_err(), "that is no choice here: redirect it to another service or leave it as it is");
    assert_eq!(work.act("leave", ItemAct::Redirected, Some("x")).unwrap_err(), "there is nothing to decide here: tick it");
    work.act("feed", ItemAct::Redirected, Some(" test.contoso.com ")).unwrap();
    let row = work.checklist().row("feed").unwrap().clone();
    assert_eq!((row.state, row.decision, row.mark.unwrap().note.as_deref()), (State::Decided, Some(ItemAct::Redirected), Some("test.contoso.com")));
    assert_eq!(work.checklist().gate(Gate::BackgroundOperations), None);
    assert_eq!(work.act("background", ItemAct::Done, None).unwrap_err(), "first: Do leave");
    work.act("leave", ItemAct::Done, None).unwrap();
    work.act("background", ItemAct::Done, None).unwrap();
    work.act("feed", ItemAct::LeftAsIs, Some("both may post")).unwrap();
    assert_eq!(work.checklist().row("feed").unwrap().decision, Some(ItemAct::LeftAsIs), "another decision replaces the first");
    work.act("feed", ItemAct::Reopened, None).unwrap();
    assert!(work.checklist().gate(Gate::BackgroundOperations).is_some() && work.state("background") == State::Done);
}

#[test]
fn a_decision_about_the_whole_leaves_its_parts_moot_until_it_is_opened_again() {
    let mut work = Work::on(with_mailboxes(&["isaac"]), Some("everything"));
    work.act("mail", ItemAct::Disabled, None).unwrap();
    assert_eq!((work.state("mail"), work.checklist().row("mail").unwrap().decision), (State::Open, Some(ItemAct::Disabled)), "disabling is done by its parts");
    work.act("mail", ItemAct::Redirected, Some("test Exchange")).unwrap();
    assert_eq!((work.state("mail"), work.state("incoming")), (State::Decided, State::NotApplicable));
    assert_eq!(work.checklist().row("incoming").unwrap().reason.as_deref(), Some("the whole was redirected"));
    assert_eq!(work.act("incoming", ItemAct::Done, None).unwrap_err(), "\"Do mail\" was settled as a whole: open that again first");
    work.act("mail", ItemAct::Reopened, None).unwrap();
    assert_eq!((work.state("mail"), work.state("incoming")), (State::Open, State::Open));
    work.act("mail", ItemAct::Disabled, None).unwrap();
    work.act("incoming", ItemAct::Done, None).unwrap();
    work.act("outgoing", ItemAct::Done, None).unwrap();
    assert_eq!(work.state("mail"), State::Decided);
}

#[test]
fn what_is_mandatory_and_what_applies_follows_from_level_and_components() {
    let rows = |environment: Environment, level: Option<&str>| {
        let work = Work::on(environment, level);
        let checklist = work.checklist();
        let mail = checklist.row("mail").unwrap().clone();
        (mail.text.to_string(), mail.mandatory, mail.state, checklist.row("tables").is_some(), work.progress())
    };
    let (look, mail) = ("Look for mailboxes".to_owned(), "Do mail".to_owned());
    let one = || with_mailboxes(&["isaac"]);
    assert_eq!(rows(one(), Some("everything")), (mail.clone(), true, State::Open, false, (0, 5, 3)));
    assert_eq!(rows(one(), Some("customizations")), (mail.clone(), false, State::Open, true, (0, 6, 1)));
    assert_eq!(rows(one(), None), (mail.clone(), true, State::Open, true, (0, 6, 3)), "an unknown level rules nothing out");
    assert_eq!(rows(environment(), Some("everything")), (look.clone(), true, State::Open, false, (0, 5, 3)));
    assert_eq!(rows(environment(), Some("customizations")), (look, true, State::Open, true, (0, 6, 3)), "what nobody looked for is mandatory");
    assert_eq!(rows(with_mailboxes(&[]), Some("everything")), (mail, false, State::NotApplicable, false, (0, 3, 1)));
}

#[test]
fn somebody_who_knows_better_opens_what_the_facts_rule_out() {
    let mut work = Work::on(with_mailboxes(&[]), Some("everything"));
    assert_eq!(work.checklist().row("mail").unwrap().reason.as_deref(), Some("by the facts there are none (Mailboxes)"));
    work.act("mail", ItemAct::Reopened, Some("a queue was added")).unwrap();
    assert_eq!((work.state("mail"), work.state("incoming"), work.progress()), (State::Open, State::Open, (0, 5, 3)));
}

#[test]
fn a_property_that_nobody_looked_up_could_be_so() {
    let concerned = Concerned {
        kind: ComponentKind::PlugIn,
        of: Where::Here,
        only: vec![("external", Property::Flag(true)), ("in_solution", Property::Flag(false))],
        not: Vec::new(),
    };
    let plug_in = |external: Option<bool>, in_solution: Known<bool>| {
        let properties = external.map(|external| ("external", Property::Flag(external))).into_iter().collect();
        concerned.includes(&Component { id: "p".into(), name: "p".into(), in_solution, properties })
    };
    for (external, in_solution, included) in [
        (Some(true), Known::Is(false), Known::Is(true)),
        (Some(true), Known::Is(true), Known::Is(false)),
        (Some(false), Known::Unknown, Known::Is(false)),
        (None, Known::Is(false), Known::Unknown),
        (Some(true), Known::Unknown, Known::Unknown),
    ] {
        assert_eq!(plug_in(external, in_solution), included, "{external:?} {in_solution:?}");
    }
}

#[test]
fn a_condition_holds_unless_it_is_known_not_to() {
    let mut known = with_mailboxes(&[]);
    (known.kind, known.finance_operations, known.managed) = (Known::Is(EnvironmentType::Sandbox), Known::Is(None), Known::Is(true));
    let cases = [
        (Condition::Level(Level::Everything), true, true),
        (Condition::Level(Level::Customizations), true, false),
        (Condition::Edition(Edition::Articles), true, true),
        (Condition::Edition(Edition::Current), false, false),
        (Condition::Component(ComponentKind::Mailbox), true, false),
        (Condition::Component(ComponentKind::Yammer), true, true),
        (Condition::Type(vec![EnvironmentType::Sandbox, EnvironmentType::Preview]), true, true),
        (Condition::Type(vec![EnvironmentType::Production]), true, false),
        (Condition::Environment(Trait::Linked), true, false),
        (Condition::Environment(Trait::NotLinked), true, true),
        (Condition::Environment(Trait::Managed), true, true),
        (Condition::Environment(Trait::OrderManagement), true, true),
        (Condition::Environment(Trait::DualWrite), true, false),
        (Condition::Environment(Trait::InService), true, true),
        (Condition::Environment(Trait::Production), true, false),
        (Condition::Input("level".into(), vec!["customizations".into(), "everything".into()]), true, true),
        (Condition::Input("level".into(), vec!["customizations".into()]), true, false),
        (Condition::Input("finance_operations".into(), vec!["none".into()]), true, true),
        (Condition::Input("finance_operations".into(), vec!["database-refresh".into()]), true, false),
    ];
    let unknown = environment();
    for (condition, when_unknown, when_known) in cases {
        let chosen = [(Box::from("level"), Value::Text("everything".into()))];
        let of = |environment: &Environment, inputs| {
            condition.holds(&Setting { environment, source: None, left: None, inputs, edition: Edition::Articles, estate: None })
        };
        assert_eq!((of(&unknown, Known::Unknown), of(&known, Known::Is(&chosen))), (when_unknown, when_known), "{condition:?}");
    }
}

#[test]
fn the_next_open_mandatory_item_comes_round_again() {
    let mut work = Work::on(with_mailboxes(&["isaac"]), Some("everything"));
    let next = |work: &Work, after: Option<&str>| work.checklist().next_open_mandatory(after).map(|row| row.id().to_owned());
    assert_eq!(next(&work, None).as_deref(), Some("incoming"));
    assert_eq!(next(&work, Some("incoming")).as_deref(), Some("outgoing"));
    assert_eq!(next(&work, Some("outgoing")).as_deref(), Some("feed"));
    assert_eq!(next(&work, Some("background")).as_deref(), Some("incoming"));
    assert_eq!(warning_before_leaving(&[work.checklist()]).as_deref(), Some("3 mandatory items are open: Do mail: Do incoming; Do mail: Do outgoing; Do feed"));
    work.act("mail", ItemAct::NotApplicable, Some("all forwarded")).unwrap();
    assert_eq!(warning_before_leaving(&[work.checklist()]).as_deref(), Some("1 mandatory item is open: Do feed"));
    assert_eq!(next(&work, Some("feed")).as_deref(), Some("feed"));
    work.act("feed", ItemAct::LeftAsIs, Some("both may post")).unwrap();
    assert_eq!((next(&work, None), warning_before_leaving(&[work.checklist()])), (None, None));
}

#[test]
fn a_newer_copy_supersedes_the_checklist_and_another_kind_does_not() {
    let mut work = Work::on(environment(), None);
    work.add(5, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "other".into(), operation: None });
    work.add(6, What::ChecklistOpened { environment: EnvironmentId::new("dev"), checklist: "test".into(), operation: None });
    assert_eq!(open_for(&work.journal, &[], &EnvironmentId::new("uat")).len(), 2);
    let newer = work.add(10, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "test".into(), operation: None });
    let closed = work.checklist().closed.unwrap();
    assert_eq!((&*closed.reason, closed.at), ("superseded by a newer one", at(10)));
    assert_eq!(work.act("leave", ItemAct::Done, None).unwrap_err(), "this checklist is closed: superseded by a newer one");
    let open: Vec<_> = open_for(&work.journal, &[], &EnvironmentId::new("uat")).iter().map(|opened| opened.entry.id.clone()).collect();
    assert!(open.len() == 2 && open.contains(&newer), "{open:?}");
    work.add(11, What::Withdrawn { entry: newer, reason: "never happened".into() });
    assert_eq!(work.checklist().closed, None);
}

#[test]
fn a_checklist_ends_when_it_is_closed_or_its_operation_is_withdrawn() {
    let mut work = Work::on(environment(), Some("everything"));
    let id = work.opened.clone();
    work.add(0, What::ChecklistClosed { checklist: id, reason: "given up".into() });
    assert_eq!(&*work.checklist().closed.unwrap().reason, "given up");
    let mut work = Work::on(environment(), Some("everything"));
    let operation = work.checklist().operation.unwrap().0;
    work.add(20, What::Withdrawn { entry: operation, reason: "wrong target".into() });
    assert_eq!(&*work.checklist().closed.unwrap().reason, "what opened it was withdrawn");
    assert!(open_for(&work.journal, &[], &EnvironmentId::new("uat")).is_empty());
}

#[test]
fn what_does_not_fit_settles_nothing_and_is_not_lost() {
    let mut work = Work::on(environment(), None);
    let checklist = work.opened.clone();
    let mut add = |minute: i64, item: &str, act: ItemAct, note: Option<&str>| {
        work.add(minute, What::Item { checklist: checklist.clone(), item: item.into(), act, note: note.map(Into::into) })
    };
    add(1, "feed", ItemAct::Done, None);
    add(2, "feed", ItemAct::LeftAsIs, None);
    add(3, "feed", ItemAct::Noted, Some("asked marketing"));
    add(4, "off", ItemAct::Reopened, None);
    add(5, "gone", ItemAct::Done, None);
    let checklist = work.checklist();
    let feed = checklist.row("feed").unwrap();
    assert_eq!((feed.state, feed.history.len(), feed.note.as_ref().and_then(|mark| mark.note.as_deref())), (State::Open, 3, Some("asked marketing")));
    assert_eq!(checklist.strays.iter().map(|stray| &*stray.item).collect::<Vec<_>>(), ["gone"]);
    assert!(checklist.offers("gone").is_empty() && checklist.check("gone", ItemAct::Done, None).is_err());
    let acts = |item: &str| checklist.offers(item).into_iter().map(|offer| (offer.act, offer.refused.is_none())).collect::<Vec<_>>();
    assert_eq!(checklist.row("off").map(|row| row.state), Some(State::Done));
    assert_eq!(acts("off"), [(ItemAct::Noted, true)]);
    let feed = [ItemAct::Reopened, ItemAct::Redirected, ItemAct::LeftAsIs, ItemAct::NotApplicable, ItemAct::Noted];
    assert_eq!(acts("feed"), feed.map(|act| (act, act != ItemAct::Reopened)));
}

#[test]
fn a_hundred_thousand_entries_are_gone_through_once() {
    let mut work = Work::on(environment(), None);
    let checklist = work.opened.clone();
    let other = |n: i64| What::Item { checklist: EntryId::new("another"), item: "leave".into(), act: ItemAct::Done, note: Some(n.to_string().into()) };
    let mine = |n: i64| What::Item { checklist: checklist.clone(), item: "leave".into(), act: ItemAct::Noted, note: Some(n.to_string().into()) };
    let entries = (0..100_000).map(|n| Entry::new(at(1) + TimeDelta::seconds(n), Arc::from("isaac"), if n % 2 == 0 { other(n) } else { mine(n) }));
    work.journal.merge(entries.collect());
    assert_eq!(work.checklist().row("leave").unwrap().history.len(), 50_000);
}

/// A checklist of one section with these items, over an environment.
fn work_of(items: Vec<Item>, environment: Environment) -> Work {
    let mut work = Work::on(environment, Some("everything"));
    work.template.sections = vec![Section { id: "all".into(), title: "All".into(), items: items.into_iter().map(Arc::new).collect(), ..Section::default() }];
    work
}

fn each_mailbox() -> Option<Each> {
    Some(Each::Components(vec![Concerned {
        kind: ComponentKind::Mailbox,
        of: Where::Here,
        only: Vec::new(),
        not: vec![("incoming", Property::Text("none".into()))],
    }]))
}

fn ids(checklist: &Checklist) -> Vec<&str> {
    checklist.rows.iter().map(Row::id).collect()
}

#[test]
fn an_item_is_repeated_for_what_is_there_and_ticked_one_by_one_or_at_once() {
    let item = || Item { each: each_mailbox(), unknown: Some("Look".into()), mandatory: Mandatory::When(Vec::new()), ..item("mail") };
    let mut work = work_of(vec![item()], with_mailboxes(&["a", "b", "c"]));
    work.environment.components.change(ComponentKind::Mailbox, |mailbox| {
        if &*mailbox.id == "c" {
            mailbox.set("incoming", Property::Text("none".into()))
        }
    });
    let checklist = work.checklist();
    assert_eq!(ids(&checklist), ["mail", "mail@a", "mail@b"], "what is so already is not asked for");
    let [whole, first, _] = checklist.rows.as_slice() else { panic!() };
    assert!(whole.repeats && whole.parts == 2 && !whole.is_worked() && first.is_worked() && first.depth == 1);
    assert_eq!((&*first.text, first.key.as_deref()), ("a (incoming outlook)", Some("a")));
    assert_eq!(work.progress(), (0, 2, 2));
    work.act("mail@b", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("mail"), work.state("mail@a"), work.progress()), (State::Open, State::Open, (1, 2, 1)));
    // At once: an entry for each that is open, none for those that are done.
    let entries = work.checklist().entries("mail", ItemAct::Done, None, &Arc::from("isaac"), at(1)).unwrap();
    assert!(matches!(entries.as_slice(), [Entry { what: What::Item { item, .. }, .. }] if &**item == "mail@a"), "{entries:?}");
    work.act("mail", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("mail"), work.progress()), (State::Done, (2, 2, 0)));
    assert_eq!(&*work.act("mail", ItemAct::Done, None).unwrap_err(), "it is done already");
    work.act("mail", ItemAct::Reopened, None).unwrap();
    assert_eq!((work.state("mail@a"), work.state("mail@b")), (State::Open, State::Open));
    // A mailbox that a later capture brings is open, and one that is gone keeps what was done with it.
    work.act("mail@a", ItemAct::Done, None).unwrap();
    work.environment = with_mailboxes(&["b", "d"]);
    assert_eq!(work.state("mail@d"), State::Open);
    assert_eq!(work.checklist().strays.iter().map(|stray| &*stray.item).collect::<Vec<_>>(), ["mail@a", "mail@a", "mail@a"]);
    assert_eq!(
        (ids(&work_of(vec![item()], with_mailboxes(&[])).checklist()), work_of(vec![item()], with_mailboxes(&[])).state("mail")),
        (vec!["mail"], State::NotApplicable)
    );
}

#[test]
fn what_was_ticked_before_anybody_looked_settles_what_is_found_later() {
    let mut work = work_of(vec![Item { each: each_mailbox(), unknown: Some("Look".into()), ..item("mail") }], environment());
    assert_eq!((ids(&work.checklist()), &*work.checklist().rows[0].text), (vec!["mail"], "Look"));
    work.act("mail", ItemAct::Done, None).unwrap();
    work.environment = with_mailboxes(&["a"]);
    assert_eq!((work.state("mail"), work.state("mail@a")), (State::Done, State::NotApplicable));
    assert_eq!(work.act("mail@a", ItemAct::Done, None).unwrap_err(), "\"Do mail\" was settled as a whole: open that again first");
}

#[test]
fn parts_of_a_repeated_item_wait_for_each_other_and_recall_what_was_answered() {
    let recorded = Item { asks: Some(Asks { question: "Which actions?".into(), answer: AnswerKind::Text }), ..item("record") };
    let steps = [recorded, Item { after: vec!["record".into()], ..item("remove") }].map(Arc::new).to_vec();
    let orchestrations = Item { each: each_mailbox(), unknown: Some("Look".into()), items: steps, ..item("flow") };
    let again = Item {
        each: each_mailbox(),
        unknown: Some("Look".into()),
        recalls: Some(ItemOf { checklist: None, item: "record".into() }),
        after: vec!["flow".into()],
        ..item("again")
    };
    let mut work = work_of(vec![orchestrations, again], with_mailboxes(&["a", "b"]));
    let all = ["flow", "flow@a", "record@a", "remove@a", "flow@b", "record@b", "remove@b", "again", "again@a", "again@b"];
    assert_eq!(ids(&work.checklist()), all);
    assert_eq!(work.checklist().rows[2].depth, 2);
    assert_eq!(work.act("remove@a", ItemAct::Done, None).unwrap_err(), "first: Do record");
    assert_eq!(work.act("record@a", ItemAct::Done, None).unwrap_err(), "Which actions?");
    assert_eq!(work.act("record@a", ItemAct::Done, Some(" ")).unwrap_err(), "Which actions?");
    work.act("record@a", ItemAct::Done, Some("reserve, ship")).unwrap();
    work.act("remove@a", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("flow@a"), work.state("flow")), (State::Done, State::Open));
    assert_eq!(work.act("again@a", ItemAct::Done, None).unwrap_err(), "first: Do flow", "the one before is not done for all");
    assert_eq!(work.checklist().row("again@a").unwrap().recalled.as_ref().unwrap().note.as_deref(), Some("reserve, ship"));
    assert_eq!(work.checklist().row("again@b").unwrap().recalled, None);
    // At once is what can be done now: what needs an answer of its own is asked with the same one.
    work.act("flow", ItemAct::Done, Some("none")).unwrap();
    assert_eq!((work.state("record@b"), work.state("remove@b")), (State::Done, State::Open));
    work.act("flow", ItemAct::Done, None).unwrap();
    assert_eq!(work.state("flow"), State::Done);
    assert_eq!(work.checklist().row("again@a").unwrap().waits, None);
}

#[test]
fn one_of_two_ways_is_chosen_and_the_other_falls_away() {
    let ways = ["solutions", "package"].map(|id| Arc::new(item(id))).to_vec();
    let mut work = work_of(vec![Item { one_of: true, items: ways, mandatory: Mandatory::When(Vec::new()), ..item("code") }], environment());
    assert_eq!((work.state("code"), work.progress()), (State::Open, (0, 2, 2)));
    assert_eq!(work.act("code", ItemAct::Done, None).unwrap_err(), "tick the one of its parts that was done");
    work.act("package", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("code"), work.state("solutions"), work.progress()), (State::Done, State::NotApplicable, (1, 1, 0)));
    assert_eq!(work.act("solutions", ItemAct::Done, None).unwrap_err(), "\"Do package\" was chosen: open that again first");
    work.act("package", ItemAct::Reopened, None).unwrap();
    assert_eq!((work.state("code"), work.state("solutions")), (State::Open, State::Open));
    work.act("solutions", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("code"), work.state("package")), (State::Done, State::NotApplicable));
}

#[test]
fn what_may_stay_open_holds_nothing_up() {
    let parts = [item("must"), Item { optional: true, ..item("may") }].map(Arc::new).to_vec();
    let mut work = work_of(vec![Item { items: parts, ..item("whole") }, Item { after: vec!["whole".into()], ..item("next") }], environment());
    assert_eq!(work.act("next", ItemAct::Done, None).unwrap_err(), "first: Do whole");
    work.act("must", ItemAct::Done, None).unwrap();
    assert_eq!((work.state("whole"), work.state("may"), work.progress()), (State::Done, State::Open, (1, 2, 0)));
    work.act("next", ItemAct::Done, None).unwrap();
    work.act("may", ItemAct::Done, None).unwrap();
    assert_eq!(work.progress(), (3, 3, 0));
}

#[test]
fn sections_wait_for_facts_and_for_each_other() {
    let mut work = work_of(vec![item("one")], environment());
    let section = |id: &str, after: &[&str]| Section {
        id: format!("{id}-section").into(),
        title: "Later".into(),
        needs: vec![Condition::Environment(Trait::InService)],
        after: after.iter().map(|id| Box::from(*id)).collect(),
        items: vec![Arc::new(item(id))],
        ..Section::default()
    };
    work.template.sections.extend([section("two", &["all"]), section("three", &["two-section"])]);
    work.environment.admin_mode = Known::Is(true);
    assert_eq!(work.act("two", ItemAct::Done, None).unwrap_err(), "waits until administration mode is off");
    assert_eq!(work.checklist().row("two").unwrap().waits.as_deref(), Some("waits until administration mode is off"));
    work.environment.admin_mode = Known::Is(false);
    assert_eq!(work.act("two", ItemAct::Done, None).unwrap_err(), "first: Do one");
    work.act("one", ItemAct::Done, None).unwrap();
    assert_eq!(work.act("three", ItemAct::Done, None).unwrap_err(), "first: Do two");
    work.act("two", ItemAct::NotApplicable, Some("nothing there")).unwrap();
    work.act("three", ItemAct::Done, None).unwrap();
    // What nobody looked up could be so.
    work.environment.admin_mode = Known::Unknown;
    work.act("two", ItemAct::Reopened, None).unwrap();
    work.act("two", ItemAct::Done, None).unwrap();
}

#[test]
fn what_cannot_be_so_does_not_apply_and_says_why() {
    let only = Item { applies: vec![Condition::Environment(Trait::DualWrite)], ..item("dual-write") };
    let mut work = work_of(vec![only], environment());
    assert_eq!(work.state("dual-write"), State::Open);
    work.environment.finance_operations = Known::Is(None);
    let checklist = work.checklist();
    assert_eq!(checklist.rows[0].state, State::NotApplicable);
    assert_eq!(checklist.rows[0].reason.as_deref(), Some("only where dual-write is enabled; by the facts that is not so"));
}

#[test]
fn a_time_that_is_asked_for_is_a_time() {
    let mut work = work_of(vec![Item { asks: Some(Asks { question: "When?".into(), answer: AnswerKind::Time }), ..item("window") }], environment());
    assert!(work.act("window", ItemAct::Done, Some("next week")).unwrap_err().starts_with("This is no date and time"));
    work.act("window", ItemAct::Done, Some("2026-01-10T20:00:00+01:00")).unwrap();
    assert_eq!(work.checklist().rows[0].answer().unwrap().note.as_deref(), Some("2026-01-10 19:00Z"));
}

#[test]
fn what_is_planned_does_not_lie_before_the_plan() {
    let mut work = work_of(vec![Item { asks: Some(Asks { question: "When?".into(), answer: AnswerKind::Planned }), ..item("window") }], environment());
    let begun = work.checklist().opened_at;
    let before = crate::domain::time::minute(begun - TimeDelta::minutes(2));
    assert!(work.act("window", ItemAct::Done, Some(&before)).unwrap_err().starts_with("That is over: this was begun on"));
    let after = crate::domain::time::minute(begun + TimeDelta::days(2));
    work.act("window", ItemAct::Done, Some(&after)).unwrap();
    assert_eq!(work.state("window"), State::Done);
}

#[test]
fn an_item_follows_the_items_of_another_checklist() {
    let mut work = Work::on(environment(), Some("everything"));
    let follows = Follows { checklist: "test".into(), items: vec!["feed".into(), "leave".into()] };
    let items = vec![Arc::new(Item { follows: Some(follows), ..item("clean") }), Arc::new(Item { after: vec!["clean".into()], ..item("then") })];
    let plan =
        Template { id: "plan".into(), title: "Plan".into(), sections: vec![Section { id: "all".into(), items, ..Section::default() }], ..Template::default() };
    let id = work.add(2, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "plan".into(), operation: None });
    let plan_now = |work: &Work| {
        let templates = [work.template.clone(), plan.clone()];
        let all = opened(&work.journal, &templates);
        let opened = all.iter().find(|opened| opened.entry.id == id).unwrap();
        Checklist::of(&work.journal, opened, &templates, &work.environment, Edition::Articles).unwrap()
    };
    let now = plan_now(&work);
    assert_eq!((now.rows[0].state, now.rows[0].reason.as_deref()), (State::Open, Some("open in \"Test\": Do feed, Do leave")));
    assert_eq!(now.rows[0].follows, Some(work.opened.clone()));
    assert!(now.check("clean", ItemAct::Done, None).unwrap_err().starts_with("this follows from another checklist"));
    assert_eq!(now.check("then", ItemAct::Done, None).unwrap_err(), "first: Do clean".into());
    let mut unfinished = Work { journal: work.journal.clone(), opened: work.opened.clone(), ..Work::on(environment(), Some("everything")) };
    work.act("feed", ItemAct::LeftAsIs, Some("both may post")).unwrap();
    work.act("leave", ItemAct::Done, None).unwrap();
    let now = plan_now(&work);
    assert_eq!((now.rows[0].state, now.rows[0].mark.as_ref().map(|mark| &*mark.by)), (State::Done, Some("isaac")));
    now.check("then", ItemAct::Done, None).unwrap();
    // What was settled there stays so when it is closed; what was not is ticked by hand, as without that checklist.
    work.add(3, What::ChecklistClosed { checklist: work.opened.clone(), reason: "given up".into() });
    assert_eq!(plan_now(&work).rows[0].state, State::Done);
    unfinished.add(3, What::ChecklistClosed { checklist: unfinished.opened.clone(), reason: "given up".into() });
    let now = plan_now(&unfinished);
    assert_eq!((now.rows[0].state, now.rows[0].follows.as_ref()), (State::Open, None));
    now.check("clean", ItemAct::Done, None).unwrap();
    let templates = [plan.clone()];
    let all = opened(&work.journal, &templates);
    let alone =
        Checklist::of(&work.journal, all.iter().find(|opened| opened.entry.id == id).unwrap(), &templates, &work.environment, Edition::Articles).unwrap();
    alone.check("clean", ItemAct::Done, None).unwrap();
    // Once it is closed it stays as it stood, whatever is begun anew.
    work.add(4, What::ChecklistClosed { checklist: id.clone(), reason: "done".into() });
    work.add(5, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "test".into(), operation: None });
    assert_eq!(plan_now(&work).rows[0].state, State::Done);
}

fn switch(kind: OperationKind, on: bool) -> What {
    What::Operation(Box::new(Operation {
        kind,
        source: None,
        target: EnvironmentId::new("uat"),
        inputs: vec![("on".into(), Value::Flag(on))],
        verdict: Answer::Allowed,
        acknowledged: Vec::new(),
        account: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at(0),
        completed_at: Some(at(0)),
        outcome: Outcome::Succeeded,
    }))
}

#[test]
fn a_switch_is_ticked_from_wherever_it_was_thrown_and_what_overwrites_throws_it_back() {
    let mut work =
        work_of(vec![Item { then: Some(Then::AdminModeOff), ..item("leave") }, Item { then: Some(Then::BackgroundOn), ..item("jobs") }], environment());
    let off = work.add(5, switch(OperationKind::AdminMode, false));
    assert_eq!((work.state("leave"), work.state("jobs")), (State::Done, State::Open));
    work.add(6, switch(OperationKind::Background, true));
    assert_eq!(work.state("jobs"), State::Done);
    work.add(7, switch(OperationKind::AdminMode, true));
    assert_eq!((work.state("leave"), work.state("jobs")), (State::Open, State::Open), "in the mode nothing of it runs (C-21)");
    work.add(8, What::Withdrawn { entry: off, reason: "was another one".into() });
    assert_eq!(work.checklist().row("leave").unwrap().history.len(), 0, "what was withdrawn was never thrown");
}

#[test]
fn an_operation_by_which_it_is_gone_ends_a_checklist_and_its_own_does_not() {
    let mut work = Work::on(environment(), Some("everything"));
    work.template.ended_by = vec![OperationKind::Copy, OperationKind::Reset];
    assert_eq!(work.checklist().closed, None);
    work.add(5, switch(OperationKind::AdminMode, false));
    assert_eq!(work.checklist().closed, None);
    let reset = work.add(6, switch(OperationKind::Reset, true));
    assert_eq!(&*work.checklist().closed.unwrap().reason, "superseded: the environment had a later \"Reset\"");
    work.add(7, What::Withdrawn { entry: reset, reason: "never happened".into() });
    assert_eq!(work.checklist().closed, None);
}
