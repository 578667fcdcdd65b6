//! What is chosen for a move to another tenant: the destination, a mapping file and a group for each environment, reason, cut-over.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use tui_input::Input;

use crate::app::details::scroll;
use crate::app::list::Step as Rows;
use crate::app::targets::REASON_INDENT;
use crate::domain::checklist::{self, Checklist, Template};
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::estate::Estate;
use crate::domain::instant::{self, Lean, Offset};
use crate::domain::journal::Value;
use crate::domain::mapping::{Asked, Left, LeftBehind, Linted, Origin, Remark, Sheet, lint};
use crate::domain::migration::{CONTENT_OF, GROUP_OF, MAPPING_OF, PLAN, Planned, as_agreed};
use crate::domain::request::{Move, UserMapping};
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::words::{Word as _, counted, list};
use crate::vocabulary;

vocabulary! {
    /// Why environments move (TTM-002).
    Reason, "reason" {
        Consolidation = "consolidation" "several tenants become one",
        Acquisition = "acquisition" "one company takes over another",
        Other = "other" "another reason",
    }
}

/// A line of what was found in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Something that has to be mended; the first line bears its place.
    Error(Option<String>, String),
    /// Something to look at; the first line bears its place.
    Warning(Option<String>, String),
    /// The way out.
    Remedy(String),
    /// What is good.
    Good(String),
    /// Anything else.
    Text(String),
}

/// What was chosen for one environment.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Which environment.
    pub environment: Option<EnvironmentId>,
    /// Where its mapping file lies; each environment has its own (TTM-041).
    pub path: Input,
    /// The security group that it gets, by its name or object id; empty assigns it afterwards (TTM-043, TTM-045).
    pub group: Input,
    /// That its file is being read.
    pub waits: bool,
    read: Option<(String, Result<Arc<Sheet>, String>)>,
    linted: Option<Arc<Linted>>,
    found: Vec<Found>,
    computed: Option<(u64, Option<Box<str>>, usize)>,
}

impl Chosen {
    /// The path as it was typed, without blanks round it; none where there is none.
    pub fn file(&self) -> Option<&str> {
        Some(self.path.value().trim()).filter(|path| !path.is_empty())
    }

    /// Whether the file that is named was read, well or not.
    pub fn is_read(&self) -> bool {
        self.file().is_none_or(|file| self.read.as_ref().is_some_and(|(read, _)| read == file))
    }

    /// Why nobody can say yet what stands in the file that is named.
    pub fn cannot_be_judged(&self) -> Option<String> {
        match (self.file()?, &self.read) {
            (file, Some((read, Err(reason)))) if read == file => Some(reason.clone()),
            (file, _) if !self.is_read() => Some(format!("{file} is still being read")),
            _ => None,
        }
    }

    /// What was found in the file that is named, once it was read.
    pub fn linted(&self) -> Option<&Arc<Linted>> {
        self.linted.as_ref().filter(|_| self.file().is_some() && self.is_read())
    }

    /// Which file was read; none before.
    fn origin(&self) -> Option<&Origin> {
        self.linted()?.origin.as_ref()
    }

    /// Where the file that is named lies, as far as that is known: however it is named, it is the same file there.
    fn lies_at(&self) -> Option<&str> {
        Some(self.origin().map_or(self.file()?, |origin| &origin.path))
    }

    /// The lines about the file.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// Takes what was read.
    pub fn take(&mut self, path: String, read: Result<Arc<Sheet>, String>) {
        self.waits = false;
        self.read = Some((path, read));
        (self.linted, self.computed) = (None, None);
    }

    /// Checks the file again where facts, destination or width changed.
    fn refresh(&mut self, to: Option<&Tenant>, estate: &Estate, width: usize) -> bool {
        let wanted = (estate.revision(), to.map(|tenant| tenant.id.clone()), width);
        if self.computed.as_ref() == Some(&wanted) {
            return false;
        }
        self.computed = Some(wanted);
        let environment = self.environment.as_ref().and_then(|id| estate.find(id)).map(|key| estate.environment(key));
        let before = std::mem::take(&mut self.found);
        self.linted = None;
        match (&self.read, environment) {
            (Some((path, Ok(sheet))), Some(environment)) => {
                let name = Path::new(path).file_name().and_then(|name| name.to_str());
                let from = Some(estate.tenant(environment.tenant));
                let linted = lint(sheet, Asked { edition: estate.edition(), file: name, from, to, environment: Some(environment) });
                self.found = lines(&linted, environment, width);
                self.linted = Some(Arc::new(linted));
            }
            (Some((_, Err(error))), _) => {
                self.found = fit(error, width).into_iter().map(|line| Found::Error(None, line)).collect();
                self.found.push(Found::Remedy("Name another file, or mend this one and press Ctrl-R".to_owned()));
            }
            (Some((_, Ok(_))), None) | (None, _) => {}
        }
        self.found != before
    }
}

