//! Reads exports one after the other and sorts what is in them: environments, lists that belong to one, users.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::capacity;
use super::environments::{self, Seen};
use super::json::{self, Sink, has_next};
use super::kind::{Kind, is_truncated, kind_of, kind_of_set};
use super::lists::{self, Piece};
use super::look::{Look, Remarks, instant};
use super::pac::{self, DateOrder, Unreadable};
use super::platform;
use super::users;
use crate::domain::backup::Backup;
use crate::domain::environment::PastOperation;
use crate::domain::known::Known;
use crate::domain::seen;
use crate::domain::tenant::{Capacity, User};
use crate::domain::words::Word;
use crate::files::problem::{Problem, Problems};
use crate::files::text::harmless;

/// Whose an export is that does not say so itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Of this environment, by its id or name.
    Environment(String),
    /// Of this tenant, by its id or name.
    Tenant(String),
}

/// An export.
pub struct Input {
    /// The file, as it is called in messages.
    pub file: String,
    /// What stands in it.
    pub text: String,
    /// Whose it is, if somebody said so.
    pub about: Option<About>,
}

/// Why an export is not read.
#[derive(Debug)]
pub enum Refusal {
    /// The file cannot be read.
    Files(Problems),
    /// Something has to be said on the command line.
    Usage(String),
}

/// How a list names its environment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Whose {
    /// By its id.
    Id(String),
    /// By the host of its address.
    Host(String),
    /// As somebody typed it, by id or name.
    Typed(String),
}

/// What a list is made of.
pub enum Items {
    /// Manual backups.
    Backups(Vec<Backup>),
    /// Operations, each with the word for its state where that is none that is known.
    History(Vec<(PastOperation, Option<Box<str>>)>),
    /// Components, each with the id of its row in the database, where it says one.
    Components(Vec<(Piece, Option<String>)>),
    /// Users of the environment.
    Users(Vec<User>),
}

/// A list that belongs to one environment.
pub struct List {
    /// The environment.
    pub whose: Whose,
    /// What it is a list of.
    pub kind: Kind,
    /// What is in it.
    pub items: Items,
    /// Whether it ends here; if not, there is another page of it.
    pub is_last_page: bool,
    /// Whether all of it could be read.
    pub is_whole: bool,
    /// The file.
    pub file: Arc<str>,
    /// Where and when it was collected.
    pub collected: Collected,
}

/// Where and when something was collected.
#[derive(Debug, Clone, Copy)]
pub struct Collected {
    /// The tool or service.
    pub source: &'static str,
    /// When, if the export says so.
    pub at: Option<DateTime<Utc>>,
}

impl Collected {
    /// The look that it was, at an import that takes everything without a time of its own to be of `otherwise`.
    pub fn look(self, otherwise: DateTime<Utc>) -> seen::Look {
        seen::Look { at: self.at.unwrap_or(otherwise), source: Known::Is(self.source.into()) }
    }
}

/// The users of one export.
pub struct Users {
    /// The tenant that was said.
    pub tenant: Option<String>,
    /// The users.
    pub users: Vec<User>,
    /// Where and when they were collected.
    pub collected: Collected,
}

/// The storage of a tenant.
pub struct Stored {
    /// The tenant that was said.
    pub tenant: Option<String>,
    /// The storage.
    pub capacity: Capacity,
    /// Where and when it was seen.
    pub collected: Collected,
}

/// An environment, and where it comes from.
pub struct Sighting {
    /// What was seen.
    pub seen: Seen,
    /// The document: what it lists is of one tenant, whichever that is.
    pub document: usize,
    /// Whose words count where two say something else: the admin API's most, those of pac least.
    pub rank: u8,
    /// The file.
    pub file: Arc<str>,
    /// Where and when it was collected.
    pub collected: Collected,
}

