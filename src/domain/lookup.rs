//! Finds the environment or tenant that somebody means: by id, by name, by how a name begins, or as `TENANT/NAME`.

use crate::domain::backup::Backup;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::known::Known;
use crate::domain::tenant::TenantKey;
use crate::domain::words::nearest;

/// Why nothing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfound<K> {
    /// Several are meant as well as each other.
    Ambiguous(Vec<K>),
    /// There is none; these come near.
    Missing(Vec<K>),
}

/// The tenant that `text` means.
pub fn tenant(estate: &Estate, text: &str) -> Result<TenantKey, Unfound<TenantKey>> {
    pick(text, &estate.tenants().map(|(key, tenant)| (key, &*tenant.id, &*tenant.name)).collect::<Vec<_>>())
}

/// The environment that `text` means, among those of one tenant or of all; `TENANT/NAME` names its tenant itself.
pub fn environment(estate: &Estate, text: &str, within: Option<TenantKey>) -> Result<EnvironmentKey, Unfound<EnvironmentKey>> {
    let among = |within: Option<TenantKey>| {
        let all = estate.environments().filter(move |(_, environment)| within.is_none_or(|tenant| environment.tenant == tenant));
        all.map(|(key, environment)| (key, environment.id.as_str(), &*environment.name)).collect::<Vec<_>>()
    };
    let missing = match pick(text, &among(within)) {
        Err(Unfound::Missing(near)) => near,
        found => return found,
    };
    for (slash, _) in text.match_indices('/') {
        let (Some(before), Some(after)) = (text.get(..slash), text.get(slash + 1..)) else { continue };
        if let Ok(of) = tenant(estate, before) {
            return pick(after, &among(Some(of)));
        }
    }
    Err(Unfound::Missing(missing))
}

/// The manual backup that `text` means: by id, by name, or by its label.
pub fn backup<'a>(backups: &'a [Backup], text: &str) -> Result<&'a Backup, Unfound<&'a Backup>> {
    let named = |backup: &Backup| matches!(&backup.name, Known::Is(name) if name.eq_ignore_ascii_case(text));
    let ways: [&dyn Fn(&Backup) -> bool; 4] =
        [&|backup| &*backup.id == text, &|backup| backup.id.eq_ignore_ascii_case(text), &named, &|backup| backup.label().eq_ignore_ascii_case(text)];
    for fits in ways {
        let found: Vec<&Backup> = backups.iter().filter(|backup| fits(backup)).collect();
        match found.as_slice() {
            [] => {}
            [only] => return Ok(only),
            _ => return Err(Unfound::Ambiguous(found)),
        }
    }
    Err(Unfound::Missing(Vec::new()))
}

/// Whether what was typed means the thing with that id and name.
type Fits<'a> = &'a dyn Fn(&str, &str) -> bool;

/// The only one that fits best: id before name, exact before any case, all of a name before its beginning.
fn pick<K: Copy>(text: &str, all: &[(K, &str, &str)]) -> Result<K, Unfound<K>> {
    const SUGGESTED: usize = 3;
    let lower = text.to_lowercase();
    let ways: [Fits<'_>; 5] =
        [&|id, _| id == text, &|id, _| id.eq_ignore_ascii_case(text), &|_, name| name == text, &|_, name| name.to_lowercase() == lower, &|_, name| {
            !lower.is_empty() && name.to_lowercase().starts_with(&lower)
        }];
    for fits in ways {
        let found: Vec<K> = all.iter().filter(|(_, id, name)| fits(id, name)).map(|(key, ..)| *key).collect();
        match found.as_slice() {
            [] => {}
            [only] => return Ok(*only),
            _ => return Err(Unfound::Ambiguous(found)),
        }
    }
    let contains = |name: &str| !lower.is_empty() && name.to_lowercase().contains(&lower);
    let mut near: Vec<K> = all.iter().filter(|(_, _, name)| contains(name)).map(|(key, ..)| *key).take(SUGGESTED).collect();
    if near.is_empty() {
        let meant = nearest(text, all.iter().map(|(_, _, name)| *name));
        near.extend(all.iter().filter(|(_, _, name)| meant == Some(*name)).map(|(key, ..)| *key).take(1));
    }
    Err(Unfound::Missing(near))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::environment::{Environment, EnvironmentId};
    use crate::domain::estate::Snapshot;
    use crate::domain::journal::Journal;
    use crate::domain::tenant::Tenant;

    fn estate() -> Estate {
        let mut snapshot = Snapshot::default();
        for (tenant, environments) in [
            ("Contoso", &[("e1", "Contoso Sales"), ("e2", "Contoso Sales UAT"), ("e3", "Twin"), ("e4", "a/b")] as &[_]),
            ("Fabrikam", &[("e5", "Twin"), ("E6", "e1")]),
        ] {
            let key = snapshot.add_tenant(Tenant::unexplored(format!("id-{tenant}").into(), tenant.into()));
            for (id, name) in environments {
                snapshot.add_environment(Environment::unexplored(key, EnvironmentId::new(id), (*name).into())).unwrap();
            }
        }
        Estate::new(snapshot, Journal::default(), None, None)
    }

    fn found(text: &str, within: Option<u32>) -> String {
        let estate = estate();
        let ids = |keys: Vec<EnvironmentKey>| keys.into_iter().map(|key| estate.environment(key).id.to_string()).collect::<Vec<_>>().join(" ");
        match environment(&estate, text, within.map(TenantKey)) {
            Ok(key) => ids(vec![key]),
            Err(Unfound::Ambiguous(keys)) => format!("ambiguous: {}", ids(keys)),
            Err(Unfound::Missing(keys)) => format!("missing: {}", ids(keys)),
        }
    }

    #[test]
    fn an_environment_is_meant_by_id_name_beginning_or_tenant_and_name() {
        for (text, within, meant) in [
            ("e1", None, "e1"),
            ("E1", None, "e1"),
            ("Contoso Sales", None, "e1"),
            ("contoso sales", None, "e1"),
            ("contoso sales u", None, "e2"),
            ("contoso", None, "ambiguous: e1 e2"),
            ("Twin", None, "ambiguous: e3 e5"),
            ("Twin", Some(1), "e5"),
            ("Fabrikam/Twin", None, "e5"),
            ("fab/tw", None, "e5"),
            ("id-Contoso/Twin", Some(1), "e3"),
            ("a/b", None, "e4"),
            ("Contoso/a/b", None, "e4"),
            ("sales", None, "missing: e1 e2"),
            ("Contoso Slaes", None, "missing: e1"),
            ("Contoso Sales", Some(1), "missing: "),
            ("nowhere/Twin", None, "missing: "),
            ("", None, "missing: "),
        ] {
            assert_eq!(found(text, within), meant, "{text} {within:?}");
        }
    }
}
