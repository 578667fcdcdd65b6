//! What an admin sees of rules and answers: from a refused target, from a checklist, from the backups, from help and palette, and
//! by looking for one.

mod support;

use insta::assert_snapshot;
use support::{Console, Screen};

/// The targets of a copy of Contoso Sales, with the cursor on one that is refused.
const TARGET: &str = "/contoso sales<enter><home>c<enter>/fabrikam sales test<enter>";
/// The checklist of a rehearsed copy.
const CHECKLIST: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>yffffo";

fn demo(keys: &str) -> Screen {
    Console::demo().play(keys)
}

#[test]
fn the_rules_of_a_refused_target() {
    assert_snapshot!(demo(&format!("{TARGET}e")));
}

#[test]
fn the_rules_of_a_refused_target_on_a_wide_screen() {
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{TARGET}e<down>")));
}

#[test]
fn the_rules_of_an_item_of_the_checklist() {
    assert_snapshot!(demo(&format!("{CHECKLIST}<tab>e")));
}

#[test]
fn the_rules_of_an_item_on_a_wide_screen() {
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{CHECKLIST}<tab>e<down>")));
}

#[test]
fn it_fits_the_smallest_screen() {
    assert_snapshot!(Console::demo().size(60, 16).play(&format!("{TARGET}e")));
}

#[test]
fn all_rules_can_be_looked_through() {
    let screen = demo("e");
    screen.says("Rules, answers and links").says("620 rules").says("58 links").says("ENV-001");
    assert_snapshot!(demo("eretention 28"));
}

#[test]
fn a_rule_is_found_by_its_id_however_it_is_typed() {
    for typed in ["cpy-005", "CPY5", "cpy 5", "cpy-5"] {
        demo(&format!("e{typed}")).says("CPY-005 · Copy an environment").says("A production environment can never be a copy target.");
    }
    demo("eadmnistration").says("dministration");
    demo("exyzzy").says("Nothing says that. Esc clears what was typed");
}

#[test]
fn the_backups_are_explained_by_the_row_that_holds_for_them() {
    demo("/contoso sales<enter><home><tab><tab>e").says("Rules about backups of Contoso Sales").says("BKP-013").says("What to do: Nothing has to be set.");
    demo("/sales uat<enter><home><tab><tab>e").says("Rules about backups of Contoso Sales UAT").says("BKP-015");
}

#[test]
fn every_page_of_the_wizard_has_its_rules() {
    let page = |keys: &str| demo(&format!("/contoso sales<enter><home>c{keys}e"));
    page("").says("Rules about: Copy").says("CPY-013");
    page("<enter>/sales uat<enter>").says("Rules about Contoso Sales UAT");
    page("<enter>/sales uat<enter><enter><tab>").says("Rules about: Copy").says("CPY-031");
    page("<enter>/sales uat<enter><enter><enter>").says("Rules about Contoso Sales UAT").says("CPY-036");
    page("<enter>/sales uat<enter><enter><enter><enter>").says("Rules about: Copy").says("CPY-033");
}

#[test]
fn a_long_explanation_scrolls() {
    let screen = Console::demo().size(60, 16).play("ec-17<s-down*6>");
    screen.says_not("restores lets developer");
    Console::demo().size(60, 16).play("ec-17").says("The article on copies names").says("lines more");
}

#[test]
fn whoever_looks_a_rule_up_is_still_where_they_were() {
    let keys = format!("{TARGET}e");
    demo(&keys).says("Rules about Fabrikam Sales Test");
    // To a related rule and to one that is related to that, looking for another one in between, and back.
    demo(&format!("{keys}<enter>")).says("Related to ");
    let there = demo(&format!("{keys}<enter><down><enter>cpy-5"));
    there.says("Rules, answers and links").says("A production environment can never be a copy target.");
    demo(&format!("{keys}<enter><down><enter>cpy-5<esc>")).says_not("Rules, answers and links").says("Related to ");
    assert_eq!(demo(&format!("{keys}<enter><down><enter>cpy-5<esc><esc><esc>")).text(), demo(&keys).text());
    assert_eq!(demo(&format!("{keys}<enter><down><enter>cpy-5<esc><esc><esc><esc>")).text(), demo(TARGET).text());
}

#[test]
fn the_palette_explains_too() {
    demo(&format!("{TARGET}:explain<enter>")).says("Rules about Fabrikam Sales Test");
}

/// A copy of the linked pair with Order Management, rehearsed to its end; the copy is chosen.
const ORDERS: &str = "/supply chain<enter><home>c<enter>/supply chain test<enter><enter><enter>a<enter><enter>yffff";

#[test]
fn a_message_is_found_in_the_palette() {
    assert_snapshot!(demo(":EVENT EXPIRED in the “ready”"));
    // Until something is typed, the palette is short; one word is enough to find a term.
    demo(":").says_not("term").says("Go to its details");
    demo(":pitr").says("Point-in-time restore").says("REF-054");
}

#[test]
fn the_palette_lists_answers_beside_commands_and_marks_them() {
    assert_snapshot!(demo(":restore prod"));
}