/// Everything that was read.
#[derive(Default)]
pub struct Gathered {
    /// What could not be taken as it stands.
    pub remarks: Remarks,
    /// How many documents with environments there were.
    documents: usize,
    /// The environments, one entry for each time that one was seen.
    pub environments: Vec<Sighting>,
    /// The documents that list all environments of their tenant.
    pub whole: Vec<usize>,
    /// Lists that belong to one environment.
    pub lists: Vec<List>,
    /// Users.
    pub users: Vec<Users>,
    /// Storage of tenants.
    pub capacities: Vec<Stored>,
    /// When the oldest of it was collected, if it says so.
    pub collected_at: Option<DateTime<Utc>>,
    /// Who was signed in, if it says so.
    pub operator: Option<String>,
    /// How much of each kind was read.
    pub counts: Vec<(Kind, usize)>,
}

impl Gathered {
    /// Leaves out what the exports say about their times: somebody knows better.
    pub fn forget_times(&mut self) {
        let of_lists = self.lists.iter_mut().map(|list| &mut list.collected);
        let of_environments = self.environments.iter_mut().map(|sighting| &mut sighting.collected);
        let of_users = self.users.iter_mut().map(|users| &mut users.collected);
        let of_capacities = self.capacities.iter_mut().map(|stored| &mut stored.collected);
        of_lists.chain(of_environments).chain(of_users).chain(of_capacities).for_each(|collected| collected.at = None);
    }

    fn count(&mut self, kind: Kind, number: usize) {
        // Three tools call the same thing an environment.
        match self.counts.iter_mut().find(|(counted, _)| counted.label() == kind.label()) {
            Some((_, count)) => *count += number,
            None => self.counts.push((kind, number)),
        }
    }
}

/// Reads one export into what was gathered so far.
pub fn gather(input: Input, order: Option<DateOrder>, gathered: &mut Gathered) -> Result<(), Refusal> {
    let Input { file, text, about } = input;
    gathered.remarks.file = harmless(&file).into();
    let broken = |message: String| Refusal::Files(Problems::unreadable(&file, message));
    if text.trim().is_empty() {
        return Err(broken("the file is empty".to_owned()));
    }
    // The lines before a table are no JSON, nor is one of its rows.
    if pac::is_backups(&text) {
        return backups_of_pac(&file, &text, about, order, gathered);
    }
    let is_json = text.lines().any(|line| line.trim_start_matches([' ', '\t', '\u{feff}']).starts_with(['{', '[']));
    if !is_json && users::is_list(&text) {
        let users = users::read(&text, &mut gathered.remarks);
        gathered.count(Kind::User, users.len());
        let tenant = if let Some(About::Tenant(tenant)) = about { Some(tenant) } else { None };
        gathered.users.push(Users { tenant, users, collected: Collected { source: Kind::User.source(), at: None } });
        return Ok(());
    }
    if !is_json {
        let what = if pac::is_list(&text) {
            "this is the table of pac for people, which cuts names off: export `pac admin list --json` instead"
        } else {
            "this is no export that envdeck knows: JSON of the admin API, pac, PowerShell or the Dataverse Web API, a table of `pac admin list-backups`, or a CSV of users"
        };
        return Err(broken(what.to_owned()));
    }
    let mut reading = Reading::of(gathered, about);
    let found = json::documents(&text, &mut reading);
    let Reading { truncated, strange, known, homeless, refused, .. } = reading;
    if let Some((path, kind)) = truncated {
        let path = if path.is_empty() { String::new() } else { format!("{path}: ") };
        return Err(broken(format!(
            "{path}PowerShell cut this export off, so that objects are texts such as @{{id=SYSTEM}}; export it again with\n  {}",
            kind.command()
        )));
    }
    if let Err(json::Broken { line, column, message }) = found {
        let mut problems = Problems::unreadable(&file, "");
        problems.list = vec![Problem { place: Some((line, column)), path: String::new(), message }];
        return Err(Refusal::Files(problems));
    }
    if let Some((path, said)) = refused {
        let message = format!("the service answered with an error in place of what was asked for: {said}; `envdeck explain` says what helps");
        if known == 0 {
            let mut problems = Problems::unreadable(&file, "");
            problems.list = vec![Problem { place: None, path, message }];
            return Err(Refusal::Files(problems));
        }
        gathered.remarks.add(path, message);
    }
    if let (0, Some((path, keys))) = (known, strange.first()) {
        let mut problems = Problems::unreadable(&file, "");
        let message = format!("this is no export that envdeck knows; it has the keys {keys}");
        problems.list = vec![Problem { place: None, path: path.clone(), message }];
        return Err(Refusal::Files(problems));
    }
    for (path, keys) in strange {
        gathered.remarks.add(path, format!("envdeck does not know what this is, so it is left out; it has the keys {keys}"));
    }
    if let Some(kind) = homeless {
        let label = kind.label();
        let shown = harmless(&file);
        return Err(Refusal::Usage(format!("{shown}: no {label} in this export says of which environment it is: say so with --backups-of ENV={shown}")));
    }
    Ok(())
}

