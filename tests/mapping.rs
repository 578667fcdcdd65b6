//! User mapping files: every mistake in its line, nothing wrong in good ones, what is proposed, and how they are written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use envdeck::domain::environment::{Environment, EnvironmentId};
use envdeck::domain::known::Known::{self, Is, Unknown};
use envdeck::domain::mapping::{Asked, LeftBehind, Likeness, Linted, Mailbox, Proposed, Remark, Row, is_upn, lint, propose};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Access, MailboxAddress, Tenant, TenantKey, User};
use envdeck::domain::words::Word;
use envdeck::files::mapping;
use proptest::prelude::*;

/// The example of the article, as it stands there (TTM-073).
const SAMPLE: &str = "user001@source.com, user001@destination.com\nuser002@source.com, user002@destination.com\nuser003@source.com, user003@destination.com\n";

fn form(edition: Edition) -> Asked<'static> {
    Asked { edition, file: None, from: None, to: None, environment: None }
}

fn linted(edition: Edition, bytes: &[u8]) -> Linted {
    lint(&mapping::read(bytes), form(edition))
}

/// Remarks one by one: `3:21 NotUpn`.
fn short(remarks: &[Remark]) -> Vec<String> {
    remarks.iter().map(|remark| format!("{}:{} {}", remark.line, remark.column, remark.code.word())).collect()
}

#[track_caller]
fn finds(edition: Edition, bytes: &[u8], expected: &[&str]) {
    let found = linted(edition, bytes);
    assert_eq!(short(&found.errors), expected, "{edition:?}: {}", String::from_utf8_lossy(bytes).escape_debug());
    assert_eq!(short(&found.warnings), [""; 0], "{edition:?}: {}", String::from_utf8_lossy(bytes).escape_debug());
}

#[test]
fn good_files_have_no_mistake_in_whatever_way_they_are_saved() {
    let lines = SAMPLE.trim_end();
    let quoted = lines.lines().map(|line| line.split(", ").map(|upn| format!("\"{upn}\"")).collect::<Vec<_>>().join(",")).collect::<Vec<_>>().join("\n");
    for text in [
        SAMPLE.to_owned(),
        lines.to_owned(),
        SAMPLE.replace(", ", ","),
        SAMPLE.replace(", ", " \t, \t"),
        SAMPLE.replace('\n', "\r\n"),
        SAMPLE.replace('\n', "\r"),
        SAMPLE.replace('\n', "\n\n  \n"),
        format!("\u{feff}{SAMPLE}"),
        format!("\n \n{SAMPLE}\n"),
        quoted.clone(),
        quoted.replace(',', " , "),
        SAMPLE.replace("user001@source.com", "o'brien_x.com#EXT#@source.onmicrosoft.com").replace("onmicrosoft", "example"),
        SAMPLE.to_uppercase(),
    ] {
        let found = linted(Edition::Articles, text.as_bytes());
        assert_eq!((found.rows, found.mapped.len()), (3, 3), "{text:?}");
        finds(Edition::Articles, text.as_bytes(), &[]);
    }
    for header in ["Source,Destination\n", "Source, Destination\r\n", "\u{feff}Source,Destination\n", "\"Source\",\"Destination\"\n"] {
        finds(Edition::Current, format!("{header}{SAMPLE}").as_bytes(), &[]);
        assert_eq!(linted(Edition::Current, format!("{header}{SAMPLE}").as_bytes()).rows, 3);
    }
}

