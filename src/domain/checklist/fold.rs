//! A checklist for one environment: the items that apply, with what the journal says was done with each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::elsewhere::Elsewhere;
use super::look::{Concern, Seen, look};
use super::opened::{Closed, Opened, back, open_for, opened, withdrawn};
use super::row::{Mark, Row, State};
use super::template::{Around, Condition, Does, Follows, Gate, Item, Link, Mandatory, Setting, Template, Then, Trait};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::estate::Estate;
use crate::domain::journal::{Entry, EntryId, ItemAct, Journal, What};
use crate::domain::known::Known;
use crate::domain::operation::{Operation, OperationKind, Outcome};
use crate::domain::request::{Back, Change, Choice, Request};
use crate::domain::rulebook::Edition;
use crate::domain::tenant::TenantKey;
use crate::domain::time;

/// A section of which at least one item applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Permanent id.
    pub id: Box<str>,
    /// Its heading.
    pub title: Arc<str>,
    /// What stands below the heading.
    pub help: Vec<Arc<str>>,
    /// The rules that it carries out.
    pub rules: Vec<Box<str>>,
    /// What has to be so about the environment before any of it can be done, and is not.
    pub needs: Option<Box<str>>,
    /// Whether administration mode has to be left before any of it can be done.
    pub in_service: bool,
    /// The items and sections that come before it.
    pub after: Vec<Box<str>>,
}

/// Something that was done with an item that the checklist does not have, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// The id of the item.
    pub item: Box<str>,
    /// What was done.
    pub mark: Mark,
}

/// How far a checklist is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows that are settled.
    pub done: usize,
    /// Rows that somebody has to settle; those that do not apply by the facts are not counted, nor those that may stay open.
    pub total: usize,
    /// Mandatory rows that are open.
    pub mandatory_open: usize,
}

/// A checklist for one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// The entry that opened it.
    pub id: EntryId,
    /// The id of its template.
    pub template: Box<str>,
    /// Its title.
    pub title: Arc<str>,
    /// The environment that it is for.
    pub environment: EnvironmentId,
    /// The name of that environment.
    pub environment_name: Box<str>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who opened it.
    pub opened_by: Arc<str>,
    /// The operation that opened it: its entry, its kind, and where it came from.
    pub operation: Option<(EntryId, OperationKind, Option<EnvironmentId>)>,
    /// The level of the copy that opened it.
    pub level: Known<Level>,
    /// What its plan restores to, where that was chosen when it was begun.
    pub back: Option<Back>,
    /// The environments that its plan created and that are there, oldest first; none where its plan creates nothing.
    pub created: Option<Vec<EnvironmentId>>,
    /// Set when it is not worked any further.
    pub closed: Option<Closed>,
    /// What stands at its top.
    pub header: Vec<Arc<str>>,
    /// Its sections, in order.
    pub sections: Vec<Heading>,
    /// Its rows, in order: each item is followed by those that it consists of.
    pub rows: Vec<Row>,
    /// What was done with items that it does not have.
    pub strays: Vec<Stray>,
    /// What was done and then withdrawn by another entry, so that it never counted.
    pub withdrawn: Vec<Stray>,
    /// When the last entry about it was made.
    pub(super) last_at: DateTime<Utc>,
}

/// The checklists of an environment that are still worked, oldest first, as journal and facts make them now.
pub fn standing<'a>(journal: &Journal, templates: &[Template], environment: &'a Environment, around: impl Into<Around<'a>>) -> Vec<Checklist> {
    let around = around.into();
    open_for(journal, templates, &environment.id).iter().filter_map(|opened| Checklist::of(journal, opened, templates, environment, around)).collect()
}

