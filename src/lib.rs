//! envdeck

pub mod cli;
pub mod domain;
pub mod files;
pub mod runtime;
