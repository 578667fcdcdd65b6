//! Users with their licences: a CSV as the admin centers export it, or JSON of Microsoft Graph.

use std::collections::HashMap;
use std::sync::Arc;

use super::look::{Look, Remarks};
use crate::domain::known::Known;
use crate::domain::tenant::{Access, User};
use crate::files::text::harmless;

/// What a column says, by how it is called without blanks and signs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Upn,
    /// Whether the account is active.
    Active,
    /// Whether signing in is blocked, which is the contrary.
    Blocked,
    /// The licences by name, or none.
    Licences,
    /// Whether there are any.
    Licensed,
}

const COLUMNS: [(&str, Column); 18] = [
    ("userprincipalname", Column::Upn),
    ("upn", Column::Upn),
    ("username", Column::Upn),
    ("accountenabled", Column::Active),
    ("active", Column::Active),
    ("enabled", Column::Active),
    ("blockcredential", Column::Blocked),
    ("blocksignin", Column::Blocked),
    ("signinblocked", Column::Blocked),
    ("signinstatus", Column::Active),
    ("licenses", Column::Licences),
    ("licences", Column::Licences),
    ("assignedlicenses", Column::Licences),
    ("assignedlicences", Column::Licences),
    ("productlicenses", Column::Licences),
    ("licensed", Column::Licensed),
    ("licenced", Column::Licensed),
    ("islicensed", Column::Licensed),
];

fn columns(header: &csv::StringRecord) -> Vec<Option<Column>> {
    let plain = |title: &str| title.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    header.iter().map(|title| COLUMNS.iter().find(|(name, _)| *name == plain(title)).map(|(_, column)| *column)).collect()
}

/// What stands between the columns: the admin centers write commas, Excel what the language of the system says.
fn separator(line: &str) -> u8 {
    [b',', b';', b'\t'].into_iter().max_by_key(|sign| (line.bytes().filter(|byte| byte == sign).count(), *sign == b',')).unwrap_or(b',')
}

/// The line that names the columns: the first one, but for what PowerShell writes before it.
fn header_of(text: &str) -> Option<&str> {
    text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#TYPE") && !line.starts_with("sep="))
}

/// Whether this is a table with a column of user principal names.
pub fn is_list(text: &str) -> bool {
    let Some(header) = header_of(text) else { return false };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator(header)).has_headers(false).from_reader(header.as_bytes());
    reader.records().next().is_some_and(|row| row.is_ok_and(|row| columns(&row).contains(&Some(Column::Upn))))
}

/// The users of the table; what a row does not say, or not in words that can be read, is unknown.
pub fn read(text: &str, remarks: &mut Remarks) -> Vec<User> {
    let Some(header) = header_of(text) else { return Vec::new() };
    let begins = text.find(header).unwrap_or_default();
    let table = text.get(begins..).unwrap_or(text);
    let before = text.get(..begins).map_or(0, |before| before.lines().count());
    let mut reader = csv::ReaderBuilder::new().delimiter(separator(header)).flexible(true).from_reader(table.as_bytes());
    let columns = reader.headers().map(columns).unwrap_or_default();
    let mut users: Vec<User> = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                remarks.add("", format!("a row cannot be read and is left out: {}", harmless(&error.to_string())));
                continue;
            }
        };
        let line = row.position().map_or(0, csv::Position::line) + before as u64;
        let cell = |wanted: Column| columns.iter().position(|column| *column == Some(wanted)).and_then(|at| row.get(at)).map(str::trim);
        let Some(upn) = cell(Column::Upn).filter(|upn| !upn.is_empty()) else {
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                remarks.add(format!("line {line}"), "this row names no user, so it is left out");
            }
            continue;
        };
        let upn = harmless(upn).into_owned();
        if let Some(first) = lines.get(&upn.to_lowercase()) {
            remarks.add(format!("line {line}"), format!("{upn} stands here a second time, first in line {first}; the first counts"));
            continue;
        }
        lines.insert(upn.to_lowercase(), line);
        let mut flag = |wanted: Column| {
            let Some(text) = cell(wanted).filter(|text| !text.is_empty()) else { return Known::Unknown };
            match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" | "enabled" | "allowed" => Known::Is(true),
                "false" | "no" | "0" | "disabled" | "blocked" => Known::Is(false),
                _ => {
                    remarks.add(format!("line {line}"), format!("\"{}\": true or false is expected here; it stays unknown", harmless(text)));
                    Known::Unknown
                }
            }
        };
        let active = match flag(Column::Active) {
            Known::Unknown => flag(Column::Blocked).map(|blocked| !blocked),
            active => active,
        };
        let licensed = match flag(Column::Licensed) {
            // An empty cell says that there are none; the admin center writes so in words.
            Known::Unknown => match cell(Column::Licences) {
                Some(names) => Known::Is(!names.is_empty() && !["unlicensed", "none", "[]"].iter().any(|none| names.eq_ignore_ascii_case(none))),
                None => Known::Unknown,
            },
            licensed => licensed,
        };
        users.push(User { upn: Arc::from(upn.as_str()), active, licensed, access: Known::Unknown, mailbox: Known::Unknown });
    }
    users
}

