//! Runbooks in bash: names stand in it once each, as quoted literals, and nothing of them is ever code.

use std::fmt::Write as _;

use super::quote::{bash as quoted, comment};
use super::steps::{Doing, Leaves, Manual, Stands, Step, Verify, afterwards as following, sku, source, stands, steps};
use super::{heading, name, preamble, stated, told_apart};
use crate::domain::known::Known;
use crate::domain::order::{Dialect, Job, Order};
use crate::domain::tenant::Cloud;
use crate::domain::time::rfc3339;
use crate::domain::words::Word;

/// What guards every runbook, and how it goes from step to step.
const GUARDS: &str = include_str!("../../assets/runbook/guards.sh");

/// How the end of what runs on is waited for, with `pac environment-management`.
/// Where the operations of an environment are listed, as that script names it.
const HISTORY: &str = "Environments > (environment) > History";
const OPERATIONS: &str = include_str!("../../assets/runbook/operations.sh");

/// A line of a step.
#[derive(Debug)]
pub enum Command {
    /// What only tries: words that are quoted already.
    Try(Vec<String>),
    /// What changes something: words that are quoted already.
    Change(Vec<String>),
    /// What looks before or after a change: a function of the guards and words that are quoted already.
    Look(Vec<String>),
    /// What is asked before: the variable that holds the answer, and what it is.
    Ask(&'static str, &'static str),
}

/// The commands of an operation in a dialect; none where a person has to do it.
pub type Commands = fn(&Job) -> Option<Vec<Command>>;

/// The runbook with the commands of a dialect.
pub fn write(order: &Order, dialect: Dialect, commands: Commands) -> String {
    let steps = steps(order, dialect);
    let mut script = String::new();
    head(order, dialect, &mut script);
    variables(order, steps.len(), dialect, &mut script);
    told(order, &mut script);
    expectations(&steps, &mut script);
    script.push_str("# What is done, step by step.\ncarry_out() {\n");
    for (number, step) in (1..).zip(&steps) {
        write_step(number, step, commands, &mut script);
    }
    script.push_str("}\n\n");
    afterwards(order, &mut script);
    let mut script = told_apart(&script, order);
    if dialect == Dialect::PacEm {
        script.push_str(&OPERATIONS.replace(HISTORY, &order.menus.path(HISTORY)));
    }
    script.push_str(GUARDS);
    script
}

fn head(order: &Order, dialect: Dialect, script: &mut String) {
    let mut line = |text: &str| {
        let _ = writeln!(script, "# {}", comment(text));
    };
    line(&heading(order));
    line(&format!(
        "Written by envdeck {} for {}, judged by {} at {}.",
        env!("CARGO_PKG_VERSION"),
        dialect.word(),
        order.edition.label(),
        rfc3339(order.judged_at)
    ));
    line("Read it, then run it in bash: it asks before it changes anything. --check tries the guards, --dry-run prints what would be done.");
    if dialect == Dialect::PacEm {
        line("The commands of pac environment-management are a preview and may change: pac environment-management help shows what yours takes.");
    }
    preamble(order).iter().for_each(|text| line(text));
    // What is printed stands in quotes as it is; shellcheck heeds this above the first command only.
    line("shellcheck disable=SC2016,SC1110,SC1111,SC1112");
    script.insert_str(0, "#!/usr/bin/env bash\n");
    script.push_str("set -euo pipefail\n\n");
}

/// How somebody signs in to the tenant, in its cloud: pac takes the public one where none is named.
fn sign_in(order: &Order) -> String {
    let cloud = match order.tenant.cloud {
        Known::Is(Cloud::Gcc) => " --cloud UsGov",
        Known::Is(Cloud::GccHigh) => " --cloud UsGovHigh",
        Known::Is(Cloud::Dod) => " --cloud UsGovDod",
        Known::Is(Cloud::China) => " --cloud China",
        Known::Is(Cloud::Public) | Known::Unknown => "",
    };
    format!("pac auth create{cloud}")
}

fn variables(order: &Order, count: usize, dialect: Dialect, script: &mut String) {
    let stands = match stands(order) {
        Stands::There => "there",
        Stands::Deleted => "deleted",
        Stands::NotYet => "not-yet",
    };
    let (from, to) = order.papers.window.map_or((None, None), |(from, to)| (Some(from), Some(to)));
    let source = source(order);
    let mut set = |name: &str, value: &str| {
        let _ = writeln!(script, "{name}={}", quoted(value));
    };
    let epoch = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(String::new, |at| at.timestamp().to_string());
    let instant = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(String::new, rfc3339);
    let among = if dialect == Dialect::PacEm { "-em" } else { "" };
    set("runbook", &format!("{}{among}", name(order)));
    set("heading", &heading(order));
    set("tenant_id", &order.tenant.id);
    set("tenant_name", &order.tenant.name);
    set("sign_in", &sign_in(order));
    set("target_id", if stands == "not-yet" { "" } else { order.target.id.as_str() });
    set("target_name", &order.target.name);
    set("target_type", sku(order.target.kind).unwrap_or_default());
    set("target_stands", stands);
    set("source_id", source.map_or("", |source| source.id.as_str()));
    set("source_name", source.map_or("", |source| &source.name));
    set("judged_at", &rfc3339(order.judged_at));
    set("judged_epoch", &order.judged_at.timestamp().to_string());
    set("valid_until", &rfc3339(order.valid_until));
    set("valid_until_epoch", &order.valid_until.timestamp().to_string());
    set("window_from", &instant(from));
    set("window_from_epoch", &epoch(from));
    set("window_to", &instant(to));
    set("window_to_epoch", &epoch(to));
    set("steps", &count.to_string());
    script.push('\n');
}

