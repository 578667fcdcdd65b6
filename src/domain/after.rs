//! What an environment is after something was done to it, field by field.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind, Components, Property};
use crate::domain::copy::Level;
use crate::domain::environment::{Dataverse, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperationsKind, FinanceOperationsType};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::request::{Back, Change, Choice, Group, Move};
use crate::domain::rulebook::Edition;
use crate::domain::words::Word;

/// Who did it and when.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// Who.
    pub by: &'a str,
    /// When it was complete.
    pub at: DateTime<Utc>,
    /// By which rules.
    pub edition: Edition,
}

/// The target after the change; `source` is what a copy or restore takes its content from.
pub fn after(change: &Change, source: Option<&Environment>, target: &Environment, done: Done<'_>) -> Environment {
    let at = done.at;
    let mut after = target.clone();
    match change {
        Change::Copy { level, audit_logs, name, group, .. } => {
            let Some(source) = source else { return after };
            after = copied(source, target, level, audit_logs, done);
            call(&mut after, name);
            let_in(&mut after, group);
        }
        Change::Restore { back, audit_logs, name, .. } => {
            let Some(source) = source else { return after };
            after = restored(source, target, back, audit_logs.is(&true));
            call(&mut after, name);
        }
        Change::Backup { id, name, notes, .. } => {
            let backup = Backup {
                id: id.clone(),
                name: name.chosen().cloned().map_or(Known::Unknown, Known::Is),
                taken_at: at,
                created_by: Known::Is(done.by.into()),
                notes: Known::Is(notes.clone()),
                overwritten: false,
                may_be_gone: false,
                region: None,
            };
            if let Known::Is(backups) = &mut after.backups {
                backups.push(backup);
            }
        }
        Change::DeleteBackup(id) => {
            if let Known::Is(backups) = &mut after.backups {
                backups.retain(|backup| !id.is(&backup.id));
            }
        }
        Change::Retention { days, before } => kept_for(&mut after, *days, *before, at),
        Change::Switch { to, sandbox_days } => {
            let was_production = target.kind == Known::Is(EnvironmentType::Production);
            after.kind = Known::Is(*to);
            after.sandbox_since = (*to == EnvironmentType::Sandbox && was_production).then_some(at);
            switched_along(&mut after, *to);
            if *to == EnvironmentType::Production {
                // While it was a sandbox it kept so much; whether older backups of before come back, no article says (C-28).
                doubt(&mut after, at - TimeDelta::days(i64::from(*sandbox_days)));
            }
        }
        Change::Reset => emptied(&mut after, at),
        Change::Create { name, kind, region, .. } => created(&mut after, name, kind, region, at),
        Change::Delete => {
            after.deleted_at = Known::Is(Some(at));
            after.unbacked.push((at, at));
        }
        Change::Recover => {
            // A capture that is newer shows no deletion any more; its record does.
            let recorded = after.unbacked.pop_if(|(from, to)| from == to).map(|(from, _)| from);
            let deleted_at = if let Known::Is(Some(deleted_at)) = target.deleted_at { Some(deleted_at) } else { recorded };
            after.unbacked.extend(deleted_at.map(|deleted_at| (deleted_at, at)));
            after.deleted_at = Known::Is(None);
            if after.state == Known::Is(EnvironmentState::Disabled) {
                after.state = Known::Is(EnvironmentState::Ready);
            }
        }
        Change::Edit { name, group } => {
            call(&mut after, name);
            let_in(&mut after, group);
        }
        Change::RenameUrl(url) => after.url = url.chosen().cloned().map_or(Known::Unknown, |url| Known::Is(Some(url))),
        Change::AdminMode(on) => {
            after.admin_mode = Known::Is(*on);
            if *on {
                // Background operations cannot run while the mode is on (C-21).
                after.background_operations = Known::Is(false);
            } else if done.edition == Edition::Current {
                // They can be off only while it is on (CUR-021).
                after.background_operations = Known::Is(true);
            }
        }
        Change::Background(on) => after.background_operations = Known::Is(*on),
        // The Dataverse half stays, the link is gone (LNK-008, LNK-009).
        Change::DeleteFinanceOperations => after.finance_operations = Known::Is(None),
        Change::Migrate(moved) => after = moved_out(moved, target, at),
    }
    after
}

/// The half of a unified environment is switched with it (CUR-026), that of another one stays what it is (LNK-011); where nobody
/// knows which it is, nobody knows of which type the half is now.
fn switched_along(environment: &mut Environment, to: EnvironmentType) {
    let Known::Is(Some(half)) = &mut environment.finance_operations else { return };
    half.kind_of_environment = match half.kind {
        Known::Is(FinanceOperationsKind::Lcs) => return,
        Known::Is(FinanceOperationsKind::Unified) if to == EnvironmentType::Production => Known::Is(FinanceOperationsType::Production),
        Known::Is(FinanceOperationsKind::Unified) => Known::Is(FinanceOperationsType::Sandbox),
        Known::Unknown => Known::Unknown,
    };
}