/// A user as Microsoft Graph writes it, or as PowerShell prints what Graph said.
pub fn of_graph(look: Look<'_>, remarks: &mut Remarks) -> Option<User> {
    let upn = look.first(&["UserPrincipalName", "userPrincipalName"]);
    let Some(upn) = upn.text(remarks) else {
        remarks.add(look.path(), "this user has no user principal name, so it cannot be kept");
        return None;
    };
    let active = look.first(&["AccountEnabled", "accountEnabled"]).flag(remarks);
    let licences = look.first(&["AssignedLicenses", "assignedLicenses"]);
    let licensed = match licences.items(remarks) {
        Some(items) => Known::Is(!items.is_empty()),
        None => look.first(&["IsLicensed", "isLicensed"]).flag(remarks),
    };
    Some(User { upn: Arc::from(upn.as_str()), active, licensed, access: Known::Unknown, mailbox: Known::Unknown })
}

/// A user as the database of an environment lists them: `systemusers`. The rows of applications and of Microsoft itself are no
/// people; they are none, but not unreadable either.
pub fn of_dataverse(look: Look<'_>, remarks: &mut Remarks) -> Option<Option<User>> {
    const NON_INTERACTIVE: [f64; 3] = [3.0, 4.0, 5.0];
    let mode = look.get("accessmode").number(remarks);
    let is_application = look.get("applicationid").says_something() || mode.is_some_and(|mode| NON_INTERACTIVE.contains(&mode));
    let name = look.first(&["domainname", "windowsliveid", "internalemailaddress"]);
    let Some(upn) = name.text(remarks) else {
        if !is_application && name.value.is_none() {
            remarks.add(look.path(), "this user has no `domainname`, so it cannot be kept");
            return None;
        }
        return Some(None);
    };
    if is_application || !upn.contains('@') {
        return Some(None);
    }
    let access = match mode {
        Some(0.0 | 2.0) => Known::Is(Access::Full),
        Some(1.0) => Known::Is(Access::Administrative),
        Some(_) | None => Known::Unknown,
    };
    Some(Some(User {
        upn: Arc::from(upn.as_str()),
        active: look.get("isdisabled").flag(remarks).map(|disabled| !disabled),
        licensed: look.get("islicensed").flag(remarks),
        access,
        mailbox: Known::Unknown,
    }))
}

/// Users of one environment beside those of another of the same tenant: who is active or has full access in one of them has it.
pub fn beside(all: &mut Vec<User>, more: Vec<User>) {
    for user in more {
        let Some(there) = all.iter_mut().find(|there| there.upn.eq_ignore_ascii_case(&user.upn)) else {
            all.push(user);
            continue;
        };
        there.active = either(there.active, user.active);
        there.licensed = either(there.licensed, user.licensed);
        there.access = match (there.access, user.access) {
            (Known::Is(Access::Full), _) | (_, Known::Is(Access::Full)) => Known::Is(Access::Full),
            (Known::Unknown, access) | (access, _) => access,
        };
    }
}

