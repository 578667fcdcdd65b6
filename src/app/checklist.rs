//! The checklist of an environment, or its plan: worked item by item, every tick kept at once.

use std::collections::HashSet;
use std::sync::Arc;

use crate::app::details::scroll;
use crate::app::list::{Cursor, Step};
use crate::app::targets::REASON_INDENT;
use crate::domain::checklist::{self, Checklist, Heading, Progress, Row, Template};
use crate::domain::environment::EnvironmentId;
use crate::domain::estate::Estate;
use crate::domain::journal::{EntryId, ItemAct};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::Menus;
use crate::domain::time;
use crate::domain::words::Word;

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The title of a section, by its place.
    Section(usize),
    /// An item, by its place.
    Row(usize),
}

/// A line of what is said about the item under the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// What it is.
    Title(String),
    /// Where in the menus.
    Path(String),
    /// Why, and what to know.
    Help(String),
    /// What it concerns.
    Concern(String),
    /// What has to come first.
    Waits(String),
    /// What was answered to another item that matters here.
    Recalled(String),
    /// What was done with it.
    Mark(String),
    /// What to read.
    Link(String),
}

/// The checklist that is being worked.
#[derive(Debug)]
pub struct Working {
    /// The entry that opened it.
    pub id: EntryId,
    /// Whether it is practice.
    pub rehearsal: bool,
    /// The cursor, over the lines.
    pub cursor: Cursor,
    /// The first line on screen of what is said about the item under the cursor.
    pub about_top: usize,
    /// Only what is open is shown.
    pub open_only: bool,
    /// The items of which the repetitions are shown although they are many, or hidden although they are few.
    turned: HashSet<String>,
    checklist: Option<Checklist>,
    among: (usize, usize),
    lines: Vec<Line>,
    about: Vec<About>,
    computed: Option<(u64, bool)>,
    told: Option<(u64, usize, usize)>,
}

/// The open checklist of an environment, those of rehearsals first: its entry, and whether it is practice.
pub fn open_for(estate: &Estate, templates: &[Template], id: &EnvironmentId) -> Option<(EntryId, bool)> {
    all_open_for(estate, templates, id).into_iter().next()
}

/// All open checklists of an environment in the order in which `o` goes through them: those of rehearsals, then the newest.
pub fn all_open_for(estate: &Estate, templates: &[Template], id: &EnvironmentId) -> Vec<(EntryId, bool)> {
    let open = |(journal, rehearsal)| {
        let mut open: Vec<_> = checklist::open_for(journal, templates, id).into_iter().map(|opened| (opened.entry.id.clone(), rehearsal)).collect();
        open.reverse();
        open
    };
    estate.journals().flat_map(open).collect()
}

/// The checklist that an entry opened, as journal and facts make it now.
pub fn compute(estate: &Estate, templates: &[Template], id: &EntryId) -> Option<Checklist> {
    let (journal, _) = estate.journals().find(|(journal, _)| journal.entry(id).is_some())?;
    let opened = checklist::opened(journal, templates).into_iter().find(|opened| opened.entry.id == *id)?;
    let environment = estate.environment(estate.find(opened.environment)?);
    Checklist::of(journal, &opened, templates, environment, estate)
}

impl Working {
    /// Begins to work a checklist; [`Working::refresh`] fills it.
    pub fn new(id: EntryId, rehearsal: bool) -> Self {
        Self {
            id,
            rehearsal,
            cursor: Cursor::default(),
            about_top: 0,
            open_only: false,
            turned: HashSet::new(),
            checklist: None,
            among: (0, 0),
            lines: Vec::new(),
            about: Vec::new(),
            computed: None,
            told: None,
        }
    }

    /// The checklist.
    pub const fn checklist(&self) -> Option<&Checklist> {
        self.checklist.as_ref()
    }

    /// Which of the open checklists of its environment it is, from 1, and how many there are; none for the only one.
    pub fn among(&self) -> Option<(usize, usize)> {
        Some(self.among).filter(|(at, of)| *at > 0 && *of > 1)
    }

    /// The lines of the list.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What is said about the item under the cursor.
    pub fn about(&self) -> &[About] {
        &self.about
    }

