//! Writes a snapshot: what is unknown is left out, what there is none of says so, and reading it again gives the same facts.

use std::borrow::Cow;
use std::fmt::Display;

use super::SCHEMA;
use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind, Property};
use crate::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, FinanceOperations, Orchestration, OrderManagement, PastOperation, Unread,
};
use crate::domain::estate::Snapshot;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::seen::{Group, Look, Seen};
use crate::domain::tenant::{Capacity, Storage, StorageType, Tenant, TenantKey, User};
use crate::domain::time::rfc3339;
use crate::domain::words::Word;
use crate::files::lines::{Lines, Row, scalar};

/// The text of a snapshot.
pub fn write(snapshot: &Snapshot) -> String {
    let mut lines = Lines::of(SCHEMA);
    lines.plain("captured_at", &snapshot.captured_at.map(rfc3339));
    lines.plain("rulebook", &snapshot.edition.map(Word::word));
    lines.text("operator", &snapshot.operator);
    let tenants: Vec<(TenantKey, &Tenant)> = (0..).map(TenantKey).zip(snapshot.tenants()).collect();
    // One pass over all environments, however many tenants there are.
    let mut environments: Vec<Vec<&Environment>> = tenants.iter().map(|_| Vec::new()).collect();
    for environment in snapshot.environments() {
        if let Some(of) = environments.get_mut(environment.tenant.0 as usize) {
            of.push(environment);
        }
    }
    lines.list("tenants", &tenants, |lines, (key, tenant)| {
        lines.item(|lines| {
            write_tenant(lines, tenant);
            let own = environments.get(key.0 as usize).map_or(&[][..], Vec::as_slice);
            lines.list("environments", own, |lines, environment| lines.item(|lines| write_environment(lines, environment)));
        });
    });
    lines.text
}

/// `{ unknown: Foo }`: a word of a newer world.
fn newer(word: &str) -> String {
    Row::default().scalar("unknown", word).finish()
}

/// Where the words of a newer world stood.
#[derive(Clone, Copy)]
struct Newer<'a>(&'a [Unread]);

impl<'a> Newer<'a> {
    fn of(self, field: &str, at: &str) -> Option<&'a str> {
        self.0.iter().find(|unread| unread.field == field && *unread.at == *at).map(|unread| &*unread.word)
    }

    fn all(self, field: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |unread| unread.field == field).map(|unread| &*unread.word)
    }
}

/// What is known of a fact, and nothing where nothing is.
impl Lines {
    /// A value that needs no quotes.
    fn plain(&mut self, key: &str, known: &Known<impl Display>) {
        if let Known::Is(value) = known {
            self.word(key, &value.to_string());
        }
    }

    fn text(&mut self, key: &str, known: &Known<impl AsRef<str>>) {
        if let Known::Is(text) = known {
            self.scalar(key, text.as_ref());
        }
    }

    fn text_or_none(&mut self, key: &str, known: &Known<Option<Box<str>>>) {
        self.or_none(key, known, |lines, text| lines.scalar(key, text));
    }

    fn word_or_newer<W: Word>(&mut self, key: &str, known: Known<W>, word: Option<&str>) {
        match (known, word) {
            (Known::Is(known), _) => self.word(key, known.word()),
            (Known::Unknown, Some(word)) => self.word(key, &newer(word)),
            (Known::Unknown, None) => {}
        }
    }

    fn words_or_newer<W: Word>(&mut self, key: &str, known: &Known<Vec<W>>, unread: Newer<'_>) {
        match known {
            Known::Is(words) => self.values(key, words.iter().map(|word| Cow::Borrowed(word.word()))),
            Known::Unknown => {
                let words: Vec<_> = unread.all(key).map(newer).collect();
                if !words.is_empty() {
                    self.values(key, words.into_iter().map(Cow::Owned));
                }
            }
        }
    }

    fn texts<T: AsRef<str>>(&mut self, key: &str, known: &Known<Vec<T>>) {
        if let Known::Is(texts) = known {
            self.values(key, texts.iter().map(|text| scalar(text.as_ref())));
        }
    }

