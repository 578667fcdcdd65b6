//! What the review says about a move to another tenant: what moves, how it stands afterwards, who does what.

use chrono::{DateTime, FixedOffset, Utc};

use crate::app::review::ReviewOf;
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::mapping::{LeftBehind, Linted};
use crate::domain::request::Move;
use crate::domain::rulebook::MovePart;
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::counted;

/// What happens, in one sentence.
pub fn what_happens(of: &ReviewOf<'_>) -> String {
    let name = &of.onto.name;
    match of.tenants {
        Some((from, to)) => format!("{name} leaves {} and stands in {} afterwards.", from.name, to.name),
        None => format!("{name} moves to another tenant."),
    }
}

/// Who moves, when it begins and how long it lasts.
pub fn moves(moved: &Move, of: &ReviewOf<'_>) -> Vec<String> {
    let found = moved.mapping.as_ref().and_then(|mapping| mapping.found.as_deref());
    let users = match (&moved.mapping, found) {
        (Some(mapping), found) => format!("{} by the mapping file {}{}", counted(mapping.users.len(), "user"), mapping.file, left(found)),
        (None, _) => "No mapping file is named yet: nobody is mapped".to_owned(),
    };
    let began = of.schedule.started_at;
    let span = of.schedule.done_at() - began;
    let lasts = format!("About {} by our estimate; {}", time::span(span), of.rulebook.durations.moves.words);
    let planned = match moved.cut_over {
        Some(at) => {
            let (at, until) = (in_both(at), time::minute(at.to_utc() + span));
            format!("The cut-over is planned for {at}, until about {until}")
        }
        None => "No cut-over is planned yet: an evening or a weekend, because nobody can get in meanwhile".to_owned(),
    };
    vec![users, planned, lasts]
}

/// An instant in UTC, and in the time of whoever planned it where that is another one.
fn in_both(at: DateTime<FixedOffset>) -> String {
    let utc: DateTime<Utc> = at.to_utc();
    let here = at.format("%A %H:%M");
    format!("{} ({here} your time)", time::minute(utc))
}

fn left(found: Option<&Linted>) -> String {
    match found.map(|found| &found.left_behind) {
        Some(LeftBehind::OfEnvironment(left)) if !left.is_empty() => format!("; {} left behind", counted(left.len(), "user")),
        Some(LeftBehind::OfEnvironment(_) | LeftBehind::OfTenant(_) | LeftBehind::Unknown) | None => String::new(),
    }
}

/// How it stands afterwards (C-40, TTM-011, TTM-044, TTM-045, TTM-107 to TTM-109).
pub fn afterwards(moved: &Move, of: &ReviewOf<'_>) -> Vec<String> {
    let environment: &Environment = of.onto;
    let mut lines = Vec::new();
    let Some((from, to)) = of.tenants else { return lines };
    lines.push("Its id, its name and its organisation id stay, and so does its version".to_owned());
    lines.push(match (&environment.url, moved.same_region) {
        (Known::Is(Some(url)), true) => format!("Its URL stays: {url}"),
        (Known::Is(None) | Known::Unknown, true) => "Its URL stays".to_owned(),
        (_, false) if environment.region.is_unknown() => {
            "Nobody looked in which region it is: ask support what becomes of URL and region; both are unknown until somebody looks".to_owned()
        }
        (_, false) => "The region is another one: ask support what becomes of URL and region; both are unknown until somebody looks".to_owned(),
    });
    lines.push(format!("It is gone from {}, where nobody can reach it", from.name));
    lines.push("None of its backups comes along: what is kept begins anew".to_owned());
    lines.push(group(moved, to));
    lines.push("Only users of the mapping file are mapped; the others never are, also not later".to_owned());
    lines.push("While it moves: administration mode is on, nothing runs in the background".to_owned());
    lines.push("A checklist opens: imports, connections, mailboxes, and all that has to be set up again".to_owned());
    lines
}

fn group(moved: &Move, to: &Tenant) -> String {
    match &moved.group {
        Some(id) => format!("Only members of {} get in: the group is assigned during the move", to.group_name(id).unwrap_or(id)),
        None => "No security group: one can be assigned in the admin center afterwards".to_owned(),
    }
}

/// The phases with who does what (TTM-110 to TTM-117).
pub fn parts<'a>(of: &ReviewOf<'a>) -> &'a [MovePart] {
    &of.rulebook.moves.parts
}