impl Checklist {
    /// The checklist that `opened` opened, as the facts about its environment and the journal make it now; none where
    /// its template is not among `templates`.
    pub fn of<'a>(journal: &Journal, opened: &Opened<'_>, templates: &[Template], environment: &'a Environment, around: impl Into<Around<'a>>) -> Option<Self> {
        let around @ Around { edition, estate } = around.into();
        let template = templates.iter().find(|template| *template.id == *opened.template)?;
        let Marks { by_item: mut marks, withdrawn, last_at } = marks(journal, opened.entry);
        let carried_out = carried_out(journal, opened);
        // Of a plan that stands in the journal the steps are shown that were only rehearsed.
        let practised = estate.filter(|estate| std::ptr::eq(journal, estate.journal())).into_iter().flat_map(Estate::rehearsals);
        let practised = practised.flat_map(|rehearsal| operations(&rehearsal.journal, |_| true)).map(|done| (done, true));
        let all: Vec<_> = carried_out.iter().map(|done| (*done, false)).chain(practised).collect();
        let created = template.creates().then(|| Created::of(&all, environment, (opened.entry.at, estate)));
        let done_by = steps(&all, template, &environment.id, created.as_ref(), &mut marks);
        // What happened after it was closed is no longer its business.
        let until = opened.closed.as_ref().map(|closed| closed.at);
        let its_own: Vec<_> = carried_out.iter().copied().filter(|(entry, _)| until.is_none_or(|until| entry.at < until)).collect();
        switches(&its_own, template, &environment.id, edition, &mut marks);
        let inputs = match (opened.inputs(), done_by) {
            (known @ Known::Is(_), _) => known,
            (Known::Unknown, Some(operation)) => Known::Is(operation.inputs.as_slice()),
            (Known::Unknown, None) => Known::Unknown,
        };
        let source = opened.operation.and_then(|(_, operation)| operation.source.as_ref());
        let source = source.zip(estate).and_then(|(source, estate)| {
            let key = estate.find(source)?;
            // What came back to where it was is there as it arrived; how it was before stands in the capture.
            if *source == environment.id { estate.captured(key) } else { Some(estate.environment(key)) }
        });
        // What its plan asked of the old tenant is not asked of the new one afterwards.
        let moves = || template.items().any(|item| item.does.is_some_and(|does| does.operation == OperationKind::Migrate));
        let left = estate.and_then(|estate| estate.captured(estate.find(&environment.id)?));
        let left = left.filter(|left| left.tenant != environment.tenant && moves());
        let setting = Setting { environment, source, left, inputs, edition, estate };
        // What was begun after it was closed is none of its business.
        let follow = |follows: &Follows| followed(journal, templates, follows, environment, (around, until));
        let elsewhere = Elsewhere::of(template, &marks, journal, templates, opened);
        let mut build = Build { rows: Vec::new(), marks, setting, follow: &follow, elsewhere: &elsewhere };
        let mut sections = Vec::new();
        for section in template.sections.iter().filter(|section| setting.meets(&section.when)) {
            let before = build.rows.len();
            for item in section.items.iter().filter(|item| setting.meets(&item.when)) {
                build.item(item, &Place { section: sections.len(), parent: None, key: None, named: None });
            }
            if build.rows.len() > before {
                sections.push(Heading {
                    id: section.id.clone(),
                    title: Arc::clone(&section.title),
                    help: super::template::shown(&section.help, &setting),
                    rules: section.rules.clone(),
                    needs: setting.misses(&section.needs).map(waiting_for),
                    in_service: section.needs.contains(&Condition::Environment(Trait::InService)),
                    after: section.after.clone(),
                });
            }
        }
        let Build { rows, marks, .. } = build;
        let mut strays: Vec<_> = marks.into_iter().flat_map(|(item, marks)| marks.into_iter().map(move |mark| Stray { item: item.clone(), mark })).collect();
        strays.sort_by(|one, other| (one.mark.at, &one.item).cmp(&(other.mark.at, &other.item)));
        let mut checklist = Self {
            id: opened.entry.id.clone(),
            template: template.id.clone(),
            title: Arc::clone(&template.title),
            environment: environment.id.clone(),
            environment_name: environment.name.clone(),
            opened_at: opened.entry.at,
            opened_by: Arc::clone(&opened.entry.by),
            operation: opened.operation.map(|(id, operation)| (id.clone(), operation.kind, operation.source.clone())),
            level: setting.level(),
            back: opened.plan.and_then(|(_, chosen)| back(chosen)),
            created: created.map(|created| created.standing(estate)),
            closed: opened.closed.clone(),
            header: super::template::shown(&template.header, &setting),
            sections,
            rows,
            strays,
            withdrawn,
            last_at,
        };
        let recalled: Vec<_> = checklist.rows.iter().map(|row| checklist.recalled(row, &elsewhere)).collect();
        let waits: Vec<_> = checklist.rows.iter().map(|row| (!row.is_settled()).then(|| checklist.waits_for(row)).flatten()).collect();
        for ((row, recalled), waits) in checklist.rows.iter_mut().zip(recalled).zip(waits) {
            (row.recalled, row.waits) = (recalled, waits);
        }
        let due: Vec<_> = checklist.clocks().map(|running| (running.until.id.clone(), running.due_at)).collect();
        for (until, due_at) in due {
            if let Some(row) = checklist.rows.iter_mut().find(|row| row.id == until) {
                row.due_at = Some(row.due_at.map_or(due_at, |before| before.min(due_at)));
            }
        }
        Some(checklist)
    }

    /// What was answered to the item that a row recalls, for the same component where both are repeated.
    fn recalled(&self, row: &Row, elsewhere: &Elsewhere) -> Option<Mark> {
        let recalls = row.item.recalls.as_ref()?;
        if recalls.checklist.is_some() {
            return elsewhere.answer(recalls, row.key.as_deref()).cloned();
        }
        let of = self.near(&recalls.item, row.key.as_deref())?;
        of.answer().cloned()
    }

    /// The periods that run, or ran out, while what has to be done in them is open.
    pub fn clocks(&self) -> impl Iterator<Item = Running<'_>> {
        self.rows.iter().filter(|_| self.closed.is_none()).filter_map(|row| {
            let clock = row.item.clock.as_ref().filter(|_| row.state == State::Done)?;
            let until = self.row(&clock.until).filter(|until| !until.is_settled())?;
            let mark = row.mark.as_ref()?;
            let started_at = mark.note.as_deref().and_then(time::parse_minute).unwrap_or(mark.at);
            Some(Running { row, until, started_at, due_at: started_at + TimeDelta::days(i64::from(clock.days)) })
        })
    }

    /// The row of an item for that component, or of the item where it is not repeated.
    pub(super) fn near(&self, item: &str, key: Option<&str>) -> Option<&Row> {
        key.and_then(|key| self.row(&format!("{item}@{key}"))).or_else(|| self.row(item))
    }

    /// The row of an item.
    pub fn row(&self, item: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id() == item)
    }

    /// Where a row is done in the menus: as its item says, else as what it belongs to says.
    pub fn path<'a>(&'a self, row: &'a Row) -> Option<&'a str> {
        self.with_above(row).find_map(|row| row.item.path.as_deref())
    }

    /// Why a row is there and what to know before: what its item says, then what it belongs to.
    pub fn help<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a Arc<str>> {
        self.with_above(row).flat_map(|row| &row.help)
    }

    /// Where more is written about a row or what it belongs to, each address once.
    pub fn links<'a>(&'a self, row: &'a Row) -> Vec<&'a Link> {
        let mut links: Vec<&Link> = Vec::new();
        for link in self.with_above(row).flat_map(|row| &row.item.links) {
            if !links.iter().any(|known| known.url == link.url) {
                links.push(link);
            }
        }
        links
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        for row in self.rows.iter().filter(|row| row.is_worked()) {
            let counts = (row.state != State::NotApplicable || row.mark.is_some()) && (row.is_settled() || !row.item.optional);
            progress.total += usize::from(counts);
            progress.done += usize::from(counts && row.is_settled());
            progress.mandatory_open += usize::from(row.is_open_mandatory());
        }
        progress
    }

    /// The mandatory rows that somebody still has to settle: what is taken upon oneself by leaving administration mode
    /// before they are (G-21).
    pub fn open_mandatory(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.is_worked() && row.is_open_mandatory())
    }

    /// The next mandatory row that is open, seen from the row of `after`, from the top again after the last one.
    pub fn next_open_mandatory(&self, after: Option<&str>) -> Option<&Row> {
        let from = after.and_then(|after| self.rows.iter().position(|row| row.id() == after)).map_or(0, |place| place + 1);
        let (before, behind) = self.rows.split_at(from);
        behind.iter().chain(before).find(|row| row.is_worked() && row.is_open_mandatory())
    }

    /// Whether it has items that guard the gate.
    pub fn guards(&self, gate: Gate) -> bool {
        self.rows.iter().any(|row| row.item.gate.as_ref().is_some_and(|(of, _)| *of == gate))
    }

    /// Why a gate is shut; none when it is open.
    pub fn gate(&self, gate: Gate) -> Option<&str> {
        let shut = |row: &&Row| !row.is_settled() && row.item.gate.as_ref().is_some_and(|(of, _)| *of == gate);
        self.rows.iter().find(shut).and_then(|row| row.item.gate.as_ref()).map(|(_, why)| &**why)
    }
}