    /// How far it is.
    pub fn progress(&self) -> Option<Progress> {
        self.checklist.as_ref().map(Checklist::progress)
    }

    /// The item under the cursor.
    pub fn selected(&self) -> Option<&Row> {
        self.checklist.as_ref()?.rows.get(self.place()?)
    }

    /// Computes again what follows from journal and facts; true when something changed.
    pub fn refresh(&mut self, estate: &Estate, templates: &[Template], menus: &Menus, (height, width): (usize, usize)) -> bool {
        let wanted = (estate.revision(), self.open_only);
        let mut changed = false;
        if self.computed != Some(wanted) {
            let selected = self.selected().map(|row| row.id().to_owned());
            let before = self.cursor.at;
            self.checklist = compute(estate, templates, &self.id);
            let all = self.checklist.as_ref().map(|checklist| all_open_for(estate, templates, &checklist.environment)).unwrap_or_default();
            self.among = (all.iter().position(|(id, _)| *id == self.id).map_or(0, |at| at + 1), all.len());
            self.lines = self.checklist.as_ref().map(|checklist| lines(checklist, self.open_only, &self.turned)).unwrap_or_default();
            self.computed = Some(wanted);
            self.told = None;
            self.select(selected.as_deref(), height);
            // What was settled is hidden where only open items are shown: the next one comes up in its place.
            let vanished = selected.is_some() && self.selected().map(Row::id) != selected.as_deref();
            if vanished {
                self.cursor.go(before.min(self.lines.len().saturating_sub(1)), self.lines.len(), height);
                self.step(Step::By(0), height);
            }
            changed = true;
        }
        let told = (estate.revision(), self.cursor.at, width);
        if self.told != Some(told) {
            let whole = |row: &Row| self.checklist.as_ref().and_then(|checklist| checklist.rows.get(row.parent?));
            let heading = |row: &Row| self.checklist.as_ref().and_then(|checklist| Some((checklist.sections.get(row.section)?, checklist)));
            self.about = self.selected().map(|row| about(row, whole(row), heading(row), menus, width)).unwrap_or_default();
            self.about_top = 0;
            self.told = Some(told);
            changed = true;
        }
        changed
    }

    /// Puts the cursor on an item, or on the first one.
    fn select(&mut self, item: Option<&str>, height: usize) {
        let is = |line: &Line| match (line, &self.checklist) {
            (Line::Row(row), Some(checklist)) => checklist.rows.get(*row).is_some_and(|row| item.is_none_or(|item| row.id() == item)),
            (Line::Section(_), _) | (_, None) => false,
        };
        let at = self.lines.iter().position(is).or_else(|| self.lines.iter().position(|line| matches!(line, Line::Row(_))));
        self.cursor.go(at.unwrap_or(0), self.lines.len(), height);
    }

    /// Goes to an item; false, on the first one, where it is not shown.
    pub fn go_to(&mut self, item: &str, height: usize) -> bool {
        self.select(Some(item), height);
        self.selected().is_some_and(|row| row.id() == item)
    }

