//! The options that every question about a tenant takes, and the facts they lead to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::output::Failure;
use super::when::local_offset;
use crate::domain::checklist::Template;
use crate::domain::environment::Environment;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::instant::read;
use crate::domain::journal::Journal;
use crate::domain::known::Known;
use crate::domain::lookup::{self, Unfound};
use crate::domain::rulebook::{Edition, Rulebook, Rulebooks};
use crate::domain::tenant::TenantKey;
use crate::domain::words::{Word, counted};
use crate::files::text::harmless;
use crate::files::{self, checklist, journal, read_demo, read_snapshot, rulebook};
use crate::vocabulary;

vocabulary! {
    /// How answers are written.
    Format, "format" {
        Table = "table" "text for people",
        Json = "json" "JSON",
        Csv = "csv" "CSV for spreadsheets",
    }
}

/// The variable that names the snapshot where no option does.
const SNAPSHOT_VARIABLE: &str = "ENVDECK_SNAPSHOT";

/// How the answer is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct Written {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "table", ignore_case = true, value_parser = one_of::<Format>())]
    pub format: Format,
}

/// Which facts are asked, when, by which rules and for whom; `W` says how the answer can be written.
#[derive(Debug, Clone, Args)]
pub struct Source<W: Args = Written> {
    /// The snapshot to read; without it the file that ENVDECK_SNAPSHOT names
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    snapshot: Option<PathBuf>,
    /// Ask the demo estate that is built in; without --now it is judged at the instant of its capture
    #[arg(long, conflicts_with = "snapshot")]
    demo: bool,
    /// Only this tenant: its id, its name, or how its name begins
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Judge at this instant instead of now, such as 2026-01-05T09:00:00Z, friday 18:00 or -3d
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, value_parser = instant)]
    now: Option<DateTime<Utc>>,
    /// Judge by these rules instead of those that the snapshot names
    #[arg(long, value_name = "EDITION", ignore_case = true, value_parser = one_of::<Edition>())]
    rulebook: Option<Edition>,
    /// Who asks, if not the operator of the snapshot
    #[arg(long = "as", value_name = "UPN", env = "ENVDECK_AS", hide_env_values = true)]
    viewer: Option<String>,
    /// Add the checklists of this folder to those that are built in
    #[arg(long, value_name = "FOLDER", env = "ENVDECK_CHECKLISTS", hide_env_values = true, value_hint = clap::ValueHint::DirPath)]
    checklists: Option<PathBuf>,
    #[command(flatten)]
    pub written: W,
}

/// Reads an instant of an option that counts from the clock.
pub fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    read(text, clock(), local_offset)
}

/// The values of a vocabulary, for help, completions and suggestions.
pub fn one_of<W: Word + Send + Sync>() -> impl TypedValueParser<Value = W> {
    let values = W::ALL.iter().map(|value| PossibleValue::new(value.word()).aliases(value.aliases()).help(value.label()));
    PossibleValuesParser::new(values).try_map(|text| W::from_word(&text).ok_or_else(|| format!("unknown {}", W::CALLED)))
}

/// Who asks: nobody is somebody without a name.
pub fn viewer(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.is_empty()).map(|name| harmless(&name).into_owned())
}

/// A folder: a variable that is empty names none.
pub fn folder(path: Option<PathBuf>) -> Option<PathBuf> {
    path.filter(|path| !path.as_os_str().is_empty())
}

/// The facts and all that is needed to judge them.
pub struct Session {
    /// The facts.
    pub estate: Estate,
    /// Both editions of the rules.
    pub rulebooks: Rulebooks,
    /// The instant at which everything is judged.
    pub now: DateTime<Utc>,
    /// The only tenant that is asked about, if one was named.
    pub tenant: Option<TenantKey>,
    /// The folder of the checklists that a team added.
    checklists: Option<PathBuf>,
}