fn backups_of_pac(file: &str, text: &str, about: Option<About>, order: Option<DateOrder>, gathered: &mut Gathered) -> Result<(), Refusal> {
    let shown = harmless(file);
    let Some(About::Environment(environment)) = about else {
        return Err(Refusal::Usage(format!("{shown}: this export does not say of which environment these backups are: say so with --backups-of ENV={shown}")));
    };
    for line in text.lines() {
        gathered.operator = gathered.operator.take().or_else(|| pac::connected_as(line));
    }
    let (backups, is_whole) = pac::backups(text, order, &mut gathered.remarks).map_err(|why| match why {
        Unreadable::Ambiguous(date) => Refusal::Usage(format!(
            "{shown}: \"{}\" can be read with the day or the month first: say which with --date-order dmy or --date-order mdy",
            harmless(&date)
        )),
        Unreadable::NoDate(line, date) => {
            let mut problems = Problems::unreadable(file, "");
            let message = format!("\"{}\" is no date in this order: say in which order day, month and year stand with --date-order", harmless(&date));
            problems.list = vec![Problem { place: Some((line, 1)), path: String::new(), message }];
            Refusal::Files(problems)
        }
    })?;
    gathered.count(Kind::Backup, backups.len());
    let file = Arc::clone(&gathered.remarks.file);
    let items = Items::Backups(backups);
    let collected = Collected { source: "pac admin list-backups", at: None };
    gathered.lists.push(List { whose: Whose::Typed(environment), kind: Kind::Backup, items, is_last_page: true, is_whole, file, collected });
    Ok(())
}

/// A file that is being read.
struct Reading<'g> {
    gathered: &'g mut Gathered,
    about: Option<About>,
    /// The lists of the document so far, by kind and by the environment that the items name themselves.
    lists: Vec<(Kind, Option<String>, Items)>,
    index: HashMap<(Kind, Option<String>), usize>,
    /// The environments of the document so far.
    sightings: Vec<Sighting>,
    /// The users of the document so far.
    users: Vec<User>,
    upns: HashSet<String>,
    /// The storage of tenants in the document so far.
    capacities: Vec<Stored>,
    /// Whether everything in the document could be read.
    is_whole: bool,
    truncated: Option<(String, Kind)>,
    /// What nobody knows: where, and its keys.
    strange: Vec<(String, String)>,
    known: usize,
    /// How many items there were in the document so far.
    in_document: usize,
    /// What names no environment.
    homeless: Option<Kind>,
    /// An error of a service where an export was wanted: where, and what it says.
    refused: Option<(String, String)>,
}

/// What an answer says that is an error in place of a list: `{"error":{"code","message"}}`, or the same without `error`.
fn error_of(item: &Value) -> Option<String> {
    let of = item.get("error").filter(|error| error.is_object()).unwrap_or(item);
    let said = |key: &str| of.get(key).and_then(Value::as_str).map(|text| harmless(text.trim()).into_owned()).filter(|text| !text.is_empty());
    let message = said("message")?;
    let message = message.trim_end_matches('.').to_owned();
    match said("code") {
        Some(code) => Some(format!("{code}: {message}")),
        None => item.get("error").is_some().then_some(message),
    }
}