    /// Moves the cursor over the items; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        let before = self.cursor;
        self.cursor.step(step, self.lines.len(), height);
        let back = matches!(step, Step::By(..0) | Step::Page(..0) | Step::First);
        // Titles are passed over, in the direction of the step where there is an item, else the other way.
        let items = || self.lines.iter().enumerate().filter(|(_, line)| matches!(line, Line::Row(_))).map(|(at, _)| at);
        let at = self.cursor.at;
        let to =
            if back { items().rfind(|item| *item <= at).or_else(|| items().next()) } else { items().find(|item| *item >= at).or_else(|| items().next_back()) };
        self.cursor.go(to.unwrap_or(0), self.lines.len(), height);
        // The title of a first item stays on screen with it.
        if back && self.cursor.top == self.cursor.at && self.cursor.at > 0 && matches!(self.lines.get(self.cursor.at - 1), Some(Line::Section(_))) {
            self.cursor.top -= 1;
        }
        self.cursor != before
    }

    /// Whether the repetitions of the item in that row are shown: a few are, many only when they are asked for.
    pub fn is_unfolded(&self, row: usize) -> bool {
        self.checklist.as_ref().is_some_and(|checklist| is_unfolded(checklist, row, &self.turned))
    }

    /// The place of the row under the cursor.
    pub fn place(&self) -> Option<usize> {
        match self.lines.get(self.cursor.at)? {
            Line::Row(row) => Some(*row),
            Line::Section(_) => None,
        }
    }

    /// Shows or hides the repetitions of the item under the cursor, or of the one that it belongs to; true when that
    /// changed something.
    pub fn unfold(&mut self, on: bool, height: usize) -> bool {
        let Some(checklist) = &self.checklist else { return false };
        let whole = |at: &usize| checklist.rows.get(*at).is_some_and(|row| row.repeats);
        let mut above = std::iter::successors(self.place(), |at| checklist.rows.get(*at)?.parent);
        let Some(at) = (if on { self.place().filter(whole) } else { above.find(whole) }) else { return false };
        let Some(row) = checklist.rows.get(at).filter(|_| is_unfolded(checklist, at, &self.turned) != on) else { return false };
        let id = row.id().to_owned();
        if !self.turned.remove(&id) {
            self.turned.insert(id.clone());
        }
        self.lines = lines(checklist, self.open_only, &self.turned);
        self.told = None;
        self.select(Some(&id), height);
        true
    }

    /// Shows a row that is hidden among the repetitions of an item.
    fn reveal(&mut self, item: &str) {
        let Some(checklist) = &self.checklist else { return };
        let at = checklist.rows.iter().position(|row| row.id() == item);
        let above = std::iter::successors(at, |at| checklist.rows.get(*at)?.parent).skip(1);
        let hidden: Vec<String> = above
            .filter_map(|at| checklist.rows.get(at).filter(|row| row.repeats && !is_unfolded(checklist, at, &self.turned)))
            .map(|row| row.id().to_owned())
            .collect();
        for id in hidden {
            if !self.turned.remove(&id) {
                self.turned.insert(id);
            }
        }
        self.lines = lines(checklist, self.open_only, &self.turned);
    }

    /// Scrolls what is said about the item under the cursor; true when something moved.
    pub fn scroll_about(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.about_top, step, self.about.len(), height)
    }

    /// Goes to the next mandatory item that is open; false when there is none.
    pub fn next_mandatory(&mut self, height: usize) -> bool {
        let next = self.checklist.as_ref().and_then(|checklist| {
            let after = self.selected().map(Row::id);
            checklist.next_open_mandatory(after).or_else(|| checklist.next_open_mandatory(None)).map(|row| row.id().to_owned())
        });
        match next {
            Some(item) => {
                self.reveal(&item);
                self.select(Some(&item), height);
                true
            }
            None => false,
        }
    }
}

/// Whether the repetitions of an item are shown.
fn is_unfolded(checklist: &Checklist, at: usize, turned: &HashSet<String>) -> bool {
    /// More than this nobody wants to see before asking for it.
    const FEW: usize = 3;
    let Some(row) = checklist.rows.get(at) else { return false };
    let few = checklist.rows.iter().skip(at + 1).take(row.parts).filter(|part| part.parent == Some(at)).count() <= FEW;
    few != turned.contains(row.id())
}

/// Sections with their items.
fn lines(checklist: &Checklist, open_only: bool, turned: &HashSet<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut section = None;
    let mut hidden_until = 0;
    for (place, row) in checklist.rows.iter().enumerate() {
        if place < hidden_until || open_only && row.is_settled() {
            continue;
        }
        if row.repeats && !is_unfolded(checklist, place, turned) {
            hidden_until = place + 1 + row.parts;
        }
        if section != Some(row.section) {
            section = Some(row.section);
            lines.push(Line::Section(row.section));
        }
        lines.push(Line::Row(place));
    }
    lines
}