    fn or_none<T>(&mut self, key: &str, known: &Known<Option<T>>, write: impl FnOnce(&mut Self, &T)) {
        match known {
            Known::Is(Some(value)) => write(self, value),
            Known::Is(None) => self.word(key, "none"),
            Known::Unknown => {}
        }
    }

    fn rows<T>(&mut self, key: &str, known: &Known<Vec<T>>, row: impl Fn(usize, &T) -> Row) {
        if let Known::Is(items) = known {
            let numbered: Vec<(usize, &T)> = items.iter().enumerate().collect();
            self.list(key, &numbered, |lines, (at, item)| lines.row(row(*at, item)));
        }
    }
}

/// The same in one line.
impl Row {
    fn plain(self, key: &str, known: &Known<impl Display>) -> Self {
        if let Known::Is(value) = known { self.word(key, &value.to_string()) } else { self }
    }

    fn text(self, key: &str, known: &Known<impl AsRef<str>>) -> Self {
        if let Known::Is(text) = known { self.scalar(key, text.as_ref()) } else { self }
    }

    fn word_or_newer<W: Word>(self, key: &str, known: Known<W>, word: Option<&str>) -> Self {
        match (known, word) {
            (Known::Is(known), _) => self.word(key, known.word()),
            (Known::Unknown, Some(word)) => self.word(key, &newer(word)),
            (Known::Unknown, None) => self,
        }
    }
}

fn write_tenant(lines: &mut Lines, tenant: &Tenant) {
    let unread = Newer(&tenant.unread);
    lines.scalar("id", &tenant.id);
    lines.scalar("name", &tenant.name);
    lines.text("domain", &tenant.domain);
    lines.text("region", &tenant.region);
    lines.word_or_newer("cloud", tenant.cloud, unread.of("cloud", ""));
    lines.words_or_newer("operator_roles", &tenant.operator_roles, unread);
    let capacity = capacity_row(&tenant.capacity);
    let licences = Row::default().plain("total", &tenant.licences.total).plain("active", &tenant.licences.active);
    for (key, row) in [("capacity_gb", capacity), ("licences", licences)] {
        if !row.is_empty() {
            lines.word(key, &row.finish());
        }
    }
    lines.plain("lockbox", &tenant.lockbox);
    lines.plain("dynamics_365_seats", &tenant.dynamics_365_seats);
    lines.words_or_newer("paid_subscriptions", &tenant.paid_subscriptions, unread);
    lines.rows("security_groups", &tenant.security_groups, |_, group| Row::default().scalar("id", &group.id).scalar("name", &group.name));
    lines.rows("users", &tenant.users, |_, user| {
        let User { upn, active, licensed, access, mailbox } = user;
        let row = Row::default().scalar("upn", upn).plain("active", active).plain("licensed", licensed);
        let row = row.word_or_newer("access", *access, unread.of("users.access", upn));
        row.word_or_newer("mailbox", *mailbox, unread.of("users.mailbox", upn))
    });
    if !tenant.seen.is_empty() {
        lines.map("seen", |lines| tenant.seen.all().for_each(|(group, look)| lines.word(group.word(), &look_row(look).finish())));
    }
}

fn look_row(Look { at, source }: &Look) -> Row {
    Row::default().word("at", &rfc3339(*at)).text("source", source)
}

