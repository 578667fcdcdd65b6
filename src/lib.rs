//! envdeck

pub mod domain;
pub mod files;
