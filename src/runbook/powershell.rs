//! Runbooks in PowerShell, with the commands of the administration module.

use std::fmt::Write as _;

use super::em::is_theirs;
use super::quote::{powershell as quoted, powershell_comment as comment};
use super::steps::{Doing, Leaves, Manual, Stands, Step, Verify, afterwards as following, background_with, logs, sku, source, stands, steps, wait_minutes};
use super::{heading, name, preamble, stated, told_apart};
use crate::domain::copy::Level;
use crate::domain::known::Known;
use crate::domain::order::{Dialect, Job, Order};
use crate::domain::request::{Back, Change, Choice, Group};
use crate::domain::tenant::Cloud;
use crate::domain::time::rfc3339;
use crate::domain::words::Word;

/// What guards every runbook, and how it goes from step to step.
const GUARDS: &str = include_str!("../../assets/runbook/guards.ps1");

/// The runbook.
pub fn write(order: &Order) -> String {
    let steps = steps(order, Dialect::PowerShell);
    let mut script = String::new();
    head(order, &mut script);
    variables(order, steps.len(), &mut script);
    told(order, &mut script);
    expectations(&steps, &mut script);
    script.push_str("# What is done, step by step.\nfunction Invoke-Steps {\n");
    for (number, step) in (1..).zip(&steps) {
        write_step(number, step, &mut script);
    }
    script.push_str("}\n\n");
    afterwards(order, &mut script);
    let mut script = told_apart(&script, order);
    script.push_str(GUARDS);
    script
}

/// Whether the module has a command for an operation.
pub fn has_command(job: &Job) -> bool {
    command(job).is_some()
}

fn head(order: &Order, script: &mut String) {
    let mut line = |text: &str| {
        let _ = writeln!(script, "# {}", comment(text));
    };
    line(&heading(order));
    line(&format!("Written by envdeck {} for PowerShell, judged by {} at {}.", env!("CARGO_PKG_VERSION"), order.edition.label(), rfc3339(order.judged_at)));
    line("Read it, then run it: it asks before it changes anything. -Check tries the guards, -DryRun prints what would be done.");
    line("The module Microsoft.PowerApps.Administration.PowerShell is made for Windows PowerShell 5.1.");
    if order.jobs().any(|job| matches!(&job.change, Change::Copy { .. } | Change::Restore { .. })) {
        line("MIND: -EnvironmentName is the TARGET in Copy- and in Restore-PowerAppEnvironment, what is overwritten; the source stands in the request.");
    }
    preamble(order).iter().for_each(|text| line(text));
    script.push_str("[CmdletBinding()]\nparam([switch] $Check, [switch] $DryRun)\n\nSet-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\n\n");
}

fn variables(order: &Order, count: usize, script: &mut String) {
    let stands = match stands(order) {
        Stands::There => "there",
        Stands::Deleted => "deleted",
        Stands::NotYet => "not-yet",
    };
    let endpoint = match order.tenant.cloud {
        Known::Is(Cloud::Gcc) => "usgov",
        Known::Is(Cloud::GccHigh) => "usgovhigh",
        Known::Is(Cloud::Dod) => "dod",
        Known::Is(Cloud::China) => "china",
        Known::Is(Cloud::Public) | Known::Unknown => "prod",
    };
    let source = source(order);
    let window = order.papers.window;
    let instant = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(String::new, rfc3339);
    let mut set = |name: &str, value: &str| {
        let _ = writeln!(script, "${name} = {}", quoted(value));
    };
    set("runbook", &name(order));
    set("heading", &heading(order));
    set("endpoint", endpoint);
    set("tenantId", &order.tenant.id);
    set("tenantName", &order.tenant.name);
    set("targetId", if stands == "not-yet" { "" } else { order.target.id.as_str() });
    set("targetName", &order.target.name);
    set("targetType", sku(order.target.kind).unwrap_or_default());
    set("targetStands", stands);
    set("sourceId", source.map_or("", |source| source.id.as_str()));
    set("sourceName", source.map_or("", |source| &source.name));
    set("judgedAt", &rfc3339(order.judged_at));
    set("validUntil", &rfc3339(order.valid_until));
    set("windowFrom", &instant(window.map(|(from, _)| from)));
    set("windowTo", &instant(window.map(|(_, to)| to)));
    let mut number = |name: &str, value: i64| {
        let _ = writeln!(script, "${name} = {value}");
    };
    number("judgedEpoch", order.judged_at.timestamp());
    number("validUntilEpoch", order.valid_until.timestamp());
    number("windowFromEpoch", window.map_or(0, |(from, _)| from.timestamp()));
    number("windowToEpoch", window.map_or(0, |(_, to)| to.timestamp()));
    number("steps", i64::try_from(count).unwrap_or(i64::MAX));
    script.push('\n');
}