impl<'g> Reading<'g> {
    fn of(gathered: &'g mut Gathered, about: Option<About>) -> Self {
        Self {
            gathered,
            about,
            lists: Vec::new(),
            index: HashMap::new(),
            sightings: Vec::new(),
            users: Vec::new(),
            upns: HashSet::new(),
            capacities: Vec::new(),
            is_whole: true,
            truncated: None,
            strange: Vec::new(),
            known: 0,
            in_document: 0,
            homeless: None,
            refused: None,
        }
    }

    /// The list that an item of this kind goes into.
    fn list(&mut self, kind: Kind, environment: Option<String>) -> &mut Items {
        let key = (kind, environment.map(|id| id.to_ascii_lowercase()));
        let at = *self.index.entry(key.clone()).or_insert_with(|| {
            let items = match kind {
                Kind::Backup => Items::Backups(Vec::new()),
                Kind::Operation | Kind::PlatformOperation => Items::History(Vec::new()),
                Kind::SystemUser => Items::Users(Vec::new()),
                _ => Items::Components(Vec::new()),
            };
            self.lists.push((kind, key.1, items));
            self.lists.len() - 1
        });
        &mut self.lists[at].2
    }

    fn known_item(&mut self, kind: Kind, path: &str, item: &Value) {
        let look = Look::at(path, item);
        let remarks = &mut self.gathered.remarks;
        match kind {
            Kind::Environment | Kind::DeletedEnvironment | Kind::PowerShellEnvironment | Kind::PacEnvironment | Kind::PlatformEnvironment => {
                let (seen, rank) = match kind {
                    Kind::PlatformEnvironment => (platform::environment(look, remarks), 2),
                    Kind::Environment | Kind::DeletedEnvironment => (environments::of_admin_api(look, remarks), 2),
                    Kind::PowerShellEnvironment => (environments::of_power_shell(look, remarks), if look.get("Internal").is_absent() { 1 } else { 2 }),
                    _ => (environments::of_pac(look, remarks), 0),
                };
                let file = Arc::clone(&remarks.file);
                self.is_whole &= seen.is_some();
                let document = self.gathered.documents;
                let collected = Collected { source: kind.source(), at: None };
                self.sightings.extend(seen.map(|seen| Sighting { seen, document, rank, file, collected }));
            }
            Kind::Backup => match lists::backup(look, remarks) {
                Some(found) => {
                    if let Items::Backups(backups) = self.list(kind, found.environment) {
                        backups.push(found.what);
                    }
                }
                None => self.is_whole = false,
            },
            Kind::Operation | Kind::PlatformOperation => match operation(kind, look, remarks) {
                Some(found) => {
                    if let Items::History(history) = self.list(kind, found.environment) {
                        history.push(found.what);
                    }
                }
                None => self.is_whole = false,
            },
            // Classic workflows and business rules stand in the same table.
            Kind::Workflow if !lists::is_cloud_flow(look) => {
                self.list(kind, None);
            }
            Kind::Flow | Kind::App | Kind::Mailbox | Kind::ConnectionReference | Kind::Workflow | Kind::PlugInStep => {
                let entity = if kind == Kind::Flow { lists::entity_of(look, remarks) } else { None };
                match lists::component(kind, look, remarks) {
                    Some(found) => {
                        if let Items::Components(components) = self.list(kind, found.environment) {
                            components.push((found.what, entity));
                        }
                    }
                    None => self.is_whole = false,
                }
            }
            Kind::SystemUser => match users::of_dataverse(look, remarks) {
                Some(user) => {
                    if let Items::Users(users) = self.list(kind, None) {
                        users.extend(user);
                    }
                }
                None => self.is_whole = false,
            },
            Kind::User => match users::of_graph(look, remarks) {
                Some(user) if !self.upns.insert(user.upn.to_lowercase()) => {
                    remarks.add(path, format!("{} stands here a second time; the first counts", user.upn));
                }
                user => self.users.extend(user),
            },
            Kind::Capacity => self.capacities.extend(capacity::of_licensing_api(look, remarks)),
            Kind::Problem => {}
        }
    }
}

