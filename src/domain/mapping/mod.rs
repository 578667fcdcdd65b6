//! The user mapping of a move to another tenant: who becomes whom, what is wrong with it, and who would be left behind.

mod header;
mod lint;
mod mailbox;
mod propose;
mod upn;
mod users;
mod words;

pub use self::lint::{Asked, FILE_NAME, HEADER, Left, LeftBehind, Linted, Mapped, lint};
pub use self::mailbox::{Mailbox, mailbox};
pub use self::propose::{Likeness, Proposal, Proposed, propose};
pub use self::upn::is_upn;

use crate::vocabulary;

vocabulary! {
    /// What can be wrong with a mapping file (TTM-070 to TTM-082, G-18, CUR-025).
    Mistake, "mistake" {
        NotText = "NotText" "the file is no plain text",
        WrongFileName = "WrongFileName" "the file has another name",
        Empty = "Empty" "no line names a user",
        MissingHeader = "MissingHeader" "the header is missing",
        HeaderRow = "HeaderRow" "a header stands where a user is expected",
        MissingField = "MissingField" "a field is missing",
        ExtraField = "ExtraField" "there are too many fields",
        EmptyField = "EmptyField" "a field is empty",
        NotUpn = "NotUpn" "this is no user principal name",
        SameAsSource = "SameAsSource" "source and destination are the same",
        DuplicateSource = "DuplicateSource" "the source stands in an earlier line",
        DuplicateDestination = "DuplicateDestination" "the destination stands in an earlier line",
        UnknownSource = "UnknownSource" "the source tenant has no such user",
        UnknownDestination = "UnknownDestination" "the destination tenant has no such user",
        InactiveSource = "InactiveSource" "the source user is not active",
        InactiveDestination = "InactiveDestination" "the destination user is not active",
        UnlicensedSource = "UnlicensedSource" "the source user has no licence",
        UnlicensedDestination = "UnlicensedDestination" "the destination user has no licence",
        NotEnabled = "NotEnabled" "the source user is not enabled in the environment",
        OnmicrosoftDomain = "OnmicrosoftDomain" "the mailbox has to be set up again",
    }
}

impl Mistake {
    /// Whether it is about the people behind a line, and not about how the line is written (TTM-032, TTM-081).
    pub const fn is_about_users(self) -> bool {
        match self {
            Self::UnknownSource
            | Self::UnknownDestination
            | Self::InactiveSource
            | Self::InactiveDestination
            | Self::UnlicensedSource
            | Self::UnlicensedDestination
            | Self::NotEnabled => true,
            Self::NotText
            | Self::WrongFileName
            | Self::Empty
            | Self::MissingHeader
            | Self::HeaderRow
            | Self::MissingField
            | Self::ExtraField
            | Self::EmptyField
            | Self::NotUpn
            | Self::SameAsSource
            | Self::DuplicateSource
            | Self::DuplicateDestination
            | Self::OnmicrosoftDomain => false,
        }
    }
}

/// A value as it stands in a line, without the blanks and quotation marks round it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What stands there, made harmless.
    pub text: Box<str>,
    /// Where it begins, in characters from 1.
    pub column: usize,
}

/// A line with something in it. Of the values behind the second nobody has any use, so they are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The first value: the source.
    pub source: Value,
    /// The second value: the destination.
    pub destination: Option<Value>,
    /// Where a third value begins.
    pub extra: Option<usize>,
    /// The column behind the last character.
    pub end: usize,
}

/// Why a file is not the plain text that it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// It is UTF-16, as some programs save what they call Unicode; its rows were read all the same.
    Utf16,
    /// Some bytes are no UTF-8; everything else was read.
    NotUtf8,
    /// It is a workbook of a spreadsheet program.
    Workbook,
    /// It holds bytes that no text holds.
    Binary,
}

/// Which file it is, wherever it was named from (TTM-041).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Where it lies, from the root on, without links.
    pub path: Box<str>,
    /// What tells its content from another: the same for the same bytes.
    pub digest: Box<str>,
}

/// A mapping file as it stands: its rows, and why it is not all text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The lines that are not blank.
    pub rows: Vec<Row>,
    /// That it is not all text, with the places where it is not: line and column, the first of each line.
    pub not_text: Option<(Encoding, Vec<(usize, usize)>)>,
    /// Which file it is; none for what came from standard input.
    pub origin: Option<Origin>,
}

/// Something that is wrong or odd, where it stands, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its line, from 1; what concerns the whole file stands in line 1.
    pub line: usize,
    /// Its column in characters, from 1: of the value that is wrong, or where something is missing.
    pub column: usize,
    /// What kind of mistake it is.
    pub code: Mistake,
    /// What is wrong: by the edition `current` the message that is published for it, word for word (CUR-025).
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// A text as it is quoted in messages: not longer than the longest UPN that there is.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 120;
    if text.len() <= LONGEST || text.chars().count() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST).chain(['…']).collect() }
}