fn told(order: &Order, script: &mut String) {
    script.push_str("# What has to be known before and after.\nfunction Write-Account {\n");
    for line in stated(order) {
        let _ = writeln!(script, "    Write-Host {}", quoted(&format!("  {line}")));
    }
    script.push_str("}\n\n");
}

fn expectations(steps: &[Step<'_>], script: &mut String) {
    script.push_str("# What the target may be once a step was begun.\nfunction Get-Expectations {\n");
    for (number, step) in (1..).zip(steps) {
        let expected = match step.leaves {
            Some(Leaves::There(name, kind)) => format!("Gone = $false; Name = {}; Type = {}", quoted(name), quoted(kind.unwrap_or_default())),
            Some(Leaves::Gone | Leaves::Back) => "Gone = $true; Name = ''; Type = ''".to_owned(),
            None => continue,
        };
        let _ = writeln!(script, "    if (Test-Touched {number}) {{ [pscustomobject]@{{ {expected} }} }}");
    }
    script.push_str("}\n\n");
}

fn write_step(number: usize, step: &Step<'_>, script: &mut String) {
    let _ = writeln!(script, "    if (Enter-Step {number} {} {}) {{", quoted(&step.title), quoted(step.again));
    for note in &step.notes {
        let _ = writeln!(script, "        # {}", comment(note));
    }
    // What a person did was seen.
    let mut was_seen = true;
    match &step.doing {
        Doing::Manual(doing) => by_hand(doing, script),
        Doing::Job(job, manual) => match command(job) {
            None => {
                script.push_str("        Assert-BeforeChange\n");
                by_hand(manual, script);
            }
            Some(Command { before, line }) => {
                for line in before {
                    let _ = writeln!(script, "        {line}");
                }
                let _ = writeln!(script, "        Invoke-Change {} {{ {line} }}", quoted(&line));
                was_seen = false;
            }
        },
    }
    for verify in &step.verify {
        let _ = writeln!(script, "        {}", write_verify(verify));
    }
    if let Some(proof) = step.proof.as_ref().filter(|_| !was_seen) {
        let _ = writeln!(script, "        Confirm-Proven {} {}{}", quoted(&proof.text), quoted(&proof.path), shown(&step.doing));
    }
    script.push_str("        Complete-Step\n    }\n");
}

/// What the environment itself says of the modes, as the module lists it.
fn shown(doing: &Doing<'_>) -> String {
    let Doing::Job(Job { change, target, .. }, _) = doing else { return String::new() };
    let id = quoted(target.id.as_str());
    if let Change::AdminMode(on) = change {
        format!(" {{ Test-Runtime (Find-Environment {id}) '{}' }}", if *on { "AdminMode" } else { "Enabled" })
    } else if let Change::Background(on) = change {
        format!(" {{ Test-Background (Find-Environment {id}) '{}' }}", if *on { "Enabled" } else { "Disabled" })
    } else {
        String::new()
    }
}

fn by_hand(doing: &Manual, script: &mut String) {
    let help: Vec<String> = doing.help.iter().map(|line| quoted(line)).collect();
    let _ = writeln!(script, "        Wait-ByHand {} {} @({})", quoted(&doing.text), quoted(doing.path.as_deref().unwrap_or_default()), help.join(", "));
}

fn write_verify(verify: &Verify<'_>) -> String {
    match verify {
        Verify::Is(id, name, kind) => {
            let what = kind.map_or_else(|| format!("{id} is called {name}"), |kind| format!("{id} is called {name} and of the type {kind}"));
            format!("Wait-Seen 20 {} {{ Test-So (Find-Environment {}) {} {} }}", quoted(&what), quoted(id), quoted(name), quoted(kind.unwrap_or_default()))
        }
        Verify::Gone(id) => format!("Wait-Seen 60 {} {{ Test-Gone {} }}", quoted(&format!("{id} is not listed any more")), quoted(id)),
        Verify::There(id) => format!("Wait-Seen 60 {} {{ $null -ne (Find-Environment {}) }}", quoted(&format!("{id} is listed again")), quoted(id)),
        Verify::Named(name) => format!("Wait-Seen 60 {} {{ Test-Named {} }}", quoted(&format!("an environment called {name} is listed")), quoted(name)),
        Verify::Backup(id, label) => {
            let listed = format!("(Get-PowerAppEnvironmentBackups -EnvironmentName {} | ConvertTo-Json -Depth 20)", quoted(id));
            format!("Wait-Seen 40 {} {{ {listed}.Contains((ConvertTo-Json {})) }}", quoted(&format!("the backup {label} is listed")), quoted(label))
        }
        Verify::Url(id, url) => {
            let same = format!(
                "[string]::Equals((Get-PlainUrl (Find-Environment {})).TrimEnd('/'), {}, [StringComparison]::OrdinalIgnoreCase)",
                quoted(id),
                quoted(url.trim_end_matches('/'))
            );
            format!("Wait-Seen 20 {} {{ {same} }}", quoted(&format!("{id} has the URL {url}")))
        }
        Verify::Quiet => format!("Show-Look {}", quoted("the history of the environment shows no operation in progress")),
        Verify::Look(what) => format!("Show-Look {}", quoted(what)),
    }
}

/// A command with what has to stand before it.
struct Command {
    before: Vec<String>,
    line: String,
}

fn command(job: &Job) -> Option<Command> {
    let change = &job.change;
    let target = &job.target;
    let id = quoted(target.id.as_str());
    let from = quoted(job.from().id.as_str());
    let wait = format!("-WaitUntilFinished $true -TimeoutInMinutes {}", wait_minutes(change));
    let request = |fields: Vec<(&str, String)>| {
        let mut before = vec!["$request = [pscustomobject]@{".to_owned()];
        before.extend(fields.into_iter().map(|(name, value)| format!("    {name} = {value}")));
        before.push("}".to_owned());
        before
    };
    let skip = || logs(job).map(|told| ("SkipAuditData", if told.skipped() { "$true" } else { "$false" }.to_owned()));
    let plain = |line: String| Command { before: Vec::new(), line };
    Some(match change {
        Change::Copy { level, name, group, .. } => {
            let kind = match level.chosen()? {
                Level::Everything => "FullCopy",
                Level::Customizations => "MinimalCopy",
            };
            let mut fields = vec![("SourceEnvironmentId", from), ("TargetEnvironmentName", quoted(name.chosen()?))];
            // Also where it stays: what the service does without it is said nowhere.
            let kept = match (group, &target.security_group) {
                (Choice::Chosen(Group::Only(group)), _) => Some(group),
                (Choice::Chosen(Group::Keep), Known::Is(Some(group))) => Some(group).filter(|group| is_theirs(group)),
                (Choice::Chosen(Group::Keep), Known::Is(None) | Known::Unknown) | (Choice::Chosen(Group::Open) | Choice::Open, _) => None,
            };
            if let Some(group) = kept {
                fields.push(("TargetSecurityGroupId", quoted(group)));
            }
            fields.push(("CopyType", quoted(kind)));
            fields.extend(skip());
            let mut before = vec!["# -EnvironmentName is the TARGET, what is overwritten.".to_owned()];
            before.extend(request(fields));
            Command { before, line: format!("Copy-PowerAppEnvironment -EnvironmentName {id} -CopyToRequestDefinition $request {wait}") }
        }
        Change::Restore { back: Choice::Chosen(back), name, .. } => {
            let mut fields =
                vec![("SourceEnvironmentId", from), ("TargetEnvironmentName", quoted(name.chosen()?)), ("RestorePointDateTime", quoted(&point(back)))];
            fields.extend(skip());
            let mut before = vec!["# -EnvironmentName is the TARGET, what is overwritten. The restore point is in UTC.".to_owned()];
            before.extend(request(fields));
            Command { before, line: format!("Restore-PowerAppEnvironment -EnvironmentName {id} -RestoreToRequestDefinition $request {wait}") }
        }
        Change::Backup { name, notes, .. } => Command {
            before: request(vec![("Label", quoted(name.chosen()?)), ("Notes", quoted(notes))]),
            line: format!("Backup-PowerAppEnvironment -EnvironmentName {id} -BackupRequestDefinition $request"),
        },
        Change::DeleteBackup(Choice::Chosen(backup)) if is_theirs(backup) => {
            plain(format!("Remove-PowerAppEnvironmentBackup -EnvironmentName {id} -BackupId {}", quoted(backup)))
        }
        Change::Retention { days, .. } => {
            plain(format!("Set-AdminPowerAppEnvironmentBackupRetentionPeriod -EnvironmentName {id} -NewBackupRetentionPeriodInDays {days} {wait}"))
        }
        Change::Recover => plain(format!("Recover-AdminPowerAppEnvironment -EnvironmentName {id} -WaitUntilFinished $true")),
        Change::Delete => plain(format!("Remove-AdminPowerAppEnvironment -EnvironmentName {id}")),
        Change::Edit { name: Choice::Chosen(name), .. } if *name != target.name => {
            plain(format!("Set-AdminPowerAppEnvironmentDisplayName -EnvironmentName {id} -NewDisplayName {}", quoted(name)))
        }
        Change::AdminMode(on) => plain(runtime(&id, *on, background_with(*on, target), &wait)),
        Change::Background(on) => match target.admin_mode {
            // It is set together with administration mode, which stays as it is.
            Known::Is(admin_mode) => plain(runtime(&id, admin_mode, *on, &wait)),
            Known::Unknown => return None,
        },
        // A reset asks for language and currency, a creation for those and more: they are chosen in the admin center.
        Change::Reset
        | Change::Create { .. }
        | Change::DeleteBackup(_)
        | Change::Switch { .. }
        | Change::Edit { .. }
        | Change::RenameUrl(_)
        | Change::DeleteFinanceOperations
        | Change::Restore { back: Choice::Open, .. }
        | Change::Migrate(_) => return None,
    })
}

fn runtime(id: &str, admin_mode: bool, background: bool, wait: &str) -> String {
    let state = if admin_mode { "AdminMode" } else { "Enabled" };
    let background = if background { "Enabled" } else { "Disabled" };
    format!("Set-AdminPowerAppEnvironmentRuntimeState -EnvironmentName {id} -RuntimeState '{state}' -BackgroundOperationsState '{background}' {wait}")
}

/// The instant as the module takes it, in UTC.
fn point(back: &Back) -> String {
    back.at().format("%Y-%m-%d %H:%M:%S").to_string()
}

/// What is left to do by hand once all of it is done.
fn afterwards(order: &Order, script: &mut String) {
    script.push_str("# What is left to do then.\nfunction Write-Afterwards {\n");
    if order.follow.is_empty() {
        let _ = writeln!(script, "    Write-Host {}", quoted("Record it in envdeck, so that its facts move on."));
    } else {
        let _ = writeln!(script, "    Write-Host {}", quoted("Now the checklist. Record this in envdeck, which opens it and keeps every tick:"));
        for (of, item) in following(order) {
            if let Some(of) = of {
                let _ = writeln!(script, "    Write-Host {}", quoted(&format!("{of}:")));
            }
            let mark = if item.mandatory { "mandatory: " } else { "" };
            let _ = writeln!(script, "    Write-Host {}", quoted(&format!("  - {mark}{}", item.text)));
        }
    }
    script.push_str("}\n\n");
}
