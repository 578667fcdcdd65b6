//! The copy wizard: a row of steps above, the step that is being taken below.

use tui_input::Input;

use crate::app::copy::{Field, RecordField, ReviewLine, STEPS, Step, WAYS, Wizard};
use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::domain::copy::Level;
use crate::domain::copying::Plan;
use crate::domain::known::Known;
use crate::domain::words::Word;
use crate::view::over::input;
use crate::view::paint::{Paint, columns};
use crate::view::targets::{self, reason_line};
use crate::view::theme::Role;

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
        Step::Level => level(model, wizard, layout.body, paint),
        Step::Details(target) => {
            let inside = frame(model, wizard, layout.body, paint);
            details(model, wizard, model.estate.environment(*target), inside, paint);
        }
        Step::Review(_) => review(model, wizard, layout.body, paint),
        Step::Carry(plan) => carry(model, wizard, plan, layout.body, paint),
        Step::Record(plan) => record(model, wizard, plan, layout.body, paint),
    }
}

/// The row of steps, as a title of at most `width` columns: all of them, or only the one that is taken.
pub fn title(model: &Model, wizard: &Wizard, width: u16) -> String {
    const BESIDE: u16 = 38;
    let now = wizard.step.number();
    let name = &model.estate.environment(wizard.source()).name;
    let steps: Vec<String> = STEPS.iter().enumerate().map(|(index, step)| if index == now { format!("[{step}]") } else { (*step).to_owned() }).collect();
    let all = format!("Copy {name}: {}", steps.join(" › "));
    if columns(&all) + BESIDE <= width {
        return all;
    }
    format!("Copy {name}: {} ({} of {})", STEPS.get(now).copied().unwrap_or_default(), now + 1, STEPS.len())
}

fn frame(model: &Model, wizard: &Wizard, area: Area, paint: &mut Paint<'_>) -> Area {
    let title = title(model, wizard, area.width);
    let right = if matches!(wizard.step, Step::Level) { "" } else { wizard.targets.level.label() };
    let inside = paint.frame(area, true, &title, (right, Role::Key));
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
        let chosen = wizard.draft.level == index;
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
const FIELD: u16 = 18;

/// A label with a line that is typed.
fn field(label: &str, line: &Input, active: bool, area: Area, y: u16, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    paint.text(area.x, y, area.x + FIELD, label, if active { Role::Key } else { Role::Dim });
    if active {
        input(line, area.x + FIELD, y, end, paint);
    } else {
        paint.text(area.x + FIELD, y, end, line.value(), Role::Text);
    }
}

fn details(model: &Model, wizard: &Wizard, target: &crate::domain::environment::Environment, inside: Area, paint: &mut Paint<'_>) {
    let end = inside.x + inside.width;
    let bottom = inside.y + inside.height;
    let y = inside.y;
    paint.text(inside.x, y, end, &format!("{} afterwards", target.name), Role::Text);
    field("name", &wizard.draft.name, wizard.field == Field::Name, inside, y + 2, paint);
    let groups = wizard.groups(&model.estate);
    let group = groups.get(wizard.draft.group).map_or("", String::as_str);
    let active = wizard.field == Field::Group;
    paint.text(inside.x, y + 3, inside.x + 18, "security group", if active { Role::Key } else { Role::Dim });
    let x = paint.text(inside.x + 18, y + 3, end, group, Role::Text);
    if active {
        paint.text(x + 2, y + 3, end, &format!("{} of {}, {} changes it", wizard.draft.group + 1, groups.len(), "←→"), Role::Dim);
    }
    let kept = match &target.url {
        Known::Is(Some(url)) => format!("It keeps its id and its URL ({url}), its type, its region and its own key."),
        Known::Is(None) | Known::Unknown => "It keeps its id, its URL, its type, its region and its own key.".to_owned(),
    };
    let mut y = paint.paragraph(inside.x, y + 5, inside.width, bottom.saturating_sub(y + 5), &kept, Role::Dim);
    if wizard.targets.level == Level::Customizations {
        let hint = "At this level users travel but no data. If outsiders will work there, let in only the members of a group made for it.";
        y = paint.paragraph(inside.x, y + 1, inside.width, bottom.saturating_sub(y + 1), hint, Role::Warn);
    }
    let danger = format!("{} is about to be overwritten. Nothing happens before the last confirmation.", target.name);
    paint.paragraph(inside.x, y + 1, inside.width, bottom.saturating_sub(y + 1), &danger, Role::Dim);
}

fn review(model: &Model, wizard: &Wizard, area: Area, paint: &mut Paint<'_>) {
    let title = title(model, wizard, area.width);
    let height = usize::from(area.inside().height);
    let hidden = wizard.review().len().saturating_sub(wizard.review_top + height);
    let answer = wizard.answer();
    let right = if hidden > 0 { format!("{}, {hidden} more lines", answer.label()) } else { answer.label().to_owned() };
    let inside = paint.frame(area, true, &title, (&right, Role::of_answer(answer)));
    let end = inside.x + inside.width;
    let x = inside.x + 1;
    for (line, y) in wizard.review().iter().skip(wizard.review_top).take(height).zip(inside.y..) {
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

fn target_name<'a>(model: &'a Model, plan: &Plan) -> &'a str {
    model.estate.find(&plan.request().target).map_or("", |key| &model.estate.environment(key).name)
}

fn carry(model: &Model, wizard: &Wizard, plan: &Plan, area: Area, paint: &mut Paint<'_>) {
    let inside = frame(model, wizard, area, paint);
    let end = inside.x + inside.width;
    let bottom = inside.y + inside.height;
    let answer = plan.verdict().answer();
    let name = target_name(model, plan);
    let line = format!("{} {}", paint.theme.answer(answer), answer.label());
    paint.text(inside.x, inside.y, end, &line, Role::of_answer(answer));
    let danger = format!("{name} will be overwritten.");
    paint.text(inside.x, inside.y + 1, end, &danger, Role::Bad);
    let mut y = inside.y + 3;
    for (index, (way, what)) in WAYS.iter().enumerate() {
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
    paint.text(inside.x, inside.y, end, &format!("Record that {name} was overwritten"), Role::Bad);
    let who = match model.estate.viewer() {
        Known::Is(viewer) => viewer.to_string(),
        Known::Unknown => "unknown".to_owned(),
    };
    let fields = [
        (RecordField::When, "carried out at", &wizard.draft.when, format!("{}, now", crate::domain::time::minute(model.ui.now.unskipped))),
        (RecordField::Who, "by", &wizard.draft.who, who),
        (RecordField::Ticket, "ticket", &wizard.draft.ticket, String::new()),
        (RecordField::Approver, "approved by", &wizard.draft.approver, String::new()),
        (RecordField::Typed, "type its name", &wizard.draft.typed, String::new()),
    ];
    for ((which, label, line, otherwise), y) in fields.into_iter().zip(inside.y + 2..) {
        let active = wizard.record_field == which;
        field(label, line, active, inside, y, paint);
        if !active && line.value().is_empty() {
            paint.text(inside.x + FIELD, y, end, &otherwise, Role::Dim);
        }
    }
    let matches = wizard.draft.typed.value() == name;
    let hint = if matches { "Enter records it and opens its checklist".to_owned() } else { format!("Type {name} to confirm. What is empty may stay so.") };
    paint.paragraph(inside.x, inside.y + 8, inside.width, 2, &hint, if matches { Role::Good } else { Role::Dim });
}
