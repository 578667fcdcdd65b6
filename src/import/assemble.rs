//! Puts together what the exports say about the same environment, answers what they leave open, and makes the snapshot.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::environments::host;
use super::gather::{Gathered, Items, List, Sighting, Stored, Users, Whose};
use super::kind::Kind;
use super::lists::{Piece, fill};
use super::look::{Remark, Remarks};
use crate::domain::component::{Component, ComponentKind};
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentState, PastState, Unread};
use crate::domain::estate::Snapshot;
use crate::domain::fact::{self, Field, in_words};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
use crate::domain::seen::{self, FactGroup, Group, TenantGroup};
use crate::domain::tenant::{Tenant, TenantKey, TenantRole, User};
use crate::domain::time::rfc3339;
use crate::domain::words::{Word, counted};

/// What somebody said at the import, for everything that the exports leave open.
#[derive(Clone, Default)]
pub struct Answers {
    /// Which tenant exports belong to that name none.
    pub tenant_id: Option<String>,
    /// The name of the tenant.
    pub tenant_name: Option<String>,
    /// Its primary domain.
    pub tenant_domain: Option<String>,
    /// Its region.
    pub tenant_region: Option<String>,
    /// Storage that is used, and that the tenant is entitled to.
    pub capacity: Option<(Gigabytes, Gigabytes)>,
    /// Roles in the tenant of whoever imports.
    pub roles: Vec<TenantRole>,
    /// Who imports.
    pub operator: Option<String>,
    /// Fields of environments, for all those of which nothing says it.
    pub environments: Vec<(&'static Field<Environment>, Value)>,
    /// Fields of tenants.
    pub tenants: Vec<(&'static Field<Tenant>, Value)>,
}

/// What was made of the exports.
pub struct Assembled {
    /// The facts.
    pub snapshot: Snapshot,
    /// Tenants of which all environments were listed, in lower case.
    pub listed: Vec<String>,
    /// What could not be taken as it stands.
    pub remarks: Vec<Remark>,
    /// What was read, in words: "300 environments, 12 backups".
    pub read: String,
}

/// What a tenant is called of which no export says the id.
const UNKNOWN_TENANT: &str = "unknown";

/// Makes a snapshot. `known` are the environments of an older one, to which lists can belong too; what is wrong on the
/// command line is the error.
pub fn assemble(gathered: Gathered, known: Option<&Snapshot>, answers: &Answers, captured_at: DateTime<Utc>) -> Result<Assembled, String> {
    let Gathered { remarks, environments, whole, lists, users, capacities, operator, counts, .. } = gathered;
    let read = counts.iter().map(|(kind, count)| counted(*count, kind.label())).collect::<Vec<_>>().join(", ");
    let mut building = Building::of(remarks, known, captured_at);
    building.sight(environments);
    building.attach(lists)?;
    building.place(answers.tenant_id.as_deref());
    let listed = building.tenants_of(&whole);
    let operator = answers.operator.clone().or(operator);
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = Known::Is(captured_at);
    snapshot.edition = Known::Is(Edition::Current);
    snapshot.operator = super::look::known(operator.as_deref().map(Arc::from));
    building.tenants_into(&mut snapshot, users, capacities, answers)?;
    let remarks = building.remarks.list;
    Ok(Assembled { snapshot, listed, remarks, read })
}

/// An environment that is being put together.
struct Draft {
    environment: Environment,
    tenant: Option<String>,
    is_nameless: bool,
    /// From where what it says comes.
    rank: u8,
    file: Arc<str>,
}

struct Building<'k> {
    remarks: Remarks,
    known: Option<&'k Snapshot>,
    drafts: Vec<Draft>,
    /// By the id in lower case: exports write GUIDs in both cases.
    by_id: HashMap<String, usize>,
    /// The flows of each environment by the id of their row in its database.
    entities: HashMap<usize, HashMap<String, Box<str>>>,
    /// Which environment was seen in which document.
    seen_in: Vec<(usize, usize)>,
    /// The users of each environment whose database was asked, with where and when.
    users_of: Vec<(usize, Vec<User>, seen::Look)>,
    /// When what says nothing of its own time was seen.
    captured_at: DateTime<Utc>,
}

impl<'k> Building<'k> {
    fn of(remarks: Remarks, known: Option<&'k Snapshot>, captured_at: DateTime<Utc>) -> Self {
        Self { remarks, known, drafts: Vec::new(), by_id: HashMap::new(), entities: HashMap::new(), seen_in: Vec::new(), users_of: Vec::new(), captured_at }
    }

