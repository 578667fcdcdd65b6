//! A note on an environment while it is typed; what was typed is kept when the box is left.

use tui_input::Input;

use crate::domain::environment::EnvironmentId;

/// The note that is being typed.
#[derive(Debug, Default, Clone)]
pub struct Note {
    /// Which environment it is about.
    pub environment: Option<EnvironmentId>,
    /// What is typed.
    pub input: Input,
}