/// A period that began when an item was done.
#[derive(Debug, Clone, Copy)]
pub struct Running<'a> {
    /// The item that began it, which has the clock.
    pub row: &'a Row,
    /// What has to be done in it.
    pub until: &'a Row,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ends.
    pub due_at: DateTime<Utc>,
}

/// What was done with each item of a checklist, oldest first.
pub(super) struct Marks {
    pub(super) by_item: HashMap<Box<str>, Vec<Mark>>,
    withdrawn: Vec<Stray>,
    last_at: DateTime<Utc>,
}

pub(super) fn marks(journal: &Journal, opened: &Entry) -> Marks {
    let gone = withdrawn(journal);
    let mut marks = Marks { by_item: HashMap::new(), withdrawn: Vec::new(), last_at: opened.at };
    for entry in journal.entries() {
        let What::Item { checklist, item, act, note } = &entry.what else { continue };
        if *checklist == opened.id {
            marks.last_at = marks.last_at.max(entry.at);
            let mark = Mark { act: *act, note: note.clone(), by: Arc::clone(&entry.by), at: entry.at };
            if gone.contains_key(&entry.id) {
                marks.withdrawn.push(Stray { item: item.clone(), mark });
            } else {
                marks.by_item.entry(item.clone()).or_default().push(mark);
            }
        }
    }
    marks
}