    /// Takes all sightings, the richest source first, so that its words count.
    fn sight(&mut self, mut sightings: Vec<Sighting>) {
        // The order of the environments is that of the first file that names them.
        for sighting in &sightings {
            let key = sighting.seen.environment.id.as_str().to_ascii_lowercase();
            let next = self.drafts.len();
            if let std::collections::hash_map::Entry::Vacant(vacant) = self.by_id.entry(key) {
                vacant.insert(next);
                let Environment { tenant, id, .. } = &sighting.seen.environment;
                let environment = Environment::unexplored(*tenant, id.clone(), id.as_str().into());
                self.drafts.push(Draft { environment, tenant: None, is_nameless: true, rank: 0, file: Arc::from("") });
            }
        }
        sightings.sort_by_key(|sighting| std::cmp::Reverse(sighting.rank));
        for Sighting { seen, document, rank, file, collected } in sightings {
            let at = self.by_id.get(&seen.environment.id.as_str().to_ascii_lowercase()).copied().unwrap_or_default();
            let Some(draft) = self.drafts.get_mut(at) else { continue };
            self.seen_in.push((document, at));
            if draft.is_nameless && !seen.is_nameless {
                (draft.environment.name, draft.is_nameless) = (seen.environment.name.clone(), false);
            }
            draft.tenant = draft.tenant.take().or(seen.tenant);
            if draft.file.is_empty() {
                (draft.rank, draft.file) = (rank, Arc::clone(&file));
            }
            let look = collected.look(self.captured_at);
            for group in merge(draft, &seen.environment, &file, &mut self.remarks) {
                draft.environment.seen.add(group, look.clone());
            }
        }
    }

    /// The draft of an environment that a list names; one that no list of environments names is begun.
    fn draft(&mut self, whose: &Whose, file: &Arc<str>) -> Result<Option<usize>, String> {
        let found = match whose {
            Whose::Id(id) => self.by_id.get(&id.to_ascii_lowercase()).copied(),
            Whose::Host(wanted) => self.drafts.iter().position(|draft| is_at(&draft.environment, wanted)),
            Whose::Typed(typed) => self.typed(typed)?,
        };
        if found.is_some() {
            return Ok(found);
        }
        if let Some((environment, tenant)) = self.of_known(whose) {
            return Ok(Some(self.begin(environment, Some(tenant), false, file)));
        }
        match whose {
            Whose::Id(id) => {
                self.remarks.list.push(Remark {
                    file: Arc::clone(file),
                    path: String::new(),
                    message: format!("no list of environments names {id}; all that is known of it is what this file says"),
                });
                let environment = Environment::unexplored(TenantKey(0), EnvironmentId::new(id), id.as_str().into());
                Ok(Some(self.begin(environment, super::environments::tenant_of_default(id), true, file)))
            }
            Whose::Host(host) => {
                let message = format!("no environment has the address {host}, so this is left out: import the list of environments with it");
                self.remarks.list.push(Remark { file: Arc::clone(file), path: String::new(), message });
                Ok(None)
            }
            Whose::Typed(typed) => {
                Err(format!("--backups-of {typed}={file}: there is no environment of that id or name; import the list of environments with it"))
            }
        }
    }

