//! Periods that begin with a tick, and what is recalled and remembered from other checklists and from the tenants.

use chrono::Utc;

use super::*;
use crate::domain::estate::{Estate, Snapshot};
use crate::domain::mapping::Mailbox;
use crate::domain::tenant::{MailboxAddress, Tenant, User};

fn asked(answer: AnswerKind) -> Option<Asks> {
    Some(Asks { question: "When?".into(), answer })
}

fn timed(asks: Option<Asks>) -> Vec<Item> {
    let clock = Clock { days: 7, until: "move".into(), says: "the validation lapses".into(), expired: "Prepare it again".into() };
    vec![Item { clock: Some(clock), asks, ..item("validate") }, item("move")]
}

fn due(checklist: &Checklist) -> Option<DateTime<Utc>> {
    let of_row = checklist.row("move").unwrap().due_at;
    assert_eq!(checklist.clocks().map(|running| running.due_at).next(), of_row);
    of_row
}

#[test]
fn a_period_runs_from_the_tick_until_what_ends_it() {
    let mut work = work_of(timed(None), environment());
    assert_eq!(due(&work.checklist()), None);
    work.act("validate", ItemAct::Done, None).unwrap();
    let ticked_at = work.checklist().row("validate").unwrap().mark.as_ref().unwrap().at;
    assert_eq!(due(&work.checklist()), Some(ticked_at + TimeDelta::days(7)));
    work.act("validate", ItemAct::Reopened, None).unwrap();
    assert_eq!(due(&work.checklist()), None, "what was not done begins nothing");
    work.act("validate", ItemAct::Done, None).unwrap();
    work.act("move", ItemAct::Done, None).unwrap();
    assert_eq!(due(&work.checklist()), None);
    work.act("move", ItemAct::Reopened, None).unwrap();
    assert!(due(&work.checklist()).is_some());
    work.add(9, What::ChecklistClosed { checklist: work.opened.clone(), reason: "given up".into() });
    assert_eq!(due(&work.checklist()), None);
}

#[test]
fn a_period_runs_from_the_time_that_was_answered() {
    let mut work = work_of(timed(asked(AnswerKind::Time)), environment());
    work.act("validate", ItemAct::Done, Some("2026-01-02 20:00")).unwrap();
    assert_eq!(due(&work.checklist()).map(time_of), Some("2026-01-09 20:00Z".to_owned()));
    // A text is no time.
    let mut work = work_of(timed(asked(AnswerKind::Text)), environment());
    work.act("validate", ItemAct::Done, Some("on Friday")).unwrap();
    assert_eq!(due(&work.checklist()), Some(at(0) + TimeDelta::days(7) + TimeDelta::milliseconds(1)));
}

fn time_of(at: DateTime<Utc>) -> String {
    crate::domain::time::minute(at)
}

fn plan(items: Vec<Item>) -> Template {
    let section = Section { id: "all".into(), title: "All".into(), items: items.into_iter().map(Arc::new).collect(), ..Section::default() };
    Template { id: "plan".into(), title: "Plan".into(), sections: vec![section], ..Template::default() }
}

#[test]
fn what_was_written_down_in_another_checklist_comes_back_although_the_facts_forgot_it() {
    let of = |item: &str| Some(ItemOf { checklist: Some("plan".into()), item: item.into() });
    let export = Item { each: each_mailbox(), unknown: Some("Look".into()), asks: asked(AnswerKind::Text), ..item("export") };
    let import = Item { each: each_mailbox(), unknown: Some("Look".into()), remembers: of("export"), recalls: of("export"), ..item("import") };
    let mut work = work_of(vec![import], with_mailboxes(&["a", "b", "c"]));
    let templates = [work.template.clone(), plan(vec![export])];
    let opened_plan = work.add(-5, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "plan".into(), operation: None });
    let mut minute = -5;
    for (item, act, note) in
        [("export@a", ItemAct::Done, "a.zip"), ("export@b", ItemAct::Done, "b.zip"), ("export@b", ItemAct::Reopened, ""), ("export@c", ItemAct::Done, "c.zip")]
    {
        minute += 1;
        let note = Some(note).filter(|note| !note.is_empty()).map(Box::from);
        work.add(minute, What::Item { checklist: opened_plan.clone(), item: item.into(), act, note });
    }
    let now = |work: &Work| {
        let all = opened(&work.journal, &templates);
        let opened = all.iter().find(|opened| opened.entry.id == work.opened).unwrap();
        Checklist::of(&work.journal, opened, &templates, &work.environment, Edition::Articles).unwrap()
    };
    let recalled = |checklist: &Checklist| -> Vec<(String, Option<String>)> {
        let rows = checklist.rows.iter().filter(|row| row.key.is_some());
        rows.map(|row| (row.text.to_string(), row.recalled.as_ref().and_then(|mark| mark.note.as_deref().map(str::to_owned)))).collect()
    };
    let row = |text: &str, note: Option<&str>| (text.to_owned(), note.map(str::to_owned));
    let listed = [row("a (incoming outlook)", Some("a.zip")), row("b (incoming outlook)", None), row("c (incoming outlook)", Some("c.zip"))];
    assert_eq!(recalled(&now(&work)), listed);
    // The next capture no longer has them: those that were exported are there all the same, and nothing else.
    work.environment = with_mailboxes(&[]);
    assert_eq!(recalled(&now(&work)), [row("a (not among the facts any more)", Some("a.zip")), row("c (not among the facts any more)", Some("c.zip"))]);
    assert_eq!(now(&work).row("import").unwrap().state, State::Open);
    // A plan that was begun afterwards is about the next time.
    work.add(5, What::ChecklistOpened { environment: EnvironmentId::new("uat"), checklist: "plan".into(), operation: None });
    assert_eq!(recalled(&now(&work)).len(), 2);
}

