//! The state after a copy, field by field; its stages; its plan; and what the estate makes of it all.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail it")]

mod support;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::after::{self, Done};
use envdeck::domain::checklist::Template;
use envdeck::domain::component::{ComponentKind, Property};
use envdeck::domain::copy::Level;
use envdeck::domain::environment::{Dataverse, Environment, EnvironmentState};
use envdeck::domain::estate::{Estate, Snapshot, Undone, entries_of};
use envdeck::domain::gigabytes::Gigabytes;
use envdeck::domain::journal::{Entry, ItemAct, Journal, Value, What};
use envdeck::domain::known::Known;
use envdeck::domain::operation::{Acknowledgement, Operation, OperationKind, Outcome};
use envdeck::domain::plan::{self, Plan};
use envdeck::domain::request::{Change, Choice, Context, Group, Request};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::rulebook::Rulebooks;
use envdeck::domain::schedule::{Schedule, Stage};
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::files;
use support::utc;

const NOW: &str = "2026-01-05T08:00:00Z";

fn snapshot() -> Snapshot {
    files::read_demo().unwrap().snapshot
}

fn estate_with(journal: Journal) -> Estate {
    Estate::new(snapshot(), journal, None, None)
}

fn estate() -> Estate {
    estate_with(Journal::default())
}

fn rulebooks() -> Rulebooks {
    files::rulebook::built_in().unwrap()
}

fn named(estate: &Estate, name: &str) -> Environment {
    estate.environments().map(|(_, environment)| environment).find(|environment| &*environment.name == name).unwrap_or_else(|| panic!("{name}")).clone()
}

fn all(estate: &Estate) -> Vec<Environment> {
    estate.environments().map(|(_, environment)| environment.clone()).collect()
}

fn request(estate: &Estate, level: Level) -> Request {
    let (source, target) = (named(estate, "Contoso Sales"), named(estate, "Contoso Sales UAT"));
    let change = Change::Copy {
        level: Choice::Chosen(level),
        audit_logs: Choice::Open,
        name: Choice::Chosen("UAT for Isaac".into()),
        group: Choice::Chosen(Group::Keep),
        half: Choice::Open,
    };
    Request { source: Some(source.id), target: target.id, change }
}

/// The same with another group.
fn with_group(mut request: Request, to: Group) -> Request {
    if let Change::Copy { group, .. } = &mut request.change {
        *group = Choice::Chosen(to);
    }
    request
}

/// The target after the copy that was asked for.
fn after(source: &Environment, target: &Environment, request: &Request) -> Environment {
    after::after(&request.change, Some(source), target, Done { by: "thomas@contoso.com", at: utc(NOW), edition: Edition::Articles })
}

fn templates() -> Vec<Template> {
    files::checklist::built_in().unwrap()
}

fn by() -> Arc<str> {
    Arc::from("thomas@contoso.com")
}

fn plan(estate: &Estate, level: Level) -> Plan {
    plan::plan(request(estate, level), &Context::new(estate, &rulebooks(), &[], utc(NOW)), &[]).unwrap()
}

fn recorded(estate: &Estate, level: Level, at: DateTime<Utc>) -> Vec<Entry> {
    entries_of(plan(estate, level).operation(at, at, None, None), &templates(), estate, by(), at)
}