/// An operation of either service.
fn operation(kind: Kind, look: Look<'_>, remarks: &mut Remarks) -> Option<lists::Found<(PastOperation, Option<Box<str>>)>> {
    if kind == Kind::PlatformOperation { platform::operation(look, remarks) } else { lists::operation(look, remarks) }
}

impl Sink for Reading<'_> {
    fn item(&mut self, path: &str, item: &Value) {
        self.in_document += 1;
        if self.truncated.is_some() {
            return;
        }
        // What the collecting script notes where something could not be collected.
        if item.get("kind").and_then(Value::as_str) == Some(Kind::Problem.word()) {
            let said = |key: &str| item.get(key).and_then(Value::as_str).map(|text| harmless(text).into_owned());
            let whose = said("environment").map_or_else(String::new, |environment| format!(" of {environment}"));
            let message =
                format!("{}{whose} could not be collected and stay unknown: {}", said("what").unwrap_or_default(), said("message").unwrap_or_default());
            self.gathered.remarks.add(path, message);
            self.known += 1;
            return;
        }
        let small;
        let (item, kind) = match kind_of(item) {
            Some(kind) => (item, Some(kind)),
            None => {
                small = platform::with_small_keys(item);
                let kind = kind_of(&small).filter(|kind| matches!(kind, Kind::PlatformEnvironment | Kind::PlatformOperation | Kind::Backup));
                if kind.is_some() { (&small, kind) } else { (item, None) }
            }
        };
        let Some(kind) = kind else {
            if let Some(said) = error_of(item) {
                self.refused = self.refused.take().or(Some((path.to_owned(), said)));
                return;
            }
            const SHOWN: usize = 6;
            let keys: Vec<_> = item.as_object().map(|object| object.keys().take(SHOWN).map(String::as_str).collect()).unwrap_or_default();
            let keys = if keys.is_empty() { "none".to_owned() } else { harmless(&keys.join(", ")).into_owned() };
            self.strange.push((path.to_owned(), keys));
            return;
        };
        if is_truncated(item) {
            self.truncated = Some((path.to_owned(), kind));
            return;
        }
        self.known += 1;
        self.gathered.count(kind, 1);
        self.known_item(kind, path, item);
    }

    fn end(&mut self, around: &Map<String, Value>, has_list: bool) {
        let said = |key: &str| around.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(|text| harmless(text.trim()).into_owned());
        let set = around.get("@odata.context").and_then(Value::as_str).and_then(kind_of_set);
        let envelope = said("kind").and_then(|word| Kind::from_word(&word));
        let whose = match (&self.about, said("environment"), set.and_then(|(_, address)| environments::host(address))) {
            (_, Some(id), _) => Some(Whose::Id(id)),
            (Some(About::Environment(typed)), None, _) => Some(Whose::Typed(typed.clone())),
            (_, None, Some(host)) => Some(Whose::Host(host)),
            (_, None, None) => None,
        };
        let tenant = said("tenant");
        let collector = said("collected_by");
        self.gathered.operator = self.gathered.operator.take().or(collector);
        let collected_at = said("collected_at").and_then(|at| {
            let read = instant(&at);
            if read.is_none() {
                self.gathered.remarks.add("collected_at", format!("\"{at}\": an instant such as 2026-01-05T09:00:00Z is expected here; it stays unknown"));
            }
            read
        });
        if let Some(at) = collected_at {
            self.gathered.collected_at = Some(self.gathered.collected_at.map_or(at, |oldest| oldest.min(at)));
        }
        self.sightings.iter_mut().for_each(|sighting| sighting.collected.at = collected_at);
        let is_last_page = !has_next(around);
        self.environments_end(tenant.clone(), has_list, is_last_page, envelope == Some(Kind::DeletedEnvironment));
        for mut stored in std::mem::take(&mut self.capacities) {
            stored.tenant = stored.tenant.or_else(|| tenant.clone());
            stored.collected.at = stored.collected.at.or(collected_at);
            self.gathered.capacities.push(stored);
        }
        let of_users = Collected { source: Kind::User.source(), at: collected_at };
        self.users_end(tenant, of_users, is_last_page, has_list && envelope == Some(Kind::User));
        // An empty list says that there is none, if it says of what.
        let of_nothing = envelope.or(set.map(|(kind, _)| kind)).or_else(|| self.about.as_ref().map(|_| Kind::Backup));
        let is_empty = has_list && std::mem::take(&mut self.in_document) == 0;
        match (of_nothing, &whose) {
            (Some(kind), Some(_))
                if is_empty && (kind.component().is_some() || matches!(kind, Kind::Backup | Kind::Operation | Kind::PlatformOperation | Kind::SystemUser)) =>
            {
                self.known += 1;
                self.list(kind, None);
            }
            (Some(_), _) => {}
            (None, _) if is_empty => self.gathered.remarks.add("", "the list is empty and does not say of what, so it says nothing"),
            (None, _) => {}
        }
        let (file, is_whole) = (Arc::clone(&self.gathered.remarks.file), std::mem::replace(&mut self.is_whole, true));
        self.index.clear();
        for (kind, environment, items) in std::mem::take(&mut self.lists) {
            let Some(whose) = environment.map(Whose::Id).or_else(|| whose.clone()) else {
                self.homeless = self.homeless.or(Some(kind));
                continue;
            };
            let collected = Collected { source: kind.source(), at: collected_at };
            self.gathered.lists.push(List { whose, kind, items, is_last_page, is_whole, file: Arc::clone(&file), collected });
        }
    }

    fn prose(&mut self, line: &str) {
        self.gathered.operator = self.gathered.operator.take().or_else(|| pac::connected_as(line));
    }
}

