//! What is asked when a fact is answered: about whom, which fields, what is expected.

use crate::app::details::{Asks, Shade};
use crate::app::keymap::writes_nothing;
use crate::app::model::Model;
use crate::domain::estate::{Estate, ROLES};
use crate::domain::fact::{self, Kind, Of, Shape};
use crate::domain::journal::{Subject, Value};
use crate::domain::known::Known;
use crate::domain::typed::Source;
use crate::domain::words::{counted, list};

/// A question that is open while its answer is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// About whom: each gets the same answer.
    pub about: Vec<Subject>,
    /// The fields that get it.
    pub fields: Vec<&'static str>,
    /// What it is about, as a title.
    pub title: String,
    /// What is known now and who typed it, where anything is; a narrow line cannot say all of it.
    now: Option<String>,
    of: Of,
}

impl Asked {
    /// The question for one field of one subject; `now` is what is known, with where that comes from.
    pub fn one(about: Subject, field: &'static str, of: Of, whom: &str, now: Option<String>) -> Self {
        Self { about: vec![about], fields: vec![field], title: format!("{field} of {whom}"), now, of }
    }

    /// What the answer can be.
    pub fn shape(&self) -> Option<&'static Shape> {
        self.fields.first().and_then(|field| fact::shape(self.of, field))
    }

    /// What is expected, in words that stand behind "expected".
    pub fn expected(&self) -> String {
        self.shape().map(Shape::expected).unwrap_or_default()
    }

    /// What stands below the line that is typed: what is known now, and what is expected.
    pub fn hint(&self) -> String {
        let expected = self.expected();
        match &self.now {
            Some(now) => format!("Now {now}. Expected: {expected}"),
            None => format!("Expected: {expected}"),
        }
    }

    /// Everything that is answered: each field of each subject.
    pub fn each(&self) -> impl Iterator<Item = (&Subject, &'static str)> {
        self.about.iter().flat_map(|about| self.fields.iter().map(move |field| (about, *field)))
    }

    /// What has to be asked before the answer counts, because something else is known already.
    pub fn objection(&self, answer: &Value, estate: &Estate) -> Option<String> {
        let otherwise = |(about, field): (&Subject, &'static str)| match estate.source(about, field) {
            // An answer takes the place of an earlier one, which stays in the journal.
            Source::Typed(typed) if typed.counts => None,
            Source::Unknown => None,
            Source::Typed(_) | Source::Captured => estate.otherwise(about, field, answer),
        };
        let known: Vec<(&Subject, Value)> = self.each().filter_map(|(about, field)| otherwise((about, field)).map(|value| (about, value))).collect();
        let answer = fact::in_words(answer);
        match known.as_slice() {
            [] => None,
            [(_, only)] if self.about.len() == 1 => Some(format!("The capture says {}. Say {answer} all the same?", fact::in_words(only))),
            several => {
                // Which ones, and what each is known to be: a mark too many would turn a production environment into something else.
                let said: Vec<String> = several.iter().map(|(about, value)| format!("{} ({})", name(about, estate), fact::in_words(value))).collect();
                let said: Vec<&str> = said.iter().map(String::as_str).collect();
                Some(format!("The capture says otherwise of {} of {}: {}. Say {answer} all the same?", several.len(), self.whom(), list(&said)))
            }
        }
    }

    /// How many it is about, in words.
    pub fn whom(&self) -> String {
        match self.of {
            Of::Environment => counted(self.about.len(), "environment"),
            Of::Tenant => "the tenant".to_owned(),
        }
    }
}

/// What people call whom it is about.
fn name<'e>(about: &'e Subject, estate: &'e Estate) -> &'e str {
    match about {
        Subject::Environment(id) => estate.find(id).map_or(id.as_str(), |key| &estate.environment(key).name),
        Subject::Tenant(id) => estate.tenants().find(|(_, tenant)| tenant.id == *id).map_or(id, |(_, tenant)| &tenant.name),
    }
}

/// What the line of the cursor asks.
fn asks(model: &Model) -> Option<&Asks> {
    model.ui.details.selected().and_then(|line| line.asks.as_ref())
}

/// Why the line of the cursor cannot be answered, if it cannot.
pub fn refused(model: &Model) -> Option<String> {
    if let Some(reason) = writes_nothing(&model.ui.setup) {
        return Some(reason);
    }
    let Some(asks) = asks(model) else { return Some("This line is no fact that can be answered".to_owned()) };
    not_answered(model, asks.of, asks.fields.first().copied().unwrap_or_default())
}

/// Why the question of a move under the cursor cannot be answered, if it cannot.
pub fn question_refused(model: &Model) -> Option<String> {
    let question = model.wizard().and_then(|wizard| wizard.questions.selected())?;
    writes_nothing(&model.ui.setup).or_else(|| not_answered(model, question.asked.of, question.asked.fields.first().copied().unwrap_or_default()))
}

/// Why nobody who looks can answer a field, if nobody can.
fn not_answered(model: &Model, of: Of, field: &str) -> Option<String> {
    if let Some(Kind::InParts) = fact::shape(of, field).map(|shape| shape.kind) {
        return Some("Its parts are answered one by one".to_owned());
    }
    match model.estate.viewer() {
        Known::Is(viewer) if field == ROLES && !model.estate.describes_roles_of(viewer) => {
            Some("The roles in this snapshot are those of its operator: answer them as that person, or capture it anew".to_owned())
        }
        Known::Is(_) | Known::Unknown => None,
    }
}

/// The question that the line of the cursor asks, of all environments that are marked.
pub fn asked(model: &Model) -> Option<Asked> {
    let line = model.ui.details.selected()?;
    let asks = line.asks.as_ref()?;
    let environment = model.selected()?;
    let tenant = model.estate.tenant(environment.tenant);
    let marked = model.ui.environments.marked();
    let (about, whom) = match asks.of {
        Of::Tenant => (vec![Subject::Tenant(tenant.id.clone())], format!("the tenant {}", tenant.name)),
        Of::Environment if marked.is_empty() => (vec![Subject::Environment(environment.id.clone())], environment.name.to_string()),
        Of::Environment => (marked.iter().cloned().map(Subject::Environment).collect(), format!("the {}", counted(marked.len(), "marked environment"))),
    };
    let what = match asks.fields.as_slice() {
        [only] => (*only).to_owned(),
        several => counted(several.len(), "kind of component").replace("kind of components", "kinds of component"),
    };
    let now = match &line.source {
        _ if about.len() > 1 || line.shade == Shade::Unknown => None,
        Some(source) => Some(format!("{} ({source}); an empty line takes it back", line.value)),
        None => Some(line.value.clone()),
    };
    Some(Asked { about, fields: asks.fields.clone(), title: format!("{what} of {whom}"), now, of: asks.of })
}
