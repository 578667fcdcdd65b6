//! Reads the storage of a tenant: each type apart, or the sum, which has to be that of the types where all are known.

use super::gigabytes;
use crate::domain::known::Known;
use crate::domain::tenant::{Capacity, Storage, StorageType};
use crate::domain::words::Word;
use crate::files::yaml::{Context, Fields, Node, Step};

pub(super) fn capacity(context: &mut Context, node: Node) -> Option<Capacity> {
    let places = [("entitled", node.place_of("entitled")), ("used", node.place_of("used"))];
    let mut fields = Fields::of(context, node)?;
    let entitled = fields.known(context, "entitled", gigabytes);
    let used = fields.known(context, "used", gigabytes);
    let mut capacity = Capacity { entitled, used, ..Capacity::default() };
    for of in StorageType::ALL {
        *capacity.of_mut(*of) = fields.optional(context, of.word(), storage).unwrap_or_default();
    }
    fields.end(context);
    let sum = capacity.sum_of_types();
    for ((key, place), said, sum) in places.into_iter().zip([entitled, used]).zip([sum.entitled, sum.used]).map(|((key, said), sum)| (key, said, sum)) {
        if let (Known::Is(said), Known::Is(sum)) = (said, sum)
            && said != sum
        {
            let message = format!("database, file and log come to {sum}, not {said}: leave the sum out, or correct one of the four");
            context.within(Step::Field(key), |context| context.problem_at(Some(place), message));
        }
    }
    capacity.type_was_said();
    Some(capacity)
}

fn storage(context: &mut Context, node: Node) -> Option<Storage> {
    let mut fields = Fields::of(context, node)?;
    let entitled = fields.known(context, "entitled", gigabytes);
    let used = fields.known(context, "used", gigabytes);
    fields.end(context);
    Some(Storage { entitled, used })
}