/// The snapshot that the environment names.
fn variable() -> Option<PathBuf> {
    std::env::var_os(SNAPSHOT_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl<W: Args> Source<W> {
    /// Whether facts are named at all; for what can be answered without.
    pub fn is_named(&self) -> bool {
        self.demo || self.snapshot.is_some() || variable().is_some()
    }

    /// The rules that were asked for, whatever the snapshot names.
    pub const fn edition(&self) -> Option<Edition> {
        self.rulebook
    }

    /// Reads the facts.
    pub fn open(&self) -> Result<Session, Failure> {
        let (loaded, journal) = if self.demo {
            (read_demo()?, Journal::default())
        } else {
            let Some(path) = self.snapshot.clone().or_else(variable) else {
                return Err(Failure::Usage(format!("this needs a snapshot: name one with -s FILE or {SNAPSHOT_VARIABLE}, or ask the demo estate with --demo")));
            };
            (read_snapshot(&path)?, journal_beside(&path)?)
        };
        let captured_at = loaded.snapshot.captured_at;
        let kept_in = self.snapshot.clone().or_else(variable).filter(|_| !self.demo).and_then(|path| files::folder_of(&path));
        let estate = Estate::new(loaded.snapshot, journal, self.rulebook, viewer(self.viewer.clone()).map(Arc::from)).kept_in(kept_in.as_deref());
        let now = match (self.now, captured_at) {
            (Some(now), _) => now,
            (None, Known::Is(captured_at)) if self.demo => captured_at,
            (None, _) => clock(),
        };
        let tenant = self.tenant.as_deref().map(|text| tenant(&estate, text)).transpose()?;
        Ok(Session { estate, rulebooks: rulebook::built_in()?, now, tenant, checklists: folder(self.checklists.clone()) })
    }
}

/// What envdeck added to the facts of the snapshot at `path`.
pub fn journal_beside(path: &Path) -> Result<Journal, Failure> {
    Ok(journal::load(&journal::path_beside(path)?)?.journal)
}

#[expect(clippy::disallowed_methods, reason = "the only clock of the command line; everything behind it takes the instant as an argument")]
pub fn clock() -> DateTime<Utc> {
    Utc::now()
}

impl Session {
    /// All checklists, those of the team among them.
    pub fn templates(&self) -> Result<Vec<Template>, Failure> {
        Ok(checklist::all(self.checklists.as_deref())?)
    }

    /// The checklists that can be open: none where nothing was ever recorded.
    pub fn templates_at_work(&self) -> Result<Vec<Template>, Failure> {
        if self.estate.journal().entries().is_empty() { Ok(Vec::new()) } else { self.templates() }
    }

    /// The rules that decide.
    pub fn rulebook(&self) -> &Rulebook {
        self.rulebooks.of(self.estate.edition())
    }

    /// The environments that are asked about: of the named tenant, or all.
    pub fn environments(&self) -> impl Iterator<Item = (EnvironmentKey, &Environment)> {
        self.estate.environments().filter(|(_, environment)| self.tenant.is_none_or(|tenant| environment.tenant == tenant))
    }

    /// The name of the tenant of an environment.
    pub fn tenant_of(&self, environment: &Environment) -> &str {
        &self.estate.tenant(environment.tenant).name
    }

    /// Whether environments of several tenants are asked about.
    pub fn has_several_tenants(&self) -> bool {
        self.tenant.is_none() && self.estate.tenants().count() > 1
    }

    /// The tenant that was meant, whichever is asked about.
    pub fn tenant_named(&self, text: &str) -> Result<TenantKey, Failure> {
        tenant(&self.estate, text)
    }

    /// The environment that was meant.
    pub fn environment(&self, text: &str) -> Result<&Environment, Failure> {
        let text = &*harmless(text);
        let unfound = match lookup::environment(&self.estate, text, self.tenant) {
            Ok(key) => return Ok(self.estate.environment(key)),
            Err(unfound) => unfound,
        };
        let line = |key: EnvironmentKey| {
            let environment = self.estate.environment(key);
            let kind = match environment.kind {
                Known::Is(kind) => kind.word(),
                Known::Unknown => "type unknown",
            };
            format!("  {}  {} ({kind}, {})", environment.id, environment.name, self.tenant_of(environment))
        };
        let of = self.tenant.map_or_else(String::new, |tenant| format!(" in the tenant {}", self.estate.tenant(tenant).name));
        Err(match unfound {
            Unfound::Ambiguous(keys) => ambiguous(text, "environment", keys.into_iter().map(line)),
            Unfound::Missing(near) => missing(text, &format!("environment{of}"), "`envdeck list` shows all", near.into_iter().map(line)),
        })
    }
}

/// The tenant that was meant.
fn tenant(estate: &Estate, text: &str) -> Result<TenantKey, Failure> {
    let text = &*harmless(text);
    let line = |key: TenantKey| {
        let tenant = estate.tenant(key);
        format!("  {}  {}", tenant.id, tenant.name)
    };
    lookup::tenant(estate, text).map_err(|unfound| match unfound {
        Unfound::Ambiguous(keys) => ambiguous(text, "tenant", keys.into_iter().map(line)),
        Unfound::Missing(near) => {
            let names: Vec<_> = estate.tenants().take(5).map(|(_, tenant)| &*tenant.name).collect();
            missing(text, "tenant", &format!("known are {}", names.join(", ")), near.into_iter().map(line))
        }
    })
}

fn ambiguous(text: &str, what: &str, candidates: impl ExactSizeIterator<Item = String>) -> Failure {
    const LISTED: usize = 20;
    let all = candidates.len();
    let mut lines: Vec<String> = candidates.take(LISTED).collect();
    if all > LISTED {
        lines.push(format!("  and {} more", all - LISTED));
    }
    Failure::Usage(format!("`{text}` fits {}; name one by its id:\n{}", counted(all, what), lines.join("\n")))
}

fn missing(text: &str, what: &str, otherwise: &str, near: impl Iterator<Item = String>) -> Failure {
    let near: Vec<String> = near.collect();
    Failure::Usage(if near.is_empty() {
        format!("there is no {what} `{text}`; {otherwise}")
    } else {
        format!("there is no {what} `{text}`; did you mean\n{}", near.join("\n"))
    })
}
