//! The change record: everything that an approver has to know, in the order in which it is asked, without tables.

use std::fmt::Write as _;

use super::heading;
use super::quote::{markdown as plain, markdown_code as code};
use super::steps::{Doing, Manual, Stands, Step, Verify, afterwards, source, stands, steps};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::order::{Dialect, Order};
use crate::domain::request::account::Topic;
use crate::domain::time::{minute, rfc3339};
use crate::domain::verdict::{Finding, Severity, answer_of};
use crate::domain::words::Word;

/// The change record.
pub fn write(order: &Order) -> String {
    let mut record = format!("# Change: {}\n\n", plain(&heading(order)));
    papers(order, &mut record);
    ends(order, &mut record);
    verdict(order, &mut record);
    acknowledgements(order, &mut record);
    accounts(order, &mut record);
    plan(order, &mut record);
    checklist(order, &mut record);
    let _ = write!(
        record,
        "\nWritten by envdeck {} at {}. The verdict holds until {}: a runbook that is taken later is judged anew. All times are UTC.\n",
        env!("CARGO_PKG_VERSION"),
        rfc3339(order.judged_at),
        rfc3339(order.valid_until)
    );
    record
}

fn papers(order: &Order, record: &mut String) {
    let papers = &order.papers;
    let given = |value: &Option<Box<str>>| value.as_deref().map_or_else(|| "to be filled in".to_owned(), plain);
    let by = match &order.by {
        Known::Is(by) => plain(by),
        Known::Unknown => "to be filled in".to_owned(),
    };
    let window = papers.window.map_or_else(|| "to be filled in".to_owned(), |(from, to)| format!("{} to {}", minute(from), minute(to)));
    let _ = writeln!(record, "- Purpose: {}", given(&papers.purpose));
    let _ = writeln!(record, "- Ticket: {}", given(&papers.ticket));
    let _ = writeln!(record, "- Asked for by: {by}");
    let _ = writeln!(record, "- Approver: {}", given(&papers.approver));
    let _ = writeln!(record, "- Window: {window}");
    let _ = writeln!(record, "- Tenant: {} ({})", plain(&order.tenant.name), code(&order.tenant.id));
}

fn environment(label: &str, environment: &Environment, is_new: bool) -> String {
    let kind = match environment.kind {
        Known::Is(kind) => kind.label(),
        Known::Unknown => "type unknown",
    };
    let id = if is_new { "does not exist yet".to_owned() } else { code(environment.id.as_str()) };
    let url = match &environment.url {
        Known::Is(Some(url)) => format!(", {}", code(url)),
        Known::Is(None) | Known::Unknown => String::new(),
    };
    format!("- {label}: {}, {kind}, {id}{url}", plain(&environment.name))
}

fn ends(order: &Order, record: &mut String) {
    record.push_str("\n## Source and target\n\n");
    if let Some(source) = source(order) {
        let _ = writeln!(record, "{}", environment("Source", source, false));
    }
    let _ = writeln!(record, "{}", environment("Target", &order.target, stands(order) == Stands::NotYet));
    for job in order.jobs() {
        if job.change.kind() == OperationKind::Migrate {
            let _ = writeln!(record, "- Moves to: {} ({})", plain(&job.tenant.name), code(&job.tenant.id));
        }
    }
}

fn verdict(order: &Order, record: &mut String) {
    let findings = order.findings();
    let answer = answer_of(findings.iter().map(|finding| finding.severity));
    let captured = match order.captured_at {
        Known::Is(at) => rfc3339(at),
        Known::Unknown => "an unknown time".to_owned(),
    };
    let _ = writeln!(record, "\n## Verdict: {}\n", answer.label());
    let _ = writeln!(record, "Judged at {} by {}, on facts captured at {captured}.\n", rfc3339(order.judged_at), order.edition.label());
    if findings.is_empty() {
        record.push_str("- Nothing speaks against it.\n");
    }
    for finding in findings {
        let _ = writeln!(record, "- {}: {}", capital(finding.severity), plain(&finding.message));
        let _ = writeln!(record, "  - {}", plain(&finding.remedy));
        let _ = writeln!(record, "  - {} {}, {}", plain(&finding.rule), finding.code.word(), plain(&finding.article));
    }
}