fn tenant(id: &str, users: &[(&str, Known<MailboxAddress>)]) -> Tenant {
    let user = |(upn, mailbox): &(&str, Known<MailboxAddress>)| User {
        upn: Arc::from(*upn),
        active: Known::Is(true),
        licensed: Known::Is(true),
        access: Known::Unknown,
        mailbox: *mailbox,
    };
    Tenant { users: Known::Is(users.iter().map(user).collect()), lockbox: Known::Is(id == "old"), ..Tenant::unexplored(id.into(), id.into()) }
}

#[test]
fn users_are_gone_through_by_their_mailboxes_before_and_after_a_move() {
    use MailboxAddress::{None as Nowhere, Onmicrosoft, Other, SameAddress};
    let mut snapshot = Snapshot::default();
    let old = [
        ("Carla@old.com", Known::Is(SameAddress)),
        ("ben@old.com", Known::Is(Onmicrosoft)),
        ("yuki@old.com", Known::Unknown),
        ("dora@old.com", Known::Is(Other)),
    ];
    snapshot.add_tenant(tenant("old", &old));
    let none = ["carla@new.com", "yuki@new.com", "dora@new.com"].map(|upn| (upn, Known::Is(Nowhere)));
    snapshot.add_tenant(tenant("new", &[none.as_slice(), &[("ben@new.com", Known::Is(SameAddress))]].concat()));
    let estate = Estate::new(snapshot, Journal::default(), None, None);
    let each = |id: &str, each: Each| Item { each: Some(each), unknown: Some("Look".into()), ..item(id) };
    let items = vec![
        each("same", Each::Users(vec![SameAddress])),
        each("automatic", Each::Mapped(vec![Mailbox::Automatic])),
        each("verify", Each::Mapped(vec![Mailbox::Verify])),
        each("again", Each::Mapped(vec![Mailbox::Reconfigure])),
        Item { applies: vec![Condition::Tenant(TenantTrait::Lockbox)], ..item("lockbox") },
    ];
    let mut work = work_of(items, environment());
    let of = |work: &Work, around: Around<'_>| {
        let templates = [work.template.clone()];
        let all = opened(&work.journal, &templates);
        Checklist::of(&work.journal, &all[0], &templates, &work.environment, around).unwrap()
    };
    let texts = |checklist: &Checklist, item: &str| -> Vec<String> {
        checklist.rows.iter().filter(|row| row.id.starts_with(&format!("{item}@"))).map(|row| row.text.to_string()).collect()
    };
    let all = of(&work, (&estate).into());
    assert!(["same", "automatic", "again"].iter().all(|item| all.row(item).unwrap().unexplored), "who is enabled is unknown, and so is who was mapped");
    let upns = ["carla@old.com", "ben@old.com", "yuki@old.com"].map(Arc::from);
    work.environment.users = Known::Is(upns.to_vec());
    let users = ["Carla@old.com, carla@new.com", "ben@old.com, ben@new.com", "yuki@old.com,yuki@new.com", "dora@old.com, dora@new.com"].map(Box::from);
    let entries: Vec<Entry> = work.journal.entries().to_vec();
    work.journal = Journal::default();
    for mut entry in entries {
        if let What::Operation(operation) = &mut entry.what {
            operation.inputs.push(("users".into(), Value::List(users.to_vec())));
        }
        work.journal.add(entry);
    }
    let all = of(&work, (&estate).into());
    assert_eq!(texts(&all, "same"), ["carla@old.com (same address)", "yuki@old.com (if it is concerned)"]);
    let yuki = "yuki@new.com (was yuki@old.com, what becomes of the mailbox is unknown)";
    assert_eq!(texts(&all, "automatic"), ["ben@new.com (was ben@old.com)", yuki]);
    assert_eq!(texts(&all, "verify"), ["carla@new.com (was Carla@old.com)", yuki]);
    assert_eq!(texts(&all, "again"), [yuki, "dora@new.com (was dora@old.com)"]);
    assert_eq!(all.row("lockbox").unwrap().state, State::Open);
    // In the tenant that has none it does not apply; without the tenants around it could.
    work.environment.tenant = TenantKey(1);
    let other = of(&work, (&estate).into());
    assert_eq!(other.row("lockbox").unwrap().reason.as_deref(), Some("only where its tenant has Customer Lockbox; by the facts that is not so"));
    assert_eq!(of(&work, Edition::Articles.into()).row("lockbox").unwrap().state, State::Open);
}
