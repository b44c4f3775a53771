//! The rules by name. A refusal, a test and a record of the journal cite them.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// A rule of the repository, named as the README's table of rules names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $($(#[$doc])* #[serde(rename = $id)] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The rule's id, for example `READ-3`.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }
        }
    };
}

rules! {
    /// Nothing without a valid certificate bound to one active person.
    Read1 = "READ-1",
    /// An undetermined version is for its lodger, the Secretariat, the Chair and who must accept it.
    Read2 = "READ-2",
    /// No content without an unexpired need that suffices for the current level.
    Read3 = "READ-3",
    /// Durable in the log before the first byte leaves.
    Read4 = "READ-4",
    /// Operating the server gives no right to content.
    Read5 = "READ-5",
    /// What a person may not know of is indistinguishable from what does not exist.
    Read6 = "READ-6",
    /// A refusal says which rule refused and what would satisfy it, and is an entry.
    Read7 = "READ-7",
    /// Decided on every request against the state at that instant.
    Read8 = "READ-8",
    /// WHITE: anyone with an active credential; a member may publish it.
    White1 = "WHITE-1",
    /// GREEN: governance bodies, parties and stakeholders.
    Green1 = "GREEN-1",
    /// AMBER: the originating body, the Panel, bodies it was tabled to, the Secretariat.
    Amber1 = "AMBER-1",
    /// AMBER: a person named in a grant who needs to know.
    Amber2 = "AMBER-2",
    /// AMBER: shared by a member with an organisation of the member's own party category.
    Amber3 = "AMBER-3",
    /// AMBER: a wider circulation that the Chair directed.
    Amber4 = "AMBER-4",
    /// RED: members and approved alternates of the originating body, in force, with a signed agreement.
    Red1 = "RED-1",
    /// RED to another body only after a recorded approval.
    Red2 = "RED-2",
    /// A RED agenda item waits until every participant present has signed.
    Red3 = "RED-3",
    /// A declared conflict of interest closes RED and AMBER papers.
    Conflict1 = "CONFLICT-1",
    /// A recorded breach suspends access to RED and AMBER.
    Breach1 = "BREACH-1",
    /// Only the Chair determines a classification, with a reason.
    Class1 = "CLASS-1",
    /// A whole carries the strictest audience of its parts.
    Class2 = "CLASS-2",
    /// Content carries its classification.
    Class3 = "CLASS-3",
    /// Import from and export to the Traffic Light Protocol.
    Class4 = "CLASS-4",
    /// Who reads audit records.
    Audit1 = "AUDIT-1",
    /// The originating body lodges, or the Secretariat for it.
    Lodge1 = "LODGE-1",
    /// The DCC lodges only against an open direction.
    Lodge2 = "LODGE-2",
    /// A version is immutable.
    Lodge3 = "LODGE-3",
    /// Incorporation, lodgement, effect and supersession are separate; in force is resolved.
    Lodge4 = "LODGE-4",
    /// Promptness of lodgement is measured.
    Lodge5 = "LODGE-5",
    /// A lodger may sign.
    Lodge6 = "LODGE-6",
    /// Nothing is erased; a withdrawal hides content with a reason.
    Lodge7 = "LODGE-7",
    /// No vote and no AMBER or RED without confirmation and agreement.
    Gov1 = "GOV-1",
    /// Quorum.
    Gov2 = "GOV-2",
    /// Majority and the Chair's casting vote.
    Gov3 = "GOV-3",
    /// Kinds of decision and their effect.
    Gov4 = "GOV-4",
    /// End of term, resignation, breach and removal end access at that instant.
    Gov5 = "GOV-5",
    /// Suspension in an emergency.
    Emergency1 = "EMERGENCY-1",
    /// Nobody approves their own request.
    Self1 = "SELF-1",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