fn capital(severity: Severity) -> String {
    let mut letters = severity.label().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn acknowledgements(order: &Order, record: &mut String) {
    record.push_str("\n## Acknowledgements\n\n");
    if order.acknowledged.is_empty() && order.open.is_empty() {
        record.push_str("- None is needed.\n");
    }
    for taken in &order.acknowledged {
        let _ = writeln!(record, "- [x] {}, by {}, {}: {}", taken.code.word(), plain(&taken.by), rfc3339(taken.at), plain(&taken.shown));
    }
    let mut open: Vec<&Finding> = order.open.iter().collect();
    open.dedup();
    for finding in open {
        let _ = writeln!(record, "- [ ] To be acknowledged: {}: {}", finding.code.word(), plain(&finding.message));
    }
}

/// What has to be known of it: what is chosen, what is lost, how it stands afterwards, whether there is a way back.
fn accounts(order: &Order, record: &mut String) {
    let parts: [(&str, &[Topic], &str); 4] = [
        ("What is chosen", CHOSEN, "Nothing beside source and target."),
        ("What is destroyed", &[Topic::Noted, Topic::Destroyed], "Nothing."),
        ("Afterwards", &[Topic::Afterwards], "As each step says."),
        ("Way back", &[Topic::WayBack], "Nothing is changed by a command; each step says what it changes."),
    ];
    for (heading, topics, nothing) in parts {
        let _ = writeln!(record, "\n## {heading}\n");
        let mut lines = topics.iter().flat_map(|topic| order.account(*topic).map(move |line| (topic, line))).peekable();
        if lines.peek().is_none() {
            let _ = writeln!(record, "- {nothing}");
        }
        for (topic, line) in lines {
            let about = if CHOSEN.contains(topic) { format!("{}: ", topic.label()) } else { String::new() };
            let _ = writeln!(record, "- {about}{}", plain(&line));
        }
    }
}

/// The topics that say what is done and how it was chosen.
const CHOSEN: &[Topic] = &[
    Topic::Happens,
    Topic::Level,
    Topic::AuditLogs,
    Topic::Point,
    Topic::Carried,
    Topic::Half,
    Topic::Name,
    Topic::Access,
    Topic::Storage,
    Topic::Duration,
    Topic::Open,
];

fn plan(order: &Order, record: &mut String) {
    record.push_str("\n## Steps\n\n");
    record.push_str("Before the first: the signed-in tenant and the target's id, name and type are compared with those above, and its name is typed.\n\n");
    for (number, step) in (1..).zip(steps(order, Dialect::Markdown)) {
        write_step(number, &step, record);
    }
}

fn write_step(number: usize, step: &Step<'_>, record: &mut String) {
    let _ = writeln!(record, "{number}. {}", plain(&step.title));
    // Four columns put it below a number of one digit and of two; what stands further in stays there.
    let mut line = |text: String| {
        let inner = text.trim_start();
        let _ = writeln!(record, "    {:further$}- {inner}", "", further = text.len() - inner.len());
    };
    for note in &step.notes {
        line(plain(note));
    }
    let by_hand = |doing: &Manual| {
        let mut lines: Vec<String> = Vec::new();
        // Inside a line that sign means nothing, and a path is read by people.
        lines.extend(doing.path.iter().map(|path| format!("Where: {}", plain(path).replace("&gt;", ">"))));
        lines.extend(doing.help.iter().map(|help| plain(help)));
        lines
    };
    match &step.doing {
        Doing::Manual(doing) => by_hand(doing).into_iter().for_each(&mut line),
        Doing::Job(job, manual) => {
            let commands = [
                ("pac", super::pac::commands(job).is_some()),
                ("pac-em", super::em::commands(job).is_some()),
                ("PowerShell", super::powershell::has_command(job)),
            ];
            let have: Vec<&str> = commands.into_iter().filter_map(|(name, has)| has.then_some(name)).collect();
            line(if have.is_empty() { "By hand: there is no command".to_owned() } else { format!("By a command of {}, or by hand", have.join(", ")) });
            // What is known already is not said twice.
            by_hand(manual).into_iter().filter(|help| step.notes.iter().all(|note| plain(note) != *help)).for_each(&mut line);
        }
    }
    for verify in &step.verify {
        line(format!("Verified: {}", plain(&verified(verify))));
    }
}

fn verified(verify: &Verify<'_>) -> String {
    match verify {
        Verify::Is(id, name, None) => format!("{id} is called {name}"),
        Verify::Is(id, name, Some(kind)) => format!("{id} is called {name} and of the type {kind}"),
        Verify::Gone(id) => format!("{id} is not listed any more"),
        Verify::There(id) => format!("{id} is listed again"),
        Verify::Named(name) => format!("an environment called {name} is listed"),
        Verify::Backup(_, label) => format!("the backup {label} is listed"),
        Verify::Url(id, url) => format!("{id} has the URL {url}"),
        Verify::Quiet => "no operation is in progress".to_owned(),
        Verify::Look(what) => format!("in the admin center, {what}"),
    }
}

fn checklist(order: &Order, record: &mut String) {
    if order.follow.is_empty() {
        return;
    }
    record.push_str("\n## Checklist afterwards\n\n");
    for (of, item) in afterwards(order) {
        if let Some(of) = of {
            let _ = writeln!(record, "- {}:", plain(of));
        }
        let mandatory = if item.mandatory { "**Mandatory:** " } else { "" };
        let _ = writeln!(record, "- [ ] {mandatory}{}", plain(&item.text));
    }
}
