//! Proposes who becomes whom in another tenant: the same name first, then names that come near, each with its reason.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::upn::is_upn;
use super::users::{Directory, digits, folded, local};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::tenant::{Access, Tenant, User};
use crate::domain::words::distance;
use crate::vocabulary;

vocabulary! {
    /// In what two names are alike, the most alike first. Only the first two are no guess.
    Likeness, "likeness" {
        Guest = "guest" "this guest is that very user",
        SameName = "same-name" "the same name before the @",
        SameLetters = "same-letters" "the same name, written with other signs between its words",
        Swapped = "swapped" "the same words in another order",
        Initial = "initial" "one of the names is cut to its first letter",
        Number = "number" "the same name but for a number behind it",
        Misspelt = "misspelt" "the same name but for one letter",
        OneName = "one-name" "only one of the names",
    }
}

impl Likeness {
    /// How sure it is, from 100 down.
    pub const fn score(self) -> u8 {
        match self {
            Self::Guest | Self::SameName => 100,
            Self::SameLetters => 90,
            Self::Swapped => 85,
            Self::Initial => 75,
            Self::Number => 65,
            Self::Misspelt => 60,
            Self::OneName => 40,
        }
    }
}

/// What is proposed for one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who moves.
    pub source: Arc<str>,
    /// Who they become, and in what the names are alike; none where nobody comes near, or several come as near.
    pub destination: Option<(Arc<str>, Likeness)>,
    /// The first of those who come equally near, where that is why nobody is proposed.
    pub several: Vec<Arc<str>>,
    /// What has to be done for the destination before the move: it is not active, or has no licence.
    pub unready: Option<&'static str>,
}

impl Proposal {
    /// Whether this is more than a guess: the same name, of one person on either side who can be mapped (TTM-080, TTM-081).
    pub fn is_certain(&self) -> bool {
        matches!(self.destination, Some((_, Likeness::Guest | Likeness::SameName))) && self.unready.is_none()
    }
}

/// What is proposed for all users of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposed {
    /// In the order of the snapshot.
    pub proposals: Vec<Proposal>,
    /// Who gets no line, and why.
    pub left_out: Vec<(Arc<str>, &'static str)>,
    /// Whether those are all users of the tenant, because who is enabled in the environment is unknown.
    pub of_tenant: bool,
}

/// Proposes a destination in `to` for everybody who is enabled in `environment`; nothing where the users of a side are unknown.
pub fn propose(environment: &Environment, from: &Tenant, to: &Tenant, without_administrative: bool) -> Known<Proposed> {
    let (here, Known::Is(there)) = (Directory::of(from), &to.users) else { return Known::Unknown };
    let mut proposed = Proposed::default();
    let upns: Vec<&Arc<str>> = match (&environment.users, &from.users) {
        (Known::Is(enabled), _) => enabled.iter().collect(),
        (Known::Unknown, Known::Is(users)) => {
            proposed.of_tenant = true;
            users.iter().map(|user| &user.upn).collect()
        }
        (Known::Unknown, Known::Unknown) => return Known::Unknown,
    };
    let mut sources = Vec::new();
    for upn in upns {
        let why_not = match &here {
            _ if !is_upn(upn) => Some("this is no UPN"),
            Known::Unknown => None,
            Known::Is(here) => here.find(upn).map_or(Some("the tenant has no such user"), |user| why_not(user, without_administrative)),
        };
        match why_not {
            Some(why) => proposed.left_out.push((Arc::clone(upn), why)),
            None => sources.push(upn),
        }
    }
    let users: Vec<&User> = there.iter().filter(|user| is_upn(&user.upn)).collect();
    proposed.proposals = Pairing::of(&sources, &users).proposals();
    Known::Is(proposed)
}

/// Why a user who is enabled in the environment gets no line: the move would fail with it (TTM-032), or nobody wants it (TTM-078).
fn why_not(user: &User, without_administrative: bool) -> Option<&'static str> {
    if user.active == Known::Is(false) {
        Some("the account is not active, which makes the move fail")
    } else if user.licensed == Known::Is(false) {
        Some("it has no licence, which makes the move fail")
    } else if without_administrative && user.access == Known::Is(Access::Administrative) {
        Some("it has administrative access")
    } else {
        None
    }
}

/// What keeps a destination from being mapped.
fn unready(user: &User) -> Option<&'static str> {
    match (user.active, user.licensed) {
        (Known::Is(false), _) => Some("is not active there: make sure that it is the same person, and activate the account"),
        (_, Known::Is(false)) => Some("has no licence there: assign one before the move"),
        (Known::Is(true) | Known::Unknown, Known::Is(true) | Known::Unknown) => None,
    }
}

/// A source and a user who are alike, by their index.
type Pair = (Likeness, usize, usize);

