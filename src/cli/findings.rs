//! Findings as people read them, as JSON, and as columns of a sheet.

use std::io;

use serde_json::{Value, json};

use super::output::{Out, Tone};
use crate::domain::library::Library;
use crate::domain::verdict::{Code, Finding};
use crate::domain::words::Word;
use crate::files::answers::library;

/// The columns of a finding in a sheet.
pub const COLUMNS: [&str; 6] = ["severity", "rule", "code", "message", "remedy", "article"];

/// What can be looked up, where a finding repeats what Microsoft says.
fn library_for(findings: &[Finding]) -> Option<Library> {
    // It takes a moment, so it is read only then; a verdict is told without it too.
    findings.iter().any(|finding| finding.code == Code::RefusedByMicrosoft).then(library)?.ok()
}

/// The id of the answer that explains Microsoft's words in a finding.
fn explained_by<'l>(finding: &Finding, library: Option<&'l Library>) -> Option<&'l str> {
    let library = library.filter(|_| finding.code == Code::RefusedByMicrosoft)?;
    library.of_message(&finding.message).map(|entry| library.id(entry))
}

/// The findings of a verdict as JSON.
pub fn json(findings: &[Finding]) -> Value {
    let library = library_for(findings);
    let one = |finding: &Finding| {
        let mut object = json!({
            "severity": finding.severity.word(),
            "rule": finding.rule,
            "code": finding.code.word(),
            "message": finding.message,
            "remedy": finding.remedy,
            "article": finding.article,
            "acknowledge": finding.has_to_be_acknowledged(),
        });
        if let (Some(id), Some(object)) = (explained_by(finding, library.as_ref()), object.as_object_mut()) {
            object.insert("explained_by".to_owned(), json!(id));
        }
        object
    };
    findings.iter().map(one).collect()
}

/// The rows of a verdict in a sheet: one for each finding, or one with empty columns; `before` stands before each.
pub fn rows(before: &[&str], findings: &[Finding]) -> Vec<Vec<String>> {
    let row = |cells: [&str; 6]| before.iter().copied().chain(cells).map(str::to_owned).collect::<Vec<_>>();
    if findings.is_empty() {
        return vec![row([""; 6])];
    }
    let one = |finding: &Finding| row([finding.severity.word(), &finding.rule, finding.code.word(), &finding.message, &finding.remedy, &finding.article]);
    findings.iter().map(one).collect()
}

/// Writes the findings of a verdict as lines below it.
pub fn write(out: &mut Out, findings: &[Finding]) -> io::Result<()> {
    let library = library_for(findings);
    for finding in findings {
        out.sentence(2, finding.severity.into(), &format!("{}: ", finding.severity.label()), &finding.message)?;
        out.sentence(4, Tone::Plain, "-> ", &finding.remedy)?;
        out.sentence(4, Tone::Quiet, &format!("{} {}: ", finding.rule, finding.code.word()), &finding.article)?;
        if let Some(id) = explained_by(finding, library.as_ref()) {
            out.sentence(4, Tone::Quiet, "", &format!("envdeck explain {id}"))?;
        }
    }
    Ok(())
}