#[test]
fn after_a_copy_of_everything_each_field_is_as_the_rules_say() {
    let estate = estate();
    let (source, target) = (named(&estate, "Contoso Sales"), named(&estate, "Contoso Sales UAT"));
    let before = source.clone();
    let after = after(&source, &target, &request(&estate, Level::Everything));
    assert_eq!(source, before, "the source keeps its state (CPY-042)");
    let Environment {
        tenant,
        id,
        name,
        kind,
        state,
        region,
        url,
        org_id,
        created_at,
        dataverse,
        dynamics_365_apps,
        managed,
        customer_managed_key,
        enterprise_policies,
        admin_mode,
        background_operations,
        retention_days,
        security_group,
        finance_operations,
        operator_roles,
        users,
        deleted_at,
        disallowed_operations,
        history,
        backups,
        components,
        order_management,
        restorable_since,
        unread,
        sandbox_since,
        kept_since,
        may_be_gone_before,
        unbacked,
        seen,
    } = after;
    assert!(seen.is_empty());
    // Its own identity (G-20) and its own keeping.
    assert_eq!((tenant, id, kind, state), (target.tenant, target.id, target.kind, target.state));
    assert_eq!((region, url, org_id, created_at), (target.region, target.url, target.org_id, target.created_at));
    assert_eq!((managed, customer_managed_key, enterprise_policies), (target.managed, target.customer_managed_key, target.enterprise_policies));
    assert_eq!((retention_days, security_group, finance_operations), (target.retention_days, target.security_group, target.finance_operations));
    assert_eq!((operator_roles, deleted_at, disallowed_operations), (target.operator_roles, target.deleted_at, target.disallowed_operations));
    assert_eq!((unread, history), (target.unread, target.history));
    // The source's content (CPY-013).
    assert_eq!((dataverse, dynamics_365_apps, users), (source.dataverse, source.dynamics_365_apps, source.users));
    assert_eq!(order_management, source.order_management);
    for kind in ComponentKind::all() {
        if kind != ComponentKind::ConnectionReference {
            assert_eq!(components.of(kind), source.components.of(kind), "{kind:?}");
        }
    }
    // As chosen, out of service, and without a way back.
    assert_eq!(&*name, "UAT for Isaac");
    assert_eq!((admin_mode, background_operations), (Known::Is(true), Known::Is(false)), "CPY-039");
    let Known::Is(references) = components.of(ComponentKind::ConnectionReference) else { panic!("they are known") };
    assert_eq!(references.len(), 3);
    assert!(references.iter().all(|reference| reference.property("connection") == Known::Is(&Property::Nothing)), "PCP-036");
    assert_eq!((restorable_since, sandbox_since), (Some(utc(NOW)), target.sandbox_since));
    assert_eq!((kept_since, may_be_gone_before, unbacked), (target.kept_since, target.may_be_gone_before, target.unbacked.clone()));
    let Known::Is(backups) = backups else { panic!("they are known") };
    assert!(backups.len() == 3 && backups.iter().all(|backup| backup.overwritten), "C-19");
}

trait All: Sized {
    fn all() -> Vec<Self>;
}

impl All for ComponentKind {
    fn all() -> Vec<Self> {
        use envdeck::domain::words::Word;
        Self::ALL.to_vec()
    }
}

#[test]
fn after_a_copy_of_customizations_only_data_is_missing() {
    let estate = estate();
    let (source, target) = (named(&estate, "Contoso Sales"), named(&estate, "Contoso Sales UAT"));
    let everything = after(&source, &target, &request(&estate, Level::Everything));
    let mut expected = everything;
    let Known::Is(Some(database)) = &source.dataverse else { panic!("it has one") };
    let empty = Dataverse { version: database.version.clone(), size: Known::Unknown, audit: Known::Is(Gigabytes::whole(0)) };
    expected.dataverse = Known::Is(Some(empty));
    expected.components.insert(ComponentKind::SharepointSite, Vec::new());
    let after = after(&source, &target, &request(&estate, Level::Customizations));
    assert_eq!(after.components.of(ComponentKind::SharepointSite), Known::Is([].as_slice()), "TRN-012");
    assert_eq!(after.users, source.users, "users travel (C-14)");
    for kind in ComponentKind::all() {
        assert_eq!(after.components.of(kind), expected.components.of(kind), "{kind:?}");
    }
    assert_eq!(Environment { components: expected.components.clone(), ..after }, expected, "all else as at the other level (G-23)");
}

