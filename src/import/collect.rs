//! The scripts that collect everything from a real tenant, read only, to be run by an admin who may see it.

use crate::vocabulary;

vocabulary! {
    /// The shells that there is a script for.
    Shell, "shell" {
        Bash = "bash" "bash, with az and curl, and jq",
        PowerShell = "powershell" "PowerShell, with az",
    }
}

/// The script, which is complete: it takes the folder to fill as its argument.
pub const fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../assets/collect/collect.sh"),
        Shell::PowerShell => include_str!("../../assets/collect/collect.ps1"),
    }
}