    fn begin(&mut self, environment: Environment, tenant: Option<String>, is_nameless: bool, file: &Arc<str>) -> usize {
        let at = self.drafts.len();
        self.by_id.insert(environment.id.as_str().to_ascii_lowercase(), at);
        self.drafts.push(Draft { environment, tenant, is_nameless, rank: 0, file: Arc::clone(file) });
        at
    }

    /// The environment that was typed, by its id or its name.
    fn typed(&self, typed: &str) -> Result<Option<usize>, String> {
        if let Some(at) = self.by_id.get(&typed.to_ascii_lowercase()) {
            return Ok(Some(*at));
        }
        let mut named = self.drafts.iter().enumerate().filter(|(_, draft)| draft.environment.name.eq_ignore_ascii_case(typed));
        match (named.next(), named.next()) {
            (Some(_), Some(_)) => Err(format!("--backups-of: several environments are called {typed}: name the one that is meant by its id")),
            (found, _) => Ok(found.map(|(at, _)| at)),
        }
    }

    /// The environment of the older snapshot, of which only who it is counts here.
    fn of_known(&self, whose: &Whose) -> Option<(Environment, String)> {
        let snapshot = self.known?;
        let mut found = snapshot.environments().filter(|environment| match whose {
            Whose::Id(id) => environment.id.as_str().eq_ignore_ascii_case(id),
            Whose::Host(host) => is_at(environment, host),
            Whose::Typed(typed) => environment.id.as_str().eq_ignore_ascii_case(typed) || environment.name.eq_ignore_ascii_case(typed),
        });
        let (environment, None) = (found.next()?, found.next()) else { return None };
        let tenant = snapshot.tenants().get(environment.tenant.0 as usize)?;
        Some((Environment::unexplored(TenantKey(0), environment.id.clone(), environment.name.clone()), tenant.id.to_string()))
    }

