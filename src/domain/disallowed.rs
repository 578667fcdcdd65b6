//! What Microsoft itself says cannot be done to an environment, in its own words, beside what the rules find.
//!
//! A warning, never a refusal: the admin API said it at the instant of the capture and may say something else now, and the
//! list is broader than one operation (a default environment "cannot be copied", with no word on which end it is; a sandbox
//! may lack a database that it has). The rules refuse what the articles refuse; this is shown beside it (MICROSOFT).

use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::request::kinds::row;
use crate::domain::verdict::{Code, Findings, Words};

/// Which end of an operation an environment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// What a copy or restore takes from.
    Source,
    /// What it is done to.
    Target,
}

/// What the admin API calls an operation, at one of its ends.
pub const fn names(about: OperationKind, end: End) -> &'static [&'static str] {
    row(about).api[end as usize]
}

/// Whether the admin API lists the operation, under whatever name.
pub const fn is_listed(about: OperationKind) -> bool {
    !names(about, End::Target).is_empty()
}

/// Microsoft's words about this environment as that end of the operation.
pub fn messages(environment: &Environment, about: OperationKind, end: End) -> Vec<Box<str>> {
    let Known::Is(disallowed) = &environment.disallowed_operations else { return Vec::new() };
    let meant = |operation: &str| names(about, end).iter().any(|name| name.eq_ignore_ascii_case(operation));
    let said = |message: &Known<Box<str>>| if let Known::Is(message) = message { Some(message.clone()) } else { None };
    disallowed.iter().filter(|refused| meant(&refused.operation)).filter_map(|refused| said(&refused.message)).collect()
}

/// Adds what Microsoft says of this environment as that end of the operation. What nobody captured is no news.
pub fn said(environment: &Environment, end: End, findings: &mut Findings<'_>) {
    let Known::Is(disallowed) = &environment.disallowed_operations else { return };
    let names = names(findings.about(), end);
    for refused in disallowed.iter().filter(|refused| names.iter().any(|name| name.eq_ignore_ascii_case(&refused.operation))) {
        findings.fails(Code::RefusedByMicrosoft, || {
            let what = format!("Microsoft refuses {} for {}", refused.operation, environment.name);
            let message = match &refused.message {
                Known::Is(message) => format!("{what}: \"{message}\""),
                Known::Unknown => format!("{what} and does not say why"),
            };
            Words::new(message, "That was so when the tenant was captured: look in the admin center whether it still is")
        });
    }
}