/// What it changed that no capture shows, however new: restore points that are gone or in doubt (C-10, C-19, C-28). Manual
/// backups that a capture lists are there, but for those that a copy made useless.
pub fn unseen(change: &Change, environment: &mut Environment, done: Done<'_>) {
    if let Change::Copy { .. } = change {
        overwritten(environment, done.at);
        return;
    }
    let after = after(change, None, environment, done);
    if let Change::Switch { to, .. } = change {
        // A capture shows the type that it has now, not the one that it had.
        let still = *to == EnvironmentType::Sandbox && environment.kind == Known::Is(EnvironmentType::Sandbox);
        environment.sandbox_since = still.then_some(done.at);
    }
    environment.kept_since = after.kept_since;
    environment.may_be_gone_before = after.may_be_gone_before;
    environment.unbacked = after.unbacked;
}

/// The same environment in the other tenant (TTM-003, TTM-007), which [`crate::domain::estate`] gives it: id, name, organisation
/// id, type and version stay (TTM-005, TTM-107), the URL where the region does (C-40); no backup comes along (TTM-011), and
/// of the users those that the mapping file names (TTM-109). Of what belonged to the old tenant nobody knows what becomes.
/// Components stay listed, because the checklist that opens names each that has to be imported or set up again.
fn moved_out(moved: &Move, environment: &Environment, at: DateTime<Utc>) -> Environment {
    let mut after = environment.clone();
    if !moved.same_region {
        // Support says what becomes of both.
        (after.region, after.url) = (Known::Unknown, Known::Unknown);
    }
    after.state = Known::Is(EnvironmentState::Ready);
    after.backups = Known::Is(Vec::new());
    after.kept_since = Some(at);
    after.security_group = Known::Is(moved.group.clone());
    after.users = match &moved.mapping {
        Some(mapping) => Known::Is(mapping.users.iter().map(|(_, destination)| Arc::from(&**destination)).collect()),
        None => Known::Unknown,
    };
    after.operator_roles = Known::Unknown;
    if !environment.customer_managed_key.is(Option::is_none) {
        after.customer_managed_key = Known::Unknown;
    }
    if !environment.enterprise_policies.is(Vec::is_empty) {
        after.enterprise_policies = Known::Unknown;
    }
    // What Microsoft said about it, it said about the old tenant.
    after.disallowed_operations = Known::Unknown;
    // Connections do not come along (TTM-084).
    after.components.change(ComponentKind::ConnectionReference, |reference| reference.set("connection", Property::Nothing));
    after
}

/// How an environment stands while an operation on it runs: nobody but administrators get in while it moves, and nothing
/// runs in the background (TTM-118).
pub fn during(kind: OperationKind, environment: &mut Environment) {
    environment.state = Known::Is(EnvironmentState::Running);
    if kind == OperationKind::Migrate {
        environment.admin_mode = Known::Is(true);
        environment.background_operations = Known::Is(false);
    }
}

/// What is known of an environment that was just created with a database; what depends on choices in the admin center that
/// nobody told stays unknown.
fn created(environment: &mut Environment, name: &Choice<Box<str>>, kind: &Choice<EnvironmentType>, region: &Choice<Box<str>>, at: DateTime<Utc>) {
    call(environment, name);
    environment.kind = kind.chosen().copied().map_or(Known::Unknown, Known::Is);
    environment.state = Known::Is(EnvironmentState::Ready);
    if let Choice::Chosen(region) = region {
        environment.region = Known::Is((&**region).into());
    }
    environment.created_at = Known::Is(at);
    environment.dataverse = Known::Is(Some(Dataverse::default()));
    environment.admin_mode = Known::Is(false);
    environment.background_operations = Known::Is(true);
    environment.retention_days = Known::Is(None);
    environment.finance_operations = Known::Is(None);
    environment.order_management = Known::Is(None);
    environment.deleted_at = Known::Is(None);
    environment.backups = Known::Is(Vec::new());
    // Who creates an environment administers it.
    environment.operator_roles = Known::Is(vec![EnvironmentRole::SystemAdministrator]);
    for kind in ComponentKind::ALL {
        environment.components.insert(*kind, Vec::new());
    }
}

/// What it is called afterwards: while nobody chose another name, as before.
fn call(environment: &mut Environment, name: &Choice<Box<str>>) {
    if let Choice::Chosen(name) = name {
        environment.name.clone_from(name);
    }
}

/// Who gets in afterwards.
fn let_in(environment: &mut Environment, group: &Choice<Group>) {
    match group {
        Choice::Chosen(Group::Keep) => {}
        Choice::Chosen(Group::Open) => environment.security_group = Known::Is(None),
        Choice::Chosen(Group::Only(id)) => environment.security_group = Known::Is(Some(id.clone())),
        Choice::Open => environment.security_group = Known::Unknown,
    }
}