/// The operations that were carried out since the checklist was opened, the one that opened it among them.
fn carried_out<'a>(journal: &'a Journal, opened: &Opened<'a>) -> Vec<(&'a Entry, &'a Operation)> {
    operations(journal, |entry| entry.at > opened.entry.at || opened.operation.is_some_and(|(id, _)| *id == entry.id))
}

/// The operations of a journal that were carried out and not withdrawn, of the entries that count.
fn operations<'a>(journal: &'a Journal, counts: impl Fn(&Entry) -> bool) -> Vec<(&'a Entry, &'a Operation)> {
    let gone = withdrawn(journal);
    let standing = journal.entries().iter().filter(|entry| counts(entry) && !gone.contains_key(&entry.id));
    let operation = |entry: &'a Entry| match &entry.what {
        What::Operation(operation) if operation.outcome == Outcome::Succeeded => Some((entry, &**operation)),
        What::Operation(_)
        | What::Note { .. }
        | What::Fact { .. }
        | What::ChecklistOpened { .. }
        | What::Item { .. }
        | What::ChecklistClosed { .. }
        | What::Plan { .. }
        | What::Withdrawn { .. } => None,
    };
    standing.filter_map(operation).collect()
}

/// Adds a mark to those of an item, in the order of time.
fn add(marks: &mut HashMap<Box<str>, Vec<Mark>>, item: &Item, at: DateTime<Utc>, by: Arc<str>, act: ItemAct) {
    let of_item = marks.entry(item.id.clone()).or_default();
    of_item.push(Mark { act, note: None, by, at });
    of_item.sort_by_key(|mark| mark.at);
}

/// Who stands at what was only rehearsed.
const REHEARSED: &str = "rehearsed";

/// What was created since a plan was opened, in the tenant of its environment, and by nothing else was filled: what a step of
/// the plan may overwrite.
struct Created<'a> {
    ids: Vec<(&'a EnvironmentId, Box<str>)>,
    tenant: TenantKey,
    since: DateTime<Utc>,
    estate: Option<&'a Estate>,
}