fn fit(text: &str, width: usize) -> Vec<String> {
    textwrap::wrap(text, width.saturating_sub(REASON_INDENT).max(10)).into_iter().map(String::from).collect()
}

/// Every error and warning with its place, then who is left behind.
fn lines(linted: &Linted, environment: &Environment, width: usize) -> Vec<Found> {
    let mut lines = Vec::new();
    let counts = format!("{}, {} mapped", counted(linted.rows, "line"), counted(linted.mapped.len(), "user"));
    match (linted.errors.len(), linted.warnings.len()) {
        (0, 0) => lines.push(Found::Good(format!("{counts}: nothing is wrong"))),
        (0, warnings) => lines.push(Found::Good(format!("{counts}: nothing is wrong, {}", counted(warnings, "warning")))),
        (errors, 0) => lines.push(Found::Text(format!("{counts}, {}", counted(errors, "error")))),
        (errors, warnings) => lines.push(Found::Text(format!("{counts}, {}, {}", counted(errors, "error"), counted(warnings, "warning")))),
    }
    let mut say = |remark: &Remark, line: fn(Option<String>, String) -> Found| {
        let mut place = Some(format!("{}:{}", remark.line, remark.column));
        lines.extend(
            fit(&format!("line {}, column {}: {}", remark.line, remark.column, remark.message), width).into_iter().map(|text| line(place.take(), text)),
        );
        lines.extend(fit(&remark.remedy, width).into_iter().map(Found::Remedy));
    };
    linted.errors.iter().for_each(|remark| say(remark, Found::Error));
    linted.warnings.iter().for_each(|remark| say(remark, Found::Warning));
    let left = match &linted.left_behind {
        LeftBehind::Unknown => format!("Who is left behind is unknown: nobody listed who is enabled in {}", environment.name),
        LeftBehind::OfEnvironment(left) => who(left, &format!("who can use {}", environment.name)),
        LeftBehind::OfTenant(left) => who(left, "of the old tenant, because nobody listed who is enabled"),
    };
    lines.extend(fit(&left, width).into_iter().map(Found::Text));
    lines
}

fn who(left: &[Left], of: &str) -> String {
    let names: Vec<&str> = left.iter().map(|left| &*left.upn).collect();
    match names.as_slice() {
        [] => format!("Nobody {of} is left behind"),
        names => format!("Left behind, {} {of}: {}", counted(names.len(), "user"), list(names)),
    }
}

/// What was chosen for a move.
#[derive(Debug, Default)]
pub struct Moving {
    /// The destination, by the id of the tenant.
    pub to: Option<Box<str>>,
    /// The environments that move, in order; at least one once the wizard is open.
    pub each: Vec<Chosen>,
    /// Which of them has the keyboard.
    pub at: usize,
    /// The first line on screen of what was found in its file.
    pub top: usize,
    /// Why they move, as an index into [`Reason::ALL`].
    pub reason: usize,
    /// When the cut-over is to begin, as typed; empty leaves it open.
    pub cut_over: Input,
}

impl Moving {
    /// Moves these environments; what was chosen for one of them before is kept.
    pub fn of(&mut self, environments: &[EnvironmentId]) {
        let mut before = std::mem::take(&mut self.each);
        let chosen = |id: &EnvironmentId| match before.iter().position(|chosen| chosen.environment.as_ref() == Some(id)) {
            Some(at) => before.remove(at),
            None => Chosen { environment: Some(id.clone()), ..Chosen::default() },
        };
        self.each = environments.iter().map(chosen).collect();
        // What was being read when the wizard was left was read for nobody.
        self.each.iter_mut().for_each(|chosen| chosen.waits = false);
        (self.at, self.top) = (0, 0);
    }