/// Everything about an item, as lines of at most `width` columns; a part says what its whole says too.
fn about(row: &Row, whole: Option<&Row>, heading: Option<(&Heading, &Checklist)>, menus: &Menus, width: usize) -> Vec<About> {
    const NAMED: usize = 12;
    let fit = |text: &str| textwrap::wrap(text, width.saturating_sub(REASON_INDENT).max(10)).into_iter().map(String::from).collect::<Vec<_>>();
    let mut lines: Vec<About> = fit(&row.in_full(whole)).into_iter().map(About::Title).collect();
    let restores = row.item.does.is_some_and(|does| does.operation == OperationKind::Restore);
    if let Some(back) = heading.and_then(|(_, checklist)| checklist.back.as_ref()).filter(|_| restores) {
        lines.extend(fit(&format!("Back to {}, as chosen when the plan was begun", time::minute(back.at()))).into_iter().map(About::Recalled));
    }
    let path = heading.map_or(row.item.path.as_deref(), |(_, checklist)| checklist.path(row));
    if let Some(path) = path {
        lines.extend(fit(&menus.path(path)).into_iter().map(About::Path));
    }
    if let Some(waits) = &row.waits {
        lines.extend(fit(waits).into_iter().map(About::Waits));
    }
    if let Some(due_at) = row.due_at {
        lines.extend(fit(&format!("to be done by {}", time::minute(due_at))).into_iter().map(About::Waits));
    }
    if let Some(reason) = &row.reason {
        lines.extend(fit(reason).into_iter().map(About::Mark));
    }
    if let Some(recalled) = &row.recalled {
        let note = recalled.note.as_deref().unwrap_or_default();
        lines.extend(fit(&format!("Written down before: {note} ({}, {})", recalled.by, time::minute(recalled.at))).into_iter().map(About::Recalled));
    }
    for mark in &row.history {
        let note = mark.note.as_deref().map_or_else(String::new, |note| format!(": {note}"));
        lines.extend(fit(&format!("{}{note} ({}, {})", mark.act.label(), mark.by, time::minute(mark.at))).into_iter().map(About::Mark));
    }
    // What an item is repeated for stands in the rows below it.
    let whole_concerns = || whole.filter(|whole| !whole.repeats).map_or([].as_slice(), |whole| &whole.concerns);
    let concerns = if row.repeats || row.key.is_some() {
        &[]
    } else if row.concerns.is_empty() {
        whole_concerns()
    } else {
        &row.concerns
    };
    for concern in concerns.iter().take(NAMED) {
        let detail = if concern.detail.is_empty() { String::new() } else { format!(" ({})", concern.detail) };
        lines.extend(fit(&format!("{}{detail}", concern.name)).into_iter().map(About::Concern));
    }
    if concerns.len() > NAMED {
        lines.push(About::Concern(format!("and {} more", concerns.len() - NAMED)));
    }
    let above = heading.map(|(_, checklist)| checklist);
    let helps: Vec<_> = above.map_or_else(|| row.help.iter().collect(), |checklist| checklist.help(row).collect());
    for help in helps {
        lines.extend(fit(help).into_iter().map(About::Help));
    }
    // What stands above all items of a section, and at the top of the whole checklist with its first section.
    if let Some((section, checklist)) = heading {
        let top = if row.section == 0 { checklist.header.as_slice() } else { &[] };
        for help in section.help.iter().chain(top) {
            lines.extend(fit(help).into_iter().map(About::Help));
        }
    }
    for link in above.map_or_else(|| row.item.links.iter().collect(), |checklist| checklist.links(row)) {
        lines.extend(fit(&format!("{}: {}", link.title, link.url)).into_iter().map(About::Link));
    }
    let rules: Vec<&str> = row.item.rules.iter().map(|rule| &**rule).collect();
    lines.extend(fit(&rules.join(" ")).into_iter().map(About::Link));
    lines
}

/// What a key does to the item under the cursor: ticked when it is open, opened again when it is settled.
pub fn toggle(row: &Row) -> ItemAct {
    if row.is_settled() { ItemAct::Reopened } else { ItemAct::Done }
}

/// Progress in words: "7 of 23, 5 mandatory open".
pub fn in_words(progress: Progress) -> String {
    let Progress { done, total, mandatory_open } = progress;
    if mandatory_open > 0 { format!("{done} of {total}, {mandatory_open} mandatory open") } else { format!("{done} of {total}") }
}

/// Who wrote what is shown: nobody does while the viewer is unknown.
pub fn viewer(estate: &Estate) -> Option<Arc<str>> {
    match estate.viewer() {
        Known::Is(viewer) => Some(Arc::clone(viewer)),
        Known::Unknown => None,
    }
}