impl Reading<'_> {
    /// What all environments of one document say together.
    fn environments_end(&mut self, tenant: Option<String>, has_list: bool, is_last_page: bool, is_of_deleted: bool) {
        let mut sightings = std::mem::take(&mut self.sightings);
        // The environments of one export are of one tenant; the default environment names it in its id.
        let named = sightings.iter().find_map(|sighting| sighting.seen.tenant.clone()).or(tenant);
        for Sighting { seen, .. } in &mut sightings {
            if seen.tenant.is_none() {
                seen.tenant.clone_from(&named);
            }
            if is_of_deleted && seen.environment.deleted_at == Known::Is(None) {
                seen.environment.deleted_at = Known::Unknown;
            }
        }
        if !is_last_page && !sightings.is_empty() {
            self.gathered.remarks.add("", "there is another page of this list, whose environments are not in it: export all pages");
        }
        // A list of deleted environments says nothing of those that are not in it.
        let is_of_deleted = is_of_deleted || sightings.iter().all(|sighting| sighting.seen.environment.deleted_at.is(Option::is_some));
        if has_list && is_last_page && self.is_whole && !is_of_deleted {
            self.gathered.whole.push(self.gathered.documents);
        }
        self.gathered.documents += 1;
        self.gathered.environments.extend(sightings);
    }

    /// The users of one document; `is_list` where it says that it is one of users, so that an empty one says that there are none.
    fn users_end(&mut self, tenant: Option<String>, collected: Collected, is_last_page: bool, is_list: bool) {
        let users = std::mem::take(&mut self.users);
        self.upns.clear();
        if users.is_empty() && !is_list {
            return;
        }
        self.known += 1;
        if !is_last_page {
            self.gathered.remarks.add("", "there is another page of this list, so the users stay unknown: export all pages");
            return;
        }
        let typed = if let Some(About::Tenant(typed)) = &self.about { Some(typed.clone()) } else { None };
        self.gathered.users.push(Users { tenant: typed.or(tenant), users, collected });
    }
}