impl<'a> Created<'a> {
    fn of(done: &[((&'a Entry, &'a Operation), bool)], environment: &Environment, (since, estate): (DateTime<Utc>, Option<&'a Estate>)) -> Self {
        let here = |id: &str| estate.is_none_or(|estate| *estate.tenant(environment.tenant).id == *id);
        let created = done.iter().filter_map(|((_, operation), _)| {
            let Change::Create { tenant, name: Choice::Chosen(name), .. } = Request::of(operation)?.change else { return None };
            // Somebody else's content came into it meanwhile: it was created for something else.
            let is_filled =
                |(_, other): &(&Entry, &Operation)| other.target == operation.target && other.source.as_ref().is_some_and(|source| *source != environment.id);
            (here(&tenant) && !done.iter().any(|(done, _)| is_filled(done))).then_some((&operation.target, name))
        });
        Self { ids: created.collect(), tenant: environment.tenant, since, estate }
    }

    /// Whether it is one of them: by the id that it was recorded with, or, once a capture gave it the one of the admin center
    /// and the recorded one is gone, by the name that it was created with.
    fn includes(&self, id: &EnvironmentId) -> bool {
        self.ids.iter().any(|(created, name)| {
            if *created == id {
                return true;
            }
            let Some(estate) = self.estate.filter(|estate| estate.find(created).is_none()) else { return false };
            let Some(key) = estate.find(id) else { return false };
            let is = estate.environment(key);
            let named = is.name == *name || estate.captured(key).is_some_and(|captured| captured.name == *name);
            named && is.tenant == self.tenant && !is.created_at.is(|at| *at < self.since - CLOCKS_APART)
        })
    }

    /// Those that are there, oldest first.
    fn standing(&self, estate: Option<&Estate>) -> Vec<EnvironmentId> {
        let is_deleted = |environment: &Environment| environment.is_deleted() == Known::Is(true);
        let all = estate.into_iter().flat_map(Estate::environments).map(|(_, environment)| environment);
        all.filter(|environment| !is_deleted(environment) && self.includes(&environment.id)).map(|environment| environment.id.clone()).collect()
    }
}

/// So far apart may be the clocks of who begins a plan and of the admin center.
const CLOCKS_APART: TimeDelta = TimeDelta::minutes(15);

/// Ticks the steps of a plan whose operations were recorded since it was opened, or rehearsed, each after the one before; the
/// last operation that did one.
fn steps<'a>(
    carried_out: &[((&'a Entry, &'a Operation), bool)],
    template: &Template,
    environment: &EnvironmentId,
    created: Option<&Created<'_>>,
    marks: &mut HashMap<Box<str>, Vec<Mark>>,
) -> Option<&'a Operation> {
    let is_created = |id: &EnvironmentId| created.is_some_and(|created| created.includes(id));
    let is_step = |does: Does, operation: &Operation| {
        let is_one = |id: &EnvironmentId| is_created(id);
        let created = created.is_some().then_some(&is_one as &dyn Fn(&EnvironmentId) -> bool);
        // In another tenant nothing is created for it.
        let elsewhere = does.operation == OperationKind::Create && !is_created(&operation.target);
        does.is(operation, environment, created) && !elsewhere
    };
    // Their order is that of time, in which a rehearsal comes last.
    let (mut from, mut last) = (0, None);
    for item in template.items() {
        let Some(does) = item.does else { continue };
        let mut coming = carried_out.iter().enumerate().skip(from);
        let Some((place, ((entry, operation), rehearsed))) = coming.find(|(_, ((_, operation), _))| is_step(does, operation)) else {
            // What comes first of those that have an order holds all others up.
            if item.after.is_empty() { continue } else { return last }
        };
        from = place + 1;
        last = Some(*operation);
        let by = if *rehearsed { Arc::from(REHEARSED) } else { Arc::clone(&entry.by) };
        add(marks, item, entry.at, by, ItemAct::Done);
    }
    last
}

/// Ticks and unticks the items that are switches as these were thrown, from wherever (C-21). What overwrites the
/// environment throws both back (PCP-001, PCP-002).
fn switches(
    carried_out: &[(&Entry, &Operation)],
    template: &Template,
    environment: &EnvironmentId,
    edition: Edition,
    marks: &mut HashMap<Box<str>, Vec<Mark>>,
) {
    for item in template.items() {
        let Some(then) = item.then else { continue };
        for (entry, operation) in carried_out.iter().filter(|(_, operation)| operation.target == *environment) {
            let act = match (Request::of(operation).map(|request| request.change), then) {
                (Some(Change::AdminMode(on)), Then::AdminModeOff) => {
                    if on {
                        ItemAct::Reopened
                    } else {
                        ItemAct::Done
                    }
                }
                // In administration mode nothing of it runs (C-21).
                (Some(Change::AdminMode(true)), Then::BackgroundOn) => ItemAct::Reopened,
                // By the newer articles they can be off only in it (CUR-021).
                (Some(Change::AdminMode(false)), Then::BackgroundOn) if edition == Edition::Current => ItemAct::Done,
                (Some(Change::Background(on)), Then::BackgroundOn) => {
                    if on {
                        ItemAct::Done
                    } else {
                        ItemAct::Reopened
                    }
                }
                (Some(Change::Copy { .. } | Change::Restore { .. }), _) => ItemAct::Reopened,
                (Some(_) | None, _) => continue,
            };
            let before = marks.get(&item.id).and_then(|marks| marks.iter().rev().find(|mark| mark.at <= entry.at && mark.act != ItemAct::Noted));
            if before.map_or(ItemAct::Reopened, |mark| mark.act) != act {
                add(marks, item, entry.at, Arc::clone(&entry.by), act);
            }
        }
    }
}

