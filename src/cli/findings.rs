//! Findings as people read them, as JSON, and as columns of a sheet.

use std::io;

use serde_json::{Value, json};

use super::output::{Out, Tone};
use crate::domain::verdict::Finding;
use crate::domain::words::Word;

/// The columns of a finding in a sheet.
pub const COLUMNS: [&str; 6] = ["severity", "rule", "code", "message", "remedy", "article"];

/// The findings of a verdict as JSON.
pub fn json(findings: &[Finding]) -> Value {
    let one = |finding: &Finding| {
        json!({
            "severity": finding.severity.word(),
            "rule": finding.rule,
            "code": finding.code.word(),
            "message": finding.message,
            "remedy": finding.remedy,
            "article": finding.article,
            "acknowledge": finding.has_to_be_acknowledged(),
        })
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
    for finding in findings {
        out.sentence(2, finding.severity.into(), &format!("{}: ", finding.severity.label()), &finding.message)?;
        out.sentence(4, Tone::Plain, "-> ", &finding.remedy)?;
        out.sentence(4, Tone::Quiet, &format!("{} {}: ", finding.rule, finding.code.word()), &finding.article)?;
    }
    Ok(())
}