/// The kinds of component stand below the other groups, as in the environment.
fn write_seen(lines: &mut Lines, seen: &Seen<Group>) {
    let (mut facts, mut components) = (Vec::new(), Vec::new());
    for (group, look) in seen.all() {
        match group {
            Group::Facts(group) => facts.push((group.word(), look)),
            Group::Components(kind) => components.push((kind.word(), look)),
        }
    }
    let write = |lines: &mut Lines, looks: &[(&'static str, &Look)]| looks.iter().for_each(|(key, look)| lines.word(key, &look_row(look).finish()));
    lines.map("seen", |lines| {
        write(lines, &facts);
        if !components.is_empty() {
            lines.map("components", |lines| write(lines, &components));
        }
    });
}

/// The sum only where the types do not come to it anyway.
fn capacity_row(capacity: &Capacity) -> Row {
    let sum = capacity.sum_of_types();
    let unless_added_up = |said: Known<Gigabytes>, sum: Known<Gigabytes>| if sum.is_unknown() { said } else { Known::Unknown };
    let row = Row::default().plain("entitled", &unless_added_up(capacity.entitled, sum.entitled));
    let row = row.plain("used", &unless_added_up(capacity.used, sum.used));
    [StorageType::Database, StorageType::File, StorageType::Log].into_iter().fold(row, |row, of| {
        let Storage { entitled, used } = capacity.of(of);
        let own = Row::default().plain("entitled", entitled).plain("used", used);
        if own.is_empty() { row } else { row.word(of.word(), &own.finish()) }
    })
}

fn write_environment(lines: &mut Lines, e: &Environment) {
    let unread = Newer(&e.unread);
    lines.scalar("id", e.id.as_str());
    lines.scalar("name", &e.name);
    lines.word_or_newer("type", e.kind, unread.of("type", ""));
    lines.word_or_newer("state", e.state, unread.of("state", ""));
    lines.text("region", &e.region);
    lines.text_or_none("url", &e.url);
    lines.text_or_none("org_id", &e.org_id);
    lines.plain("created_at", &e.created_at.map(rfc3339));
    lines.or_none("dataverse", &e.dataverse, |lines, Dataverse { version, size, audit }| {
        lines.word("dataverse", &Row::default().text("version", version).plain("size_gb", size).plain("audit_gb", audit).finish());
    });
    lines.texts("dynamics_365_apps", &e.dynamics_365_apps);
    lines.plain("managed", &e.managed);
    lines.or_none("customer_managed_key", &e.customer_managed_key, |lines, CustomerManagedKey { name }| {
        lines.word("customer_managed_key", &Row::default().text("name", name).finish());
    });
    lines.rows("enterprise_policies", &e.enterprise_policies, |at, EnterprisePolicy { kind, id }| {
        Row::default().word_or_newer("kind", *kind, unread.of("enterprise_policies.kind", &at.to_string())).scalar("id", id)
    });
    lines.plain("admin_mode", &e.admin_mode);
    lines.plain("background_operations", &e.background_operations);
    if let Some(at) = e.kept_since {
        lines.plain("backups_available_from", &Known::Is(rfc3339(at)));
    }
    lines.or_none("retention_days", &e.retention_days, |lines, days| lines.word("retention_days", &days.to_string()));
    lines.text_or_none("security_group", &e.security_group);
    lines.or_none("finance_operations", &e.finance_operations, |lines, half| write_half(lines, half, unread));
    lines.words_or_newer("operator_roles", &e.operator_roles, unread);
    lines.texts("users", &e.users);
    lines.plain("deleted_at", &e.deleted_at.map(|at| at.map_or_else(|| "none".to_owned(), rfc3339)));
    lines.rows("disallowed_operations", &e.disallowed_operations, |_, DisallowedOperation { operation, message }| {
        Row::default().scalar("operation", operation).text("message", message)
    });
    lines.rows("history", &e.history, |at, PastOperation { id, operation, state, requested_by, started_at, ended_at }| {
        let row = Row::default().scalar("id", id).scalar("operation", operation);
        let row = row.word_or_newer("state", *state, unread.of("history.state", &at.to_string())).text("requested_by", requested_by);
        row.plain("started_at", &started_at.map(rfc3339)).plain("ended_at", &ended_at.map(rfc3339))
    });
    lines.rows("backups", &e.backups, |_, backup| backup_row(backup));
    let seen: Vec<(ComponentKind, &[Component])> = e.components.seen().collect();
    if !seen.is_empty() {
        lines.map("components", |lines| {
            for (kind, list) in seen {
                lines.list(kind.word(), list, |lines, component| lines.row(component_row(kind, component, unread)));
            }
        });
    }
    lines.or_none("order_management", &e.order_management, |lines, installed| write_order_management(lines, installed));
    if !e.seen.is_empty() {
        write_seen(lines, &e.seen);
    }
}

fn write_half(lines: &mut Lines, half: &FinanceOperations, unread: Newer<'_>) {
    let row = Row::default().scalar("id", &half.id).scalar("name", &half.name);
    let row = row.word_or_newer("type", half.kind_of_environment, unread.of("finance_operations.type", ""));
    let row = row.word_or_newer("kind", half.kind, unread.of("finance_operations.kind", ""));
    let row = row.text("application_build", &half.application_build).plain("pitr_days", &half.point_in_time_restore_days);
    lines.word("finance_operations", &row.finish());
}

fn backup_row(backup: &Backup) -> Row {
    let row = Row::default().scalar("id", &backup.id).text("name", &backup.name).word("taken_at", &rfc3339(backup.taken_at));
    let row = row.text("created_by", &backup.created_by).text("notes", &backup.notes);
    if let Some(region) = &backup.region { row.scalar("region", region) } else { row }
}

fn component_row(kind: ComponentKind, component: &Component, unread: Newer<'_>) -> Row {
    let mut row = Row::default().scalar("id", &component.id).scalar("name", &component.name).plain("in_solution", &component.in_solution);
    for (key, _) in kind.properties() {
        row = match component.property(key) {
            Known::Is(Property::Flag(flag)) => row.word(key, if *flag { "true" } else { "false" }),
            Known::Is(Property::Text(text)) => row.scalar(key, text),
            Known::Is(Property::Nothing) => row.word(key, "none"),
            Known::Unknown if unread.0.is_empty() => row,
            Known::Unknown => match unread.of("components", &format!("{}/{key}/{}", kind.word(), component.id)) {
                Some(word) => row.word(key, &newer(word)),
                None => row,
            },
        };
    }
    row
}

fn write_order_management(lines: &mut Lines, installed: &OrderManagement) {
    if *installed == OrderManagement::default() {
        lines.word("order_management", "{}");
        return;
    }
    lines.map("order_management", |lines| {
        lines.plain("active", &installed.active);
        lines.texts("providers", &installed.providers);
        if let Known::Is(orchestrations) = &installed.orchestrations {
            lines.list("orchestrations", orchestrations, |lines, Orchestration { name, published, provider_actions, invalid_actions: _ }| {
                lines.item(|lines| {
                    lines.scalar("name", name);
                    lines.plain("published", published);
                    lines.texts("provider_actions", provider_actions);
                });
            });
        }
        lines.plain("dual_write", &installed.dual_write);
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use chrono::{DateTime, Utc};
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::write;
    use crate::domain::component::{Component, ComponentKind, Property, Shape};
    use crate::domain::environment::{
        CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentId, FinanceOperations, Orchestration, OrderManagement,
        PastOperation, Unread,
    };
    use crate::domain::estate::Snapshot;
    use crate::domain::fact::RETENTIONS;
    use crate::domain::gigabytes::Gigabytes;
    use crate::domain::known::Known;
    use crate::domain::seen::{FactGroup, Group, Look, Seen, TenantGroup};
    use crate::domain::tenant::{Capacity, Licences, SecurityGroup, Storage, Tenant, TenantKey, User};
    use crate::domain::words::Word;
    use crate::files::snapshot::{SCHEMA, read};
    use crate::files::text::harmless;

    /// Texts as the edge lets them in; what YAML or older readers would take for something else among them.
    fn text() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(vec![
            "none",
            "None",
            "null",
            "~",
            "true",
            "no",
            "y",
            "1.5",
            "0x10",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "{a}",
            "[a",
            "a, b",
            "'",
            "\"",
            "it's",
            "%a",
            "@a",
            "`a`",
            "!a",
            "&a",
            "*a",
            "? a",
            "2026-01-05",
            "a:",
            ":a",
            "|",
            ">",
            "=",
            "<<",
            "a\\b",
            "é",
            "日本語",
            "👩\u{200d}👧",
            "1e5",
            "Infinity",
            ".inf",
            "---",
            "...",
            "https://a.crm4.dynamics.com/",
        ]);
        prop_oneof![2 => odd.prop_map(str::to_owned), 3 => any::<String>().prop_map(|text| harmless(text.trim()).into_owned()), 2 => "[a-z]{1,8}"]
            .prop_filter("says something", |text| !text.trim().is_empty())
    }

    fn boxed() -> impl Strategy<Value = Box<str>> {
        text().prop_map(Into::into)
    }

    fn shared() -> impl Strategy<Value = Arc<str>> {
        text().prop_map(|text| Arc::from(text.as_str()))
    }

    fn known<S: Strategy>(of: S) -> impl Strategy<Value = Known<S::Value>>
    where
        S::Value: Clone,
    {
        prop::option::of(of).prop_map(|value| value.map_or(Known::Unknown, Known::Is))
    }

    fn word<W: Word + std::fmt::Debug>() -> impl Strategy<Value = W> {
        prop::sample::select(W::ALL)
    }

    fn instant() -> impl Strategy<Value = DateTime<Utc>> {
        (0_i64..4_000_000_000, 0_u32..10_000_000).prop_map(|(seconds, ticks)| DateTime::from_timestamp(seconds, ticks * 100).unwrap())
    }

    fn size() -> impl Strategy<Value = Gigabytes> {
        (0_u32..100_000, 0_u32..1_000_000).prop_map(|(whole, part)| Gigabytes::parse(&format!("{whole}.{part:06}")).unwrap())
    }

    /// Items that each have another id.
    fn identified<T: Clone + std::fmt::Debug>(item: impl Strategy<Value = T>, with_id: fn(Box<str>, T) -> T) -> impl Strategy<Value = Vec<T>> {
        btree_map(text(), item, 0..3).prop_map(move |items: BTreeMap<String, T>| items.into_iter().map(|(id, item)| with_id(id.into(), item)).collect())
    }

    fn components() -> impl Strategy<Value = Vec<(ComponentKind, Vec<Component>)>> {
        let kind = prop::sample::subsequence(ComponentKind::ALL.to_vec(), 0..4);
        kind.prop_flat_map(|kinds| {
            kinds
                .into_iter()
                .map(|kind| {
                    let item = (boxed(), known(any::<bool>()), vec((boxed(), any::<u8>()), kind.properties().len()));
                    let item = item.prop_map(move |(name, in_solution, values)| {
                        let property = |((key, shape), (text, dice)): (&(&'static str, Shape), (Box<str>, u8))| match (dice % 4, shape) {
                            (0, _) => None,
                            (1, Shape::Text) => Some((*key, Property::Nothing)),
                            (_, Shape::Text) => Some((*key, Property::Text(text))),
                            (_, Shape::Flag) => Some((*key, Property::Flag(dice > 100))),
                            (_, Shape::Word(words)) => Some((
                                *key,
                                match words[usize::from(dice) % words.len()] {
                                    "none" => Property::Nothing,
                                    word => Property::Text(word.into()),
                                },
                            )),
                        };
                        Component { id: Box::default(), name, in_solution, properties: kind.properties().iter().zip(values).filter_map(property).collect() }
                    });
                    identified(item, |id, component| Component { id, ..component }).prop_map(move |list| (kind, list))
                })
                .collect::<Vec<_>>()
        })
    }

    /// Looks at some of these groups.
    fn seen<G: Copy + Ord + std::fmt::Debug + 'static>(groups: Vec<G>) -> impl Strategy<Value = Seen<G>> {
        let look = || (instant(), known(boxed())).prop_map(|(at, source)| Look { at, source });
        prop::sample::subsequence(groups, 0..4).prop_flat_map(move |groups| {
            let looks = vec(look(), groups.len());
            looks.prop_map(move |looks| {
                let mut seen = Seen::default();
                groups.iter().zip(looks).for_each(|(group, look)| seen.renew(*group, look));
                seen
            })
        })
    }

    fn groups() -> Vec<Group> {
        let components = ComponentKind::ALL.iter().map(|kind| Group::Components(*kind));
        FactGroup::ALL.iter().map(|group| Group::Facts(*group)).chain(components).collect()
    }

    fn environment() -> impl Strategy<Value = Environment> {
        let first =
            (boxed(), known(word()), known(word()), known(shared()), known(prop::option::of(boxed())), known(prop::option::of(boxed())), known(instant()));
        let dataverse = (known(shared()), known(size()), known(size())).prop_map(|(version, size, audit)| Dataverse { version, size, audit });
        let policy = (known(word()), boxed()).prop_map(|(kind, id)| EnterprisePolicy { kind, id });
        let second = (
            known(prop::option::of(dataverse)),
            known(vec(shared(), 0..3)),
            known(any::<bool>()),
            known(prop::option::of(known(boxed()).prop_map(|name| CustomerManagedKey { name }))),
            known(vec(policy, 0..3)),
            known(any::<bool>()),
            known(any::<bool>()),
            known(prop::option::of(prop::sample::select(RETENTIONS.to_vec()))),
        );
        let half = (boxed(), boxed(), known(word()), known(word()), known(shared()), known(any::<u16>()));
        let half = half.prop_map(|(id, name, kind_of_environment, kind, application_build, days)| {
            Box::new(FinanceOperations { id, name, kind_of_environment, kind, application_build, point_in_time_restore_days: days })
        });
        let disallowed = (boxed(), known(boxed())).prop_map(|(operation, message)| DisallowedOperation { operation, message });
        let past =
            (boxed(), known(word()), known(shared()), known(instant()), known(instant())).prop_map(|(operation, state, requested_by, started_at, ended_at)| {
                PastOperation { id: Box::default(), operation, state, requested_by, started_at, ended_at }
            });
        let notes = prop_oneof![Just(Box::<str>::default()), boxed()];
        let backup =
            (known(boxed()), instant(), known(shared()), known(notes), prop::option::of(shared())).prop_map(|(name, taken_at, created_by, notes, region)| {
                crate::domain::backup::Backup { id: Box::default(), name, taken_at, created_by, notes, overwritten: false, may_be_gone: false, region }
            });
        let orchestration = (boxed(), known(any::<bool>()), known(vec(boxed(), 0..3))).prop_map(|(name, published, provider_actions)| Orchestration {
            name,
            published,
            provider_actions,
            invalid_actions: false,
        });
        let orders =
            (known(any::<bool>()), known(vec(boxed(), 0..3)), known(identified(orchestration, |name, of| Orchestration { name, ..of })), known(any::<bool>()));
        let orders =
            orders.prop_map(|(active, providers, orchestrations, dual_write)| Box::new(OrderManagement { active, providers, orchestrations, dual_write }));
        let third = (
            known(prop::option::of(boxed())),
            known(prop::option::of(half)),
            known(vec(word(), 0..3)),
            known(identified(Just(Arc::<str>::from("")), |id, _| Arc::from(&*id))),
            known(prop::option::of(instant())),
            known(vec(disallowed, 0..3)),
            known(identified(past, |id, past| PastOperation { id, ..past })),
            known(identified(backup, |id, backup| crate::domain::backup::Backup { id, ..backup })),
        );
        let rest = (components(), known(prop::option::of(orders)), prop::option::of(boxed()), seen(groups()));
        (first, second, third, rest).prop_map(|(first, second, third, (components, orders, newer, seen))| {
            let mut e = Environment::unexplored(TenantKey(0), EnvironmentId::new("e"), first.0);
            (e.kind, e.state, e.region, e.url, e.org_id, e.created_at) = (first.1, first.2, first.3, first.4, first.5, first.6);
            (e.dataverse, e.dynamics_365_apps, e.managed, e.customer_managed_key) = (second.0, second.1, second.2, second.3);
            (e.enterprise_policies, e.admin_mode, e.background_operations, e.retention_days) = (second.4, second.5, second.6, second.7);
            (e.security_group, e.finance_operations, e.operator_roles, e.users) = (third.0, third.1, third.2, third.3);
            (e.deleted_at, e.disallowed_operations, e.history, e.backups) = (third.4, third.5, third.6, third.7);
            e.order_management = orders;
            e.seen = seen;
            components.into_iter().for_each(|(kind, list)| e.components.insert(kind, list));
            if let Some(word) = newer {
                unread_everywhere(&mut e, &word);
            }
            e
        })
    }

    /// Puts a word of a newer world wherever one can stand and nothing is known, in the order in which they are read.
    fn unread_everywhere(e: &mut Environment, word: &str) {
        let mut unread: Vec<Unread> = Vec::new();
        let mut add = |field: &'static str, at: String| unread.push(Unread { field, word: word.into(), at: at.into() });
        for (field, is_unknown) in [("type", e.kind.is_unknown()), ("state", e.state.is_unknown())] {
            if is_unknown {
                add(field, String::new());
            }
        }
        if let Known::Is(policies) = &e.enterprise_policies {
            policies.iter().enumerate().filter(|(_, policy)| policy.kind.is_unknown()).for_each(|(at, _)| add("enterprise_policies.kind", at.to_string()));
        }
        if let Known::Is(Some(half)) = &e.finance_operations {
            for (field, is_unknown) in [("finance_operations.type", half.kind_of_environment.is_unknown()), ("finance_operations.kind", half.kind.is_unknown())]
            {
                if is_unknown {
                    add(field, String::new());
                }
            }
        }
        if e.operator_roles.is_unknown() {
            add("operator_roles", String::new());
        }
        if let Known::Is(history) = &e.history {
            history.iter().enumerate().filter(|(_, past)| past.state.is_unknown()).for_each(|(at, _)| add("history.state", at.to_string()));
        }
        for (kind, list) in e.components.seen() {
            for component in list {
                let open = kind.properties().iter().filter(|(key, _)| component.property(key).is_unknown());
                open.for_each(|(key, _)| add("components", format!("{}/{key}/{}", kind.word(), component.id)));
            }
        }
        e.unread = unread;
    }

    fn tenant() -> impl Strategy<Value = Tenant> {
        let user = (known(any::<bool>()), known(any::<bool>()), known(word()), known(word())).prop_map(|(active, licensed, access, mailbox)| User {
            upn: Arc::from(""),
            active,
            licensed,
            access,
            mailbox,
        });
        let group = boxed().prop_map(|name| SecurityGroup { id: Box::default(), name });
        let first = (boxed(), boxed(), known(boxed()), known(shared()), known(word()), known(vec(word(), 0..3)), vec(known(size()), 8));
        let second = (known(any::<bool>()), (known(any::<u32>()), known(any::<u32>())), known(any::<u32>()), known(vec(word(), 0..3)));
        let third =
            (known(identified(group, |id, group| SecurityGroup { id, ..group })), known(identified(user, |upn, user| User { upn: Arc::from(&*upn), ..user })));
        let third = (third, seen(TenantGroup::ALL.to_vec()));
        (first, second, third).prop_map(|(first, second, third)| {
            let mut tenant = Tenant::unexplored(first.0, first.1);
            (tenant.domain, tenant.region, tenant.cloud, tenant.operator_roles) = (first.2, first.3, first.4, first.5);
            let storage = |at: usize| Storage { entitled: first.6[at], used: first.6[at + 1] };
            let Storage { entitled, used } = storage(0);
            tenant.capacity = Capacity { entitled, used, database: storage(2), log: storage(4), file: storage(6) };
            tenant.capacity.type_was_said();
            (tenant.lockbox, tenant.dynamics_365_seats, tenant.paid_subscriptions) = (second.0, second.2, second.3);
            tenant.licences = Licences { total: second.1.0, active: second.1.1 };
            ((tenant.security_groups, tenant.users), tenant.seen) = third;
            tenant
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
        #[test]
        fn what_is_written_is_read_back_equal(tenant in tenant(), environment in environment(), head in (known(instant()), known(word()), known(shared()))) {
            let mut snapshot = Snapshot::default();
            (snapshot.captured_at, snapshot.edition, snapshot.operator) = head;
            snapshot.add_tenant(tenant);
            snapshot.add_environment(environment).unwrap();
            let text = write(&snapshot);
            let read = read("written", std::io::Cursor::new(text.clone())).unwrap_or_else(|problems| panic!("{problems}\n{text}")).snapshot;
            prop_assert_eq!((read.captured_at, read.edition, &read.operator), (snapshot.captured_at, snapshot.edition, &snapshot.operator));
            prop_assert_eq!(read.tenants(), snapshot.tenants(), "{}", text);
            prop_assert!(read.environments().eq(snapshot.environments()), "{}", text);
            // The same facts make the same bytes.
            prop_assert_eq!(write(&read), text);
        }
    }

    #[test]
    fn the_demo_estate_survives() {
        let demo = crate::files::read_demo().unwrap().snapshot;
        let text = write(&demo);
        assert!(text.starts_with(&format!("schema: {SCHEMA}\ncaptured_at: ")));
        let read = read("written", std::io::Cursor::new(text)).unwrap().snapshot;
        assert!(read.tenants() == demo.tenants() && read.environments().eq(demo.environments()));
    }
}