/// What is wrong with one line among good ones, by both editions. The line stands in line 3 of the older form.
const LINES: &[(&str, &[&str])] = &[
    ("a@source.com", &["3:13 MissingField"]),
    ("a@source.com;a@destination.com", &["3:13 MissingField"]),
    ("a@source.com\ta@destination.com", &["3:13 MissingField"]),
    ("a@source.com a@destination.com", &["3:13 MissingField"]),
    ("a@source.com|a@destination.com", &["3:13 MissingField"]),
    ("\"a@source.com,a@destination.com\"", &["3:2 MissingField"]),
    ("\"a@source.com;a@destination.com\"", &["3:14 MissingField"]),
    ("isaac", &["3:6 MissingField"]),
    ("a@source.com,", &["3:14 EmptyField"]),
    ("a@source.com, ", &["3:14 EmptyField"]),
    ("a@source.com,\"\"", &["3:14 EmptyField"]),
    (",a@destination.com", &["3:1 EmptyField"]),
    (" , a@destination.com", &["3:1 EmptyField"]),
    (",", &["3:1 EmptyField", "3:2 EmptyField"]),
    (",,", &["3:3 ExtraField"]),
    ("a@source.com,a@destination.com,", &["3:32 ExtraField"]),
    ("a@source.com,a@destination.com, b@destination.com", &["3:33 ExtraField"]),
    ("Newton, Isaac, a@source.com, a@destination.com", &["3:16 ExtraField"]),
    ("isaac, a@destination.com", &["3:1 NotUpn"]),
    ("a@source.com, isaac", &["3:15 NotUpn"]),
    ("isaac1, ingrid1", &["3:1 NotUpn", "3:9 NotUpn"]),
    ("a@@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("a@,a@destination.com", &["3:1 NotUpn"]),
    ("a b@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("a@source.com,a@destination", &["3:14 NotUpn"]),
    ("a\u{200b}@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("\u{a0}a@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("a@source.com,a@destination.com\u{a0}", &["3:14 NotUpn"]),
    ("\u{feff}a@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("a@source.com,\u{7}a@destination.com", &["3:14 NotUpn"]),
    ("\"a@source.com,a@destination.com", &["3:1 NotUpn"]),
    ("a@source.com\",a@destination.com", &["3:1 NotUpn"]),
    ("\"a@source.com\"x,a@destination.com", &["3:1 NotUpn"]),
    ("\"a@source.com\",\"a@destination.com", &["3:16 NotUpn"]),
    ("\"Newton, Isaac\",a@destination.com", &["3:2 NotUpn"]),
    ("Isaac Newton <a@source.com>,a@destination.com", &["3:1 NotUpn"]),
    ("USER001@Source.com,a@destination.com", &["3:1 DuplicateSource"]),
    (" \" user001@source.com\" , a@destination.com", &["3:4 DuplicateSource"]),
    ("a@source.com,user002@DESTINATION.com", &["3:14 DuplicateDestination"]),
    ("user001@source.com,user002@destination.com", &["3:1 DuplicateSource", "3:20 DuplicateDestination"]),
    ("user001@source.com", &["3:1 DuplicateSource", "3:19 MissingField"]),
    ("user001@source.com,", &["3:1 DuplicateSource", "3:20 EmptyField"]),
    ("user001@source.com,user002@destination.com,", &["3:1 DuplicateSource", "3:20 DuplicateDestination", "3:44 ExtraField"]),
    ("user001@source.com,Isaac,user001@destination.com", &["3:26 ExtraField"]),
    ("Source,Destination", &["3:1 HeaderRow"]),
    ("  Windows Live ID", &["3:3 HeaderRow"]),
    ("sep=,", &["3:1 HeaderRow"]),
    ("ÄÖ@source.com🦀x;b", &["3:16 MissingField"]),
];

#[test]
fn every_mistake_is_found_in_its_line() {
    let good = "user001@source.com, user001@destination.com\nuser002@source.com, user002@destination.com\n";
    for (line, expected) in LINES {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{good}{line}\nuser003@source.com, user003@destination.com\n").replace('\n', end);
            finds(Edition::Articles, text.as_bytes(), expected);
            let below: Vec<String> = expected.iter().map(|place| place.replacen("3:", "4:", 1)).collect();
            finds(Edition::Current, format!("Source,Destination{end}{text}").as_bytes(), &below.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

#[test]
fn every_kind_of_mistake_of_form_is_tested() {
    let told: BTreeSet<&str> = LINES.iter().flat_map(|(_, expected)| expected.iter().filter_map(|place| place.split(' ').nth(1))).collect();
    assert_eq!(told, BTreeSet::from(["MissingField", "EmptyField", "ExtraField", "NotUpn", "DuplicateSource", "DuplicateDestination", "HeaderRow"]));
}

#[test]
fn headers() {
    for header in ["Source,Destination", "source_upn,destination_upn", "Windows Live ID", "Windows Live ID,Windows Live ID", "Full Name,UPN", "Origine,Arrivée"]
    {
        finds(Edition::Articles, format!("\r\n{header}\r\n{SAMPLE}").as_bytes(), &["2:1 HeaderRow"]);
    }
    for header in ["source,destination", "Sorce,Destination", "Source,Target", "Source", "Source,Destination,Name", "Source;Destination", "SOURCE,DESTINATION"]
    {
        finds(Edition::Current, format!("{header}\n{SAMPLE}").as_bytes(), &["1:1 MissingHeader"]);
        assert_eq!(linted(Edition::Current, format!("{header}\n{SAMPLE}").as_bytes()).rows, 3, "{header}");
    }
    finds(Edition::Current, SAMPLE.as_bytes(), &["1:1 MissingHeader"]);
    assert_eq!(linted(Edition::Current, SAMPLE.as_bytes()).mapped.len(), 3, "the first line names a user all the same");
    finds(Edition::Current, b"a@source.com\n", &["1:1 MissingHeader", "1:13 MissingField"]);
    finds(Edition::Current, format!("Source,Destination\nSource,Destination\n{SAMPLE}").as_bytes(), &["2:1 HeaderRow"]);
}

#[test]
fn files_in_which_nobody_is_named() {
    for edition in [Edition::Articles, Edition::Current] {
        for text in ["", "\n", "\r\n \t\r\n", "\u{feff}"] {
            finds(edition, text.as_bytes(), &["1:1 Empty"]);
        }
    }
    finds(Edition::Articles, b"Source,Destination\n", &["1:1 HeaderRow", "1:1 Empty"]);
    finds(Edition::Current, b"Source,Destination\n", &["1:1 Empty"]);
}

#[test]
fn what_is_no_plain_text_says_so_and_is_read_as_far_as_it_goes() {
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| [mark.to_vec(), format!("{SAMPLE}isaac1,b@c.de\n").encode_utf16().flat_map(bytes).collect()].concat();
    for bytes in [utf16(&[0xff, 0xfe], u16::to_le_bytes), utf16(&[0xfe, 0xff], u16::to_be_bytes), utf16(&[], u16::to_le_bytes), utf16(&[], u16::to_be_bytes)] {
        finds(Edition::Articles, &bytes, &["1:1 NotText", "4:1 NotUpn"]);
        assert_eq!(linted(Edition::Articles, &bytes).mapped.len(), 3);
    }
    // What an old spreadsheet program saves: one byte to a letter.
    let latin = [SAMPLE.as_bytes(), b"j\xf6rg@source.com,joerg@destination.com\nm\xfcller@source.com,x1\n"].concat();
    finds(Edition::Articles, &latin, &["4:2 NotText", "5:2 NotText", "5:19 NotUpn"]);
    finds(Edition::Articles, b"PK\x03\x04\x14\x00\x06\x00", &["1:1 NotText"]);
    finds(Edition::Articles, b"a@b.c,d@e.f\nxy\0z", &["2:3 NotText"]);
    // One such byte hides nothing of the other lines.
    finds(Edition::Articles, b"a@b.c,d@e.f\nxy\0z@b.c,g@e.f\nisaac1,h@e.f\na@b.c,k@e.f\n", &["2:3 NotText", "3:1 NotUpn", "4:1 DuplicateSource"]);
    finds(Edition::Articles, "a@b.c\u{ff0c}d@e.f\n".as_bytes(), &["1:6 MissingField"]);
    finds(Edition::Current, &[0, 159, 146, 150], &["1:1 NotText"]);
}

/// By the newer edition the messages are those that are published, word for word (CUR-025).
#[test]
fn published_messages_are_quoted_exactly() {
    let invalid = "The User mapping file provided for Tenant To Tenant migration is invalid";
    for (text, expected) in [
        ("Source,Destination\nisaac1,b@c.de", "Invalid Email Format 'isaac1'"),
        ("Source,Destination\na@b.c,", "Invalid Email Format ''"),
        ("Source,Destination\na@b.c,d@e.f\nA@b.c,g@h.i", "Line '3' have the same 'A@b.c'"),
        ("Source,Destination\na@b.c,d@e.f\ng@b.c,D@e.f", "Line '3' have the same 'D@e.f'"),
        ("Source,Destination\n\na@b.c,A@B.c", "Target on line '3' is same as source email ID"),
        ("Source,Destination\na@b.c", "Each line must have exactly two columns: '2'"),
        ("Source,Destination\na@b.c,d@e.f,", "Each line must have exactly two columns: '2'"),
        ("a@b.c,d@e.f", invalid),
        ("", invalid),
        ("\0", invalid),
    ] {
        let found = linted(Edition::Current, text.as_bytes());
        assert_eq!(found.errors.iter().map(|remark| &*remark.message).collect::<Vec<_>>(), [expected], "{text:?}");
        assert!(found.errors.iter().all(|remark| remark.remedy.len() > 20), "our own words stand beside it: {found:?}");
    }
    for (name, expected) in [("usermapping.csv", &[] as &[&str]), ("UserMapping.csv", &["1:1 WrongFileName"]), ("users.csv", &["1:1 WrongFileName"])] {
        let sheet = mapping::read(format!("Source,Destination\n{SAMPLE}").as_bytes());
        let found = lint(&sheet, Asked { file: Some(name), ..form(Edition::Current) });
        assert_eq!(short(&found.errors), expected, "{name}");
        assert!(found.errors.iter().all(|remark| remark.message == invalid));
        let articles = lint(&mapping::read(SAMPLE.as_bytes()), Asked { file: Some(name), ..form(Edition::Articles) });
        assert_eq!(short(&articles.errors), [""; 0], "the older article names no name");
    }
}

#[test]
fn what_is_odd_without_being_wrong_warns() {
    let found = linted(
        Edition::Articles,
        b"a@b.c, A@b.c\nx@source.onmicrosoft.com, y@destination.onmicrosoft.com\nz@source.com, z@Dest.OnMicrosoft.com\no+o@b.c, p@q.r\n",
    );
    assert_eq!(short(&found.errors), [""; 0]);
    assert_eq!(short(&found.warnings), ["1:8 SameAsSource", "2:1 OnmicrosoftDomain", "3:15 OnmicrosoftDomain", "4:1 NotUpn"]);
}

// ---- the people behind the lines

fn user(upn: &str) -> User {
    User { upn: upn.into(), active: Is(true), licensed: Is(true), access: Is(Access::Full), mailbox: Unknown }
}

fn tenant(name: &str, users: Known<Vec<User>>) -> Tenant {
    let mut tenant = Tenant::unexplored(name.into(), name.into());
    tenant.users = users;
    tenant
}

fn environment(users: Known<Vec<&str>>) -> Environment {
    let mut environment = Environment::unexplored(TenantKey(0), EnvironmentId::new("e1"), "Fabrikam Orders".into());
    environment.users = users.map(|users| users.into_iter().map(Arc::from).collect());
    environment
}

#[test]
fn users_are_looked_up_on_both_sides() {
    let here = ["a", "b", "c", "d", "e"].map(|name| user(&format!("{name}@source.com")));
    let [a, mut b, mut c, mut d, e] = here;
    (b.active, c.licensed, d.active, d.licensed) = (Is(false), Is(false), Unknown, Unknown);
    let there = ["a", "b", "c", "d", "e"].map(|name| user(&format!("{name}@destination.com")));
    let [ta, mut tb, mut tc, mut td, te] = there;
    (tb.active, tb.licensed, tc.licensed, td.active) = (Is(false), Is(false), Is(false), Unknown);
    let (from, to) = (tenant("Fabrikam", Is(vec![a, b, c, d, e])), tenant("Contoso", Is(vec![ta, tb, tc, td, te])));
    let orders = environment(Is(vec!["A@source.com", "b@source.com", "c@source.com", "d@source.com", "ghost@source.com"]));
    let text = "a@SOURCE.com, a@destination.com
b@source.com, b@destination.com
c@source.com, c@destination.com
d@source.com, d@destination.com
e@source.com, e@destination.com
ghost@source.com, ghost@destination.com
A1@source.com, 
b1@source.com
c1@source.com, c1@destination.com,";
    let ask = |from, to, environment| lint(&mapping::read(text.as_bytes()), Asked { edition: Edition::Articles, file: None, from, to, environment });
    let found = ask(Some(&from), Some(&to), Some(&orders));
    let errors = [
        "2:1 InactiveSource",
        "2:15 InactiveDestination",
        "2:15 UnlicensedDestination",
        "3:1 UnlicensedSource",
        "3:15 UnlicensedDestination",
        "5:1 NotEnabled",
        "6:1 UnknownSource",
        "6:19 UnknownDestination",
        "7:1 UnknownSource",
        "7:15 EmptyField",
        "8:1 UnknownSource",
        "8:14 MissingField",
        "9:1 UnknownSource",
        "9:16 UnknownDestination",
        "9:35 ExtraField",
    ];
    assert_eq!(short(&found.errors), errors);
    assert_eq!(short(&found.warnings), ["4:1 InactiveSource", "4:1 UnlicensedSource", "4:15 InactiveDestination"]);
    assert!(found.errors[6].message.contains("Fabrikam has no user `ghost@source.com`"));
    // Who is in the environment and in no list is looked for there; what was not asked is not looked up.
    let enabled = ["5:1 NotEnabled", "7:1 NotEnabled", "7:15 EmptyField", "8:1 NotEnabled", "8:14 MissingField", "9:1 NotEnabled", "9:35 ExtraField"];
    assert_eq!(short(&ask(None, None, Some(&orders)).errors), enabled);
    let form = ["7:15 EmptyField", "8:14 MissingField", "9:35 ExtraField"];
    assert_eq!(short(&ask(None, None, None).errors), form);
    // What nobody captured is said once, and never held against anybody.
    let (nobody, nowhere) = (tenant("Fabrikam", Unknown), environment(Unknown));
    let found = ask(Some(&nobody), Some(&nobody), Some(&nowhere));
    assert_eq!(short(&found.errors), form);
    assert_eq!(short(&found.warnings), ["1:1 UnknownSource", "1:1 UnknownDestination", "1:1 NotEnabled"]);
}

#[test]
fn a_user_who_does_not_exist_may_have_been_misspelt() {
    let from = tenant("Fabrikam", Is(["isaac@contoso.onmicrosoft.com", "ingrid@contoso.com", "user1@contoso.com"].map(user).to_vec()));
    let remedies = |line: &str, to: Option<&Tenant>| {
        let found = lint(&mapping::read(line.as_bytes()), Asked { from: Some(&from), to, ..form(Edition::Articles) });
        found.errors.iter().map(|remark| remark.remedy.split('?').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (upn, remedy) in [
        ("isaac@contoso.com", "Did you mean `isaac@contoso.onmicrosoft.com`"),
        ("igrid@contoso.com", "Did you mean `ingrid@contoso.com`"),
        ("nobody@contoso.com", "Create the user there, or delete the line"),
        ("user7@contoso.com", "Create the user there, or delete the line"),
        ("xyz@q.r", "Create the user there, or delete the line"),
    ] {
        assert_eq!(remedies(&format!("{upn}, a@b.c"), None), [remedy], "{upn}");
    }
    let to = tenant("Contoso", Is(vec![user("ingrid@b.c")]));
    let swapped = [
        "This is a user of Contoso: write the source first and the destination behind the comma",
        "This is a user of Fabrikam: write the name that this person has in Contoso",
    ];
    assert_eq!(remedies("ingrid@b.c, ingrid@contoso.com", Some(&to)), swapped);
}

#[test]
fn who_is_left_behind() {
    let mut dora = user("dora@source.com");
    dora.access = Is(Access::Administrative);
    let from = tenant("Fabrikam", Is(vec![user("a@source.com"), dora, user("other@source.com"), user("broken@source.com")]));
    let orders = environment(Is(vec!["A@source.com", "dora@source.com", "broken@source.com", "unlisted@source.com"]));
    let ask = |from, environment| {
        let found = lint(&mapping::read(b"a@source.com, a@b.c\nbroken@source.com\n"), Asked { from, environment, ..form(Edition::Articles) });
        let whose = match found.left_behind {
            LeftBehind::Unknown => "unknown",
            LeftBehind::OfEnvironment(_) => "environment",
            LeftBehind::OfTenant(_) => "tenant",
        };
        let left: Vec<String> = found.left_behind.users().iter().map(|left| format!("{} {:?}", left.upn.split('@').next().unwrap(), left.access)).collect();
        (whose, left.join(", "))
    };
    let of_environment = ("environment", "dora Is(Administrative), broken Is(Full), unlisted Unknown".to_owned());
    assert_eq!(ask(Some(&from), Some(&orders)), of_environment);
    assert_eq!(ask(None, Some(&orders)), ("environment", "dora Unknown, broken Unknown, unlisted Unknown".to_owned()));
    let of_tenant = ("tenant", "dora Is(Administrative), other Is(Full), broken Is(Full)".to_owned());
    let (nowhere, nobody) = (environment(Unknown), tenant("Fabrikam", Unknown));
    assert_eq!(ask(Some(&from), Some(&nowhere)), of_tenant);
    assert_eq!(ask(Some(&from), None), of_tenant);
    assert_eq!(ask(None, Some(&nowhere)), ("unknown", String::new()));
    assert_eq!(ask(Some(&nobody), None), ("unknown", String::new()));
}

#[test]
fn mailboxes_of_those_who_are_mapped() {
    let with = |upn: &str, mailbox| User { mailbox, ..user(upn) };
    let from = tenant("Fabrikam", Is(vec![with("a@b.c", Is(MailboxAddress::SameAddress)), with("d@b.c", Is(MailboxAddress::Onmicrosoft)), user("e@b.c")]));
    let to = tenant("Contoso", Is(vec![with("a@x.y", Is(MailboxAddress::None)), with("d@x.y", Is(MailboxAddress::None)), user("e@x.y")]));
    let asked = Asked { from: Some(&from), to: Some(&to), ..form(Edition::Articles) };
    let found = lint(&mapping::read(b"a@b.c,a@x.y\nd@b.c,d@x.y\ne@b.c,e@x.y\nz@b.c,z@x.y\n"), asked);
    let states: Vec<_> = found.mapped.iter().map(|mapped| mapped.mailbox).collect();
    assert_eq!(states, [Is(Mailbox::Verify), Is(Mailbox::Reconfigure), Unknown, Unknown]);
}

// ---- proposals

fn proposed(sources: &[&str], there: &[User]) -> Proposed {
    let from = tenant("Fabrikam", Is(sources.iter().map(|upn| user(upn)).collect()));
    match propose(&environment(Is(sources.to_vec())), &from, &tenant("Contoso", Is(there.to_vec())), false) {
        Is(proposed) => proposed,
        Unknown => panic!("both sides are known"),
    }
}

/// What is proposed for each source: `bito guess initial`, or who comes equally near.
fn pairs(sources: &[&str], there: &[&str]) -> Vec<String> {
    let there: Vec<User> = there.iter().map(|upn| user(upn)).collect();
    let one = |proposal: &envdeck::domain::mapping::Proposal| match &proposal.destination {
        Some((upn, likeness)) => format!("{upn} {}{}", likeness.word(), if proposal.is_certain() { "" } else { "?" }),
        None => proposal.several.iter().map(|upn| &**upn).collect::<Vec<_>>().join(" or "),
    };
    proposed(sources, &there).proposals.iter().map(one).collect()
}

#[test]
fn the_same_name_is_certain_and_everything_else_a_guess() {
    for (source, there, expected) in [
        ("carla@f.com", &["carla@c.com", "carlos@c.com"] as &[&str], "carla@c.com same-name"),
        ("Carla.Ito@f.com", &["carla.ito@C.com"], "carla.ito@C.com same-name"),
        ("ben_contoso.com#EXT#@f.onmicrosoft.com", &["ben@contoso.com", "ben@c.onmicrosoft.com"], "ben@contoso.com guest"),
        ("carla.ito@f.com", &["carla_ito@c.com"], "carla_ito@c.com same-letters?"),
        ("carla.ito@f.com", &["ito.carla@c.com"], "ito.carla@c.com swapped?"),
        ("carla.ito@f.com", &["c.ito@c.com"], "c.ito@c.com initial?"),
        ("cito@f.com", &["carla.ito@c.com"], "carla.ito@c.com initial?"),
        ("carla.ito@f.com", &["carlai@c.com"], "carlai@c.com initial?"),
        ("carla@f.com", &["carla2@c.com"], "carla2@c.com number?"),
        ("carla.ito7@f.com", &["carla.ito@c.com"], "carla.ito@c.com number?"),
        ("jon.smith@f.com", &["john.smith@c.com"], "john.smith@c.com misspelt?"),
        ("simth@f.com", &["smith@c.com"], "smith@c.com misspelt?"),
        ("carla@f.com", &["carla.ito@c.com"], "carla.ito@c.com one-name?"),
        // The better guess wins, whatever stands first.
        ("carla.ito@f.com", &["carla@c.com", "c.ito@c.com", "ito.carla@c.com"], "ito.carla@c.com swapped?"),
        // Two who are as near as each other are nobody.
        ("carla@f.com", &["carla@c.com", "carla@c.onmicrosoft.com"], "carla@c.com or carla@c.onmicrosoft.com"),
        ("carla.ito@f.com", &["cito@c.com", "itoc@c.com"], "cito@c.com or itoc@c.com"),
        // Numbers tell people apart, short names differ by chance, and two abbreviations are two people.
        ("user001@f.com", &["user002@c.com"], ""),
        ("anna@f.com", &["anne@c.com"], ""),
        ("isaac.newton@f.com", &["ingrid.newton@c.com"], ""),
        ("xaver@f.com", &["carla@c.com"], ""),
    ] {
        assert_eq!(pairs(&[source], there), [expected], "{source} in {there:?}");
    }
    // Nobody is given to two, and who is taken by their own name is no guess for another.
    assert_eq!(pairs(&["isaac@f.com", "isaac@f.onmicrosoft.com"], &["isaac@c.com"]), ["isaac@c.com", "isaac@c.com"]);
    assert_eq!(pairs(&["carla@f.com", "carla1@f.com"], &["carla@c.com"]), ["carla@c.com same-name", ""]);
    assert!(Likeness::ALL.windows(2).all(|two| two[0].score() >= two[1].score()));
}

#[test]
fn who_cannot_be_mapped_is_not_proposed_in_silence() {
    let (mut gone, mut bare) = (user("carla@c.com"), user("ben@c.com"));
    (gone.active, bare.licensed) = (Is(false), Is(false));
    let there = [gone, bare, user("carla@c.onmicrosoft.com"), user("dora@c.com")];
    let found = proposed(&["carla@f.com", "ben@f.com", "dora@f.com"], &there);
    let said: Vec<_> =
        found.proposals.iter().map(|proposal| (&*proposal.destination.as_ref().unwrap().0, proposal.is_certain(), proposal.unready.is_some())).collect();
    assert_eq!(said, [("carla@c.onmicrosoft.com", true, false), ("ben@c.com", false, true), ("dora@c.com", true, false)]);

    let mut sources = ["a@f.com", "b@f.com", "c@f.com", "d@f.com"].map(user);
    (sources[0].active, sources[1].licensed, sources[2].access) = (Is(false), Is(false), Is(Access::Administrative));
    let (from, to) = (tenant("Fabrikam", Is(sources.to_vec())), tenant("Contoso", Is(Vec::new())));
    let orders = environment(Is(vec!["a@f.com", "b@f.com", "c@f.com", "d@f.com", "ghost@f.com", "no upn"]));
    for (without, lines, out) in [(false, "c d", "a b ghost no upn"), (true, "d", "a b c ghost no upn")] {
        let Is(found) = propose(&orders, &from, &to, without) else { panic!("both sides are known") };
        let name = |upn: &Arc<str>| upn.split('@').next().unwrap().to_owned();
        assert_eq!(found.proposals.iter().map(|proposal| name(&proposal.source)).collect::<Vec<_>>().join(" "), lines);
        assert_eq!(found.left_out.iter().map(|(upn, _)| name(upn)).collect::<Vec<_>>().join(" "), out);
        assert!(!found.of_tenant);
    }
    let Is(found) = propose(&environment(Unknown), &from, &to, false) else { panic!("the users of the tenant are known") };
    assert!(found.of_tenant && found.proposals.len() == 2);
    assert_eq!(propose(&orders, &from, &tenant("Contoso", Unknown), false), Unknown);
    assert_eq!(propose(&environment(Unknown), &tenant("Fabrikam", Unknown), &to, false), Unknown);
}

// ---- properties

fn written(edition: Edition, users: &[(String, String)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    mapping::write(&mut bytes, edition, users.iter().map(|(source, destination)| (&**source, Some(&**destination)))).unwrap();
    bytes
}

#[test]
fn the_sample_is_written_as_it_stands_in_the_article() {
    let users: Vec<(String, String)> =
        SAMPLE.lines().map(|line| line.split_once(", ").unwrap()).map(|(one, other)| (one.to_owned(), other.to_owned())).collect();
    assert_eq!(String::from_utf8(written(Edition::Articles, &users)).unwrap(), SAMPLE);
    let current = format!("Source,Destination\n{}", SAMPLE.replace(", ", ","));
    assert_eq!(String::from_utf8(written(Edition::Current, &users)).unwrap(), current);
    finds(Edition::Articles, &written(Edition::Articles, &users), &[]);
    finds(Edition::Current, &written(Edition::Current, &users), &[]);
}

fn values(row: &Row) -> (String, String) {
    (row.source.text.to_string(), row.destination.as_ref().unwrap().text.to_string())
}

/// Everything that is asked of any file: places inside it, in order, and one answer however often it is asked.
fn sound(bytes: &[u8]) {
    let sheet = mapping::read(bytes);
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    for edition in [Edition::Articles, Edition::Current] {
        let found = lint(&sheet, Asked { file: Some("usermapping.csv"), ..form(edition) });
        for remark in found.errors.iter().chain(&found.warnings) {
            assert!((1..=lines).contains(&remark.line) && remark.column >= 1, "{remark:?}");
            assert!(!remark.message.is_empty() && !remark.remedy.is_empty() && !remark.message.contains(char::is_control), "{remark:?}");
        }
        assert!(found.errors.is_sorted_by_key(|remark| (remark.line, remark.column)));
        assert!(found.mapped.len() <= found.rows && found.rows <= sheet.rows.len());
        assert!(found.errors.is_empty() <= (found.mapped.len() == found.rows && found.rows > 0), "without an error every line maps a user");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_that_are_written_are_read_back(users in proptest::collection::vec(("[A-Za-z0-9'._!#^~-]{0,20}[a-z]", "[a-z][a-z0-9-]{0,8}[a-z]\\.[a-z]{2,5}", "[a-zA-Z ,\"äß日']{1,12}"), 1..20)) {
        let upns: Vec<(String, String)> = users.iter().map(|(name, domain, _)| (format!("x{name}@{domain}"), format!("y{name}@{domain}"))).collect();
        for edition in [Edition::Articles, Edition::Current] {
            let sheet = mapping::read(&written(edition, &upns));
            let skip = usize::from(edition == Edition::Current);
            prop_assert_eq!(sheet.rows.iter().skip(skip).map(values).collect::<Vec<_>>(), upns.clone());
            prop_assert!(upns.iter().all(|(one, other)| is_upn(one) && is_upn(other)));
        }
        // Values that are no UPNs come back too, but for the blanks round them.
        let texts: Vec<(String, String)> = users.iter().map(|(_, domain, text)| (format!("-{text}-"), domain.clone())).collect();
        prop_assert_eq!(mapping::read(&written(Edition::Articles, &texts)).rows.iter().map(values).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn nothing_that_is_done_to_a_file_makes_it_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..12)) {
        let mut bytes = format!("\u{feff}Source,Destination\r\n{SAMPLE}\"a\u{200b}\"@b.c,;\t\"\"\n").into_bytes();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => bytes.insert(at, b",\"\r\n;@"[usize::from(byte) % 6]),
            }
            if bytes.is_empty() { bytes.push(byte); }
        }
        sound(&bytes);
    }

    #[test]
    fn any_bytes_at_all_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        sound(&bytes);
    }
}

/// Ten times the lines take about ten times as long, and one line as long as a file takes no longer than the file.
#[test]
fn time_grows_with_the_file_and_not_with_its_square() {
    let of = |count: usize, broken: bool| {
        let mut text = String::new();
        for index in 0..count {
            let _ = if broken { writeln!(text, "same@source.com;\"x{index}") } else { writeln!(text, "user{index}@source.com, user{index}@destination.com") };
        }
        text
    };
    let users = |domain: &str, count: usize| Is((0..count).map(|index| user(&format!("user{index}@{domain}"))).collect());
    let time = |text: &str, count: usize| {
        let (from, to) = (tenant("Fabrikam", users("source.com", count)), tenant("Contoso", users("destinatio.com", count)));
        let begin = Instant::now();
        let found = lint(&mapping::read(text.as_bytes()), Asked { from: Some(&from), to: Some(&to), ..form(Edition::Articles) });
        (begin.elapsed(), found.errors.len())
    };
    for broken in [false, true] {
        let ((small, _), (large, errors)) = (time(&of(5_000, broken), 5_000), time(&of(50_000, broken), 50_000));
        assert_eq!(errors, 50_000);
        assert!(large < small * 40 + std::time::Duration::from_millis(200), "{small:?} and then {large:?}");
    }
    let begin = Instant::now();
    for line in [",", "\"\"", "\"a,", "\"\"\"a,", "a@b.c,", "<", "user1@source.com "] {
        assert_eq!(linted(Edition::Articles, line.repeat(200_000).as_bytes()).errors.len(), 1, "{line}");
    }
    assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}", begin.elapsed());
    // Everybody has nearly the same name.
    let (sources, there): (Vec<String>, Vec<User>) = (0..5_000).map(|index| (format!("admin@s{index}.com"), user(&format!("admins@d{index}.com")))).unzip();
    let begin = Instant::now();
    assert_eq!(proposed(&sources.iter().map(String::as_str).collect::<Vec<_>>(), &there).proposals.len(), 5_000);
    assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}", begin.elapsed());
}