    /// Gives every list to its environment; pages of one list are put together.
    fn attach(&mut self, lists: Vec<List>) -> Result<(), String> {
        let mut pages: Vec<((usize, Kind), Vec<List>)> = Vec::new();
        let mut index: HashMap<(usize, Kind), usize> = HashMap::new();
        for list in lists {
            let Some(of) = self.draft(&list.whose, &list.file)? else { continue };
            // Two services list the same operations.
            let key = (of, if list.kind == Kind::PlatformOperation { Kind::Operation } else { list.kind });
            let at = *index.entry(key).or_insert_with(|| {
                pages.push((key, Vec::new()));
                pages.len() - 1
            });
            pages[at].1.push(list);
        }
        // Flows that the database lists add to those that the service lists, so they come last.
        pages.sort_by_key(|((_, kind), _)| *kind == Kind::Workflow);
        for ((of, kind), pages) in pages {
            let file = pages.first().map(|list| Arc::clone(&list.file)).unwrap_or_default();
            let name = self.drafts[of].environment.name.clone();
            let mut say = |message: String| self.remarks.list.push(Remark { file: Arc::clone(&file), path: String::new(), message });
            if !pages.iter().any(|list| list.is_last_page) {
                say(format!("there is another page of the list of {} of {name}, so they stay unknown: export all pages", plural(kind)));
                continue;
            }
            if !pages.iter().all(|list| list.is_whole) {
                say(format!("not every {} of {name} could be read, so the list of them stays unknown", kind.label()));
                continue;
            }
            let environment = &mut self.drafts[of].environment;
            let group = match kind {
                Kind::Backup => Some(Group::Facts(FactGroup::Backups)),
                Kind::Operation => Some(Group::Facts(FactGroup::History)),
                Kind::SystemUser => Some(Group::Facts(FactGroup::Access)),
                _ => kind.component().map(Group::Components),
            };
            for list in &pages {
                if let Some(group) = group {
                    environment.seen.add(group, list.collected.look(self.captured_at));
                }
            }
            let looked = pages.first().map(|list| list.collected.look(self.captured_at));
            let items = pages.into_iter().map(|list| list.items);
            match kind {
                Kind::Backup => {
                    let all = items.flat_map(|items| if let Items::Backups(backups) = items { backups } else { Vec::new() });
                    let twice = |id: &str| say(format!("{name} has two different backups with the id {id}: the first counts"));
                    let all = once(all, |backup| &backup.id, twice);
                    // Clocks differ by minutes, not by hours.
                    let latest = self.captured_at + chrono::Duration::minutes(15);
                    if let Some(impossible) = all.iter().find(|backup| backup.taken_at > latest) {
                        let (taken, captured) = (rfc3339(impossible.taken_at), rfc3339(self.captured_at));
                        say(format!(
                            "{name}: a backup of {taken} lies after the capture, {captured}, which cannot be; its date was read in the wrong order \
                             (--date-order dmy, mdy or ymd), or the capture is older than it was said to be (--captured-at): `backups` stays unknown"
                        ));
                        continue;
                    }
                    environment.backups = Known::Is(all);
                }
                Kind::Operation => {
                    history(environment, items, |id| say(format!("the history of {name} has two different operations with the id {id}: the first counts")));
                }
                Kind::Flow | Kind::App | Kind::Mailbox | Kind::ConnectionReference | Kind::Workflow | Kind::PlugInStep => {
                    let Some(component) = kind.component() else { continue };
                    let all = items.flat_map(|items| if let Items::Components(components) = items { components } else { Vec::new() }).collect();
                    if let Some(message) = components(environment, kind, component, all, self.entities.entry(of).or_default()) {
                        say(message);
                    }
                }
                Kind::SystemUser => {
                    let mut all = Vec::new();
                    for items in items {
                        if let Items::Users(users) = items {
                            super::users::beside(&mut all, users);
                        }
                    }
                    // Those who can sign in there (TTM-078).
                    let enabled = all.iter().filter(|user| !user.active.is(|active| !active)).map(|user| Arc::clone(&user.upn)).collect();
                    environment.users = Known::Is(enabled);
                    self.users_of.extend(looked.map(|look| (of, all, look)));
                }
                Kind::Environment
                | Kind::DeletedEnvironment
                | Kind::PacEnvironment
                | Kind::PowerShellEnvironment
                | Kind::PlatformEnvironment
                | Kind::PlatformOperation => {}
                Kind::User | Kind::Capacity | Kind::Problem => {}
            }
        }
        Ok(())
    }

    /// Finds the tenant of those environments of which no export says it: that of the others in the same list, or the one that
    /// was named.
    fn place(&mut self, tenant_id: Option<&str>) {
        let in_known = self.known.map(|snapshot| {
            let of = |environment: &Environment| snapshot.tenants().get(environment.tenant.0 as usize).map(|tenant| tenant.id.to_string());
            snapshot.environments().filter_map(|environment| Some((environment.id.as_str().to_ascii_lowercase(), of(environment)?))).collect::<HashMap<_, _>>()
        });
        for draft in self.drafts.iter_mut().filter(|draft| draft.tenant.is_none()) {
            draft.tenant = in_known.as_ref().and_then(|known| known.get(&draft.environment.id.as_str().to_ascii_lowercase()).cloned());
        }
        let tenant_at = |drafts: &[Draft], at: usize| drafts.get(at).and_then(|draft| draft.tenant.clone());
        let of_document: HashMap<usize, String> = self.seen_in.iter().filter_map(|(document, at)| Some((*document, tenant_at(&self.drafts, *at)?))).collect();
        for (document, at) in &self.seen_in {
            if let Some(draft) = self.drafts.get_mut(*at).filter(|draft| draft.tenant.is_none()) {
                draft.tenant = of_document.get(document).cloned();
            }
        }
        let mut homeless = 0;
        for draft in self.drafts.iter_mut().filter(|draft| draft.tenant.is_none()) {
            draft.tenant = tenant_id.map(str::to_owned);
            if draft.tenant.is_none() {
                draft.tenant = Some(UNKNOWN_TENANT.to_owned());
                homeless += 1;
            }
        }
        if homeless > 0 {
            let verb = if homeless == 1 { "belongs" } else { "belong" };
            let message = format!(
                "no export says to which tenant {} {verb}; it is called \"{UNKNOWN_TENANT}\" unless --tenant-id says its id",
                counted(homeless, "environment")
            );
            self.remarks.list.push(Remark { file: Arc::from(""), path: String::new(), message });
        }
    }

