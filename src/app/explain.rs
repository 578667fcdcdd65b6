//! What can be looked up: the rules behind what is shown with the answers about them, anything else by what is typed, and from each
//! to what belongs to it.

use tui_input::Input;

use self::said::{Block, Goes, Said, said};
use crate::app::checklist::Working;
use crate::app::details::scroll;
use crate::app::fuzzy::Fuzzy;
use crate::app::lead::Told;
use crate::app::list::{Cursor, Step};
use crate::app::model::{Layer, Model, Pane};
use crate::app::pages::Step as Page;
use crate::app::wizard::Wizard;
use crate::domain::copy::Level;
use crate::domain::disallowed::{self, End};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::estate::EnvironmentKey;
use crate::domain::known::Known;
use crate::domain::library::{Entry, Library};
use crate::domain::operation::OperationKind;
use crate::domain::request::judge;
use crate::domain::rulebook::Menus;
use crate::domain::words::Word as _;

pub mod said;

/// A list that can be chosen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What the list is called.
    pub title: String,
    what: What,
    /// What Microsoft says of what is shown, in its words; what explains it stands first.
    messages: Vec<Box<str>>,
}

/// What stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Everything that there is.
    All,
    /// The rules with these ids, then the answers about them.
    Rules(Vec<Box<str>>),
    /// These.
    Entries(Vec<Entry>),
}

impl Scope {
    /// A list of these.
    pub const fn of(title: String, entries: Vec<Entry>) -> Self {
        Self { title, what: What::Entries(entries), messages: Vec::new() }
    }
}

/// How many steps lead back at most.
const STEPS_BACK: usize = 16;

/// Where one was before going on to what belongs to an entry.
#[derive(Debug)]
struct Before {
    scope: Scope,
    input: Input,
    cursor: Cursor,
    reading: Option<usize>,
}

/// What is looked up.
pub struct Explain {
    /// What is typed; anything looks everywhere.
    pub input: Input,
    /// The cursor in the list.
    pub cursor: Cursor,
    /// The first line of what is said on screen.
    pub top: usize,
    scope: Scope,
    trail: Vec<Before>,
    rows: Vec<Entry>,
    said: Vec<Said>,
    blocks: Vec<Block>,
    /// The block that the keyboard is on; none while it is in the list.
    reading: Option<usize>,
    /// What is said is not there yet, and the keyboard goes to what it leads to.
    begins: bool,
    found: Option<(usize, String)>,
    told: Option<(Entry, usize, Option<Told>)>,
    fuzzy: Fuzzy,
}

