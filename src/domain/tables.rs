//! The tables that a copy of customizations and schemas only empties in the target (area TRN).

use std::sync::LazyLock;

/// The list as it stands in the asset: one name a line, in the order of the article.
const LIST: &str = include_str!("../../assets/truncated-tables.txt");

/// All 204 names, sorted ignoring case (TRN-002, TRN-007).
pub static TRUNCATED_TABLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names: Vec<_> = LIST.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    names.sort_by_key(|name| name.to_ascii_lowercase());
    names
});

/// Tables that hold configuration rather than transactions, by how their names begin (TRN-013).
const REFERENCE: [&str; 22] = [
    "AnnualFiscalCalendar",
    "BusinessDataLocalizedLabel",
    "ChannelAccessProfile",
    "ChannelProperty",
    "Characteristic",
    "Discount",
    "DynamicProperty",
    "EmailSignature",
    "EntitlementTemplate",
    "FixedMonthlyFiscalCalendar",
    "GoalRollupQuery",
    "MonthlyFiscalCalendar",
    "OrganizationUI",
    "Position",
    "PriceLevel",
    "Product",
    "QuarterlyFiscalCalendar",
    "RatingModel",
    "RatingValue",
    "RelationshipRole",
    "SemiAnnualFiscalCalendar",
    "Territory",
];

/// Whether losing a table loses configuration, not only transactions.
pub fn is_reference_data(name: &str) -> bool {
    REFERENCE.iter().any(|beginning| name.starts_with(beginning)) || name == "UserFiscalCalendar" || name.starts_with("SharePoint")
}

#[cfg(test)]
mod tests {
    use super::TRUNCATED_TABLES;

    #[test]
    fn there_are_204_different_names_of_letters_only() {
        let mut folded: Vec<_> = TRUNCATED_TABLES.iter().map(|name| name.to_ascii_lowercase()).collect();
        folded.dedup();
        assert_eq!((TRUNCATED_TABLES.len(), folded.len()), (204, 204));
        assert!(TRUNCATED_TABLES.iter().all(|name| name.bytes().all(|b| b.is_ascii_alphabetic())));
    }

    #[test]
    fn territory_of_the_broken_row_is_in_and_system_user_is_not() {
        assert!(TRUNCATED_TABLES.contains(&"Territory"));
        assert!(TRUNCATED_TABLES.contains(&"Audit"));
        assert!(!TRUNCATED_TABLES.contains(&"SystemUser"));
    }

    #[test]
    fn a_search_for_topic_gives_five() {
        assert_eq!(TRUNCATED_TABLES.iter().filter(|name| name.to_lowercase().contains("topic")).count(), 5);
    }
}
