//! Checklists: what is written down for any environment, and what of it is open, done or decided for one.
//!
//! A [`Template`] is data. A [`Checklist`] is what follows from a template, the facts about one environment and the
//! journal; nothing is ever ticked in it: a tick is an entry of the journal, an untick another one.

mod acts;
mod fold;
mod opened;
mod template;

#[cfg(test)]
mod tests;

pub use self::acts::{Offer, asks};
pub use self::fold::{Checklist, Concern, Heading, Mark, Progress, Row, State, Stray};
pub use self::opened::{Closed, Opened, open_for, opened};
pub use self::template::{Concerned, Condition, Decision, Gate, Item, Line, Link, Mandatory, Section, Setting, Template, Then, Trait};