impl std::fmt::Debug for Explain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Explain").field("scope", &self.scope).field("input", &self.input.value()).field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl Explain {
    /// Looks these up; [`Explain::find`] and [`Explain::tell`] fill it in.
    pub fn new(scope: Scope) -> Self {
        Self {
            input: Input::default(),
            cursor: Cursor::default(),
            top: 0,
            scope,
            trail: Vec::new(),
            rows: Vec::new(),
            said: Vec::new(),
            blocks: Vec::new(),
            reading: None,
            begins: false,
            found: None,
            told: None,
            fuzzy: Fuzzy::default(),
        }
    }

    /// Opens one of these to read.
    pub fn reading(scope: Scope, at: usize) -> Self {
        Self { cursor: Cursor { at, top: 0 }, begins: true, ..Self::new(scope) }
    }

    /// What the list is called: what it is about, or that something is looked for.
    pub fn title(&self) -> &str {
        if self.typed().is_empty() { &self.scope.title } else { ALL }
    }

    /// What stands in the list.
    pub fn rows(&self) -> &[Entry] {
        &self.rows
    }

    /// What the cursor is on.
    pub fn selected(&self) -> Option<Entry> {
        self.rows.get(self.cursor.at).copied()
    }

    /// What is said about what the cursor is on.
    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// Whether the keyboard is in what is said.
    pub const fn is_read(&self) -> bool {
        self.reading.is_some()
    }

    /// The block that the keyboard is on.
    pub fn block(&self) -> Option<&Block> {
        self.blocks.get(self.reading?)
    }

    /// Moves the cursor, in the list or in what is said; true when it moved.
    pub fn step(&mut self, step: Step, height: usize, text_height: usize) -> bool {
        match self.reading {
            Some(at) => self.read_on(at, step, text_height),
            None => self.cursor.step(step, self.rows.len(), height),
        }
    }

    /// Goes from one block to another, and through one that is higher than the screen.
    fn read_on(&mut self, at: usize, step: Step, height: usize) -> bool {
        let last = self.blocks.len().saturating_sub(1);
        let hidden = |at: usize, top: usize| self.blocks.get(at).is_some_and(|block| block.lines.end > top + height);
        let to = match step {
            Step::By(0) => at,
            Step::By(1..) | Step::Page(1..) if hidden(at, self.top) => {
                self.top += 1;
                return true;
            }
            Step::By(by) => at.saturating_add_signed(isize::from(by)).min(last),
            Step::Page(pages) => {
                let lines = isize::from(pages) * isize::try_from(height.max(1)).unwrap_or(1);
                let line = self.blocks.get(at).map_or(0, |block| block.lines.start).saturating_add_signed(lines);
                self.blocks.iter().rposition(|block| block.lines.start <= line).unwrap_or(0)
            }
            Step::First => 0,
            Step::Last => last,
        };
        let before = (self.reading, self.top);
        self.read(to, height);
        before != (self.reading, self.top)
    }

    /// Puts the keyboard on a block and that on the screen.
    fn read(&mut self, at: usize, height: usize) {
        let at = at.min(self.blocks.len().saturating_sub(1));
        self.reading = Some(at);
        let Some(lines) = self.blocks.get(at).map(|block| block.lines.clone()) else { return };
        if lines.end > self.top + height {
            self.top = lines.end - height.min(lines.end);
        }
        // What begins above is seen from its first line on.
        self.top = self.top.min(lines.start);
        // The first block stands below what cannot be chosen.
        if at == 0 && lines.end <= height {
            self.top = 0;
        }
    }

    /// Scrolls what is said; true when something moved.
    pub fn scroll(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.top, step, self.said.len(), height)
    }

    /// Puts the keyboard into what is said, on what it leads to; says why not.
    pub fn open(&mut self, height: usize) -> Result<(), String> {
        if self.blocks.is_empty() {
            return Err("Nothing is chosen".to_owned());
        }
        let at = self.blocks.iter().position(|block| block.goes == Goes::Lead).unwrap_or(0);
        self.read(at, height);
        Ok(())
    }

    /// Goes on from the entry under the cursor: from a rule to what is related to it, else into what is said. Says why not.
    pub fn follow(&mut self, library: &Library, height: usize) -> Result<(), String> {
        match self.selected() {
            Some(entry @ Entry::Rule(_)) => {
                let related = library.related(entry);
                let id = library.id(entry).to_owned();
                if related.is_empty() {
                    return Err(format!("Nothing else is related to {id}"));
                }
                self.go(Scope::of(format!("Related to {id}"), related), false);
                Ok(())
            }
            Some(Entry::Answer(_) | Entry::Link(_)) => self.open(height),
            None => Err("Nothing is chosen".to_owned()),
        }
    }

    /// Goes to an entry that is named in what is said.
    pub fn go_to(&mut self, entry: Entry, library: &Library) {
        let from = self.selected().map_or("", |entry| library.id(entry));
        self.go(Scope::of(format!("From {from}"), vec![entry]), true);
    }

    fn go(&mut self, scope: Scope, begins: bool) {
        let scope = std::mem::replace(&mut self.scope, scope);
        if self.trail.len() >= STEPS_BACK {
            // The way begins where it began, whatever was passed on it.
            self.trail.remove(1);
        }
        let (input, cursor) = (std::mem::take(&mut self.input), std::mem::take(&mut self.cursor));
        self.trail.push(Before { scope, input, cursor, reading: self.reading.take() });
        self.begins = begins;
        self.found = None;
    }

    /// Goes back one step: out of what is said, what is typed, then where one came from; false where nothing is left.
    pub fn back(&mut self) -> bool {
        let alone = self.rows.len() == 1 && self.typed().is_empty() && !self.trail.is_empty();
        if self.reading.take().is_some() && !alone {
            return true;
        }
        if !self.typed().is_empty() {
            self.input.reset();
            return true;
        }
        let Some(before) = self.trail.pop() else { return false };
        self.scope = before.scope;
        self.input = before.input;
        self.cursor = before.cursor;
        self.reading = before.reading;
        // The list is made anew, but the cursor stays where it was.
        self.found = None;
        true
    }

    /// Works out again what stands in the list; true when something changed.
    pub fn find(&mut self, library: &Library, height: usize) -> bool {
        let wanted = (self.trail.len(), self.typed().to_owned());
        let changed = self.found.as_ref() != Some(&wanted);
        if changed {
            self.rows = match &self.scope.what {
                _ if !wanted.1.is_empty() => search(library, &self.fuzzy, &wanted.1),
                What::All => library.all().collect(),
                What::Rules(ids) => {
                    let rules = ids.iter().filter_map(|id| library.rules().place(id)).map(Entry::Rule);
                    rules.chain(library.answers_about(ids.iter().map(|id| &**id))).collect()
                }
                What::Entries(entries) => entries.clone(),
            };
            if wanted.1.is_empty() {
                let mut explained: Vec<Entry> = Vec::new();
                for entry in self.scope.messages.iter().filter_map(|message| library.of_message(message)) {
                    if !explained.contains(&entry) {
                        explained.push(entry);
                    }
                }
                self.rows.retain(|entry| !explained.contains(entry));
                self.rows.splice(0..0, explained);
            }
            if self.found.is_some() {
                self.cursor = Cursor::default();
            }
            self.found = Some(wanted);
            self.told = None;
        }
        self.cursor.go(self.cursor.at, self.rows.len(), height);
        changed
    }

    /// Works out again what is said about the entry under the cursor, and what that leads to; true when something changed.
    pub fn tell(&mut self, library: &Library, lead: Option<Told>, menus: &Menus, (width, height): (usize, usize)) -> bool {
        let wanted = self.selected().map(|entry| (entry, width, lead.clone()));
        if self.told == wanted && self.told.is_some() == self.selected().is_some() && !self.begins {
            return false;
        }
        let same = self.told.as_ref().map(|(entry, ..)| *entry) == self.selected() && !self.begins;
        (self.said, self.blocks) = self.selected().map(|entry| said(entry, library, lead.as_ref(), menus, width)).unwrap_or_default();
        self.told = wanted;
        match self.reading {
            _ if std::mem::take(&mut self.begins) => {
                self.top = 0;
                // Without anything to say there is nothing to read, and the keyboard stays in the list.
                let _ = self.open(height);
            }
            Some(at) => self.read(at, height),
            None if !same => self.top = 0,
            None => {}
        }
        true
    }

    fn typed(&self) -> &str {
        self.input.value().trim()
    }
}

