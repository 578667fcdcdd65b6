//! What helps an admin who sees something and asks: symptoms, questions, terms and procedures, each with what it leads to.

use crate::domain::operation::OperationKind;
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// What somebody asks.
    Kind, "kind of answer" {
        Symptom = "symptom" "symptom",
        Question = "question" "question",
        Procedure = "procedure" "how to",
        Term = "term" "term",
        Message = "message" "message",
    }
}

vocabulary! {
    /// What an answer can lead to, beside an operation and an item of a checklist.
    Way, "action" {
        CopyTargets = "copy-targets" "lists every environment as a target of a copy, with the reasons",
        RestoreTargets = "restore-targets" "lists every environment as a target of a restore, with the reasons, once it is said to when",
        Checklist = "checklist" "opens its checklist",
        Loss = "loss" "draws what would be lost on its backups",
        Backups = "backups" "goes to its backups",
        Facts = "facts" "goes to its facts, where each can be answered",
        Attention = "attention" "lists what needs attention in the whole estate",
        Tables = "tables" "lists the tables that are emptied",
    }
}

/// What an answer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// The wizard of an operation.
    Operation(OperationKind),
    /// Something else that the console does.
    Way(Way),
    /// A plan, by the permanent id of its checklist.
    Plan(Box<str>),
    /// An item of a checklist that may be open.
    Item {
        /// The permanent id of the checklist.
        checklist: Box<str>,
        /// The permanent id of the item.
        item: Box<str>,
    },
}

impl Lead {
    /// What it does, as the end of a sentence: "opens the wizard: Restore".
    pub fn label(&self) -> String {
        match self {
            Self::Operation(kind) => format!("opens the wizard: {}", kind.label()),
            Self::Way(way) => way.label().to_owned(),
            Self::Plan(plan) => format!("begins the plan {plan}"),
            Self::Item { checklist, item } => format!("goes to the item {item} of the checklist {checklist}"),
        }
    }
}

/// Something to do by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub text: Box<str>,
    /// Where in the menus, with ` > ` between the steps.
    pub path: Option<Box<str>>,
    /// What has to be typed there exactly.
    pub copy: Option<Box<str>>,
}

/// Where a message was seen, so that anybody can look it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it is called.
    pub title: Box<str>,
    /// Its address, without a blank in it.
    pub url: Box<str>,
    /// When it was written, as `2026-08-18` or as much of it as is known.
    pub date: Box<str>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its permanent id: lower case, digits and hyphens.
    pub id: Box<str>,
    /// What somebody asks.
    pub kind: Kind,
    /// The question, the symptom or the term, in one line.
    pub title: Box<str>,
    /// Messages that are seen, letter by letter; `{n}` and `[name]` stand for anything.
    pub messages: Vec<Box<str>>,
    /// The error codes that come with them, such as `OperationNotStartable` or `0x8004A104`.
    pub codes: Vec<Box<str>>,
    /// Whether messages and codes only wrap another error, which says more wherever it is known.
    pub wraps: bool,
    /// Other words for the same.
    pub also: Vec<Box<str>>,
    /// The answer.
    pub text: Box<str>,
    /// What to do by hand, in order.
    pub steps: Vec<Step>,
    /// The ids of the rules that it rests on.
    pub rules: Vec<Box<str>>,
    /// What to read, by the ids of links.
    pub links: Vec<Box<str>>,
    /// Where the messages were seen.
    pub sources: Vec<Source>,
    /// What it leads to in the console.
    pub lead: Option<Lead>,
    /// The ids of answers to what is asked next.
    pub see: Vec<Box<str>>,
}
