//! One row an operation: what it takes from, what it is called by the admin API and in the menus, what guards and refuses it.

use crate::domain::operation::OperationKind;
use crate::domain::verdict::Code;
use crate::domain::{copy, lifecycle, migration, restore, safekeeping};

/// What is so of an operation whatever is chosen in it.
#[derive(Debug)]
pub struct Kind {
    /// Which operation.
    pub kind: OperationKind,
    /// Whether it takes its content from another environment.
    pub has_source: bool,
    /// Whether it destroys something that doing the opposite does not bring back.
    pub destroys: bool,
    /// Whether the open checklists of its target are asked before (IOM-003, PCP-024, G-21).
    pub guarded: bool,
    /// The reasons that it can be refused, warned about or noted for, beside those that every operation has.
    pub codes: &'static [Code],
    /// What the admin API calls it where its source or its target is meant; nothing where it lists no such operation.
    pub api: [&'static [&'static str]; 2],
    /// What is asked, in one phrase, with `{source}`, `{target}`, `{tenant}` and what is `{chosen}`.
    pub asked: &'static str,
    /// What the command line asks for beside the environment, with an example.
    pub needs: &'static str,
    /// Where it is in the menus of the admin center; "(environment)" is its source, else its target. The path of a switch
    /// goes on with the button that the edition names.
    pub path: &'static str,
}

/// What the admin API calls every change of a setting: name, address, retention and the state at run time are parts of it.
pub const EDIT: &str = "Edit";

const EDITS: [&[&str]; 2] = [&[EDIT]; 2];

/// A row of the table that differs from this in what it says.
const PLAIN: Kind = Kind {
    kind: OperationKind::Edit,
    has_source: false,
    destroys: false,
    guarded: false,
    codes: &[],
    api: [&[]; 2],
    asked: "",
    needs: "",
    path: "Environments > (environment)",
};

/// The operations, in the order of [`OperationKind`].
pub const KINDS: [Kind; 16] = [
    Kind {
        kind: OperationKind::Copy,
        asked: "copy of {source} onto {target}{chosen}",
        has_source: true,
        destroys: true,
        guarded: true,
        codes: copy::CODES,
        // Alone, `Copy` does not say which end it means; the same with `Restore`.
        api: [&["Copy", "CopyFrom"], &["Copy", "CopyTo"]],
        path: "Environments > (environment) > Copy",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Restore,
        asked: "restore of {source} onto {target}{chosen}",
        has_source: true,
        destroys: true,
        codes: restore::CODES,
        api: [&["Restore", "RestoreFrom"], &["Restore", "RestoreTo"]],
        path: "Environments > (environment) > Backup & Restore > Restore or manage",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Backup,
        asked: "a manual backup of {target}",
        codes: safekeeping::BACKUP,
        api: [&["Backup"]; 2],
        path: "Environments > (environment) > Backup & Restore > Create manual backup",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::DeleteBackup,
        asked: "deletion of {chosen} of {target}",
        destroys: true,
        codes: safekeeping::DELETE_BACKUP,
        api: [&["DeleteBackup"]; 2],
        path: "Environments > (environment) > Backup & Restore > Restore or manage > Manual > (backup) > Delete",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Retention,
        asked: "retention of {chosen} days for {target}",
        codes: safekeeping::RETENTION,
        api: EDITS,
        path: "no button: Set-AdminPowerAppEnvironmentBackupRetentionPeriod in PowerShell",
        needs: " --days 28",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Switch,
        asked: "switch of {target} to {chosen}",
        codes: lifecycle::SWITCH,
        api: [&["Convert"]; 2],
        needs: " --to sandbox",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Reset,
        asked: "reset of {target}",
        destroys: true,
        codes: lifecycle::RESET,
        api: [&["Reset"]; 2],
        path: "Environments > (environment) > Reset",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Delete,
        asked: "deletion of {target}",
        destroys: true,
        codes: lifecycle::DELETE,
        api: [&["Delete"]; 2],
        path: "Environments > (environment) > Delete",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Recover,
        asked: "recovery of {target}",
        codes: lifecycle::RECOVER,
        api: [&["Recover"]; 2],
        path: "Environments > Recover deleted environments > (environment) > Recover",
        ..PLAIN
    },
    Kind { kind: OperationKind::Create, asked: "another environment in {tenant}", codes: lifecycle::CREATE, path: "Environments > New", ..PLAIN },
    Kind {
        kind: OperationKind::Edit,
        asked: "other name or security group for {target}",
        codes: lifecycle::EDIT,
        api: EDITS,
        path: "Environments > (environment) > Details > Edit",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::RenameUrl,
        asked: "another URL for {target}",
        codes: lifecycle::RENAME_URL,
        api: EDITS,
        path: "Environments > (environment) > Details > Edit",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::AdminMode,
        asked: "administration mode {chosen} in {target}",
        guarded: true,
        codes: lifecycle::ADMIN_MODE,
        api: EDITS,
        path: "Environments > (environment) > Details > Edit > Administration mode",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Background,
        asked: "background operations {chosen} in {target}",
        guarded: true,
        codes: lifecycle::BACKGROUND,
        api: EDITS,
        path: "Environments > (environment) > Details > Edit > Administration mode",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::DeleteFinanceOperations,
        asked: "deletion of the finance and operations half of {target}",
        destroys: true,
        codes: lifecycle::DELETE_FINANCE_OPERATIONS,
        path: "Lifecycle Services > (environment) > Delete",
        ..PLAIN
    },
    Kind {
        kind: OperationKind::Migrate,
        asked: "move of {target} to the tenant {tenant}",
        codes: migration::CODES,
        api: [&["Move", "TenantMigration"]; 2],
        path: "Help + support > New support request",
        needs: " --to-tenant T",
        ..PLAIN
    },
];

/// The row of an operation.
pub const fn row(kind: OperationKind) -> &'static Kind {
    &KINDS[kind as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::Word as _;

    #[test]
    fn every_operation_has_the_row_that_its_place_says() {
        assert_eq!(KINDS.len(), OperationKind::ALL.len());
        for kind in OperationKind::ALL {
            assert_eq!(row(*kind).kind, *kind);
        }
    }
}
