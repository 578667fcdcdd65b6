//! Checklists and plans: what is written down for any environment, and what of it is open, done or decided for one.
//!
//! A [`Template`] is data. A [`Checklist`] is what follows from a template, the facts about one environment and the
//! journal; nothing is ever ticked in it: a tick is an entry of the journal, an untick another one.

mod acts;
mod elsewhere;
mod fold;
mod look;
mod opened;
mod row;
mod stated;
mod template;

#[cfg(test)]
mod tests;

pub use self::acts::{Offer, asks, warning_before_leaving};
pub use self::fold::{Checklist, Heading, Progress, Running, Stray, standing};
pub use self::look::Concern;
pub use self::opened::{Closed, Inputs, ONTO_ITSELF, Opened, back, inputs_of, open_for, opened, planned_point};
pub use self::row::{Mark, Row, State};
pub use self::stated::{STATED, Stated, States, stated};
pub use self::template::{
    AnswerKind, Around, Asks, Begins, Clock, Concerned, Condition, Decision, Does, Each, Follows, Gate, Item, ItemOf, Line, Link, Mandatory, Opening,
    OrderPart, Part, Section, Setting, Template, TenantTrait, Then, Trait, Where,
};