/// What the list of everything is called.
const ALL: &str = "Rules, answers and links";

/// What is meant by what is typed, best first; where no word helps, titles that are spelt nearly so.
pub fn search(library: &Library, fuzzy: &Fuzzy, typed: &str) -> Vec<Entry> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    library.search(typed, |title| fuzzy.score(title, &words)).into_iter().map(|(entry, _)| entry).collect()
}

/// The rules behind what is shown now.
pub fn behind(model: &Model) -> Scope {
    let shown = model.ui.layers.iter().rev().find_map(|layer| match layer {
        Layer::Wizard(wizard) => Some(behind_wizard(model, wizard)),
        Layer::Checklist(working) => Some(behind_item(working)),
        Layer::Attention(_)
        | Layer::Journal(_)
        | Layer::Tables(_)
        | Layer::Filter
        | Layer::Help(_)
        | Layer::Palette(_)
        | Layer::Note(_)
        | Layer::Confirm(_)
        | Layer::Clash(_)
        | Layer::Taking(_)
        | Layer::Runbook(_)
        | Layer::Explain(_) => None,
    });
    let of_pane = |environment| match model.ui.focus {
        Pane::Timeline => Some(behind_backups(environment)),
        Pane::Details => behind_refusals(environment),
        Pane::Environments => None,
    };
    let scope = shown.or_else(|| model.selected().and_then(of_pane));
    let named = scope.filter(|scope| !matches!(&scope.what, What::Rules(ids) if ids.is_empty()));
    named.unwrap_or_else(|| Scope { title: ALL.to_owned(), what: What::All, messages: Vec::new() })
}

