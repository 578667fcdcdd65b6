//! The users of a tenant by their names, which compare equal ignoring case.

use std::collections::HashMap;

use crate::domain::known::Known;
use crate::domain::tenant::{Tenant, User};
use crate::domain::words::nearest;

/// A name as it is compared.
pub(super) fn folded(upn: &str) -> String {
    upn.to_lowercase()
}

/// The part before the @, as it is compared.
pub(super) fn local(upn: &str) -> String {
    folded(upn.split('@').next().unwrap_or_default())
}

/// The digits of a name, which tell people apart: `user7` is no slip of the finger for `user1`.
pub(super) fn digits(upn: &str) -> impl Iterator<Item = char> {
    upn.chars().filter(char::is_ascii_digit)
}

/// The users of a tenant that were captured.
pub(super) struct Directory<'a> {
    pub tenant: &'a Tenant,
    by_name: HashMap<String, &'a User>,
    by_local: HashMap<String, &'a User>,
    /// How many more names may be compared letter by letter: a file in which every line is wrong stays linear.
    comparisons: usize,
}

impl<'a> Directory<'a> {
    /// Of a tenant whose users are known.
    pub fn of(tenant: &'a Tenant) -> Known<Self> {
        tenant.users.as_ref().map(|users| Self {
            tenant,
            by_name: users.iter().map(|user| (folded(&user.upn), user)).collect(),
            by_local: users.iter().rev().map(|user| (local(&user.upn), user)).collect(),
            comparisons: 100_000,
        })
    }

    /// The user of that name.
    pub fn find(&self, upn: &str) -> Option<&'a User> {
        self.by_name.get(&folded(upn)).copied()
    }

    /// The user who was probably meant: the same name at another domain, or a slip of the finger.
    pub fn near(&mut self, upn: &str) -> Option<&'a str> {
        if let Some(user) = self.by_local.get(&local(upn)) {
            return Some(&user.upn);
        }
        let Known::Is(users) = &self.tenant.users else { return None };
        self.comparisons = self.comparisons.checked_sub(users.len())?;
        let near = nearest(upn, users.iter().map(|user| &*user.upn).filter(|user| digits(user).eq(digits(upn))))?;
        // A domain that is the same makes no two names alike.
        nearest(&local(upn), [&*local(near)]).map(|_| near)
    }
}