/// Users of the environments put onto the accounts of the tenant: an account that is off is off everywhere, and one that no
/// environment lets in cannot be used either. What the accounts do not say is taken from the environments.
pub fn onto(accounts: &mut Vec<User>, users: Vec<User>) {
    for user in users {
        let Some(there) = accounts.iter_mut().find(|there| there.upn.eq_ignore_ascii_case(&user.upn)) else {
            accounts.push(user);
            continue;
        };
        there.active = match (there.active, user.active) {
            (Known::Is(account), Known::Is(user)) => Known::Is(account && user),
            (Known::Unknown, active) | (active, Known::Unknown) => active,
        };
        if there.licensed.is_unknown() {
            there.licensed = user.licensed;
        }
        if there.access.is_unknown() {
            there.access = user.access;
        }
    }
}

fn either(one: Known<bool>, other: Known<bool>) -> Known<bool> {
    match (one, other) {
        (Known::Is(one), Known::Is(other)) => Known::Is(one || other),
        (Known::Unknown, known) | (known, Known::Unknown) => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Vec<(String, Known<bool>, Known<bool>)> {
        let mut remarks = Remarks::default();
        let users = read(text, &mut remarks);
        assert!(remarks.list.is_empty(), "{:?}", remarks.list);
        users.into_iter().map(|user| (user.upn.to_string(), user.active, user.licensed)).collect()
    }

    #[test]
    fn the_tables_of_the_admin_centers_are_read() {
        let (yes, no) = (Known::Is(true), Known::Is(false));
        let expected = vec![("isaac@contoso.com".to_owned(), yes, yes), ("lena@contoso.com".to_owned(), no, no)];
        for text in [
            "Block credential,Display name,Licenses,User principal name\nFalse,\"Fielder, Isaac\",Microsoft 365 E5+Power Apps,isaac@contoso.com\nTrue,Lena,Unlicensed,lena@contoso.com\n",
            "\"userPrincipalName\";\"accountEnabled\";\"assignedLicenses\"\n\"isaac@contoso.com\";\"True\";\"SPE_E5\"\n\"lena@contoso.com\";\"False\";\"\"\n",
            "#TYPE Selected\r\n\"UserPrincipalName\",\"Enabled\",\"IsLicensed\"\r\n\"isaac@contoso.com\",\"True\",\"True\"\r\n\"lena@contoso.com\",\"False\",\"False\"\r\n",
        ] {
            assert!(is_list(text), "{text}");
            assert_eq!(flags(text), expected, "{text}");
        }
        assert_eq!(flags("UPN\nisaac@contoso.com\n"), [("isaac@contoso.com".to_owned(), Known::Unknown, Known::Unknown)]);
        assert!(!is_list("Index Id Label\n1 2 3\n") && !is_list(""));
    }

    #[test]
    fn what_a_row_does_not_say_is_unknown_and_what_cannot_be_read_is_reported() {
        let mut remarks = Remarks { file: "users.csv".into(), list: Vec::new() };
        let users = read("UPN,Active\na@b.c,perhaps\n,yes\nA@B.C,yes\nd@e.f\n", &mut remarks);
        assert_eq!(users.iter().map(|user| (&*user.upn, user.active)).collect::<Vec<_>>(), [("a@b.c", Known::Unknown), ("d@e.f", Known::Unknown)]);
        let said: Vec<_> = remarks.list.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "users.csv: line 2: \"perhaps\": true or false is expected here; it stays unknown",
                "users.csv: line 3: this row names no user, so it is left out",
                "users.csv: line 4: A@B.C stands here a second time, first in line 2; the first counts",
            ]
        );
    }
}
