//! The wizard: a row of pages above, the page that is open below.

use tui_input::Input;

use crate::app::choices::Choice;
use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::app::moving::Reason;
use crate::app::pages::{Field, Page, RecordField, Step, route, ways};
use crate::app::review::ReviewLine;
use crate::app::timeline::both_times;
use crate::app::wizard::Wizard;
use crate::domain::copy::Level;
use crate::domain::instant::{self, EXPECTED, Lean};
use crate::domain::known::Known;
use crate::domain::operation::{OperationKind, Outcome};
use crate::domain::plan::Plan;
use crate::domain::request::kinds::row;
use crate::domain::words::{Word, counted};
use crate::view::moving;
use crate::view::over::input;
use crate::view::paint::{Paint, columns};
use crate::view::targets::{self, reason_line};
use crate::view::theme::Role;
use crate::view::timeline;

/// What the articles advise about each level (CPY-013, CPY-014, CPY-017 to CPY-020, C-14), one paragraph each.
const ADVICE: [(&str, [&str; 3]); 2] = [
    (
        "All application data, users, customizations and schemas.",
        [
            "For user acceptance testing, testing an upgrade, previews in production, and training.",
            "As when Isaac has to try a vendor's solution that nobody knows: he needs a sandbox like production, cut off from it.",
            "It carries production's mailboxes, flows and connections along: they are dealt with before anybody works there.",
        ],
    ),
    (
        "Users, customizations and schemas; 204 tables are emptied.",
        [
            "For iterative development in a team, partner solutions, and proofs of concept.",
            "As when vendors help to build and must not see personal data: no customer leaves production.",
            "User records do travel. Let a security group decide who gets in; some plug-ins have to be changed and enabled first.",
        ],
    ),
];

/// Rows that both levels need with their advice.
const ROOM_FOR_BOTH_LEVELS: u16 = 20;

/// Draws the wizard.
pub fn draw(model: &Model, wizard: &Wizard, layout: &Layout, paint: &mut Paint<'_>) {
    match &wizard.step {
        Step::Target => targets::draw(model, &wizard.targets, layout, paint),
        Step::Tenant => moving::destinations(model, wizard, layout, paint),
        Step::Questions => moving::questions(model, wizard, frame(model, wizard, layout.body, paint), paint),
        Step::Mapping => moving::mapping(model, wizard, frame(model, wizard, layout.body, paint), paint),
        Step::Level => level(model, wizard, layout.body, paint),
        Step::Point => point(model, wizard, layout.body, paint),
        Step::Days => short_list(model, wizard, "For how long are backups to be kept?", layout.body, paint),
        Step::Backup => short_list(model, wizard, "Which backup is to be deleted?", layout.body, paint),
        Step::Details(target) => {
            let inside = frame(model, wizard, layout.body, paint);
            details(model, wizard, model.estate.environment(*target), inside, paint);
        }
        Step::Review(_) => review(model, wizard, layout.body, paint),
        Step::Carry(plan) => carry(model, wizard, plan, layout.body, paint),
        Step::Record(plan) => record(model, wizard, plan, layout.body, paint),
    }
}

/// What is done, in the words of a title: "Copy Contoso Sales".
fn doing(model: &Model, wizard: &Wizard) -> String {
    if wizard.moves_several() {
        return format!("Move {}", counted(wizard.draft.moving.each.len(), "environment"));
    }
    route(wizard.kind).title.replacen("{}", &model.estate.environment(wizard.source()).name, 1)
}

/// The row of pages, as a title of at most `width` columns: all of them, or only the one that is open.
pub fn title(model: &Model, wizard: &Wizard, width: u16) -> String {
    const BESIDE: u16 = 38;
    let (all, here) = (route(wizard.kind).pages, wizard.step.page());
    let doing = doing(model, wizard);
    let labels: Vec<String> = all.iter().map(|page| if *page == here { format!("[{}]", page.label()) } else { page.label().to_owned() }).collect();
    let long = format!("{doing}: {}", labels.join(" › "));
    if columns(&long) + BESIDE <= width {
        return long;
    }
    let number = all.iter().position(|page| *page == here).unwrap_or(0) + 1;
    let short = format!("{doing}: {} ({number} of {})", here.label(), all.len());
    // Where even that is cut, it is cut behind the page.
    if columns(&short) + BESIDE <= width { short } else { format!("{} ({number} of {}): {doing}", here.label(), all.len()) }
}