/// These rules, each once.
fn scope<'a>(title: String, ids: impl IntoIterator<Item = &'a str>) -> Scope {
    let mut each: Vec<Box<str>> = Vec::new();
    for id in ids {
        if each.iter().all(|one| **one != *id) {
            each.push(id.into());
        }
    }
    Scope { title, what: What::Rules(each), messages: Vec::new() }
}

/// The rules of a page of the wizard: those of its findings, then what the page is about.
fn behind_wizard(model: &Model, wizard: &Wizard) -> Scope {
    let name = |key| format!("Rules about {}", model.estate.environment(key).name);
    let everything = wizard.level() == Some(Level::Everything);
    let of_page: &[&str] = match (wizard.kind, &wizard.step) {
        (OperationKind::Copy, Page::Level) => &["CPY-002", "CPY-013", "CPY-014", "CPY-017", "CPY-018", "C-14", "TRN-001", "TRN-013", "CUR-007"],
        (OperationKind::Copy, Page::Target) => &["CPY-034", "CPY-005", "CPY-006", "CPY-007", "CPY-024", "CPY-040"],
        (OperationKind::Copy, Page::Details(_)) => &["CPY-031", "CPY-032", "G-20", "ENV-022"],
        (OperationKind::Copy, Page::Review(_)) if everything => &["CPY-036", "C-19", "CPY-013", "C-11", "CPY-039", "PCP-042"],
        (OperationKind::Copy, Page::Review(_)) => &["CPY-036", "C-19", "TRN-001", "C-14", "C-11", "CPY-039", "PCP-042"],
        (OperationKind::Copy, Page::Carry(_) | Page::Record(_)) => &["CPY-033", "CPY-037", "CPY-038", "CPY-039", "PCP-042"],
        (OperationKind::Restore, Page::Point) => &["RST-010", "RST-011", "RST-036", "RST-038", "C-22", "C-23", "C-27", "BKP-022", "BKP-081", "C-09"],
        (OperationKind::Restore, Page::Carry(_) | Page::Record(_)) => &["RST-049", "RST-051", "RST-056", "RST-058", "RST-060", "G-10", "BKP-080"],
        _ => &[],
    };
    // Where no list was made by hand, everything that the operation is judged by.
    let judged = judge::codes(wizard.kind).filter_map(|code| model.rulebook().condition(wizard.kind, code)).map(|condition| condition.rule.as_str());
    let about: Vec<&str> = if of_page.is_empty() { judged.collect() } else { of_page.to_vec() };
    let about = about.into_iter();
    match (&wizard.step, wizard.targets.selected()) {
        (Page::Target, Some(target)) => {
            let findings = wizard.targets.verdict().map(|verdict| verdict.findings.as_slice()).unwrap_or_default();
            let found: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
            // Where nothing speaks against it, what it was judged by is explained.
            let scope = if found.is_empty() { scope(name(target), about) } else { scope(name(target), found) };
            Scope { messages: refused(model, wizard, target), ..scope }
        }
        (Page::Review(target), _) => {
            let scope = scope(name(*target), wizard.rules().iter().map(|rule| &**rule).chain(about));
            Scope { messages: refused(model, wizard, *target), ..scope }
        }
        _ => scope(format!("Rules about: {}", wizard.kind.label()), about),
    }
}