/// How far the items of another checklist are: the entry that opened it, what of them is open in words, and who settled
/// the last of them. None where no such checklist is worked.
struct Followed {
    opened: EntryId,
    open: Option<Box<str>>,
    last: Option<Mark>,
}

fn followed(
    journal: &Journal,
    templates: &[Template],
    follows: &Follows,
    environment: &Environment,
    (around, until): (Around<'_>, Option<DateTime<Utc>>),
) -> Option<Followed> {
    let all = opened(journal, templates).into_iter().filter(|opened| until.is_none_or(|until| opened.entry.at < until));
    let newest = all.filter(|opened| opened.environment == &environment.id && *opened.template == *follows.checklist).last()?;
    // What the other one follows in turn is of no account here, so that two cannot follow each other for ever.
    let others: Vec<Template> = templates.iter().filter(|template| template.id == follows.checklist).cloned().collect();
    let other = Checklist::of(journal, &newest, &others, environment, around)?;
    let rows: Vec<&Row> = follows.items.iter().filter_map(|item| other.row(item)).collect();
    let open: Vec<&str> = rows.iter().filter(|row| row.holds_up()).map(|row| row.item.text.split(':').next().unwrap_or_default()).collect();
    let last = rows.iter().filter_map(|row| row.mark.as_ref()).max_by_key(|mark| mark.at).cloned();
    // What is not worked any further will never be settled: then the item is ticked by hand, as where it was never opened.
    if newest.closed.is_some() && !open.is_empty() {
        return None;
    }
    let open = (!open.is_empty()).then(|| format!("open in \"{}\": {}", other.title, open.join(", ")).into());
    Some(Followed { opened: newest.entry.id.clone(), open, last })
}

/// Where a row stands.
struct Place {
    section: usize,
    parent: Option<usize>,
    key: Option<Arc<str>>,
    /// For the repetition of an item: what it is about.
    named: Option<Concern>,
}

/// The rows as they are added, each item followed by what belongs to it.
struct Build<'a> {
    rows: Vec<Row>,
    marks: HashMap<Box<str>, Vec<Mark>>,
    setting: Setting<'a>,
    follow: &'a dyn Fn(&Follows) -> Option<Followed>,
    elsewhere: &'a Elsewhere,
}

