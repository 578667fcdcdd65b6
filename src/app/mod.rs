//! The machine: what is on the screen as data, and how each action changes it. No clock, no files, no terminal.
//!
//! Data flow: a key becomes a [`action::Command`] through [`keymap`], [`update::update`] changes the [`model::Model`]
//! and returns [`effect::Effect`]s, and `view` draws what is there.

pub mod action;
pub mod checklist;
pub mod copy;
pub mod details;
pub mod effect;
pub mod environments;
pub mod fuzzy;
pub mod help;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod list;
pub mod model;
pub mod note;
pub mod palette;
pub mod tables;
pub mod targets;
pub mod timeline;
pub mod update;