#[test]
fn the_group_is_kept_opened_or_set_as_chosen() {
    let estate = estate();
    let (source, target) = (named(&estate, "Contoso Sales"), named(&estate, "Contoso HR Test"));
    let group = |group: Group| after(&source, &target, &with_group(request(&estate, Level::Everything), group)).security_group;
    assert_eq!(group(Group::Keep), target.security_group);
    assert_eq!(group(Group::Open), Known::Is(None));
    assert_eq!(group(Group::Only("g1".into())), Known::Is(Some("g1".into())));
}

#[test]
fn the_stages_follow_each_other_and_never_go_back() {
    let estate = estate();
    let rulebooks = rulebooks();
    let rulebook = rulebooks.of(estate.edition());
    let source = named(&estate, "Contoso Sales");
    let start = utc(NOW);
    let schedule = Schedule::of(&request(&estate, Level::Everything).change, &source, rulebook, start);
    // 212 GB and 40 GB of audit: 12 + 190.8 + 72 minutes of copying between 4 before and 28 after.
    assert_eq!(schedule.done_at() - start, TimeDelta::minutes(4 + 275 + 20 + 8));
    let at = |minutes: i64| schedule.progress(start + TimeDelta::minutes(minutes)).map(|progress| (progress.stage, progress.percent));
    assert_eq!(at(-5), Some((Stage::Validate, 0)));
    assert_eq!(at(0), Some((Stage::Validate, 0)));
    assert_eq!(at(4).map(|(stage, _)| stage), Some(Stage::Prepare), "the end of a stage is the beginning of the next");
    assert_eq!(at(279).map(|(stage, _)| stage), Some(Stage::Run));
    assert_eq!(at(306), Some((Stage::Finalize, 99)));
    assert_eq!(at(307), None);
    let percents: Vec<u8> = (0..307).filter_map(|minute| at(minute).map(|(_, percent)| percent)).collect();
    assert!(percents.is_sorted() && percents.len() == 307);
    let mut events = vec![start];
    while let Some(next) = schedule.next_event(*events.last().unwrap()) {
        events.push(next);
    }
    assert_eq!((events.len(), events.last()), (5, Some(&schedule.done_at())));
    // Without data it does not depend on the size; unknown sizes count as middling; the largest size is no trouble.
    let span = |source: &Environment, level| Schedule::of(&request(&estate, level).change, source, rulebook, start).done_at() - start;
    assert_eq!(span(&source, Level::Customizations), TimeDelta::minutes(44));
    assert_eq!(span(&Environment { dataverse: Known::Unknown, ..source.clone() }, Level::Everything), TimeDelta::minutes(44 + 54));
    let huge = Dataverse { size: Known::Is(Gigabytes::whole(999_999_999)), ..Dataverse::default() };
    assert!(span(&Environment { dataverse: Known::Is(Some(huge)), ..source }, Level::Everything) > TimeDelta::days(365));
}

#[test]
fn a_blocked_copy_is_never_planned() {
    let estate = estate();
    let onto_itself = Request { target: named(&estate, "Contoso Sales").id, ..request(&estate, Level::Everything) };
    let shown: Vec<Acknowledgement> = Vec::new();
    let none = plan::plan(onto_itself.clone(), &Context::new(&estate, &rulebooks(), &[], utc(NOW)), &shown).unwrap_err();
    assert_eq!(none.verdict.answer(), Answer::Blocked);
    // Nor when every finding was taken upon oneself.
    let all = none.verdict.findings.iter().map(|finding| Acknowledgement {
        code: finding.code,
        severity: finding.severity,
        shown: finding.message.as_str().into(),
        by: by(),
        at: utc(NOW),
    });
    assert!(plan::plan(onto_itself, &Context::new(&estate, &rulebooks(), &[], utc(NOW)), &all.collect::<Vec<_>>()).is_err());
}

