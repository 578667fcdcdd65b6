//! How each type of fact is read from an answer and written as one.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::shape::{Kind, Vocabulary};
use crate::domain::backup::Backup;
use crate::domain::component::Component;
use crate::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, FinanceOperations, FinanceOperationsKind, FinanceOperationsType, OrderManagement,
    PastOperation,
};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::tenant::{SecurityGroup, User};
use crate::domain::time;
use crate::domain::words::Word;

/// A value that a person can answer with.
pub(super) trait Answer: Sized {
    const KIND: Kind;
    const NONE: bool = false;
    fn read(value: &Value) -> Option<Self>;
    fn write(&self) -> Value;

    /// Whether `typed` says nothing else, though perhaps less.
    fn agrees(&self, typed: &Self) -> bool {
        self.write() == typed.write()
    }
}

fn text_of(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

/// The items of a list; `none` is an empty one.
fn items_of(value: &Value) -> Option<&[Box<str>]> {
    match value {
        Value::Nothing => Some(&[]),
        Value::List(items) => Some(items),
        Value::Flag(_) | Value::Text(_) => None,
    }
}

fn says_something(text: &str) -> bool {
    !text.trim().is_empty()
}

impl Answer for bool {
    const KIND: Kind = Kind::Flag;
    fn read(value: &Value) -> Option<Self> {
        if let Value::Flag(flag) = value { Some(*flag) } else { None }
    }
    fn write(&self) -> Value {
        Value::Flag(*self)
    }
}

impl<W: Word> Answer for W {
    const KIND: Kind = Kind::Word(Vocabulary::of::<W>());
    fn read(value: &Value) -> Option<Self> {
        W::from_word(text_of(value)?)
    }
    fn write(&self) -> Value {
        Value::Text(self.word().into())
    }
}

impl<W: Word> Answer for Vec<W> {
    const KIND: Kind = Kind::Words(Vocabulary::of::<W>());
    fn read(value: &Value) -> Option<Self> {
        items_of(value)?.iter().map(|item| W::from_word(item)).collect()
    }
    fn write(&self) -> Value {
        Value::List(self.iter().map(|word| word.word().into()).collect())
    }
    fn agrees(&self, typed: &Self) -> bool {
        self.len() == typed.len() && self.iter().all(|word| typed.contains(word))
    }
}

impl Answer for Arc<str> {
    const KIND: Kind = Kind::Text;
    fn read(value: &Value) -> Option<Self> {
        text_of(value).filter(|text| says_something(text)).map(Self::from)
    }
    fn write(&self) -> Value {
        Value::Text((&**self).into())
    }
}

impl Answer for Box<str> {
    const KIND: Kind = Kind::Text;
    fn read(value: &Value) -> Option<Self> {
        text_of(value).filter(|text| says_something(text)).map(Self::from)
    }
    fn write(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Answer for Vec<Arc<str>> {
    const KIND: Kind = Kind::Texts;
    fn read(value: &Value) -> Option<Self> {
        items_of(value)?.iter().map(|item| says_something(item).then(|| Arc::from(&**item))).collect()
    }
    fn write(&self) -> Value {
        Value::List(self.iter().map(|item| (&**item).into()).collect())
    }
}

impl Answer for Vec<Box<str>> {
    const KIND: Kind = Kind::Texts;
    fn read(value: &Value) -> Option<Self> {
        items_of(value)?.iter().map(|item| says_something(item).then(|| item.clone())).collect()
    }
    fn write(&self) -> Value {
        Value::List(self.clone())
    }
}

impl Answer for DateTime<Utc> {
    const KIND: Kind = Kind::Instant;
    fn read(value: &Value) -> Option<Self> {
        time::parse(text_of(value)?)
    }
    fn write(&self) -> Value {
        Value::Text(time::rfc3339(*self).into())
    }
}

impl Answer for u16 {
    const KIND: Kind = Kind::Whole(Self::MAX as u32);
    fn read(value: &Value) -> Option<Self> {
        text_of(value)?.parse().ok()
    }
    fn write(&self) -> Value {
        Value::Text(self.to_string().into())
    }
}

impl Answer for u32 {
    const KIND: Kind = Kind::Whole(Self::MAX);
    fn read(value: &Value) -> Option<Self> {
        text_of(value)?.parse().ok()
    }
    fn write(&self) -> Value {
        Value::Text(self.to_string().into())
    }
}

impl Answer for Gigabytes {
    const KIND: Kind = Kind::Gigabytes;
    fn read(value: &Value) -> Option<Self> {
        Self::parse(text_of(value)?).filter(|size| *size >= Self::whole(0))
    }
    fn write(&self) -> Value {
        Value::Text(self.to_string().into())
    }
}

impl<T: Answer> Answer for Option<T> {
    const KIND: Kind = T::KIND;
    const NONE: bool = true;
    fn read(value: &Value) -> Option<Self> {
        if *value == Value::Nothing { Some(None) } else { T::read(value).map(Some) }
    }
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Nothing, T::write)
    }
    fn agrees(&self, typed: &Self) -> bool {
        match (self, typed) {
            (Some(known), Some(typed)) => known.agrees(typed),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl Answer for Dataverse {
    const KIND: Kind = Kind::There;
    fn read(value: &Value) -> Option<Self> {
        (*value == Value::Flag(true)).then(Self::default)
    }
    fn write(&self) -> Value {
        Value::Flag(true)
    }
}

impl Answer for Box<OrderManagement> {
    const KIND: Kind = Kind::There;
    fn read(value: &Value) -> Option<Self> {
        (*value == Value::Flag(true)).then(Self::default)
    }
    fn write(&self) -> Value {
        Value::Flag(true)
    }
}

impl Answer for CustomerManagedKey {
    const KIND: Kind = Kind::Key;
    fn read(value: &Value) -> Option<Self> {
        if *value == Value::Flag(true) {
            return Some(Self { name: Known::Unknown });
        }
        Box::<str>::read(value).map(|name| Self { name: Known::Is(name) })
    }
    fn write(&self) -> Value {
        match &self.name {
            Known::Is(name) => name.write(),
            Known::Unknown => Value::Flag(true),
        }
    }
    fn agrees(&self, typed: &Self) -> bool {
        typed.name.is_unknown() || self.name == typed.name
    }
}

/// A half of which nothing but that it is there is known.
pub(super) fn some_half() -> Box<FinanceOperations> {
    Box::new(FinanceOperations {
        id: "unknown".into(),
        name: "name unknown".into(),
        kind_of_environment: Known::Unknown,
        kind: Known::Unknown,
        application_build: Known::Unknown,
        point_in_time_restore_days: Known::Unknown,
    })
}

impl Answer for Box<FinanceOperations> {
    const KIND: Kind = Kind::Half;
    fn read(value: &Value) -> Option<Self> {
        let mut half = some_half();
        if *value == Value::Flag(true) {
            return Some(half);
        }
        for word in text_of(value)?.split_whitespace() {
            match (FinanceOperationsKind::from_word(word), FinanceOperationsType::from_word(word)) {
                (Some(kind), _) if half.kind.is_unknown() => half.kind = Known::Is(kind),
                (_, Some(kind)) if half.kind_of_environment.is_unknown() => half.kind_of_environment = Known::Is(kind),
                _ => return None,
            }
        }
        (!half.kind.is_unknown() || !half.kind_of_environment.is_unknown()).then_some(half)
    }
    fn write(&self) -> Value {
        let words: Vec<&str> = [self.kind.map(Word::word), self.kind_of_environment.map(Word::word)]
            .into_iter()
            .filter_map(|word| if let Known::Is(word) = word { Some(word) } else { None })
            .collect();
        if words.is_empty() { Value::Flag(true) } else { Value::Text(words.join(" ").into()) }
    }
    fn agrees(&self, typed: &Self) -> bool {
        (typed.kind.is_unknown() || typed.kind == self.kind)
            && (typed.kind_of_environment.is_unknown() || typed.kind_of_environment == self.kind_of_environment)
    }
}

/// Lists of things that fit into no line.
macro_rules! only_none {
    ($($item:ty: $id:expr;)+) => {
        $(impl Answer for Vec<$item> {
            const KIND: Kind = Kind::OnlyNone;
            fn read(value: &Value) -> Option<Self> {
                items_of(value).filter(|items| items.is_empty()).map(|_| Vec::new())
            }
            fn write(&self) -> Value {
                let id: fn(&$item) -> Box<str> = $id;
                Value::List(self.iter().map(id).collect())
            }
        })+
    };
}

only_none! {
    EnterprisePolicy: |policy| policy.id.clone();
    DisallowedOperation: |operation| operation.operation.clone();
    PastOperation: |past| past.operation.clone();
    Backup: |backup| backup.id.clone();
    Component: |component| component.name.clone();
    SecurityGroup: |group| group.name.clone();
    User: |user| (&*user.upn).into();
}
