//! Checks a mapping file: how it is written, whom it names, and whom it leaves behind (TTM-032, TTM-070 to TTM-082, TTM-109, G-18, CUR-025).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::header::is_header;
use super::mailbox::{Mailbox, mailbox};
use super::upn::{doubtful, fault, is_upn};
use super::users::{Directory, folded};
use super::{Encoding, Mistake, Origin, Remark, Row, Sheet, Value, quoted, words};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Access, Tenant, User};
use crate::domain::verdict::Words;

/// The name that the edition `current` asks for, in this spelling (CUR-025).
pub const FILE_NAME: &str = "usermapping.csv";
/// The header that the edition `current` asks for, in this spelling (CUR-025).
pub const HEADER: [&str; 2] = ["Source", "Destination"];

/// By what a file is checked. Who is not named is not looked up.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The rules that decide.
    pub edition: Edition,
    /// The name of the file without its folder; none for standard input, which has no name.
    pub file: Option<&'a str>,
    /// The tenant that the environment leaves.
    pub from: Option<&'a Tenant>,
    /// The tenant that it moves to.
    pub to: Option<&'a Tenant>,
    /// The environment that moves.
    pub environment: Option<&'a Environment>,
}

/// Who is left behind, and by which list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LeftBehind {
    /// Nobody knows who uses it.
    #[default]
    Unknown,
    /// Of those who are enabled in the environment.
    OfEnvironment(Vec<Left>),
    /// Of all users of the source tenant, because who is enabled in the environment is unknown or was not asked.
    OfTenant(Vec<Left>),
}

impl LeftBehind {
    /// All of them, in the order of the snapshot.
    pub fn users(&self) -> &[Left] {
        match self {
            Self::Unknown => &[],
            Self::OfEnvironment(users) | Self::OfTenant(users) => users,
        }
    }
}

/// A user whom no line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Who.
    pub upn: Arc<str>,
    /// How they get in; to map those of administrative access is optional (TTM-078).
    pub access: Known<Access>,
    /// Whether the account is active.
    pub active: Known<bool>,
}

/// A line that maps a user, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Who moves.
    pub source: Box<str>,
    /// Who that is in the new tenant.
    pub destination: Box<str>,
    /// What becomes of the mailbox; unknown too where a user was not found.
    pub mailbox: Known<Mailbox>,
}

/// What was found in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Linted {
    /// What the file is called in messages.
    pub file: Box<str>,
    /// Which file it is; none for what came from standard input.
    pub origin: Option<Origin>,
    /// How many lines name users, well or badly.
    pub rows: usize,
    /// The users that are mapped: by lines of two names, each of which stands for the first time.
    pub mapped: Vec<Mapped>,
    /// What has to be mended, in the order of the file.
    pub errors: Vec<Remark>,
    /// What somebody should look at, in the order of the file.
    pub warnings: Vec<Remark>,
    /// Who would be left behind (TTM-109).
    pub left_behind: LeftBehind,
}

/// Checks a file.
pub fn lint(sheet: &Sheet, asked: Asked<'_>) -> Linted {
    let mut lint = Lint {
        edition: asked.edition,
        from: Side::of(asked.from),
        to: Side::of(asked.to),
        environment: asked.environment,
        enabled: match asked.environment.map(|environment| &environment.users) {
            Some(Known::Is(users)) => Some(users.iter().map(|upn| folded(upn)).collect()),
            Some(Known::Unknown) | None => None,
        },
        sources: HashMap::with_capacity(sheet.rows.len()),
        destinations: HashMap::with_capacity(sheet.rows.len()),
        broken: sheet.not_text.is_some(),
        named: HashSet::with_capacity(sheet.rows.len()),
        found: Linted { file: asked.file.unwrap_or("standard input").into(), origin: sheet.origin.clone(), ..Linted::default() },
    };
    lint.file(sheet, asked.file);
    for row in lint.without_headers(sheet) {
        lint.row(row);
    }
    if lint.found.rows == 0 && !matches!(sheet.not_text, Some((Encoding::Binary | Encoding::Workbook, _))) {
        lint.error(Mistake::Empty, (1, 1), "", || {
            Words::new("No line names a user", "Write one line for each user: the UPN in the old tenant, a comma, the UPN in the new one")
        });
    }
    lint.unlooked();
    lint.left_behind();
    let mut found = lint.found;
    found.errors.sort_by_key(|remark| (remark.line, remark.column));
    found.warnings.sort_by_key(|remark| (remark.line, remark.column));
    found
}

