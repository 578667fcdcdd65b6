//! envdeck

pub mod app;
pub mod cli;
pub mod console;
pub mod domain;
pub mod effects;
pub mod files;
pub mod runtime;
pub mod terminal;
pub mod view;