impl Build<'_> {
    /// Adds the row of an item, those of its parts, and those of what it is repeated for.
    fn item(&mut self, item: &Arc<Item>, place: &Place) {
        let at = self.rows.len();
        let mut row = self.blank(item, place);
        self.fall_in(&mut row, item, place);
        row.take(&mut self.marks);
        if let Some(followed) = item.follows.as_ref().and_then(|follows| (self.follow)(follows)) {
            row.follow(followed.opened, followed.open, followed.last);
        }
        if let Some(moot) = place.parent.and_then(|parent| self.rows.get(parent)).and_then(moot) {
            row.lapse(&moot);
        }
        let repeated = item.each.is_some() && place.named.is_none() && !row.unexplored;
        row.repeats = repeated && !row.concerns.is_empty();
        let concerns = if row.repeats { row.concerns.clone() } else { Vec::new() };
        self.rows.push(row);
        for concern in concerns {
            let key = Some(Arc::clone(&concern.key));
            self.item(item, &Place { section: place.section, parent: Some(at), key, named: Some(concern) });
        }
        if !repeated {
            let setting = self.setting;
            for part in item.items.iter().filter(|part| setting.meets(&part.when)) {
                self.item(part, &Place { section: place.section, parent: Some(at), key: place.key.clone(), named: None });
            }
        }
        self.sum_up(at, item.one_of);
    }

    /// The row of an item with which nobody did anything yet.
    fn blank(&self, item: &Arc<Item>, place: &Place) -> Row {
        let Seen { concerns, unexplored, none } = match &place.named {
            Some(_) => Seen::default(),
            None => self.look(item),
        };
        let text = match &place.named {
            Some(named) => Arc::from(in_words(named)),
            None => Arc::clone(item.unknown.as_ref().filter(|_| unexplored).unwrap_or(&item.text)),
        };
        Row {
            id: place.key.as_ref().map_or_else(|| item.id.clone(), |key| format!("{}@{key}", item.id).into()),
            item: Arc::clone(item),
            key: place.key.clone(),
            section: place.section,
            parent: place.parent,
            depth: place.parent.and_then(|parent| self.rows.get(parent)).map_or(0, |parent| parent.depth + 1),
            parts: 0,
            repeats: false,
            text,
            help: if place.named.is_none() { super::template::shown(&item.help, &self.setting) } else { Vec::new() },
            concerns,
            unexplored,
            mandatory: !item.optional && (unexplored || self.mandatory(item).unwrap_or(false)),
            state: State::Open,
            decision: None,
            mark: None,
            reason: none,
            note: None,
            recalled: None,
            follows: None,
            needs: self.setting.misses(&item.needs).map(waiting_for),
            waits: None,
            due_at: None,
            history: Vec::new(),
        }
    }

    /// What an item finds, with what is remembered although the facts no longer list it.
    fn look(&self, item: &Item) -> Seen {
        let mut seen = look(item, &self.setting, |key| self.marks.contains_key(&*format!("{}@{key}", item.id)));
        let Some(of) = &item.remembers else { return seen };
        let listed: HashSet<Arc<str>> = seen.concerns.iter().map(|concern| Arc::clone(&concern.key)).collect();
        for key in self.elsewhere.keys(of).into_iter().filter(|key| !listed.contains(*key)) {
            seen.concerns.push(Concern { key: Arc::from(key), name: key.into(), detail: "not among the facts any more".into(), unsure: false });
            seen.none = None;
        }
        seen
    }

    /// What a row has from the one that it belongs to.
    fn fall_in(&self, row: &mut Row, item: &Item, place: &Place) {
        let Some(whole) = place.parent.and_then(|parent| self.rows.get(parent)) else { return };
        // What the whole is about, the parts are about, unless they say so themselves.
        if item.components.is_empty() && item.each.is_none() || place.named.is_some() {
            row.unexplored = whole.unexplored;
            if row.reason.is_none() {
                row.reason = whole.reason.clone().filter(|_| whole.state == State::NotApplicable && whole.mark.is_none());
            }
        }
        row.mandatory = !item.optional && (row.unexplored || self.mandatory(item).unwrap_or(whole.mandatory));
    }

    /// Whether an item is mandatory; none when the item that it belongs to decides.
    fn mandatory(&self, item: &Item) -> Option<bool> {
        match &item.mandatory {
            Mandatory::Inherited => None,
            Mandatory::No => Some(false),
            Mandatory::When(conditions) => Some(self.setting.meets(conditions)),
        }
    }

    /// Brings a whole up to date with the rows that were added for it.
    fn sum_up(&mut self, at: usize, one_of: bool) {
        let parts = self.rows.len() - at - 1;
        if parts == 0 {
            return;
        }
        let of_it = |row: &Row| row.parent == Some(at);
        if one_of && self.rows.iter().any(|row| of_it(row) && row.mark.is_some() && matches!(row.state, State::Done | State::Decided)) {
            self.rows.iter_mut().filter(|row| of_it(row) && !row.is_settled()).for_each(|row| row.lapse("the other way was chosen"));
        }
        let (before, behind) = self.rows.split_at_mut(at + 1);
        if let Some(whole) = before.last_mut() {
            whole.parts = parts;
            whole.sum_up(&behind.iter().filter(|row| row.parent == Some(at)).collect::<Vec<_>>());
        }
    }
}

/// Why what belongs to a row does not apply: the row was settled as a whole, or lapsed itself.
fn moot(whole: &Row) -> Option<Box<str>> {
    match whole.state {
        State::NotApplicable if whole.mark.is_none() => whole.reason.clone(),
        State::Open | State::Done | State::Decided | State::NotApplicable => whole.moot().map(Box::from),
    }
}

/// A component as the text of its row.
fn in_words(concern: &Concern) -> String {
    match (&*concern.detail, concern.unsure) {
        ("", false) => concern.name.to_string(),
        ("", true) => format!("{} (if it is concerned)", concern.name),
        (detail, _) => format!("{} ({detail})", concern.name),
    }
}

/// Why something waits for a fact.
fn waiting_for(condition: &Condition) -> Box<str> {
    format!("waits until {}", condition.words()).into()
}