/// What Microsoft says against this operation of its source and of a target.
fn refused(model: &Model, wizard: &Wizard, target: EnvironmentKey) -> Vec<Box<str>> {
    let ends = [(model.selected(), End::Source), (Some(model.estate.environment(target)), End::Target)];
    let of = |(environment, end): (Option<&Environment>, End)| environment.map(|environment| disallowed::messages(environment, wizard.kind, end));
    ends.into_iter().filter_map(of).flatten().collect()
}

/// What explains the refusals that the details of an environment show; none where Microsoft refuses nothing.
fn behind_refusals(environment: &Environment) -> Option<Scope> {
    let Known::Is(refused) = &environment.disallowed_operations else { return None };
    let said = |message: &Known<Box<str>>| if let Known::Is(message) = message { Some(message.clone()) } else { None };
    let messages: Vec<Box<str>> = refused.iter().filter_map(|refused| said(&refused.message)).collect();
    let scope = scope(format!("What Microsoft refuses for {}", environment.name), ["MICROSOFT"]);
    (!messages.is_empty()).then_some(Scope { messages, ..scope })
}

/// The rules that the item under the cursor carries out, then those of the item and of the section that it belongs to.
fn behind_item(working: &Working) -> Scope {
    let section = working.selected().and_then(|row| working.checklist()?.sections.get(row.section));
    let of_section = section.map(|section| section.rules.as_slice()).unwrap_or_default();
    let whole = working.selected().and_then(|row| working.checklist()?.rows.get(row.parent?));
    let of_items = working.selected().into_iter().chain(whole).flat_map(|row| &row.item.rules);
    scope("Rules of this item".to_owned(), of_items.chain(of_section).map(|rule| &**rule))
}

/// The rules behind the backups of an environment: its row of table D3, then what holds for all.
fn behind_backups(environment: &Environment) -> Scope {
    let of_type: &[&str] = match environment.kind {
        Known::Is(EnvironmentType::Production) => match (environment.has_dynamics_365(), environment.managed) {
            (Known::Is(true), _) => &["BKP-013", "BKP-044"],
            (Known::Is(false), Known::Is(true)) => &["BKP-014", "BKP-006", "BKP-034", "BKP-037", "BKP-038"],
            (Known::Is(false), Known::Is(false)) => &["BKP-014", "BKP-006"],
            (Known::Unknown, _) | (_, Known::Unknown) => &["BKP-076", "BKP-013", "BKP-014"],
        },
        Known::Is(EnvironmentType::Sandbox) => &["BKP-015", "BKP-045"],
        Known::Is(EnvironmentType::Developer) => &["BKP-016", "CUR-012", "BKP-045"],
        Known::Is(EnvironmentType::Teams) => &["BKP-017", "CUR-012", "BKP-045"],
        Known::Is(EnvironmentType::Default) => &["BKP-018", "C-04", "BKP-010"],
        Known::Is(EnvironmentType::Trial) => &["BKP-019", "C-03", "CUR-013"],
        Known::Is(EnvironmentType::TrialSubscription) => &["BKP-020", "C-03", "CUR-013"],
        Known::Is(EnvironmentType::Preview | EnvironmentType::Demo) => &["G-13", "BKP-045"],
        Known::Unknown => &["BKP-075", "BKP-021"],
    };
    let without: &[&str] = if environment.has_database() == Known::Is(false) { &["ENV-028", "G-24", "BKP-002"] } else { &[] };
    let all = ["BKP-022", "BKP-009", "BKP-051", "BKP-081", "C-09", "BKP-080", "RST-045"];
    scope(format!("Rules about backups of {}", environment.name), without.iter().chain(of_type).copied().chain(all))
}
