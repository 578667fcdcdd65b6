//! The runbook of an operation or plan: what is asked before it is taken, then its text in each dialect.

use tui_input::Input;

use crate::app::details::scroll;
use crate::app::list::Step;
use crate::app::model::{Layer, Model};
use crate::app::moving::{Chosen, Moving};
use crate::domain::checklist::{Does, Part};
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::instant as typed;
use crate::domain::lookup;
use crate::domain::operation::OperationKind;
use crate::domain::order::{Dialect, Order, Papers};
use crate::domain::time::minute;
use crate::domain::words::Word as _;

/// What it is the runbook of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// What the wizard below is about to do.
    Operation,
    /// A plan, by the id of its checklist, for an environment.
    Plan(Box<str>, EnvironmentId),
}

/// What is asked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// The instant that a plan restores to.
    Instant,
    /// The environment that a plan restores or copies into.
    Onto,
    /// The environment that a plan copies.
    From,
    /// What it is for.
    Purpose,
    /// The ticket of the change.
    Ticket,
    /// Who approves it.
    Approver,
    /// From when until when it may be done.
    Window,
    /// The target's name, typed to confirm.
    Typed,
}

impl Blank {
    /// What stands before it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Instant => "restores to",
            Self::Onto => "into",
            Self::From => "copied from",
            Self::Purpose => "purpose",
            Self::Ticket => "ticket",
            Self::Approver => "approver",
            Self::Window => "window",
            Self::Typed => "type its name",
        }
    }

    /// What is expected where nothing is typed.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Instant => "an instant, such as yesterday 14:35",
            Self::Onto => "the new environment: its name or id",
            Self::From => "the environment that is copied: its name or id",
            Self::Window => "such as 2026-01-06 20:00 / 2026-01-06 23:00, in UTC",
            Self::Purpose | Self::Ticket | Self::Approver | Self::Typed => "",
        }
    }
}

/// What was typed; it is kept for the next runbook, but for the name.
#[derive(Debug, Default)]
pub struct Typing {
    /// The plan that the instant and the environments were typed for.
    pub plan: Option<Subject>,
    /// The instant that a plan restores to.
    pub instant: Input,
    /// The environment that a plan restores or copies into.
    pub onto: Input,
    /// The environment that a plan copies.
    pub from: Input,
    /// What it is for.
    pub purpose: Input,
    /// The ticket of the change.
    pub ticket: Input,
    /// Who approves it.
    pub approver: Input,
    /// From when until when it may be done.
    pub window: Input,
    /// The target's name.
    pub typed: Input,
}

impl Typing {
    /// The line of a blank.
    pub const fn line(&self, blank: Blank) -> &Input {
        match blank {
            Blank::Instant => &self.instant,
            Blank::Onto => &self.onto,
            Blank::From => &self.from,
            Blank::Purpose => &self.purpose,
            Blank::Ticket => &self.ticket,
            Blank::Approver => &self.approver,
            Blank::Window => &self.window,
            Blank::Typed => &self.typed,
        }
    }

    /// The line of a blank, to be typed in.
    pub const fn line_mut(&mut self, blank: Blank) -> &mut Input {
        match blank {
            Blank::Instant => &mut self.instant,
            Blank::Onto => &mut self.onto,
            Blank::From => &mut self.from,
            Blank::Purpose => &mut self.purpose,
            Blank::Ticket => &mut self.ticket,
            Blank::Approver => &mut self.approver,
            Blank::Window => &mut self.window,
            Blank::Typed => &mut self.typed,
        }
    }
}

/// The questions before a runbook.
#[derive(Debug)]
pub struct Taking {
    /// What it is the runbook of.
    pub subject: Subject,
    /// What is asked, in order.
    pub blanks: Vec<Blank>,
    /// Which blank has the keyboard.
    pub blank: Blank,
    /// What is chosen for the move of a plan that moves the environment.
    pub moving: Option<Box<Moving>>,
}

impl Taking {
    /// The questions before the runbook of that; of a plan, what the operations that are still open in it need.
    pub fn new(subject: Subject, open: &[Does]) -> Self {
        let mut blanks = Vec::new();
        for does in open {
            blanks.extend((does.operation == OperationKind::Restore).then_some(Blank::Instant));
            match (does.operation, does.part) {
                (OperationKind::Restore | OperationKind::Copy, Part::Source) => blanks.push(Blank::Onto),
                (OperationKind::Copy, Part::Target) => blanks.push(Blank::From),
                _ => {}
            }
        }
        blanks.extend([Blank::Purpose, Blank::Ticket, Blank::Approver, Blank::Window, Blank::Typed]);
        let blank = blanks.first().copied().unwrap_or(Blank::Typed);
        Self { subject, blanks, blank, moving: None }
    }

    /// Gives the keyboard to the next blank, or the one before.
    pub fn next(&mut self, by: i8) {
        let at = self.blanks.iter().position(|blank| *blank == self.blank).unwrap_or(0);
        let count = self.blanks.len().max(1);
        let to = if by > 0 { at + 1 } else { at + count - 1 } % count;
        self.blank = self.blanks.get(to).copied().unwrap_or(Blank::Typed);
    }

