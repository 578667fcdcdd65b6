//! The account of an operation as people read it and as JSON.

use std::io;

use serde_json::{Value, json};

use super::output::{Out, Tone};
use crate::domain::request::account::Line;
use crate::domain::words::Word;

/// The lines of an account as JSON.
pub fn json(account: &[Line]) -> Value {
    account.iter().map(|Line { topic, text }| json!({ "topic": topic.word(), "text": text })).collect()
}

/// Writes the lines of an account, each with what it is about.
pub fn write(out: &mut Out, account: &[Line]) -> io::Result<()> {
    account.iter().try_for_each(|Line { topic, text }| out.sentence(2, Tone::Quiet, &format!("{}: ", topic.label()), text))
}
