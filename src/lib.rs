//! A terminal console for Power Platform admins: will this copy or restore work, and if not, why and what to do.

pub mod app;
pub mod cli;
pub mod console;
pub mod domain;
pub mod effects;
pub mod files;
pub mod runtime;
pub mod terminal;
pub mod view;
