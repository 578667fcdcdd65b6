//! The sentences about a mapping file: those that Microsoft publishes, and ours with the way out.

use super::{Encoding, Mistake, Row, quoted};
use crate::domain::tenant::Tenant;
use crate::domain::verdict::Words;

/// The message that is published for a mistake, word for word (CUR-025); about people there is none.
pub(super) fn published(code: Mistake, line: usize, value: &str) -> Option<String> {
    let value = quoted(value);
    Some(match code {
        Mistake::MissingField | Mistake::ExtraField => format!("Each line must have exactly two columns: '{line}'"),
        Mistake::EmptyField | Mistake::NotUpn | Mistake::HeaderRow => format!("Invalid Email Format '{value}'"),
        Mistake::DuplicateSource | Mistake::DuplicateDestination => format!("Line '{line}' have the same '{value}'"),
        Mistake::SameAsSource => format!("Target on line '{line}' is same as source email ID"),
        Mistake::NotText | Mistake::WrongFileName | Mistake::Empty | Mistake::MissingHeader => {
            "The User mapping file provided for Tenant To Tenant migration is invalid".to_owned()
        }
        Mistake::UnknownSource
        | Mistake::UnknownDestination
        | Mistake::InactiveSource
        | Mistake::InactiveDestination
        | Mistake::UnlicensedSource
        | Mistake::UnlicensedDestination
        | Mistake::NotEnabled
        | Mistake::OnmicrosoftDomain => return None,
    })
}

pub(super) fn not_text(encoding: Encoding) -> Words {
    let (message, remedy) = match encoding {
        Encoding::Utf16 => {
            ("The file is saved as UTF-16, which some programs call Unicode".to_owned(), "Save it as UTF-8; its lines were checked all the same")
        }
        Encoding::NotUtf8 => {
            ("The file is not UTF-8: letters of this line cannot be read".to_owned(), "Save it as UTF-8; a spreadsheet program calls that `CSV UTF-8`")
        }
        Encoding::Workbook => ("The file is a workbook of a spreadsheet program".to_owned(), "Open it there and save it as CSV"),
        Encoding::Binary => {
            ("The file is no text: it holds bytes that no text has".to_owned(), "Name the mapping file; if this is it, save it as plain text in UTF-8")
        }
    };
    Words::new(message, remedy)
}

/// Where the second value is missing, and what stands there in place of the comma.
pub(super) fn missing_field(row: &Row) -> (usize, Words) {
    let text = &*row.source.text;
    let find = |separator: char| text.chars().position(|letter| letter == separator).map(|at| row.source.column + at);
    let instead =
        |called: &str, column: usize| (column, Words::new(format!("{called} separates the two users, and not a comma"), "Write a comma in its place"));
    if let Some(column) = find(';') {
        let remedy = "Replace the semicolons by commas in all lines, in a text editor: spreadsheet programs write semicolons in some languages";
        return (column, Words::new("A semicolon separates the two users, and not a comma", remedy));
    }
    // A tab was made visible when the file was read.
    if let Some(column) = find('\u{2409}') {
        return (column, Words::new("A tab separates the two users, and not a comma", "Replace the tabs by commas in all lines, or save the file as CSV"));
    }
    if text.contains(',') {
        let remedy = "Delete the quotation marks, or put each of the two values between its own";
        return (row.source.column, Words::new("All of the line stands between one pair of quotation marks, so its comma separates nothing", remedy));
    }
    if text.matches('@').count() == 2
        && let Some((called, column)) = [
            ('\u{ff0c}', "A full-width comma"),
            ('\u{3001}', "An ideographic comma"),
            ('|', "A bar"),
            (' ', "A blank"),
            ('=', "An equals sign"),
            ('>', "An arrow"),
        ]
        .into_iter()
        .find_map(|(sign, called)| Some((called, find(sign)?)))
    {
        return instead(called, column);
    }
    let message = format!("Only `{}` stands in this line: the destination is missing", quoted(text));
    (row.end, Words::new(message, "Write a comma and the UPN of the destination behind it, or delete the line"))
}

pub(super) fn duplicate(code: Mistake, upn: &str, before: usize) -> Words {
    let upn = quoted(upn);
    if code == Mistake::DuplicateSource {
        return Words::new(
            format!("`{upn}` stands in line {before} as a source already"),
            "Keep the line with the right destination, and delete the other one",
        );
    }
    let message = format!("`{upn}` is the destination in line {before} already, and two users cannot become one");
    Words::new(message, "Write the UPN of the right person here, or keep only one of the two lines")
}

/// What to do about a user who does not exist, if nobody of nearly that name was meant.
pub(super) fn create(near: Option<&str>) -> String {
    match near {
        Some(near) => format!("Did you mean `{near}`? Otherwise create the user there, or delete the line"),
        None => "Create the user there, or delete the line".to_owned(),
    }
}

/// What to do about a user of the tenant on the other side.
pub(super) fn of_the_other(code: Mistake, other: &Tenant, tenant: &Tenant) -> String {
    if code == Mistake::UnknownSource {
        return format!("This is a user of {}: write the source first and the destination behind the comma", other.name);
    }
    format!("This is a user of {}: write the name that this person has in {}", other.name, tenant.name)
}

/// An inactive or unlicensed user.
pub(super) fn unready(code: Mistake, upn: &str, tenant: &Tenant) -> Words {
    let upn = quoted(upn);
    if matches!(code, Mistake::InactiveSource | Mistake::InactiveDestination) {
        return Words::new(format!("`{upn}` is not active in {}", tenant.name), "Activate the account, or delete the line");
    }
    Words::new(format!("`{upn}` has no licence in {}", tenant.name), "Assign a licence, or delete the line: the move fails otherwise")
}

/// A user of whom it is unknown whether the account is active, or licensed.
pub(super) fn open(code: Mistake, upn: &str, tenant: &Tenant) -> Words {
    let (what, field) =
        if matches!(code, Mistake::InactiveSource | Mistake::InactiveDestination) { ("is active", "active") } else { ("has a licence", "licensed") };
    let message = format!("Whether `{}` {what} in {} is unknown", quoted(upn), tenant.name);
    Words::new(message, format!("Look in the admin center, and add `{field}` to that user in the snapshot"))
}
