//! What is true about environments, whoever looks: facts, rules, verdicts. Names no file, screen or clock.

pub mod backup;
pub mod checklist;
pub mod component;
pub mod conditions;
pub mod copy;
pub mod copying;
pub mod environment;
pub mod estate;
pub mod filter;
pub mod gigabytes;
pub mod journal;
pub mod known;
pub mod lookup;
pub mod operation;
pub mod retention;
pub mod rulebook;
pub mod tables;
pub mod tenant;
pub mod text;
pub mod time;
pub mod verdict;
#[macro_use]
pub mod words;