    /// The tenants, in lower case, of the environments in these documents.
    fn tenants_of(&self, documents: &[usize]) -> Vec<String> {
        let inside = self.seen_in.iter().filter(|(document, _)| documents.contains(document));
        let tenants: HashSet<String> = inside.filter_map(|(_, at)| Some(self.drafts.get(*at)?.tenant.as_ref()?.to_ascii_lowercase())).collect();
        tenants.into_iter().collect()
    }

    /// Makes the tenants with their environments, and answers what is open.
    fn tenants_into(&mut self, snapshot: &mut Snapshot, users: Vec<Users>, capacities: Vec<Stored>, answers: &Answers) -> Result<(), String> {
        let mut tenants: Vec<Tenant> = Vec::new();
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut add = |id: &str, tenants: &mut Vec<Tenant>| {
            *keys.entry(id.to_ascii_lowercase()).or_insert_with(|| {
                let known = self.known.and_then(|snapshot| snapshot.tenants().iter().find(|tenant| tenant.id.eq_ignore_ascii_case(id)));
                let name = known.map_or_else(|| if id == UNKNOWN_TENANT { "Unknown tenant".into() } else { id.into() }, |known| known.name.clone());
                tenants.push(Tenant::unexplored(known.map_or_else(|| id.into(), |known| known.id.clone()), name));
                u32::try_from(tenants.len() - 1).unwrap_or(u32::MAX)
            })
        };
        for draft in &mut self.drafts {
            let id = draft.tenant.as_deref().unwrap_or(UNKNOWN_TENANT);
            draft.environment.tenant = TenantKey(add(id, &mut tenants));
        }
        for stored in &capacities {
            if let (Some(id), true) = (&stored.tenant, tenants.is_empty()) {
                add(id, &mut tenants);
            }
        }
        if tenants.is_empty() {
            match (&answers.tenant_id, self.known.map(Snapshot::tenants)) {
                (Some(id), _) => drop(add(id, &mut tenants)),
                (None, Some([only])) => drop(add(&only.id, &mut tenants)),
                (None, _) if !capacities.is_empty() => {
                    return Err("no export says which tenant this capacity is of: say its id with --tenant-id".to_owned());
                }
                (None, _) if users.is_empty() => {}
                (None, _) => return Err("no export says which tenant these users are of: say its id with --tenant-id".to_owned()),
            }
        }
        for Stored { tenant: of, capacity, collected } in capacities {
            let at = match (of, tenants.as_slice()) {
                (Some(id), _) => tenants.iter().position(|tenant| tenant.id.eq_ignore_ascii_case(&id)).ok_or(id),
                (None, [_]) => Ok(0),
                (None, _) => return Err("there are several tenants, and no export says of which one the capacity is".to_owned()),
            };
            match at.map(|at| tenants.get_mut(at)) {
                Ok(Some(tenant)) => {
                    tenant.capacity = capacity;
                    tenant.seen.renew(TenantGroup::Capacity, collected.look(self.captured_at));
                }
                Ok(None) => {}
                Err(id) => {
                    let message = format!("the capacity of the tenant {id} is left out, because no export names an environment of it");
                    self.remarks.list.push(Remark { file: Arc::from(""), path: String::new(), message });
                }
            }
        }
        for Users { tenant: of, users, collected } in users {
            let at = match (of, tenants.as_slice()) {
                (Some(typed), _) => {
                    tenants.iter().position(|tenant| tenant.id.eq_ignore_ascii_case(&typed) || tenant.name.eq_ignore_ascii_case(&typed)).ok_or(typed)
                }
                (None, [_]) => Ok(0),
                (None, _) => return Err("there are several tenants: say of which one the users are with --users-of TENANT=FILE".to_owned()),
            };
            let at = at.map_err(|typed| format!("--users-of: there is no tenant of the id or name {typed}"))?;
            if let Some(tenant) = tenants.get_mut(at) {
                tenant.seen.add(TenantGroup::People, collected.look(self.captured_at));
                tenant.users = match std::mem::take(&mut tenant.users) {
                    Known::Is(before) => {
                        let file: Arc<str> = Arc::default();
                        let twice = |upn: &str| {
                            let message = format!("two exports say something different of {upn}: the first counts");
                            self.remarks.list.push(Remark { file: Arc::clone(&file), path: String::new(), message });
                        };
                        Known::Is(once(before.into_iter().chain(users), |user| &user.upn, twice))
                    }
                    Known::Unknown => Known::Is(users),
                };
            }
        }
        self.users_into(&mut tenants);
        answer_tenants(&mut tenants, answers)?;
        for tenant in tenants {
            snapshot.add_tenant(tenant);
        }
        for mut draft in std::mem::take(&mut self.drafts) {
            for (field, value) in &answers.environments {
                answer(&mut draft.environment, field, value);
            }
            // Two with the same id were put together, so this one is new.
            let _ = snapshot.add_environment(draft.environment);
        }
        Ok(())
    }
}

/// The users of environments of one tenant.
struct People {
    /// The place of the tenant.
    tenant: usize,
    users: Vec<User>,
    /// Where and when the first of them were seen.
    look: seen::Look,
    /// The names of the environments.
    names: Vec<Arc<str>>,
}

impl Building<'_> {
    /// Puts the users of the environments onto the accounts of their tenants.
    fn users_into(&mut self, tenants: &mut [Tenant]) {
        let mut of_tenant: Vec<People> = Vec::new();
        for (of, users, look) in std::mem::take(&mut self.users_of) {
            let Some(draft) = self.drafts.get(of) else { continue };
            let at = draft.environment.tenant.0 as usize;
            let name = Arc::from(&*draft.environment.name);
            match of_tenant.iter_mut().find(|people| people.tenant == at) {
                Some(people) => {
                    super::users::beside(&mut people.users, users);
                    people.names.push(name);
                }
                None => of_tenant.push(People { tenant: at, users, look, names: vec![name] }),
            }
        }
        for People { tenant: at, users, look, names } in of_tenant {
            let Some(tenant) = tenants.get_mut(at) else { continue };
            tenant.seen.add(TenantGroup::People, look);
            match &mut tenant.users {
                Known::Is(accounts) => super::users::onto(accounts, users),
                Known::Unknown => {
                    let message = format!(
                        "the users are those of {}; whoever is only in other environments is not among them, and licences are those that the database knows",
                        names.join(", ")
                    );
                    self.remarks.list.push(Remark { file: Arc::from(""), path: String::new(), message });
                    tenant.users = Known::Is(users);
                }
            }
        }
    }
}