/// Of those who are called alike so many are looked at: two are too many for a choice, and thousands would take their square.
const MOST_ALIKE: usize = 8;

/// Sources and destinations by their index, and who was found for whom so far.
struct Pairing<'a> {
    sources: &'a [&'a Arc<str>],
    users: &'a [&'a User],
    found: Vec<Option<(usize, Likeness)>>,
    taken: Vec<bool>,
    several: Vec<Vec<usize>>,
}

impl<'a> Pairing<'a> {
    fn of(sources: &'a [&'a Arc<str>], users: &'a [&'a User]) -> Self {
        Self { sources, users, found: vec![None; sources.len()], taken: vec![false; users.len()], several: vec![Vec::new(); sources.len()] }
    }

    fn proposals(mut self) -> Vec<Proposal> {
        let same = self.same();
        self.settle(same);
        let mut near = self.alike();
        near.extend(self.misspelt());
        self.settle(near);
        let Self { sources, users, found, several, .. } = self;
        let upn = |index: usize| users.get(index).map(|user| Arc::clone(&user.upn));
        let mut proposals = Vec::with_capacity(sources.len());
        for ((source, found), several) in sources.iter().zip(found).zip(several) {
            proposals.push(Proposal {
                source: Arc::clone(source),
                destination: found.and_then(|(index, likeness)| Some((upn(index)?, likeness))),
                several: several.into_iter().filter_map(upn).collect(),
                unready: found.and_then(|(index, _)| unready(users.get(index)?)),
            });
        }
        proposals
    }

    /// Guests who are that very user, and the same name before the @.
    fn same(&self) -> Vec<Pair> {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_local: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, user) in self.users.iter().enumerate() {
            by_name.entry(folded(&user.upn)).or_default().push(index);
            by_local.entry(local(&user.upn)).or_default().push(index);
        }
        let mut pairs = Vec::new();
        for (source, upn) in self.sources.iter().enumerate() {
            for user in home_of(upn).and_then(|home| by_name.get(&home)).into_iter().flatten() {
                pairs.push((Likeness::Guest, source, *user));
            }
            let alike = by_local.get(&local(upn)).map(Vec::as_slice).unwrap_or_default();
            // Of several with this name, those who can be mapped come first.
            let ready: Vec<usize> = alike.iter().copied().filter(|user| self.users.get(*user).is_some_and(|user| unready(user).is_none())).collect();
            pairs.extend((if ready.is_empty() { alike } else { &ready }).iter().take(MOST_ALIKE).map(|user| (Likeness::SameName, source, *user)));
        }
        pairs
    }

    /// Names that are the same but for signs, order, initials, numbers, or one of two names.
    fn alike(&self) -> Vec<Pair> {
        let (sources, users) = (self.open_sources(), self.open_users());
        let mut by_source: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_user: HashMap<String, Vec<usize>> = HashMap::new();
        sources.iter().for_each(|(index, name)| by_source.entry(joined(name)).or_default().push(*index));
        users.iter().for_each(|(index, name)| by_user.entry(joined(name)).or_default().push(*index));
        let mut pairs = Vec::new();
        for (source, name) in &sources {
            for (key, likeness) in forms(name) {
                pairs.extend(by_user.get(&key).into_iter().flatten().take(MOST_ALIKE).map(|user| (likeness, *source, *user)));
            }
        }
        for (user, name) in &users {
            for (key, likeness) in forms(name) {
                pairs.extend(by_source.get(&key).into_iter().flatten().take(MOST_ALIKE).map(|source| (likeness, *source, *user)));
            }
        }
        pairs
    }

    /// Names of which one letter was changed, added, dropped or swapped, and no digit: those tell people apart.
    fn misspelt(&self) -> Vec<Pair> {
        let (sources, users) = (self.open_sources(), self.open_users());
        let mut cuts: Vec<(u64, usize)> = users.iter().flat_map(|(index, name)| cut(&joined(name)).map(|cut| (cut, *index)).collect::<Vec<_>>()).collect();
        cuts.sort_unstable();
        let by_index: HashMap<usize, String> = users.iter().map(|(index, name)| (*index, joined(name))).collect();
        let mut pairs = Vec::new();
        for (source, name) in &sources {
            let name = joined(name);
            let letters: Vec<char> = name.chars().collect();
            for hash in cut(&name) {
                let from = cuts.partition_point(|(other, _)| *other < hash);
                for (_, user) in cuts.iter().skip(from).take_while(|(other, _)| *other == hash).take(MOST_ALIKE * MOST_ALIKE) {
                    let Some(other) = by_index.get(user) else { continue };
                    if digits(other).eq(digits(&name)) && distance(&letters, &other.chars().collect::<Vec<_>>()) == 1 {
                        pairs.push((Likeness::Misspelt, *source, *user));
                    }
                }
            }
        }
        pairs
    }

    /// Those for whom nobody was found yet, and nobody comes equally near.
    fn open_sources(&self) -> Vec<(usize, String)> {
        let open = |index: &usize| self.found.get(*index).is_some_and(Option::is_none) && self.several.get(*index).is_some_and(Vec::is_empty);
        (0..self.sources.len()).filter(open).filter_map(|index| Some((index, local(self.sources.get(index)?)))).collect()
    }

    fn open_users(&self) -> Vec<(usize, String)> {
        (0..self.users.len())
            .filter(|index| self.taken.get(*index) == Some(&false))
            .filter_map(|index| Some((index, local(&self.users.get(index)?.upn))))
            .collect()
    }

    /// Takes the pairs in which each has only the other, the most alike first. Who has several as near gets nobody.
    fn settle(&mut self, mut pairs: Vec<Pair>) {
        pairs.sort_unstable();
        pairs.dedup();
        let mut by_likeness: BTreeMap<Likeness, Vec<(usize, usize)>> = BTreeMap::new();
        for (likeness, source, user) in pairs {
            by_likeness.entry(likeness).or_default().push((source, user));
        }
        for (likeness, mut pairs) in by_likeness {
            pairs.retain(|(source, user)| {
                let waits = self.found.get(*source).is_some_and(Option::is_none) && self.several.get(*source).is_some_and(Vec::is_empty);
                waits && self.taken.get(*user) == Some(&false)
            });
            let (mut of_source, mut of_user): (HashMap<usize, Vec<usize>>, HashMap<usize, usize>) = Default::default();
            for (source, user) in &pairs {
                of_source.entry(*source).or_default().push(*user);
                *of_user.entry(*user).or_default() += 1;
            }
            for (source, users) in of_source {
                let claimed = |user: &usize| of_user.get(user).is_some_and(|count| *count > 1);
                if let ([user], Some(found)) = (users.as_slice(), self.found.get_mut(source))
                    && !claimed(user)
                {
                    *found = Some((*user, likeness));
                    if let Some(taken) = self.taken.get_mut(*user) {
                        *taken = true;
                    }
                } else if let Some(several) = self.several.get_mut(source) {
                    *several = users;
                }
            }
        }
    }
}

