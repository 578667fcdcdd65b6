//! Reads when each group of facts was looked at, and where.

use super::{boxed, instant};
use crate::domain::component::ComponentKind;
use crate::domain::seen::{FactGroup, Group, Look, Seen, TenantGroup};
use crate::domain::words::Word;
use crate::files::yaml::{Context, Fields, Node};

pub(super) fn of_environment(context: &mut Context, node: Node) -> Option<Seen<Group>> {
    let mut seen = Seen::default();
    let mut fields = Fields::of(context, node)?;
    for group in FactGroup::ALL {
        if let Some(look) = fields.optional(context, group.word(), look) {
            seen.renew(Group::Facts(*group), look);
        }
    }
    let of_components = fields.optional(context, "components", |context, node| {
        let mut fields = Fields::of(context, node)?;
        let looks: Vec<_> = ComponentKind::ALL.iter().filter_map(|kind| Some((*kind, fields.optional(context, kind.word(), look)?))).collect();
        fields.end(context);
        Some(looks)
    });
    of_components.into_iter().flatten().for_each(|(kind, look)| seen.renew(Group::Components(kind), look));
    fields.end(context);
    Some(seen)
}

pub(super) fn of_tenant(context: &mut Context, node: Node) -> Option<Seen<TenantGroup>> {
    let mut seen = Seen::default();
    let mut fields = Fields::of(context, node)?;
    for group in TenantGroup::ALL {
        if let Some(look) = fields.optional(context, group.word(), look) {
            seen.renew(*group, look);
        }
    }
    fields.end(context);
    Some(seen)
}

fn look(context: &mut Context, node: Node) -> Option<Look> {
    let mut fields = Fields::of(context, node)?;
    let at = fields.required(context, "at", instant);
    let source = fields.known(context, "source", boxed);
    fields.end(context);
    Some(Look { at: at?, source })
}
