//! Exports of other tools become a snapshot: what each of them says, put together by environment, and nothing that none of them says.
//!
//! Reading (`gather`) takes one file after the other and finds out what each item is from its keys; `assemble` puts
//! together what belongs together and makes the snapshot; [`refresh`] lays it over an older one, as its journal moved it on.

mod assemble;
mod capacity;
pub mod collect;
mod environments;
mod gather;
mod json;
mod kind;
mod lists;
mod look;
mod moved;
pub mod pac;
mod platform;
pub mod refresh;
mod users;

pub use self::assemble::{Answers, Assembled, assemble};
pub use self::gather::{About, Gathered, Input, Refusal, gather};
pub use self::look::Remark;