/// Whether an environment has an address at that host; the Web API answers at `contoso.api.crm4.dynamics.com` too.
fn is_at(environment: &Environment, wanted: &str) -> bool {
    let of = match &environment.url {
        Known::Is(Some(url)) => host(url),
        Known::Is(None) | Known::Unknown => None,
    };
    of.is_some_and(|of| of == wanted || of == wanted.replacen(".api.", ".", 1))
}

fn plural(kind: Kind) -> String {
    counted(2, kind.label()).trim_start_matches("2 ").to_owned()
}

/// Each of them once by its id, the first; what else was said under the same id is told to `clash`.
fn once<T: PartialEq>(items: impl Iterator<Item = T>, id: impl Fn(&T) -> &str, mut clash: impl FnMut(&str)) -> Vec<T> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        match places.get(id(&item)).and_then(|at| kept.get(*at)) {
            Some(first) if *first == item => {}
            Some(_) => clash(id(&item)),
            None => {
                places.insert(id(&item).to_owned(), kept.len());
                kept.push(item);
            }
        }
    }
    kept
}

/// Adds what `from` knows; where both know something else, what was there first counts and the other is reported. Returns the
/// groups of facts to which it added something.
fn merge(draft: &mut Draft, from: &Environment, file: &Arc<str>, remarks: &mut Remarks) -> Vec<Group> {
    let mut added = Vec::new();
    let Draft { environment: to, rank: _, file: first, .. } = draft;
    to.kept_since = to.kept_since.max(from.kept_since);
    if from.name != to.name && *from.name != *from.id.as_str() && *to.name != *to.id.as_str() {
        let message = format!("{}: it is called {} here and {} in {first}, which counts", to.id, from.name, to.name);
        remarks.list.push(Remark { file: Arc::clone(file), path: String::new(), message });
    }
    for field in fact::ENVIRONMENT {
        let name = field.shape.name;
        match (field.get(to), field.get(from)) {
            (Known::Unknown, Known::Is(_)) => {
                // A part of something that there is not stays away.
                field.adopt(from, to);
                to.unread.retain(|unread| unread.field != name);
                added.extend(seen::group_of(name).filter(|group| added.last() != Some(group)));
            }
            (Known::Unknown, Known::Unknown) => {
                let fresh: Vec<Unread> = from.unread.iter().filter(|unread| unread.field == name).cloned().collect();
                if to.unread_word(name).is_none() {
                    to.unread.extend(fresh);
                }
            }
            (Known::Is(one), Known::Is(other)) if one != other => {
                let message = format!("{}: `{name}` is {} here and {} in {first}, which counts", to.name, in_words(&other), in_words(&one));
                remarks.list.push(Remark { file: Arc::clone(file), path: String::new(), message });
            }
            (Known::Is(_), _) => {}
        }
    }
    // Words inside a value that was taken over as a whole.
    for unread in &from.unread {
        let parent = unread.field.split('.').next().unwrap_or(unread.field);
        let is_inside = unread.field.contains('.') && fact::of_environment(unread.field).is_err();
        let same = fact::of_environment(parent).is_ok_and(|field| field.get(to) == field.get(from));
        if is_inside && same && !to.unread.contains(unread) {
            to.unread.push(unread.clone());
        }
    }
    added
}