/// What has to be known before and after, for whoever runs it.
fn told(order: &Order, script: &mut String) {
    script.push_str("# What has to be known before and after.\naccount() {\n");
    for line in stated(order) {
        let _ = writeln!(script, "    say {}", quoted(&format!("  {line}")));
    }
    script.push_str("    return 0\n}\n\n");
}

/// What the target may be once a step was begun, so that a runbook that goes on does not stumble over what it did itself.
fn expectations(steps: &[Step<'_>], script: &mut String) {
    script.push_str("# What the target may be once a step was begun.\nexpectations() {\n");
    for (number, step) in (1..).zip(steps) {
        let _ = match step.leaves {
            Some(Leaves::There(name, kind)) => {
                writeln!(script, "    if touched {number}; then accept {} {}; fi", quoted(name), quoted(kind.unwrap_or_default()))
            }
            Some(Leaves::Gone | Leaves::Back) => writeln!(script, "    if touched {number}; then gone_is_fine=yes; fi"),
            None => Ok(()),
        };
    }
    script.push_str("    return 0\n}\n\n");
}

fn write_step(number: usize, step: &Step<'_>, commands: Commands, script: &mut String) {
    let _ = writeln!(script, "    if step {number} {} {}; then", quoted(&step.title), quoted(step.again));
    for note in &step.notes {
        let _ = writeln!(script, "        # {}", comment(note));
    }
    // What a person did, or waited for, was seen.
    let mut was_seen = true;
    match &step.doing {
        Doing::Manual(doing) => by_hand(doing, script),
        Doing::Job(job, manual) => match commands(job) {
            None => {
                script.push_str("        before_a_change\n");
                by_hand(manual, script);
            }
            Some(commands) => {
                // The operation itself said how it ended, or a person did.
                was_seen =
                    commands.iter().any(|command| matches!(command, Command::Look(words) if words.first().is_some_and(|word| word == "expect_operation")));
                for command in &commands {
                    match command {
                        Command::Try(words) => {
                            let _ = writeln!(script, "        try_out {}", words.join(" "));
                        }
                        Command::Change(words) => {
                            let _ = writeln!(script, "        change {}", words.join(" "));
                        }
                        Command::Look(words) => {
                            let _ = writeln!(script, "        {}", words.join(" "));
                        }
                        Command::Ask(variable, what) => {
                            let _ = writeln!(script, "        {variable}=''\n        ask {variable} {}", quoted(what));
                        }
                    }
                }
            }
        },
    }
    for verify in &step.verify {
        write_verify(verify, script);
    }
    if let Some(proof) = step.proof.as_ref().filter(|_| !was_seen) {
        let _ = writeln!(script, "        prove {} {}", quoted(&proof.text), quoted(&proof.path));
    }
    script.push_str("        finished\n    fi\n");
}

fn by_hand(doing: &Manual, script: &mut String) {
    let help: Vec<String> = doing.help.iter().map(|line| quoted(line)).collect();
    let words = [quoted(&doing.text), quoted(doing.path.as_deref().unwrap_or_default())].into_iter().chain(help);
    let _ = writeln!(script, "        by_hand {}", words.collect::<Vec<_>>().join(" "));
}

fn write_verify(verify: &Verify<'_>, script: &mut String) {
    let line = match verify {
        Verify::Is(id, name, kind) => {
            let what = kind.map_or_else(|| format!("{id} is called {name}"), |kind| format!("{id} is called {name} and of the type {kind}"));
            format!("expect 20 {} is_so {} {} {}", quoted(&what), quoted(id), quoted(name), quoted(kind.unwrap_or_default()))
        }
        Verify::Gone(id) => format!("expect 60 {} is_gone {}", quoted(&format!("{id} is not listed any more")), quoted(id)),
        Verify::There(id) => format!("expect 60 {} is_there {}", quoted(&format!("{id} is listed again")), quoted(id)),
        Verify::Named(name) => {
            let what = format!("an environment called {name} is listed");
            format!("expect 60 {} is_named {}\n        [ -n \"$dry_run\" ] || tell_id {}", quoted(&what), quoted(name), quoted(name))
        }
        Verify::Backup(id, label) => format!("expect_backup {} {}", quoted(id), quoted(label)),
        Verify::Url(id, url) => format!("expect 20 {} has_url {} {}", quoted(&format!("{id} has the URL {url}")), quoted(id), quoted(url)),
        Verify::Quiet => "expect_quiet".to_owned(),
        Verify::Look(what) => format!("look {}", quoted(what)),
    };
    let _ = writeln!(script, "        {line}");
}

/// What is left to do by hand once all of it is done.
fn afterwards(order: &Order, script: &mut String) {
    script.push_str("# What is left to do then.\nafterwards() {\n");
    if !order.follow.is_empty() {
        let _ = writeln!(script, "    say {}", quoted("Now the checklist. Record this in envdeck, which opens it and keeps every tick:"));
        for (of, item) in following(order) {
            if let Some(of) = of {
                let _ = writeln!(script, "    say {}", quoted(&format!("{of}:")));
            }
            let mark = if item.mandatory { "mandatory: " } else { "" };
            let _ = writeln!(script, "    say {}", quoted(&format!("  - {mark}{}", item.text)));
        }
    } else {
        let _ = writeln!(script, "    say {}", quoted("Record it in envdeck, so that its facts move on."));
    }
    script.push_str("}\n\n");
}