    /// Takes over what stands in a plan of the environment, where nothing was chosen yet; true when there is such a plan.
    pub fn fill_in(&mut self, estate: &Estate, templates: &[Template], environment: &EnvironmentId) -> bool {
        let open = checklist::open_for(estate.journal(), templates, environment);
        let Some(opened) = open.iter().rfind(|opened| *opened.template == *PLAN) else { return false };
        let Some((_, inputs)) = opened.plan else { return false };
        let worked = estate.find(environment).map(|key| estate.environment(key));
        let plan = worked.and_then(|worked| Checklist::of(estate.journal(), opened, templates, worked, estate));
        let agreed = as_agreed(plan.as_ref(), inputs, environment);
        let (begun, planned) = (Planned(inputs), Planned(&agreed));
        if let Some(to) = planned.to() {
            self.to.get_or_insert_with(|| to.into());
        }
        if let Some(reason) = planned.reason().and_then(Reason::from_word) {
            self.reason = Reason::ALL.iter().position(|known| *known == reason).unwrap_or(self.reason);
        }
        // What stands there from the beginning of the plan gives way to what was agreed since; what somebody typed stays.
        let fill = |line: &mut Input, before: Option<String>, text: Option<String>| {
            let typed = line.value().trim();
            if typed.is_empty() || before.is_some_and(|before| before == typed) {
                *line = text.map_or_else(Input::default, Input::new);
            }
        };
        let minute = |at: &str| DateTime::parse_from_rfc3339(at).ok().map(|at| at.to_utc().format("%Y-%m-%d %H:%M").to_string());
        fill(&mut self.cut_over, begun.cut_over().and_then(minute), planned.cut_over().and_then(minute));
        if let Some(chosen) = self.each.iter_mut().find(|chosen| chosen.environment.as_ref() == Some(environment)) {
            fill(&mut chosen.path, None, planned.mapping(environment).map(|file| estate.records().lies_at(file)));
            fill(&mut chosen.group, begun.group(environment).map(str::to_owned), planned.group(environment).map(str::to_owned));
        }
        true
    }

