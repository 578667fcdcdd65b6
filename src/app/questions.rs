//! The questions that have to be answered before a move (TTM-029 to TTM-037, TTM-054): answered from the facts, or asked for.

use crate::app::answer::Asked;
use crate::app::list::{Cursor, Step};
use crate::domain::environment::Environment;
use crate::domain::estate::Estate;
use crate::domain::fact::{self, Of};
use crate::domain::journal::{Subject, Value};
use crate::domain::known::Known;
use crate::domain::tenant::Tenant;
use crate::domain::typed::Source;

/// Whom a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// The tenant that the environment leaves.
    Source,
    /// The tenant that it moves to.
    Destination,
    /// The environment that moves.
    Environment,
}

/// The questions, in the order of the article, with the fields that answer them.
const QUESTIONS: &[(Whom, &str, &str)] = &[
    (Whom::Source, "domain", "Domain of the old tenant"),
    (Whom::Source, "region", "Region of the old tenant"),
    (Whom::Source, "cloud", "Cloud of the old tenant"),
    (Whom::Source, "operator_roles", "Your roles in the old tenant"),
    (Whom::Source, "licences.active", "Active user licences in the old tenant"),
    (Whom::Source, "capacity_gb.entitled", "Storage of the old tenant, in GB"),
    (Whom::Source, "capacity_gb.used", "Of that in use, with room for a rehearsal copy"),
    (Whom::Source, "lockbox", "Customer Lockbox in the old tenant"),
    (Whom::Destination, "domain", "Domain of the new tenant"),
    (Whom::Destination, "region", "Region of the new tenant"),
    (Whom::Destination, "cloud", "Cloud of the new tenant"),
    (Whom::Destination, "paid_subscriptions", "Paid subscriptions in the new tenant"),
    (Whom::Destination, "licences.active", "Active user licences in the new tenant"),
    (Whom::Destination, "dynamics_365_seats", "Dynamics 365 seats in the new tenant"),
    (Whom::Destination, "capacity_gb.entitled", "Storage of the new tenant, in GB"),
    (Whom::Destination, "capacity_gb.used", "Of that in use"),
    (Whom::Environment, "type", "Type of the environment"),
    (Whom::Environment, "managed", "Managed Environment"),
    (Whom::Environment, "finance_operations", "Linked to finance and operations"),
    (Whom::Environment, "dataverse.size_gb", "Size of its data, in GB"),
    (Whom::Environment, "dataverse.audit_gb", "Size of its audit logs, in GB"),
    (Whom::Environment, "dynamics_365_apps", "Its Dynamics 365 apps"),
    (Whom::Environment, "users", "Users enabled in it"),
    // What has steps of its own before and after, or is lost (TTM-015, TTM-054).
    (Whom::Environment, "components.canvas-app", "Canvas apps in it"),
    (Whom::Environment, "components.custom-page", "Custom pages in it"),
    (Whom::Environment, "components.component-library", "Component libraries in it"),
    (Whom::Environment, "components.cloud-flow", "Flows in it"),
    (Whom::Environment, "components.chatbot", "Chatbots in it"),
    (Whom::Environment, "components.customer-voice-project", "Customer Voice projects in it"),
    (Whom::Environment, "components.portal", "Portals in it"),
    (Whom::Environment, "components.checker-app", "Checker App in it"),
    (Whom::Environment, "components.cafe-x", "Café X in it"),
    (Whom::Environment, "components.marketing", "Marketing in it"),
];

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Whom it is about.
    pub whom: Whom,
    /// What is asked.
    pub text: &'static str,
    /// The answer; none where nobody knows.
    pub answer: Option<String>,
    /// Where the answer comes from.
    pub source: String,
    /// What is asked when it is answered.
    pub asked: Asked,
}

/// The questions of a move.
#[derive(Debug, Default)]
pub struct Questions {
    /// The cursor.
    pub cursor: Cursor,
    rows: Vec<Question>,
    computed: Option<(u64, Box<str>)>,
}

impl Questions {
    /// The questions, in order.
    pub fn rows(&self) -> &[Question] {
        &self.rows
    }

    /// The question under the cursor.
    pub fn selected(&self) -> Option<&Question> {
        self.rows.get(self.cursor.at)
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.rows.iter().filter(|row| row.answer.is_none()).count()
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.rows.len(), height)
    }

    /// Works the answers out again where facts or destination changed; true when something did.
    pub fn refresh(&mut self, environment: &Environment, to: &Tenant, estate: &Estate, height: usize) -> bool {
        let wanted = (estate.revision(), to.id.clone());
        if self.computed.as_ref() == Some(&wanted) {
            return false;
        }
        let another = self.computed.as_ref().is_none_or(|(_, before)| *before != to.id);
        self.rows = QUESTIONS.iter().map(|question| row(*question, environment, to, estate)).collect();
        if another {
            // The first that nobody answered, which is what somebody is here for.
            let at = self.rows.iter().position(|row| row.answer.is_none()).unwrap_or(0);
            self.cursor.go(at, self.rows.len(), height);
        }
        self.computed = Some(wanted);
        true
    }
}

fn row((whom, field, text): (Whom, &'static str, &'static str), environment: &Environment, to: &Tenant, estate: &Estate) -> Question {
    let from = estate.tenant(environment.tenant);
    let of_tenant = |tenant: &Tenant| {
        let known = fact::of_tenant(field).map_or(Known::Unknown, |field| field.get(tenant));
        (Subject::Tenant(tenant.id.clone()), known, format!("the tenant {}", tenant.name), Of::Tenant)
    };
    let (about, known, of_whom, of) = match whom {
        Whom::Source => of_tenant(from),
        Whom::Destination => of_tenant(to),
        Whom::Environment => {
            let known = fact::of_environment(field).map_or(Known::Unknown, |field| field.get(environment));
            (Subject::Environment(environment.id.clone()), known, environment.name.to_string(), Of::Environment)
        }
    };
    // A role is told by its name, everything else as it is typed.
    let words = |value: &Value| fact::in_words(value);
    let answer = match &known {
        Known::Is(value) => Some(words(value)),
        Known::Unknown => None,
    };
    let source = match estate.source(&about, field) {
        Source::Typed(typed) => typed.source(),
        Source::Captured => "captured".to_owned(),
        Source::Unknown => String::new(),
    };
    let now = answer.as_ref().map(|answer| format!("{answer} ({source})"));
    let asked = Asked::one(about, field, of, &of_whom, now);
    Question { whom, text, answer, source, asked }
}