/// The operations of the history; while one runs, the environment is busy, whatever the list says of it.
fn history(environment: &mut Environment, items: impl Iterator<Item = Items>, clash: impl FnMut(&str)) {
    let all = items.flat_map(|items| if let Items::History(history) = items { history } else { Vec::new() });
    let all = once(all, |(past, _)| &past.id, clash);
    environment.unread.retain(|unread| unread.field != "history.state");
    let mut past = Vec::with_capacity(all.len());
    for (at, (operation, word)) in all.into_iter().enumerate() {
        environment.unread.extend(word.map(|word| Unread { field: "history.state", word, at: at.to_string().into() }));
        past.push(operation);
    }
    let runs = past.iter().any(|operation| operation.state.is(|state| matches!(state, PastState::Running | PastState::NotStarted)));
    if runs {
        environment.state = Known::Is(EnvironmentState::Running);
        environment.unread.retain(|unread| unread.field != "state");
    }
    environment.history = Known::Is(past);
}

/// The components of one kind. What has to be said about them is returned.
fn components(
    environment: &mut Environment,
    kind: Kind,
    of: ComponentKind,
    all: Vec<(Piece, Option<String>)>,
    entities: &mut HashMap<String, Box<str>>,
) -> Option<String> {
    let before = match environment.components.of(of) {
        Known::Is(list) => Some(list.to_vec()),
        Known::Unknown => None,
    };
    let is_partial = kind == Kind::Workflow && before.is_none();
    if is_partial && all.is_empty() {
        return Some(format!("the database of {} lists no flow, but flows outside solutions never stand there: `cloud-flow` stays unknown", environment.name));
    }
    let mut list: Vec<Component> = before.unwrap_or_default();
    let mut at: HashMap<String, usize> = list.iter().enumerate().map(|(at, component)| (component.id.to_ascii_lowercase(), at)).collect();
    for ((component, unread), entity) in all {
        // A flow of a solution has two ids: that of the service, and that of its row in the database.
        let id = component.id.to_ascii_lowercase();
        let id = entities.get(&id).map_or(id, |flow| flow.to_ascii_lowercase());
        let same = at.get(&id).copied();
        match same {
            Some(same) => {
                if let Some(there) = list.get_mut(same) {
                    fill(there, component);
                }
            }
            None => {
                at.insert(id, list.len());
                if let Some(entity) = entity {
                    entities.insert(entity, component.id.clone());
                }
                environment.unread.extend(unread);
                list.push(component);
            }
        }
    }
    environment.components.insert(of, list);
    is_partial.then(|| {
        format!("the flows of {} were read from its database, where flows outside solutions never stand; import those of Get-AdminFlow too", environment.name)
    })
}