/// One side of the move.
enum Side<'a> {
    /// Nobody asked.
    NotAsked,
    /// Which users the tenant has is unknown.
    Unknown(&'a Tenant),
    /// Its users.
    Users(Box<Directory<'a>>),
}

impl<'a> Side<'a> {
    fn of(tenant: Option<&'a Tenant>) -> Self {
        let Some(tenant) = tenant else { return Self::NotAsked };
        match Directory::of(tenant) {
            Known::Is(directory) => Self::Users(Box::new(directory)),
            Known::Unknown => Self::Unknown(tenant),
        }
    }

    fn find(&self, upn: &str) -> Option<&'a User> {
        match self {
            Self::Users(directory) => directory.find(upn),
            Self::NotAsked | Self::Unknown(_) => None,
        }
    }
}

/// What a side calls its mistakes: unknown, inactive, unlicensed.
const SOURCE: [Mistake; 3] = [Mistake::UnknownSource, Mistake::InactiveSource, Mistake::UnlicensedSource];
const DESTINATION: [Mistake; 3] = [Mistake::UnknownDestination, Mistake::InactiveDestination, Mistake::UnlicensedDestination];

struct Lint<'a> {
    edition: Edition,
    from: Side<'a>,
    to: Side<'a>,
    environment: Option<&'a Environment>,
    /// Who is enabled in the environment, where that is known.
    enabled: Option<HashSet<String>>,
    /// In which line each source and each destination stands first.
    sources: HashMap<String, usize>,
    destinations: HashMap<String, usize>,
    /// That letters were lost when the file was read, which was said already.
    broken: bool,
    /// Whom a line of two names names.
    named: HashSet<String>,
    found: Linted,
}

impl<'a> Lint<'a> {
    fn error(&mut self, code: Mistake, place: (usize, usize), value: &str, words: impl FnOnce() -> Words) {
        let remark = self.remark(code, place, value, words());
        self.found.errors.push(remark);
    }

    fn warn(&mut self, code: Mistake, place: (usize, usize), words: Words) {
        let Words { message, remedy } = words;
        self.found.warnings.push(Remark { line: place.0, column: place.1, code, message, remedy });
    }

    /// In the words of the edition: where a message is published for it, that one, and ours with the way out.
    fn remark(&self, code: Mistake, (line, column): (usize, usize), value: &str, Words { message, remedy }: Words) -> Remark {
        match words::published(code, line, value).filter(|_| self.edition == Edition::Current) {
            Some(published) => Remark { line, column, code, message: published, remedy: format!("{message}. {remedy}") },
            None => Remark { line, column, code, message, remedy },
        }
    }

    /// What concerns all of the file: its name, and whether it is text.
    fn file(&mut self, sheet: &Sheet, name: Option<&str>) {
        if let Some(name) = name.filter(|name| self.edition == Edition::Current && *name != FILE_NAME) {
            let why = if name.eq_ignore_ascii_case(FILE_NAME) { ": capitals matter" } else { "" };
            let says = || Words::new(format!("The file is called `{name}`"), format!("Rename it to `{FILE_NAME}`{why}"));
            self.error(Mistake::WrongFileName, (1, 1), "", says);
        }
        for (encoding, place) in sheet.not_text.iter().flat_map(|(encoding, places)| places.iter().map(|place| (*encoding, *place))) {
            self.error(Mistake::NotText, place, "", || words::not_text(encoding));
        }
    }

