//! The machine: what is on the screen as data, and how each action changes it. No clock, no files, no terminal.
//!
//! Data flow: a key becomes a [`action::Command`] through [`keymap`], [`update::update`] changes the [`model::Model`]
//! and returns [`effect::Effect`]s, and `view` draws what is there.

pub mod action;
pub mod answer;
pub mod attention;
pub mod checklist;
pub mod choices;
pub mod destinations;
pub mod details;
pub mod effect;
pub mod environments;
pub mod explain;
pub mod fuzzy;
pub mod header;
pub mod help;
pub mod journal;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod lead;
pub mod list;
pub mod model;
pub mod moving;
pub mod note;
pub mod pages;
pub mod palette;
pub mod plans;
pub mod questions;
pub mod review;
pub mod runbook;
pub mod tables;
pub mod targets;
pub mod timeline;
pub mod update;
pub mod wizard;