#[test]
fn an_acknowledgement_counts_for_what_was_shown_and_no_longer() {
    let estate = estate();
    let later = utc(NOW) + TimeDelta::days(8);
    let request = || request(&estate, Level::Everything);
    let open = plan::plan(request(), &Context::new(&estate, &rulebooks(), &[], later), &[]).unwrap_err().open;
    assert_eq!(open.iter().map(|finding| (finding.code, finding.severity)).collect::<Vec<_>>(), [(Code::Stale, Severity::Unknown)]);
    let given = Acknowledgement { code: Code::Stale, severity: Severity::Unknown, shown: open[0].message.as_str().into(), by: by(), at: later };
    let operation =
        plan::plan(request(), &Context::new(&estate, &rulebooks(), &[], later), std::slice::from_ref(&given)).unwrap().operation(later, later, None, None);
    assert_eq!(operation.acknowledged, std::slice::from_ref(&given));
    assert_eq!(operation.verdict, Answer::Unknown);
    let other = Acknowledgement { code: Code::Busy, ..given.clone() };
    assert!(plan::plan(request(), &Context::new(&estate, &rulebooks(), &[], later), &[other]).is_err());
    assert!(plan::plan(request(), &Context::new(&estate, &rulebooks(), &[], later + TimeDelta::days(1)), &[given]).is_err(), "the message has changed");
}

#[test]
fn a_plan_reads_back_from_its_operation() {
    let estate = estate();
    for group in [Group::Keep, Group::Open, Group::Only("g1".into())] {
        let request = with_group(request(&estate, Level::Customizations), group);
        let plan = plan::plan(request.clone(), &Context::new(&estate, &rulebooks(), &[], utc(NOW)), &[]).unwrap();
        assert_eq!(Request::of(&plan.operation(utc(NOW), utc(NOW), None, None)), Some(request));
    }
}

#[test]
fn what_was_recorded_moves_the_facts_on_until_a_newer_capture_or_its_withdrawal() {
    let fresh = estate();
    let entries = recorded(&fresh, Level::Everything, utc(NOW));
    let moved = estate_with(Journal::new(entries.clone()));
    assert_eq!(named(&moved, "UAT for Isaac").admin_mode, Known::Is(true));
    assert_eq!(all(&moved).iter().zip(all(&fresh)).filter(|(now, before)| *now != before).count(), 1, "only the target changes");
    // Captured at the very instant it is still to come; captured later it shows already, but for the restore points.
    let mut same = snapshot();
    same.captured_at = Known::Is(utc(NOW));
    assert_eq!(all(&Estate::new(same, Journal::new(entries.clone()), None, None)), all(&moved));
    for captured_at in [utc(NOW) + TimeDelta::seconds(1), utc(NOW) + TimeDelta::days(1)] {
        let mut newer = snapshot();
        newer.captured_at = Known::Is(captured_at);
        let seen = Estate::new(newer, Journal::new(entries.clone()), None, None);
        let uat = named(&seen, "Contoso Sales UAT");
        assert_eq!(uat.admin_mode, Known::Is(false));
        assert_eq!(uat.restorable_since, Some(utc(NOW)));
        assert!(uat.backups.is(|backups| backups.iter().all(|backup| backup.overwritten)));
    }
    let withdrawn = Entry::new(utc(NOW) + TimeDelta::hours(1), by(), What::Withdrawn { entry: entries[0].id.clone(), reason: "wrong target".into() });
    let mut journal = Journal::new(entries);
    journal.add(withdrawn);
    assert_eq!(all(&estate_with(journal)), all(&fresh));
}

fn switch(kind: OperationKind, on: bool, at: DateTime<Utc>, estate: &Estate) -> Entry {
    let operation = Operation {
        kind,
        source: None,
        target: request(estate, Level::Everything).target,
        inputs: vec![("on".into(), Value::Flag(on))],
        verdict: Answer::Allowed,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at,
        completed_at: Some(at),
        outcome: Outcome::Succeeded,
    };
    Entry::new(at, by(), What::Operation(Box::new(operation)))
}