    /// The rows that name users; what is to be said about headers is said.
    fn without_headers<'s>(&mut self, sheet: &'s Sheet) -> Vec<&'s Row> {
        let mut rows = Vec::with_capacity(sheet.rows.len());
        for (index, row) in sheet.rows.iter().enumerate() {
            let header = is_header(row, index == 0);
            if index == 0 && self.edition == Edition::Current {
                self.header(row, header);
            } else if header {
                self.error(Mistake::HeaderRow, (row.line, row.source.column), &row.source.text, || {
                    Words::new("This line is a header, and every line has to name a user", "Delete the line")
                });
            }
            if !header {
                rows.push(row);
            }
        }
        rows
    }

    /// The first row has to be the header, in its spelling.
    fn header(&mut self, row: &Row, is_header: bool) {
        let [source, destination] = HEADER;
        if &*row.source.text == source && row.destination.as_ref().is_some_and(|value| &*value.text == destination) && row.extra.is_none() {
            return;
        }
        let written = format!("{source},{destination}");
        let words = if is_header {
            Words::new(format!("The header has to be `{written}`"), "Write this line exactly so, capitals included")
        } else {
            Words::new("The header is missing", format!("Put the line `{written}` before this one, exactly in this spelling"))
        };
        self.error(Mistake::MissingHeader, (row.line, row.source.column), "", || words);
    }

    /// A row that names users.
    fn row(&mut self, row: &Row) {
        self.found.rows += 1;
        let line = row.line;
        let values = || [Some(&row.source), row.destination.as_ref()].into_iter().flatten();
        // What a line with bytes that are no text says nobody knows; that it has them is said.
        if self.broken && values().any(|value| value.text.contains('\u{2400}')) {
            return;
        }
        let whole = self.two_fields(row);
        // With a value too many or too few nobody knows which is which, unless all of them are UPNs.
        if !whole && !values().all(|value| is_upn(&value.text)) {
            return;
        }
        let from = Some(&row.source).filter(|source| self.value(line, source, "source"));
        let to = row.destination.as_ref().filter(|destination| self.value(line, destination, "destination"));
        let first = from.is_some_and(|source| self.stands_first(Mistake::DuplicateSource, line, source));
        let first_there = to.is_some_and(|destination| self.stands_first(Mistake::DuplicateDestination, line, destination));
        let user = from.and_then(|source| self.user(SOURCE, line, source));
        if let Some(source) = from {
            self.enabled(line, source, user);
        }
        let onto = to.and_then(|destination| self.user(DESTINATION, line, destination));
        let (true, Some(source), Some(destination)) = (whole, from, to) else { return };
        self.named.insert(folded(&source.text));
        self.same(line, source, destination);
        let mailbox = user.zip(onto).map_or(Known::Unknown, |(user, onto)| mailbox(user, onto));
        self.onmicrosoft(line, source, destination, mailbox);
        if first && first_there {
            self.found.mapped.push(Mapped { source: source.text.clone(), destination: destination.text.clone(), mailbox });
        }
    }

    /// Whether two values stand in the row.
    fn two_fields(&mut self, row: &Row) -> bool {
        if let Some(column) = row.extra {
            self.error(Mistake::ExtraField, (row.line, column), "", || {
                Words::new("More than two values stand in this line", "Keep the source, a comma and the destination, and delete what follows, the comma too")
            });
        } else if row.destination.is_none() {
            let (column, words) = words::missing_field(row);
            self.error(Mistake::MissingField, (row.line, column), "", || words);
        }
        row.extra.is_none() && row.destination.is_some()
    }

    /// Whether the value is a UPN.
    fn value(&mut self, line: usize, value: &Value, what: &str) -> bool {
        let place = (line, value.column);
        if value.text.is_empty() {
            self.error(Mistake::EmptyField, place, "", || {
                Words::new(format!("The {what} is empty"), format!("Write the UPN of the {what} there, or delete the line"))
            });
            return false;
        }
        // What was lost when the file was read is no mistake of this value.
        if self.broken && value.text.contains('\u{fffd}') {
            return false;
        }
        if let Some(words) = fault(&value.text) {
            self.error(Mistake::NotUpn, place, &value.text, || words);
            return false;
        }
        if let Some(letter) = doubtful(&value.text) {
            let message = format!("`{}` holds `{letter}`, which Microsoft Entra takes in no new name", quoted(&value.text));
            self.warn(Mistake::NotUpn, place, Words::new(message, "Look the name up in the admin center; change the line if it stands there in another way"));
        }
        true
    }

    /// Whether the name stands in no earlier line on the same side.
    fn stands_first(&mut self, code: Mistake, line: usize, value: &Value) -> bool {
        let names = if code == Mistake::DuplicateSource { &mut self.sources } else { &mut self.destinations };
        let Some(before) = names.get(&folded(&value.text)).copied() else {
            names.insert(folded(&value.text), line);
            return true;
        };
        self.error(code, (line, value.column), &value.text, || words::duplicate(code, &value.text, before));
        false
    }

    fn same(&mut self, line: usize, source: &Value, destination: &Value) {
        if folded(&source.text) != folded(&destination.text) {
            return;
        }
        let place = (line, destination.column);
        let words = Words::new(format!("`{}` is source and destination", quoted(&source.text)), "Write the UPN that this person has in the new tenant");
        match self.edition {
            // The older article does not forbid it, although a domain belongs to one tenant only.
            Edition::Articles => self.warn(Mistake::SameAsSource, place, words),
            Edition::Current => self.error(Mistake::SameAsSource, place, &source.text, || words),
        }
    }

    /// A default domain changes with the tenant, and the mailbox with it (TTM-060, TTM-061), unless the user has one there (TTM-056).
    fn onmicrosoft(&mut self, line: usize, source: &Value, destination: &Value, becomes: Known<Mailbox>) {
        let is_default = |value: &Value| folded(&value.text).ends_with(".onmicrosoft.com");
        let (value, message) = if is_default(source) {
            (source, format!("`{}` is of a default domain, which is another one in the new tenant", quoted(&source.text)))
        } else if is_default(destination) {
            (destination, format!("`{}` is of the default domain of the new tenant", quoted(&destination.text)))
        } else {
            return;
        };
        let remedy = match becomes {
            Known::Is(Mailbox::Automatic) => "This user has a mailbox in the new tenant, which the move sets up: check the address",
            Known::Is(Mailbox::Verify | Mailbox::Reconfigure) | Known::Unknown => "Plan to set this mailbox up again after the move",
        };
        self.warn(Mistake::OnmicrosoftDomain, (line, value.column), Words::new(message, remedy));
    }

    /// Looks a user up: who is unknown, inactive or unlicensed makes the move fail (TTM-032, TTM-081); what nobody captured only warns.
    fn user(&mut self, [unknown, inactive, unlicensed]: [Mistake; 3], line: usize, value: &Value) -> Option<&'a User> {
        let (side, other) = if unknown == Mistake::UnknownSource { (&mut self.from, &self.to) } else { (&mut self.to, &self.from) };
        let Side::Users(directory) = side else { return None };
        let (tenant, place) = (directory.tenant, (line, value.column));
        let Some(user) = directory.find(&value.text) else {
            let remedy = match (other, directory.near(&value.text)) {
                (Side::Users(other), _) if other.find(&value.text).is_some() => words::of_the_other(unknown, other.tenant, tenant),
                (Side::Users(_) | Side::NotAsked | Side::Unknown(_), near) => words::create(near),
            };
            let message = format!("{} has no user `{}`", tenant.name, quoted(&value.text));
            self.error(unknown, place, &value.text, || Words::new(message, remedy));
            return None;
        };
        for (code, fact) in [(inactive, user.active), (unlicensed, user.licensed)] {
            match fact {
                Known::Is(true) => {}
                Known::Is(false) => self.error(code, place, &value.text, || words::unready(code, &value.text, tenant)),
                Known::Unknown => self.warn(code, place, words::open(code, &value.text, tenant)),
            }
        }
        Some(user)
    }

    /// The source has to be enabled in the environment (TTM-032). Whoever is in no list at all was said to be unknown.
    fn enabled(&mut self, line: usize, value: &Value, user: Option<&User>) {
        let known_as_absent = user.is_none() && matches!(self.from, Side::Users(_));
        let (Some(enabled), Some(environment)) = (&self.enabled, self.environment) else { return };
        if !known_as_absent && !enabled.contains(&folded(&value.text)) {
            self.error(Mistake::NotEnabled, (line, value.column), &value.text, || {
                let message = format!("`{}` is not enabled in {}", quoted(&value.text), environment.name);
                Words::new(message, format!("Enable the user in {}, or delete the line; each environment needs a mapping file of its own", environment.name))
            });
        }
    }

    /// What was asked and cannot be looked up, said once and not for every line.
    fn unlooked(&mut self) {
        let missing = |tenant: &Tenant| {
            let remedy = format!("Capture the users of {} with the next import, or list them in the snapshot", tenant.name);
            Words::new(format!("The users of {} are unknown, so nobody was looked up there", tenant.name), remedy)
        };
        if let Side::Unknown(tenant) = self.from {
            self.warn(Mistake::UnknownSource, (1, 1), missing(tenant));
        }
        if let Side::Unknown(tenant) = self.to {
            self.warn(Mistake::UnknownDestination, (1, 1), missing(tenant));
        }
        if let (Some(environment), None) = (self.environment, &self.enabled) {
            let name = &environment.name;
            let remedy = format!("List under `users` of {name} who is enabled there");
            self.warn(Mistake::NotEnabled, (1, 1), Words::new(format!("Who is enabled in {name} is unknown"), remedy));
        }
    }

    /// Those who are enabled in the environment, or failing that all users of its tenant, and whom no line names.
    fn left_behind(&mut self) {
        let left = |upn: &Arc<str>, user: Option<&User>| Left {
            upn: Arc::clone(upn),
            access: user.map_or(Known::Unknown, |user| user.access),
            active: user.map_or(Known::Unknown, |user| user.active),
        };
        let unnamed = |upn: &str| !self.named.contains(&folded(upn));
        self.found.left_behind = match (self.environment.map(|environment| &environment.users), &self.from) {
            (Some(Known::Is(enabled)), from) => {
                LeftBehind::OfEnvironment(enabled.iter().filter(|upn| unnamed(upn)).map(|upn| left(upn, from.find(upn))).collect())
            }
            (Some(Known::Unknown) | None, Side::Users(directory)) => match &directory.tenant.users {
                Known::Is(users) => LeftBehind::OfTenant(users.iter().filter(|user| unnamed(&user.upn)).map(|user| left(&user.upn, Some(user))).collect()),
                Known::Unknown => LeftBehind::Unknown,
            },
            (Some(Known::Unknown) | None, Side::NotAsked | Side::Unknown(_)) => LeftBehind::Unknown,
        };
    }
}