    /// The environment that was named in a blank; none where that is not asked.
    fn named<'a>(&self, blank: Blank, missing: &str, model: &'a Model) -> Result<Option<&'a Environment>, String> {
        if !self.blanks.contains(&blank) {
            return Ok(None);
        }
        let text = model.ui.typing.line(blank).value().trim();
        if text.is_empty() {
            return Err(missing.to_owned());
        }
        let key = lookup::environment(&model.estate, text, None).map_err(|_| format!("There is no environment `{text}`, or there are several: type its id"))?;
        Ok(Some(model.estate.environment(key)))
    }

    /// The environment that a plan restores or copies into, where it is another one.
    pub fn onto<'a>(&self, model: &'a Model) -> Result<Option<&'a Environment>, String> {
        self.named(Blank::Onto, "Say into which new environment: create it first (N), and capture the tenant again", model)
    }

    /// The environment that a plan copies.
    pub fn from<'a>(&self, model: &'a Model) -> Result<Option<&'a Environment>, String> {
        self.named(Blank::From, "Say which environment is copied", model)
    }

    /// The name that has to be typed.
    pub fn target(&self, model: &Model) -> Result<String, String> {
        match &self.subject {
            Subject::Operation => {
                let plan = model.wizard().and_then(|wizard| wizard.step.plan()).ok_or("There is nothing to carry out")?;
                Ok(plan.request().name(&model.estate).to_owned())
            }
            Subject::Plan(_, id) => match self.onto(model)? {
                Some(onto) => Ok(onto.name.to_string()),
                None => model.estate.find(id).map(|key| model.estate.environment(key).name.to_string()).ok_or_else(|| "It is not there any more".to_owned()),
            },
        }
    }

    /// Who wants it and who answers for it, as typed; says what is wrong with the window.
    pub fn papers(&self, model: &Model) -> Result<Papers, String> {
        let typing = &model.ui.typing;
        let given = |line: &Input| Some(line.value().trim()).filter(|text| !text.is_empty()).map(Box::from);
        let (now, offset) = (model.ui.now.unskipped, model.ui.setup.offset);
        let window = match typing.window.value().trim() {
            "" => None,
            text => {
                let (from, to) = text.split_once('/').ok_or("Window: two times with a slash between them")?;
                let (from, to) = typed::read_window(from, to, now, offset)?;
                if from >= to {
                    return Err(format!("Window: it ends at {}, before it begins at {}", minute(to), minute(from)));
                }
                if to <= now {
                    return Err(format!("Window: it is over since {}: write its date with the year", minute(to)));
                }
                Some((from, to))
            }
        };
        Ok(Papers { purpose: given(&typing.purpose), ticket: given(&typing.ticket), approver: given(&typing.approver), window })
    }
}

/// Why the runbook cannot be taken yet.
pub fn cannot_take(model: &Model) -> Option<String> {
    let Some(Layer::Taking(taking)) = model.ui.layers.last() else { return None };
    if taking.blanks.contains(&Blank::Instant) && model.ui.typing.instant.value().trim().is_empty() {
        return Some(format!("Say to which instant it restores: {}", typed::EXPECTED));
    }
    if taking.blanks.contains(&Blank::Instant)
        && let Err(reason) = typed::read(model.ui.typing.instant.value(), model.ui.now.unskipped, model.ui.setup.offset)
    {
        return Some(reason);
    }
    if let Err(reason) = taking.papers(model) {
        return Some(reason);
    }
    if let Some(reason) = taking.moving.as_ref().and_then(|moving| moving.each.iter().find_map(Chosen::cannot_be_judged)) {
        return Some(reason);
    }
    match taking.from(model).and_then(|_| taking.target(model)) {
        Err(reason) => Some(reason),
        Ok(target) => (model.ui.typing.typed.value() != target).then(|| format!("Type the target's name to confirm: {target}")),
    }
}

/// A runbook in one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub dialect: Dialect,
    /// What its file is called; none where there is only the reason why there is no script.
    pub file: Option<String>,
    /// What it says.
    pub text: String,
}

/// The runbook that is shown.
#[derive(Debug)]
pub struct Sheets {
    /// What it is written from.
    pub order: Box<Order>,
    /// It in every dialect.
    pub all: Vec<Sheet>,
    /// Which is shown.
    pub at: usize,
    /// The first line on screen.
    pub top: usize,
    lines: Vec<String>,
    broken: Option<(usize, usize)>,
}

impl Sheets {
    /// Shows these, where the ones before were looked at.
    pub const fn new(order: Box<Order>, all: Vec<Sheet>, (at, top): (usize, usize)) -> Self {
        Self { order, all, at, top, lines: Vec::new(), broken: None }
    }

    /// The one that is shown.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.all.get(self.at)
    }

    /// Its lines, broken where the screen ends.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Shows the next dialect, or the one before.
    pub fn turn(&mut self, by: i8) {
        let count = self.all.len().max(1);
        self.at = if by > 0 { self.at + 1 } else { self.at + count - 1 } % count;
        self.top = 0;
    }

    /// Breaks the lines anew where another dialect or width asks for that; true when they changed.
    pub fn fit(&mut self, width: usize) -> bool {
        let wanted = (self.at, width);
        if self.broken == Some(wanted) {
            return false;
        }
        let options = textwrap::Options::new(width.max(20)).subsequent_indent("      ");
        let text = self.sheet().map_or("", |sheet| sheet.text.as_str());
        self.lines = text.lines().flat_map(|line| textwrap::wrap(line, &options).into_iter().map(String::from).collect::<Vec<_>>()).collect();
        self.broken = Some(wanted);
        true
    }

    /// Scrolls; true when something moved.
    pub fn scroll(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.top, step, self.lines.len(), height)
    }

    /// Its title: the dialects, the one that is shown in brackets.
    pub fn title(&self) -> String {
        let label = |(at, sheet): (usize, &Sheet)| if at == self.at { format!("[{}]", sheet.dialect.word()) } else { sheet.dialect.word().to_owned() };
        let labels: Vec<String> = self.all.iter().enumerate().map(label).collect();
        format!("Runbook: {}", labels.join("  "))
    }
}
