//! What becomes of the mailbox of a user who moves to another tenant (C-50).

use crate::domain::known::Known;
use crate::domain::tenant::{MailboxAddress, User};
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// What somebody has to do about the mailbox of a mapped user (TTM-056 to TTM-061, C-50).
    Mailbox, "mailbox" {
        Automatic = "automatic" "set up by the move",
        Verify = "verify" "enabled by default, if moved to the new tenant before",
        Reconfigure = "reconfigure" "to be set up again after the move",
    }
}

/// What becomes of the mailbox of `source`, who becomes `destination`. A mailbox that is there already needs nothing
/// (TTM-056); one with the same address is enabled by default (TTM-058, TTM-059); everybody else's is set up again (TTM-057, TTM-061).
pub fn mailbox(source: &User, destination: &User) -> Known<Mailbox> {
    let outcome = |there: MailboxAddress, here: MailboxAddress| match (there, here) {
        (MailboxAddress::SameAddress | MailboxAddress::Onmicrosoft | MailboxAddress::Other, _) => Mailbox::Automatic,
        (MailboxAddress::None, MailboxAddress::SameAddress) => Mailbox::Verify,
        (MailboxAddress::None, MailboxAddress::None | MailboxAddress::Onmicrosoft | MailboxAddress::Other) => Mailbox::Reconfigure,
    };
    // What is unknown on either side matters only where it changes the outcome.
    let all = || MailboxAddress::ALL.iter().copied();
    let here = source.mailbox.candidates(all());
    let mut outcomes = destination.mailbox.candidates(all()).into_iter().flat_map(|there| here.iter().map(move |here| outcome(there, *here)));
    let Some(first) = outcomes.next() else { return Known::Unknown };
    if outcomes.all(|other| other == first) { Known::Is(first) } else { Known::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_mailboxes() {
        use Known::{Is, Unknown};
        use Mailbox::{Automatic, Reconfigure, Verify};
        use MailboxAddress::{None, Onmicrosoft, Other, SameAddress};
        let user = |mailbox| User { upn: "isaac@contoso.com".into(), active: Is(true), licensed: Is(true), access: Unknown, mailbox };
        let here = [Is(None), Is(SameAddress), Is(Onmicrosoft), Is(Other), Unknown];
        for (there, outcomes) in [
            (Is(None), [Is(Reconfigure), Is(Verify), Is(Reconfigure), Is(Reconfigure), Unknown]),
            (Is(SameAddress), [Is(Automatic); 5]),
            (Is(Onmicrosoft), [Is(Automatic); 5]),
            (Is(Other), [Is(Automatic); 5]),
            (Unknown, [Unknown; 5]),
        ] {
            assert_eq!(here.map(|here| mailbox(&user(here), &user(there))), outcomes, "{there:?}");
        }
    }
}
