//! The storage of a tenant, each type apart, as the licensing API tells it in `tenantCapacities`.

use super::environments::size_of;
use super::gather::{Collected, Stored};
use super::kind::Kind;
use super::look::{Look, Remarks};
use crate::domain::known::Known;
use crate::domain::tenant::{Capacity, StorageType};
use crate::domain::words::Word;

/// The storage in an answer of the licensing API; what finance and operations has of its own is not in it.
pub fn of_licensing_api(look: Look<'_>, remarks: &mut Remarks) -> Option<Stored> {
    let tenant = look.get("tenantId").text(remarks);
    let list = look.get("tenantCapacities");
    let items = list.items(remarks)?;
    let mut capacity = Capacity::default();
    let mut updated = None;
    for item in &items {
        let word = item.get("capacityType").text(remarks).unwrap_or_default();
        let Some(of) = StorageType::from_word(&word) else { continue };
        let (units, consumption) = (item.get("capacityUnits"), item.get("consumption"));
        let storage = capacity.of_mut(of);
        storage.entitled = size_of((item.get("totalCapacity"), units), *item, "capacityUnits", remarks);
        storage.used = size_of((consumption.first(&["actual", "rated"]), units), *item, "capacityUnits", remarks);
        // As old as the oldest of its figures.
        if let Known::Is(at) = consumption.get("actualUpdatedOn").instant(remarks) {
            updated = Some(updated.map_or(at, |oldest: chrono::DateTime<chrono::Utc>| oldest.min(at)));
        }
    }
    if !capacity.says_types() {
        list.remark(remarks, "neither database nor file nor log storage is in it, so the capacity stays unknown");
        return None;
    }
    capacity.type_was_said();
    Some(Stored { tenant, capacity, collected: Collected { source: Kind::Capacity.source(), at: updated } })
}