    /// The destination.
    pub fn destination<'e>(&self, estate: &'e Estate) -> Option<(TenantKey, &'e Tenant)> {
        let to = self.to.as_ref()?;
        estate.tenants().find(|(_, tenant)| tenant.id == *to)
    }

    /// What has the keyboard.
    pub fn chosen(&self) -> Option<&Chosen> {
        self.each.get(self.at)
    }

    /// The same, to be changed.
    pub fn chosen_mut(&mut self) -> Option<&mut Chosen> {
        self.each.get_mut(self.at)
    }

    /// Gives the keyboard to the next environment, or the one before.
    pub fn step(&mut self, by: i8) {
        let count = self.each.len().max(1);
        self.at = if by > 0 { self.at + 1 } else { self.at + count - 1 } % count;
        self.top = 0;
    }

    /// The files that are named and were not read yet; with `again` all that are named. They are waited for from now on.
    pub fn unread(&mut self, again: bool) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for chosen in &mut self.each {
            let Some(path) = chosen.file().filter(|_| again || !chosen.is_read()).map(str::to_owned) else { continue };
            chosen.waits = true;
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// Two environments for which the same file is named (TTM-041).
    pub fn shared(&self, estate: &Estate) -> Option<String> {
        let name = |chosen: &Chosen| chosen.environment.as_ref().and_then(|id| estate.find(id)).map_or("", |key| &estate.environment(key).name);
        let mut named: Vec<(&str, &Chosen)> = self.each.iter().filter_map(|chosen| Some((chosen.lies_at()?, chosen))).collect();
        named.sort_by_key(|(file, _)| *file);
        let twice = named.windows(2).find(|pair| matches!(pair, [(one, _), (other, _)] if one == other))?;
        let [(file, one), (_, other)] = twice else { return None };
        Some(format!("{file} is named for {} and for {}: each environment needs a mapping file of its own", name(one), name(other)))
    }

    /// Two files that say the same, to the letter: each environment has its own, but perhaps by mistake (TTM-041).
    pub fn alike(&self, estate: &Estate) -> Option<String> {
        let name = |chosen: &Chosen| chosen.environment.as_ref().and_then(|id| estate.find(id)).map_or("", |key| &estate.environment(key).name);
        let mut read: Vec<(&str, &Chosen)> = self.each.iter().filter_map(|chosen| Some((&*chosen.origin()?.digest, chosen))).collect();
        read.sort_by_key(|(digest, _)| *digest);
        let twice = read.windows(2).find(|pair| matches!(pair, [(one, _), (other, _)] if one == other))?;
        let [(_, one), (_, other)] = twice else { return None };
        Some(format!("The files of {} and {} say the same, to the letter: is that meant?", name(one), name(other)))
    }

    /// Checks the files again where that is needed; true when something changed.
    pub fn refresh(&mut self, estate: &Estate, width: usize) -> bool {
        let to = self.to.as_ref().and_then(|to| estate.tenants().find(|(_, tenant)| tenant.id == *to)).map(|(_, tenant)| tenant);
        self.each.iter_mut().fold(false, |changed, chosen| changed | chosen.refresh(to, estate, width))
    }

    /// Scrolls what was found in the file; true when something moved.
    pub fn scroll(&mut self, step: Rows, height: usize) -> bool {
        let length = self.chosen().map_or(0, |chosen| chosen.found.len());
        scroll(&mut self.top, step, length, height)
    }

    /// When the cut-over is to begin, in the time of whoever looks; none where it is open.
    pub fn begins(&self, now: DateTime<Utc>, offset: Offset) -> Result<Option<DateTime<FixedOffset>>, String> {
        let typed = self.cut_over.value().trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let at = instant::read_leaning(typed, Lean::Coming, now, offset).map_err(|reason| format!("Planned cut-over: {reason}"))?;
        let at = at.to_utc();
        Ok(Some(at.with_timezone(&offset(at))))
    }

    /// The object id of the group that was typed for an environment, by its name or as it is; none where it is open.
    pub fn group_of(&self, chosen: &Chosen, estate: &Estate) -> Result<Option<Box<str>>, String> {
        let typed = chosen.group.value().trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let Some((_, tenant)) = self.destination(estate) else { return Err("Choose the destination first".to_owned()) };
        tenant.group_id(typed).map(Some)
    }

    /// What is to be done to one environment, as far as it is chosen.
    pub fn request(&self, environment: &Environment, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>, offset: Offset) -> Move {
        let chosen = self.each.iter().find(|chosen| chosen.environment.as_ref() == Some(&environment.id));
        let undecided = || Move { to: self.to.clone().unwrap_or_default(), same_region: false, group: None, mapping: None, cut_over: None };
        let moved = self.destination(estate).map_or_else(undecided, |(_, to)| Move::of(environment, to, rulebook));
        Move {
            group: chosen.and_then(|chosen| self.group_of(chosen, estate).ok().flatten()),
            mapping: chosen.and_then(|chosen| Some(UserMapping::of(chosen.file()?, Arc::clone(chosen.linted()?)))),
            cut_over: self.begins(now, offset).ok().flatten(),
            ..moved
        }
    }

    /// The choices as a plan keeps them.
    pub fn inputs(&self, estate: &Estate, now: DateTime<Utc>, offset: Offset) -> Vec<(Box<str>, Value)> {
        let text = |name: &str, value: &str| (name.into(), Value::Text(value.into()));
        let mut inputs = vec![text("to_tenant", self.to.as_deref().unwrap_or_default())];
        inputs.extend(Reason::ALL.get(self.reason).map(|reason| text("reason", reason.word())));
        inputs.extend(self.begins(now, offset).ok().flatten().map(|at| text("cut_over", &at.to_rfc3339())));
        for chosen in &self.each {
            let Some(id) = &chosen.environment else { continue };
            inputs.extend(chosen.lies_at().map(|file| text(&format!("{MAPPING_OF}{id}"), file)));
            inputs.extend(chosen.origin().map(|origin| text(&format!("{CONTENT_OF}{id}"), &origin.digest)));
            let group = self.group_of(chosen, estate).ok().flatten();
            inputs.extend(group.map(|group| text(&format!("{GROUP_OF}{id}"), &group)));
        }
        inputs
    }
}