fn frame(model: &Model, wizard: &Wizard, area: Area, paint: &mut Paint<'_>) -> Area {
    let title = title(model, wizard, area.width);
    let right = match wizard.kind {
        OperationKind::Copy if wizard.step.page() != Page::Level => wizard.targets.label(),
        OperationKind::Restore if wizard.step.page() != Page::Point => wizard.targets.label(),
        _ => String::new(),
    };
    let inside = paint.frame(area, true, &title, (&right, Role::Key));
    Area { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

fn level(model: &Model, wizard: &Wizard, area: Area, paint: &mut Paint<'_>) {
    let inside = frame(model, wizard, area, paint);
    let end = inside.x + inside.width;
    let bottom = inside.y + inside.height;
    let mut y = paint.paragraph(inside.x, inside.y, inside.width, 2, "What is to be carried over?", Role::Text) + 1;
    for (index, (level, (what, advice))) in Level::ALL.iter().zip(ADVICE).enumerate() {
        if y >= bottom {
            break;
        }
        let chosen = wizard.draft.row == index;
        paint.text(inside.x + 2, y, end, level.label(), Role::Title);
        if chosen {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(Area { width: inside.width, ..inside }, y, Role::Selected);
        }
        y = paint.paragraph(inside.x + 2, y + 1, inside.width.saturating_sub(2), bottom.saturating_sub(y + 1), what, Role::Good);
        // Where there is no room for both, only the chosen level is explained.
        for line in advice.into_iter().filter(|_| chosen || inside.height >= ROOM_FOR_BOTH_LEVELS) {
            y = paint.paragraph(inside.x + 2, y, inside.width.saturating_sub(2), bottom.saturating_sub(y), line, Role::Text);
        }
        y += 1;
    }
}

/// Where a line that is typed begins, behind its label.
pub(super) const FIELD: u16 = 18;

/// A label with a line that is typed.
pub(super) fn field(label: &str, line: &Input, active: bool, area: Area, y: u16, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    paint.text(area.x, y, area.x + FIELD, label, if active { Role::Key } else { Role::Dim });
    if active {
        input(line, area.x + FIELD, y, end, paint);
    } else {
        paint.text(area.x + FIELD, y, end, line.value(), Role::Text);
    }
}

/// What a restore goes back to: an instant that is typed, or a manual backup (RST-010, RST-036).
fn point(model: &Model, wizard: &Wizard, area: Area, paint: &mut Paint<'_>) {
    let inside = frame(model, wizard, area, paint);
    let end = inside.x + inside.width;
    paint.text(inside.x, inside.y, end, "What is it to be restored to?", Role::Text);
    let Some((system, manual)) = wizard.choices().split_first() else { return };
    let at_system = wizard.draft.row == 0;
    let y = inside.y + 2;
    paint.text(inside.x, y, end, "System backup", Role::Title);
    paint.text(inside.x + FIELD, y, end, &system.about, Role::Dim);
    if system.refused.is_none() {
        field("instant, in UTC", &wizard.draft.instant, at_system, inside, y + 1, paint);
        let read = instant::read(wizard.draft.instant.value(), model.now(), model.ui.setup.offset);
        let means = read.map_or_else(|_| EXPECTED.to_owned(), |at| both_times(at, (model.ui.setup.offset)(at)));
        paint.text(inside.x + FIELD, y + 2, end, &means, Role::Dim);
    }
    if at_system {
        paint.text(inside.x.saturating_sub(1), y + 1, inside.x, paint.theme.symbols.here, Role::Text);
    }
    let y = y + 4;
    paint.text(inside.x, y, end, "Manual backups", Role::Title);
    if manual.is_empty() {
        let none = if model.estate.environment(wizard.source()).backups.is_unknown() { "unknown: nobody looked which there are" } else { "none" };
        paint.text(inside.x + FIELD, y, end, none, Role::Dim);
    }
    let rows = Area { y: y + 1, height: (inside.y + inside.height).saturating_sub(y + 4), ..inside };
    choices(manual, wizard.draft.row.checked_sub(1), rows, paint);
    let y = inside.y + inside.height.saturating_sub(2);
    let logs = match (at_system, wizard.draft.audit_logs.is(&true)) {
        (true, _) => "Audit logs can be taken along from manual backups only.".to_owned(),
        (false, on) => format!("[{}] take audit logs along (Space); left out unless you say so, because they can take much longer", if on { "x" } else { " " }),
    };
    paint.paragraph(inside.x, y, inside.width, 2, &logs, Role::Dim);
}

/// Rows that are chosen from, scrolled so that the one under the cursor is seen.
fn choices(rows: &[Choice], at: Option<usize>, area: Area, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    let height = usize::from(area.height);
    let top = at.map_or(0, |at| (at + 1).saturating_sub(height));
    for ((index, choice), y) in rows.iter().enumerate().skip(top).take(height).zip(area.y..) {
        let role = if choice.refused.is_some() { Role::Dim } else { Role::Text };
        let half = area.x + 2 + (area.width / 2).min(40);
        paint.text(area.x + 2, y, half.saturating_sub(1), &choice.what, role);
        paint.text(half, y, end, &choice.about, Role::Dim);
        if at == Some(index) {
            paint.text(area.x, y, area.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(area, y, Role::Selected);
        }
    }
}

/// A page on which one of a few is chosen.
fn short_list(model: &Model, wizard: &Wizard, question: &str, area: Area, paint: &mut Paint<'_>) {
    let inside = frame(model, wizard, area, paint);
    let end = inside.x + inside.width;
    paint.text(inside.x, inside.y, end, question, Role::Text);
    if wizard.choices().is_empty() {
        paint.text(inside.x, inside.y + 2, end, "There is none. Esc goes back", Role::Dim);
    }
    let rows = Area { y: inside.y + 2, height: inside.height.saturating_sub(2), ..inside };
    choices(wizard.choices(), Some(wizard.draft.row), rows, paint);
}

/// A label with a value that is chosen.
fn chosen(label: &str, value: &str, hint: Option<String>, area: Area, y: u16, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    paint.text(area.x, y, area.x + FIELD, label, if hint.is_some() { Role::Key } else { Role::Dim });
    let x = paint.text(area.x + FIELD, y, end, value, Role::Text);
    if let Some(hint) = hint {
        paint.text(x + 2, y, end, &hint, Role::Dim);
    }
}

fn details(model: &Model, wizard: &Wizard, target: &crate::domain::environment::Environment, inside: Area, paint: &mut Paint<'_>) {
    let end = inside.x + inside.width;
    let bottom = inside.y + inside.height;
    let y = inside.y;
    let heading = match wizard.kind {
        OperationKind::Backup => format!("A manual backup of {}", target.name),
        OperationKind::Create => format!("Another environment in {}", model.estate.tenant(target.tenant).name),
        _ => format!("{} afterwards", target.name),
    };
    paint.text(inside.x, y, end, &heading, Role::Text);
    let fields = wizard.fields(&model.estate);
    for (which, y) in fields.iter().zip(y + 2..) {
        let active = wizard.field == *which;
        match which {
            Field::Name => field(which.label(), &wizard.draft.name, active, inside, y, paint),
            Field::Notes => field(which.label(), &wizard.draft.notes, active, inside, y, paint),
            Field::Url => field(which.label(), &wizard.draft.url, active, inside, y, paint),
            Field::Group => {
                let groups = wizard.groups(&model.estate);
                let at = groups.iter().position(|(group, _)| wizard.draft.group.is(group));
                let group = at.and_then(|at| groups.get(at)).map_or("not in the tenant any more", |(_, label)| label.as_str());
                chosen(which.label(), group, active.then(|| format!("{} of {}, ←→ changes it", at.map_or(0, |at| at + 1), groups.len())), inside, y, paint);
            }
            Field::Region => field(which.label(), &wizard.draft.region, active, inside, y, paint),
            Field::CutOver => {
                field(which.label(), &wizard.draft.moving.cut_over, active, inside, y, paint);
                let line = &wizard.draft.moving.cut_over;
                if line.value().trim().is_empty() && !active {
                    paint.text(inside.x + FIELD, y, end, "open", Role::Dim);
                } else if let Ok(at) = instant::read_leaning(line.value(), Lean::Coming, model.now(), model.ui.setup.offset)
                    && !line.value().trim().is_empty()
                {
                    let at = at.to_utc();
                    paint.text(inside.x + FIELD + columns(line.value()) + 3, y, end, &both_times(at, (model.ui.setup.offset)(at)), Role::Dim);
                }
            }
            Field::Reason => {
                let reason = Reason::ALL.get(wizard.draft.moving.reason).map_or("", |reason| reason.label());
                chosen(which.label(), reason, active.then(|| "←→ changes it".to_owned()), inside, y, paint);
            }
            Field::Joins(at) => {
                if let Some(each) = wizard.draft.moving.each.get(usize::from(*at)) {
                    field(which.label(), &each.group, active, inside, y, paint);
                    let hint = moving::group(model, wizard, each);
                    let x = if each.group.value().is_empty() && !active { 0 } else { columns(each.group.value()) + 3 };
                    paint.text(inside.x + FIELD + x, y, end, &hint, Role::Dim);
                }
            }
            Field::Kind => {
                let kind = wizard.draft.kind.chosen().map_or("", |kind| kind.label());
                chosen(which.label(), kind, active.then(|| "←→ changes it".to_owned()), inside, y, paint);
            }
            Field::Half => {
                let half = wizard.halves(&model.estate).iter().find(|(half, _)| wizard.draft.half.is(half)).map_or("", |(_, label)| label);
                chosen(which.label(), half, active.then(|| "←→ changes it".to_owned()), inside, y, paint);
            }
            Field::AuditLogs => {
                let said = if wizard.draft.audit_logs.is(&true) { "take them along" } else { "leave them" };
                chosen(which.label(), said, active.then(|| "←→ changes it; they can make it much longer".to_owned()), inside, y, paint);
            }
        }
    }
    let y = y + u16::try_from(fields.len()).unwrap_or(0);
    if !matches!(wizard.kind, OperationKind::Copy | OperationKind::Restore) {
        let said = match wizard.kind {
            OperationKind::Migrate => {
                "Nobody can get in during the cut-over: choose an evening or a weekend. The group is one of the new tenant, by its name or object id; without one, assign it afterwards. Nothing happens before the last confirmation."
            }
            OperationKind::Backup => "Name and notes are given once; the label is the instant. Nothing happens before the last confirmation.",
            _ => "Nothing happens before the last confirmation.",
        };
        paint.paragraph(inside.x, y + 3, inside.width, bottom.saturating_sub(y + 3), said, Role::Dim);
        return;
    }
    let y = y.saturating_sub(2);
    let kept = match &target.url {
        Known::Is(Some(url)) => format!("It keeps its id and its URL ({url}), its type, its region and its own key."),
        Known::Is(None) | Known::Unknown => "It keeps its id, its URL, its type, its region and its own key.".to_owned(),
    };
    let mut y = paint.paragraph(inside.x, y + 5, inside.width, bottom.saturating_sub(y + 5), &kept, Role::Dim);
    if wizard.level() == Some(Level::Customizations) {
        let hint = "At this level users travel but no data. If outsiders will work there, let in only the members of a group made for it.";
        y = paint.paragraph(inside.x, y + 1, inside.width, bottom.saturating_sub(y + 1), hint, Role::Warn);
    }
    let danger = format!("{} is about to be overwritten. Nothing happens before the last confirmation.", target.name);
    paint.paragraph(inside.x, y + 1, inside.width, bottom.saturating_sub(y + 1), &danger, Role::Dim);
}

fn review(model: &Model, wizard: &Wizard, area: Area, paint: &mut Paint<'_>) {
    let title = title(model, wizard, area.width);
    let (losses, lines) = model.review();
    let height = usize::from(lines.height);
    let hidden = wizard.review().len().saturating_sub(wizard.review_top + height);
    let answer = wizard.answer();
    let right = if hidden > 0 { format!("{}, {hidden} more lines", answer.label()) } else { answer.label().to_owned() };
    let inside = paint.frame(area, true, &title, (&right, Role::of_answer(answer)));
    let end = inside.x + inside.width;
    let x = inside.x + 1;
    if losses.height > 0 {
        timeline::losses(model, losses, paint);
    }
    for (line, y) in wizard.review().iter().skip(wizard.review_top).take(height).zip(lines.y..) {
        match line {
            ReviewLine::Heading(text) => paint.text(x, y, end, text, Role::Title),
            ReviewLine::Danger(text) => paint.text(x, y, end, text, Role::Bad),
            ReviewLine::Text(text) => paint.text(x + 2, y, end, text, Role::Text),
            ReviewLine::Acknowledge(given, text) => {
                let (mark, role) = match given {
                    Some(true) => ("[x] ", Role::Good),
                    Some(false) => ("[ ] ", Role::Unknown),
                    None => ("    ", Role::Text),
                };
                let after = paint.text(x, y, end, mark, role);
                paint.text(after, y, end, text, Role::Text)
            }
            ReviewLine::Finding(reason) => {
                reason_line(reason, x, y, end, paint);
                x
            }
            ReviewLine::Gap => x,
        };
    }
}

fn target_name<'a>(model: &'a Model, plan: &'a Plan) -> &'a str {
    plan.request().name(&model.estate)
}

fn carry(model: &Model, wizard: &Wizard, plan: &Plan, area: Area, paint: &mut Paint<'_>) {
    let inside = frame(model, wizard, area, paint);
    let end = inside.x + inside.width;
    let bottom = inside.y + inside.height;
    let answer = plan.verdict().answer();
    let name = target_name(model, plan);
    let line = format!("{} {}", paint.theme.answer(answer), answer.label());
    paint.text(inside.x, inside.y, end, &line, Role::of_answer(answer));
    let (danger, role) = match wizard.kind {
        OperationKind::Copy | OperationKind::Restore => (format!("{name} will be overwritten."), Role::Bad),
        _ if row(plan.request().change.kind()).destroys => (format!("{}: {name}.", wizard.kind.label()), Role::Bad),
        _ => (format!("{}: {name}.", wizard.kind.label()), Role::Text),
    };
    paint.text(inside.x, inside.y + 1, end, &danger, role);
    let mut y = inside.y + 3;
    for (index, (way, what)) in ways(wizard.kind).iter().enumerate() {
        paint.text(inside.x + 2, y, end, way, Role::Title);
        if wizard.draft.way == index {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(inside, y, Role::Selected);
        }
        y = paint.paragraph(inside.x + 2, y + 1, inside.width.saturating_sub(2), bottom.saturating_sub(y + 1), what, Role::Dim) + 1;
    }
}

fn record(model: &Model, wizard: &Wizard, plan: &Plan, area: Area, paint: &mut Paint<'_>) {
    let inside = frame(model, wizard, area, paint);
    let end = inside.x + inside.width;
    let name = target_name(model, plan);
    let outcome = wizard.draft.outcome();
    let what = match (outcome, wizard.kind) {
        (Outcome::Started, kind) => format!("Record that this was begun on {name}: {}", kind.label()),
        (Outcome::Failed, kind) => format!("Record that this failed on {name}: {}", kind.label()),
        (Outcome::Succeeded, OperationKind::Copy | OperationKind::Restore) => format!("Record that {name} was overwritten"),
        (Outcome::Succeeded, kind) => format!("Record that this was carried out on {name}: {}", kind.label()),
    };
    paint.text(inside.x, inside.y, end, &what, if row(plan.request().change.kind()).destroys { Role::Bad } else { Role::Text });
    let who = match model.estate.viewer() {
        Known::Is(viewer) => viewer.to_string(),
        Known::Unknown => "unknown".to_owned(),
    };
    let fields = [
        (
            RecordField::When,
            if outcome == Outcome::Started { "begun at" } else { "carried out at" },
            &wizard.draft.when,
            format!("{}, now", crate::domain::time::minute(model.ui.now.unskipped)),
        ),
        (RecordField::Who, "by", &wizard.draft.who, who),
        (RecordField::Ticket, "ticket", &wizard.draft.ticket, String::new()),
        (RecordField::Approver, "approved by", &wizard.draft.approver, String::new()),
        (RecordField::Typed, "type its name", &wizard.draft.typed, String::new()),
    ];
    let active = wizard.record_field == RecordField::Outcome;
    paint.text(inside.x, inside.y + 2, inside.x + FIELD, "how it ended", if active { Role::Key } else { Role::Dim });
    let change = if active { "  ← → changes it" } else { "" };
    let said = if outcome == Outcome::Started { "begun, it still runs" } else { outcome.label() };
    paint.pieces(inside.x + FIELD, inside.y + 2, end, [(said, Role::Text), (change, Role::Dim)]);
    for ((which, label, line, otherwise), y) in fields.into_iter().zip(inside.y + 3..) {
        let active = wizard.record_field == which;
        field(label, line, active, inside, y, paint);
        if !active && line.value().is_empty() {
            paint.text(inside.x + FIELD, y, end, &otherwise, Role::Dim);
        }
        // What was typed in other words is told in figures.
        if which == RecordField::When
            && !active
            && let Ok(at) = instant::read(line.value(), model.ui.now.unskipped, model.ui.setup.offset)
        {
            paint.text(inside.x + FIELD + columns(line.value()) + 2, y, end, &both_times(at, (model.ui.setup.offset)(at)), Role::Dim);
        }
    }
    let matches = wizard.draft.typed.value() == name;
    let hint = if matches {
        if outcome == Outcome::Started {
            "Enter records it; it is busy until its end is recorded".to_owned()
        } else if outcome == Outcome::Succeeded
            && model.ui.templates.iter().any(|template| template.opened_by.iter().any(|opening| opening.operation == wizard.kind && opening.when.is_empty()))
        {
            "Enter records it and opens its checklist".to_owned()
        } else {
            "Enter records it".to_owned()
        }
    } else {
        format!("Type {name} to confirm. What is empty may stay so.")
    };
    paint.paragraph(inside.x, inside.y + 9, inside.width, 2, &hint, if matches { Role::Good } else { Role::Dim });
}