#[test]
fn an_answer_says_what_is_seen_what_to_do_and_where_to_read_more() {
    assert_snapshot!(demo(":event expired<enter>"));
    assert_snapshot!("an_answer_on_a_wide_screen", Console::demo().size(120, 36).play(":initial sync missing reference<enter><down*9>"));
}

#[test]
fn the_help_can_be_searched() {
    assert_snapshot!(demo("?/restore delet<enter><down>"));
    demo("?/xyzzy").says("Nothing says that. Esc clears what was typed");
    // Esc takes back what was typed, then the help.
    assert_eq!(demo("?/restore<enter><esc>").text(), demo("?").text());
    assert_eq!(demo("?/restore<esc>").text(), demo("?").text());
    demo("?/restore<enter><esc><esc>").says_not("Help");
    // Enter on a key does it, and without a search it says how to search.
    demo("?/sort the list<enter><enter>").says("Environments").says_not("Help");
    demo("?<enter>").says("/ searches; Enter does what was found");
}

#[test]
fn what_stands_on_a_line_is_copied_exactly() {
    let copied = |keys: &str| Console::demo().size(120, 60).play(keys).clipboard;
    // The message, then the string that is typed in the maker portal.
    assert_eq!(copied(":event expired<enter><up*9><down>y"), ["Event expired in the 'Ready' state"]);
    assert_eq!(copied(":msdyn_finops<enter><down*3>y"), ["msdyn_finops_releaseordertosync"]);
    assert_eq!(copied(":ref-029<enter><home>y"), ["https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/database/database-refresh"]);
    // Of a rule too.
    assert_eq!(copied("ecpy-005<tab><down*2>y"), ["https://learn.microsoft.com/power-platform/admin/copy-environment"]);
    demo(":event expired<enter>y").says("On the clipboard: Not now:");
}

#[test]
fn one_goes_from_an_answer_to_its_rules_and_links_and_back() {
    let there = demo(":database refresh<enter>");
    there.says("REF-029").says("Named by:");
    demo(":database refresh<enter><down><enter>").says("From REF-029").says("Copy an environment with Intelligent Order Management");
    assert_eq!(demo(":database refresh<enter><down><enter><esc>").text(), demo(":database refresh<enter><down>").text());
    demo(":event expired<enter><end><enter>").says("IOM-047 · ").says("From fulfillment-does-not-trigger");
    demo(":database refresh<enter><home><enter>").says("This line leads nowhere; y copies it");
    demo(":database refresh<enter><esc><esc>").says_not("REF-029").says("Environments");
}

#[test]
fn answers_stand_below_the_rules_of_a_finding_and_can_be_opened() {
    let screen = demo(&format!("{TARGET}e<down*5>"));
    screen.says("5 rules, 6 answers").says("My environment is not in the list of targets of a copy");
    demo(&format!("{TARGET}e<down*5><enter>")).says("Enter: lists every environment as a target of a copy");
    demo(&format!("{CHECKLIST}<tab>e<end>")).says("Rules of this item").says("answers");
}

#[test]
fn an_action_that_cannot_be_done_now_says_why() {
    let screen = demo("/sales uat<enter><home>:url cannot be changed<enter>");
    screen.says("Enter: opens the wizard: Create, for Contoso Sales UAT (key N)");
    demo("/sales uat<enter><home>:one half of a linked pair<enter><enter>").says("Not now: Bring a linked pair together again: only where its halves");
    demo(":event expired<enter><enter>").says("Not now: Copy with Intelligent Order Management: only where");
    demo(":tenant-to-tenant migration<enter>").says("Enter: opens the wizard: Move to another tenant, for").says("(key m)");
}

/// An admin sees an error, finds it by its text, copies the filter for the maker portal, and gets to the item that repairs it.
#[test]
fn from_an_error_to_what_repairs_it() {
    let found = demo(&format!("{ORDERS}?/event expired in the ready state<enter><enter>"));
    found.says("The provider action \"Send for Fulfillment\" does not trigger").says("Enter: goes to \"Reinstall each provider");
    let copied = demo(&format!("{ORDERS}?/event expired in the ready state<enter><enter><down*5>y"));
    assert_eq!(copied.clipboard, ["msdyn_finops_releaseordertosync"]);
    let there = demo(&format!("{ORDERS}?/event expired in the ready state<enter><enter><enter>"));
    there.says("REHEARSAL, practice only: Contoso Supply Chain").says("▸ [ ] + Reinstall each provider");
}

/// "My environment is not in the list": the words lead to every environment with its reasons, of a restore once it is known to when.
#[test]
fn from_a_missing_target_to_the_reasons() {
    let there = demo("/contoso sales<enter><home>:my environment is not in the list of restore targets<enter><enter>");
    there.says("Restore Contoso Sales").says("Type the instant to restore to");
    let there = demo("/contoso sales<enter><home>:my environment is not in the list of restore targets<enter><enter>-1d<enter>");
    there.says("Restore Contoso Sales: Target").says("the target is a production environme");
    let there = demo("/contoso sales<enter><home>:no target for copying<enter><enter>");
    there.says("Copy Contoso Sales: Target").says("17 blocked");
    // From within a wizard as well; what was begun there is kept.
    demo(&format!("{TARGET}e<down*5><enter><enter>")).says("Copy Contoso Sales: Target");
}