/// The database of the source without its audit logs.
fn without_audit_logs(source: &Environment) -> Known<Option<Dataverse>> {
    source.dataverse.as_ref().map(|dataverse| dataverse.as_ref().map(|dataverse| Dataverse { audit: Known::Is(Gigabytes::whole(0)), ..dataverse.clone() }))
}

/// The kinds of which only what is in a solution is part of a backup (BKP-031); the others live in the database.
const BESIDE_THE_DATABASE: [ComponentKind; 4] = ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS;

/// The target after a restore (RST-049 to RST-060, RST-066, RST-067, C-19, G-10): its own identity and backups, the content
/// of the source as far as a backup holds it, out of service. How large it was then, nobody knows.
fn restored(source: &Environment, target: &Environment, back: &Choice<Back>, audit_logs: bool) -> Environment {
    let itself = source.id == target.id;
    let mut after = target.clone();
    let audit = match (itself, back) {
        // Its own audit logs stay, those newer than the point included (RST-005, RST-006).
        (true, _) => target.dataverse.as_ref().map(|dataverse| dataverse.as_ref().map(|dataverse| dataverse.audit)),
        (false, Choice::Chosen(Back::Backup(..))) if audit_logs => {
            source.dataverse.as_ref().map(|dataverse| dataverse.as_ref().map(|dataverse| dataverse.audit))
        }
        (false, _) => Known::Is(Some(Known::Is(Gigabytes::whole(0)))),
    };
    let audit = match audit {
        Known::Is(Some(audit)) => audit,
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    after.dataverse = source.dataverse.as_ref().map(|dataverse| dataverse.as_ref().map(|_| Dataverse { version: Known::Unknown, size: Known::Unknown, audit }));
    after.dynamics_365_apps = source.dynamics_365_apps.clone();
    after.users = source.users.clone();
    after.components = components_after_a_restore(source, target);
    after.order_management = source.order_management.clone();
    after.state = Known::Is(EnvironmentState::Ready);
    after.admin_mode = Known::Is(true);
    after.background_operations = Known::Is(false);
    after
}

/// The components after a restore: solution flows arrive turned off, the target's own non-solution ones stay (RST-051 to
/// RST-053), canvas apps have another id and are shared with everyone no more (RST-058 to RST-060), references are unbound (RST-056).
fn components_after_a_restore(source: &Environment, target: &Environment) -> Components {
    let mut components = Components::default();
    for kind in ComponentKind::ALL {
        let (from, onto) = (source.components.of(*kind), target.components.of(*kind));
        if !BESIDE_THE_DATABASE.contains(kind) {
            if let Known::Is(list) = from {
                components.insert(*kind, list.to_vec());
            }
            continue;
        }
        let (Known::Is(from), Known::Is(onto)) = (from, onto) else { continue };
        let stay = onto.iter().filter(|component| component.in_solution != Known::Is(true)).cloned();
        let come = from.iter().filter(|component| component.in_solution != Known::Is(false)).map(|component| arrived(*kind, component));
        let mut list: Vec<Component> = Vec::new();
        for component in come.chain(stay) {
            if list.iter().all(|there| there.id != component.id) {
                list.push(component);
            }
        }
        components.insert(*kind, list);
    }
    components.change(ComponentKind::ConnectionReference, |reference| reference.set("connection", Property::Nothing));
    components
}

/// A component as it arrives.
fn arrived(kind: ComponentKind, component: &Component) -> Component {
    let mut component = component.clone();
    match kind {
        ComponentKind::CloudFlow => component.set("state", Property::Text("disabled".into())),
        ComponentKind::CanvasApp => {
            component.id = format!("new id of {}", component.id).into();
            let everyone = matches!(component.property("shared_with"), Known::Is(Property::Text(with)) if with.eq_ignore_ascii_case("everyone"));
            if everyone {
                component.set("shared_with", Property::Nothing);
            }
        }
        _ => {}
    }
    component
}

/// Backups kept for another time (BKP-037, C-10): what was gone already does not come back, and what would have gone within
/// the day that the change can take may still go.
fn kept_for(environment: &mut Environment, days: u16, before: Option<u16>, at: DateTime<Utc>) {
    const LAG: TimeDelta = TimeDelta::hours(24);
    environment.retention_days = Known::Is(Some(days));
    let Some(before) = before else { return };
    let oldest = at - TimeDelta::days(i64::from(before));
    environment.kept_since = environment.kept_since.max(Some(oldest));
    if let Known::Is(backups) = &mut environment.backups {
        backups.retain(|backup| backup.taken_at >= oldest);
    }
    if days > before {
        doubt(environment, oldest + LAG);
    }
}

/// What is older than this may be gone.
fn doubt(environment: &mut Environment, before: DateTime<Utc>) {
    environment.may_be_gone_before = environment.may_be_gone_before.max(Some(before));
    if let Known::Is(backups) = &mut environment.backups {
        for backup in backups.iter_mut().filter(|backup| backup.taken_at < before) {
            backup.may_be_gone = true;
        }
    }
}

/// Nothing is left in it, its backups included (G-11, CUR-018).
fn emptied(environment: &mut Environment, at: DateTime<Utc>) {
    environment.state = Known::Is(EnvironmentState::Ready);
    environment.dataverse = environment
        .dataverse
        .as_ref()
        .map(|dataverse| dataverse.as_ref().map(|_| Dataverse { version: Known::Unknown, size: Known::Unknown, audit: Known::Is(Gigabytes::whole(0)) }));
    environment.dynamics_365_apps = Known::Unknown;
    environment.users = Known::Unknown;
    environment.order_management = Known::Is(None);
    environment.backups = Known::Is(Vec::new());
    environment.kept_since = Some(at);
    let mut components = Components::default();
    for kind in ComponentKind::ALL {
        components.insert(*kind, Vec::new());
    }
    environment.components = components;
}

/// The target after a copy (CPY-036 to CPY-043, G-20, C-19): its own identity, the source's content, out of service.
fn copied(source: &Environment, target: &Environment, level: &Choice<Level>, audit_logs: &Choice<bool>, done: Done<'_>) -> Environment {
    let mut copy = target.clone();
    copy.dataverse = match level {
        Choice::Open => Known::Unknown,
        Choice::Chosen(Level::Everything) if audit_logs.is(&false) => without_audit_logs(source),
        Choice::Chosen(Level::Everything) => source.dataverse.clone(),
        // The 204 tables are emptied, Audit among them (TRN-001, TRN-008); how much is left, nobody knows.
        Choice::Chosen(Level::Customizations) => source.dataverse.as_ref().map(|dataverse| {
            dataverse.as_ref().map(|dataverse| Dataverse { version: dataverse.version.clone(), size: Known::Unknown, audit: Known::Is(Gigabytes::whole(0)) })
        }),
    };
    copy.dynamics_365_apps = source.dynamics_365_apps.clone();
    copy.users = source.users.clone();
    copy.components = source.components.clone();
    copy.components.change(ComponentKind::ConnectionReference, |reference| reference.set("connection", Property::Nothing));
    if done.edition == Edition::Current {
        copied_flows(source, target, &mut copy.components);
    }
    if level.is(&Level::Customizations) {
        // SharePointSite is among the emptied tables (TRN-012).
        copy.components.insert(ComponentKind::SharepointSite, Vec::new());
    }
    copy.order_management = source.order_management.clone();
    if let Known::Is(Some(orders)) = &mut copy.order_management {
        // It has to be activated again, and its provider actions do not stay valid (IOM-015, IOM-028).
        orders.active = Known::Is(false);
        if let Known::Is(orchestrations) = &mut orders.orchestrations {
            orchestrations.iter_mut().for_each(|orchestration| orchestration.invalid_actions = true);
        }
    }
    copy.admin_mode = Known::Is(true);
    copy.background_operations = Known::Is(false);
    copy.unread.retain(|unread| !unread.field.starts_with("components"));
    copy.unread.extend(source.unread.iter().filter(|unread| unread.field.starts_with("components")).cloned());
    overwritten(&mut copy, done.at);
    copy
}

/// The flows of a copy by newer articles: all that come are off, those of the target that are in no solution stay (CUR-009).
fn copied_flows(source: &Environment, target: &Environment, components: &mut Components) {
    let (Known::Is(from), Known::Is(onto)) = (source.components.of(ComponentKind::CloudFlow), target.components.of(ComponentKind::CloudFlow)) else {
        components.change(ComponentKind::CloudFlow, |flow| flow.set("state", Property::Text("disabled".into())));
        return;
    };
    let mut flows: Vec<Component> = from.iter().map(|flow| arrived(ComponentKind::CloudFlow, flow)).collect();
    let stay = onto.iter().filter(|flow| flow.in_solution == Known::Is(false) && from.iter().all(|come| come.id != flow.id));
    flows.extend(stay.cloned());
    components.insert(ComponentKind::CloudFlow, flows);
}

/// Takes away the restore points from before a copy at `at`: no capture shows that they cannot be used any more (C-19).
pub fn overwritten(target: &mut Environment, at: DateTime<Utc>) {
    target.restorable_since = target.restorable_since.max(Some(at));
    if let Known::Is(backups) = &mut target.backups {
        for backup in backups.iter_mut().filter(|backup| backup.taken_at <= at) {
            backup.overwritten = true;
        }
    }
}
