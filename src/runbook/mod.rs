//! The way out to the commands: an order becomes a script that guards itself, or a change record for approval.
//!
//! `steps` says what is checked, done and verified, as data; one file for each dialect writes it down.

mod bash;
mod em;
mod markdown;
mod pac;
mod powershell;
pub mod quote;
mod steps;

use chrono::{DateTime, Utc};

use crate::domain::order::{Dialect, Order};
use crate::domain::request::account::Topic;
use crate::domain::request::{Change, Choice};
use crate::domain::time::rfc3339;
use crate::domain::verdict::Finding;
use crate::domain::words::Word;
use steps::source;

/// Why there is no script: these findings have to be acknowledged by name, and nobody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unacknowledged(pub Vec<Finding>);

/// The runbook in a dialect. A script is refused while something has to be acknowledged; the change record lists it.
pub fn write(order: &Order, dialect: Dialect) -> Result<String, Unacknowledged> {
    if dialect.is_script() && !order.open.is_empty() {
        return Err(Unacknowledged(order.open.clone()));
    }
    Ok(match dialect {
        Dialect::Pac => bash::write(order, dialect, pac::commands),
        Dialect::PacEm => bash::write(order, dialect, em::commands),
        Dialect::PowerShell => powershell::write(order),
        Dialect::Markdown => markdown::write(order),
    })
}

/// What a file of it is called: after the operation, the target and the instant of the verdict, and the dialect where two
/// would be called the same.
pub fn file_name(order: &Order, dialect: Dialect) -> String {
    let among = if dialect == Dialect::PacEm { "-em" } else { "" };
    format!("{}{among}.{}", name(order), dialect.extension())
}

/// What the runbook is called: `copy-contoso-sales-uat-20260105T070000Z`.
fn name(order: &Order) -> String {
    format!("{}-{}-{}", order.word(), slug(&order.target.name, order.target.id.as_str()), stamp(order.judged_at))
}

/// A script whose name, under which it keeps its progress, is that of no other: two environments can be called alike, and one
/// can be copied onto from two sources. The same runbook taken again has the same name.
fn told_apart(script: &str, order: &Order) -> String {
    // What is done, on what; not the words about it.
    let (_, steps) = script.split_once("# What the target may be").unwrap_or_default();
    let source = source(order).map_or("", |source| source.id.as_str());
    let about = [order.target.id.as_str(), source, steps].into_iter().flat_map(str::bytes);
    let digest = about.fold(0x811c_9dc5_u32, |digest, byte| (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let name = name(order);
    script.replacen(&format!("'{name}"), &format!("'{name}-{digest:08x}"), 1)
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The letters and digits of a name that every file system takes; of a name without any, those of the id.
fn slug(name: &str, id: &str) -> String {
    const LONGEST: usize = 40;
    let of = |text: &str| {
        let mut slug = String::new();
        for letter in text.chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() >= LONGEST {
                break;
            }
        }
        slug.trim_end_matches('-').to_owned()
    };
    let slug = of(name);
    if slug.is_empty() { of(id) } else { slug }
}

/// What stands at the head of every script: for what it is, how it was judged, what was taken upon oneself, what is lost.
fn preamble(order: &Order) -> Vec<String> {
    let papers = [("Purpose", &order.papers.purpose), ("Ticket", &order.papers.ticket), ("Approved by", &order.papers.approver)];
    let papers = papers.into_iter().filter_map(|(label, value)| Some(format!("{label}: {}", value.as_ref()?)));
    let findings = order.findings().into_iter().map(|finding| format!("{}: {} ({})", finding.severity.label(), finding.message, finding.code.word()));
    let taken = order.acknowledged.iter().map(|taken| format!("Acknowledged by {}, {}: {}", taken.by, rfc3339(taken.at), taken.code.word()));
    papers.chain(findings).chain(taken).chain(stated(order)).collect()
}

/// The accounts of its operations, a line each, with what it is about.
fn stated(order: &Order) -> impl Iterator<Item = String> {
    Topic::ALL.iter().flat_map(|topic| order.account(*topic).map(|line| format!("{}: {line}", topic.label())))
}

/// What a runbook is about, as one line: `Copy of Contoso Sales onto Contoso Sales UAT`.
fn heading(order: &Order) -> String {
    let target = &order.target.name;
    if let Some((_, title)) = &order.plan {
        return format!("{title}: {target}");
    }
    let Some(job) = order.jobs().next() else { return target.to_string() };
    let label = job.change.kind().label();
    match (&job.source, &job.change) {
        (Some(source), _) if source.id == job.target.id => format!("{label} of {target} onto itself"),
        (Some(source), Change::Copy { level: Choice::Chosen(level), .. }) => {
            format!("{label} of {} onto {target}, level {}", source.name, level.label())
        }
        (Some(source), _) => format!("{label} of {} onto {target}", source.name),
        (None, Change::Migrate(_)) => format!("{label}: {target} to {}", job.tenant.name),
        (None, _) => format!("{label}: {target}"),
    }
}