#[test]
fn the_two_switches_are_two() {
    let estate = estate();
    let mut journal = Journal::new(recorded(&estate, Level::Everything, utc(NOW)));
    let flags = |journal: &Journal| {
        let uat = named(&estate_with(journal.clone()), "UAT for Isaac");
        (uat.admin_mode, uat.background_operations)
    };
    let (on, off) = (Known::Is(true), Known::Is(false));
    let later = |hours| utc(NOW) + TimeDelta::hours(hours);
    journal.add(switch(OperationKind::AdminMode, false, later(1), &estate));
    assert_eq!(flags(&journal), (off, off));
    journal.add(switch(OperationKind::Background, true, later(2), &estate));
    assert_eq!(flags(&journal), (off, on));
    journal.add(switch(OperationKind::AdminMode, true, later(3), &estate));
    assert_eq!(flags(&journal), (on, off), "in the mode nothing of it runs (C-21)");
}

/// An estate with a rehearsal that is over.
fn rehearsed(estate: &mut Estate, at: DateTime<Utc>) -> DateTime<Utc> {
    let rulebooks = rulebooks();
    let fresh = self::estate();
    let plan = plan::plan(request(&fresh, Level::Everything), &Context::new(estate, &rulebooks, &[], at), &[]).unwrap();
    estate.rehearse(plan, rulebooks.of(estate.edition()), at);
    let done = estate.rehearsals().last().unwrap().schedule.done_at();
    assert!(estate.settle(&by(), &templates(), done - TimeDelta::seconds(1)).is_empty());
    assert_eq!(estate.settle(&by(), &templates(), done).len(), 1);
    done
}

#[test]
fn both_ends_are_busy_while_it_runs_and_undo_restores_exactly() {
    let mut estate = estate();
    let before = all(&estate);
    let rulebooks = rulebooks();
    let plan = plan(&estate, Level::Everything);
    estate.rehearse(plan, rulebooks.of(estate.edition()), utc(NOW));
    for name in ["Contoso Sales", "Contoso Sales UAT"] {
        assert_eq!(named(&estate, name).state, Known::Is(EnvironmentState::Running));
    }
    let again = plan::plan(request(&estate, Level::Everything), &Context::new(&estate, &rulebooks, &[], utc(NOW)), &[]).unwrap_err();
    assert_eq!(again.verdict.findings.iter().filter(|finding| finding.code == Code::Busy).count(), 2, "G-16");
    let revision = estate.revision();
    assert!(matches!(estate.undo(), Some(Undone::Rehearsal(_))));
    assert!(estate.revision() > revision);
    assert_eq!(all(&estate), before);
    assert_eq!(estate.undo(), None);
}

#[test]
fn of_two_rehearsals_onto_one_target_each_is_taken_back_by_itself() {
    let mut estate = estate();
    let before = all(&estate);
    let done = rehearsed(&mut estate, utc(NOW));
    let once = all(&estate);
    rehearsed(&mut estate, done + TimeDelta::hours(1));
    assert_eq!(named(&estate, "UAT for Isaac").restorable_since, Some(estate.rehearsals()[1].schedule.done_at()));
    let checklist = estate.rehearsals()[0].journal.entries()[1].id.clone();
    let tick = What::Item { checklist: checklist.clone(), item: "email-incoming".into(), act: ItemAct::Done, note: None };
    assert!(estate.practise(&checklist, vec![Entry::new(done + TimeDelta::hours(9), by(), tick)]));
    assert!(estate.untick(&checklist) && !estate.untick(&checklist), "the tick of the older one");
    estate.undo();
    assert_eq!(all(&estate), once);
    estate.undo();
    assert_eq!(all(&estate), before);
    rehearsed(&mut estate, utc(NOW));
    assert_eq!(estate.discard(), 1);
    assert_eq!(all(&estate), before);
    assert!(estate.journal().entries().is_empty());
}

#[test]
fn what_was_computed_from_one_estate_is_not_taken_for_the_next() {
    let (old, new) = (estate(), estate());
    assert_eq!(old.revision(), new.revision());
    assert!(new.following(&old).revision() > old.revision());
}
