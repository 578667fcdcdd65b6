//! A fact about a tenant that was either seen or not: what nobody looked up is never false.

/// A value that was captured, or that nobody looked up.
///
/// There is deliberately no `unwrap_or`: a rule that meets `Unknown` says so in a finding that names the field, and a
/// screen prints "unknown". A fact that can be absent is `Known<Option<T>>`, where `Is(None)` means "there is none".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub enum Known<T> {
    /// Nobody looked it up.
    #[default]
    Unknown,
    /// It was seen.
    Is(T),
}

impl<T> Known<T> {
    /// The same fact, borrowed.
    pub const fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Unknown => Known::Unknown,
            Self::Is(value) => Known::Is(value),
        }
    }

    /// The fact that follows from this one; what is unknown stays unknown.
    pub fn map<U>(self, follows: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Unknown => Known::Unknown,
            Self::Is(value) => Known::Is(follows(value)),
        }
    }

    /// The fact that follows from this one, which may itself be unknown.
    pub fn and_then<U>(self, follows: impl FnOnce(T) -> Known<U>) -> Known<U> {
        match self {
            Self::Unknown => Known::Unknown,
            Self::Is(value) => follows(value),
        }
    }

    /// True when nobody looked it up.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// True when it is known and passes `test`; an unknown fact passes none.
    pub fn is(&self, test: impl FnOnce(&T) -> bool) -> bool {
        match self {
            Self::Unknown => false,
            Self::Is(value) => test(value),
        }
    }
}

impl<T: PartialEq> Known<T> {
    /// Every value that the fact can have, out of `all`: itself when known, all of them when not.
    ///
    /// Rules that only look a value up in a table decide over these, so an unknown that cannot change the outcome does
    /// not make the outcome unknown.
    pub fn candidates(self, all: impl IntoIterator<Item = T>) -> Vec<T> {
        match self {
            Self::Unknown => all.into_iter().collect(),
            Self::Is(value) => vec![value],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_neither_true_nor_false() {
        let managed: Known<bool> = Known::Unknown;
        assert!(!managed.is(|m| *m) && !managed.is(|m| !*m));
        assert_eq!(managed.candidates([false, true]), [false, true]);
        assert_eq!(Known::Is(true).candidates([false, true]), [true]);
    }
}