/// The name that a guest has at home: `isaac_fabrikam.com#EXT#@contoso.onmicrosoft.com` is `isaac@fabrikam.com`.
fn home_of(upn: &str) -> Option<String> {
    let name = folded(upn);
    let (home, _) = name.split_once("#ext#")?;
    let (local, domain) = home.rsplit_once('_')?;
    Some(format!("{local}@{domain}"))
}

/// The words of a name before the @.
fn words_of(name: &str) -> Vec<&str> {
    name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

/// A name without the signs between its words.
fn joined(name: &str) -> String {
    words_of(name).concat()
}

/// The forms in which another tenant could write the name, in full or cut; each is compared with full names only.
fn forms(name: &str) -> Vec<(String, Likeness)> {
    let words = words_of(name);
    let mut forms = vec![(words.concat(), Likeness::SameLetters)];
    let without_number = forms.first().map(|(full, _)| full.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned());
    forms.extend(without_number.filter(|name| !name.is_empty() && *name != words.concat()).map(|name| (name, Likeness::Number)));
    if let (Some(first), Some(last), true) = (words.first(), words.last(), words.len() > 1) {
        let initial = |word: &str| word.chars().take(1).collect::<String>();
        forms.push((words.iter().rev().copied().collect(), Likeness::Swapped));
        for (front, back) in [
            (initial(first), (*last).to_owned()),
            ((*last).to_owned(), initial(first)),
            ((*first).to_owned(), initial(last)),
            (initial(last), (*first).to_owned()),
        ] {
            forms.push((front + &back, Likeness::Initial));
        }
        forms.extend([*first, *last].into_iter().filter(|word| word.chars().count() > 1).map(|word| (word.to_owned(), Likeness::OneName)));
    }
    forms
}

/// The name and all its forms with one letter less, hashed: two names that differ in one letter share one of them.
fn cut(name: &str) -> impl Iterator<Item = u64> {
    /// Shorter names differ in one letter by chance.
    const SHORTEST: usize = 5;
    /// Longer ones do not occur.
    const LONGEST: usize = 64;
    let letters: Vec<char> = name.chars().collect();
    let fits = (SHORTEST..=LONGEST).contains(&letters.len());
    let hash = move |without: Option<usize>| {
        let mut hasher = DefaultHasher::new();
        letters.iter().enumerate().filter(|(index, _)| Some(*index) != without).for_each(|(_, letter)| letter.hash(&mut hasher));
        hasher.finish()
    };
    let count = if fits { name.chars().count() } else { 0 };
    (0..count).map(Some).chain(fits.then_some(None)).map(hash)
}