/// Answers one field of an environment, if nothing says it.
fn answer(environment: &mut Environment, field: &Field<Environment>, value: &Value) {
    let name = field.shape.name;
    // A part can only be answered of what is known to be there.
    let of_what = name.split_once('.').filter(|(parent, _)| *parent != "components").and_then(|(parent, _)| fact::of_environment(parent).ok());
    let is_there = of_what.is_none_or(|parent| !matches!(parent.get(environment), Known::Unknown | Known::Is(Value::Nothing)));
    if is_there && field.get(environment).is_unknown() && environment.unread_word(name).is_none() {
        field.apply(value, environment);
    }
}

/// Answers what is open about the tenants.
fn answer_tenants(tenants: &mut [Tenant], answers: &Answers) -> Result<(), String> {
    let of_one: [(&str, bool); 4] = [
        ("--tenant-name", answers.tenant_name.is_some()),
        ("--tenant-domain", answers.tenant_domain.is_some()),
        ("--tenant-region", answers.tenant_region.is_some()),
        ("--capacity", answers.capacity.is_some()),
    ];
    if let (true, Some((option, _))) = (tenants.len() > 1, of_one.iter().find(|(_, given)| *given)) {
        let ids: Vec<_> = tenants.iter().map(|tenant| &*tenant.id).collect();
        return Err(format!("{option} is about one tenant, and the exports are of {}: {}", counted(tenants.len(), "tenant"), ids.join(", ")));
    }
    for tenant in tenants {
        if let Some(name) = &answers.tenant_name {
            tenant.name = name.as_str().into();
        }
        if let Some(domain) = &answers.tenant_domain {
            tenant.domain = Known::Is(domain.as_str().into());
        }
        if let Some(region) = &answers.tenant_region {
            tenant.region = Known::Is(region.as_str().into());
        }
        if let Some((used, entitled)) = answers.capacity {
            (tenant.capacity.used, tenant.capacity.entitled) = (Known::Is(used), Known::Is(entitled));
            tenant.capacity.sum_was_said();
        }
        if !answers.roles.is_empty() {
            tenant.operator_roles = Known::Is(answers.roles.clone());
        }
        for (field, value) in &answers.tenants {
            if field.get(tenant).is_unknown() {
                field.apply(value, tenant);
            }
        }
    }
    Ok(())
}
