//! The documents that the demonstration lodges: short, original, and nobody's policy.

/// A document of the demonstration.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Its slug.
    pub document: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its type in the SMKI profile.
    pub kind: &'static str,
    /// Its set in the SMKI profile.
    pub set: &'static str,
    /// The file's name.
    pub file: &'static str,
    /// The media type.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

macro_rules! sample {
    ($document:literal, $title:literal, $kind:literal, $set:literal, $file:literal, $content_type:ident) => {
        Sample {
            document: $document,
            title: $title,
            kind: $kind,
            set: $set,
            file: $file,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../../../config/smki/samples/", $file)),
        }
    };
}

const TEXT: &str = "text/plain; charset=utf-8";
const PDF: &str = "application/pdf";

/// One of the four documents of SEC L5.7; the Chair makes it WHITE.
pub const DEVICE: Sample = sample!(
    "device-certificate-policy",
    "Device Certificate Policy",
    "certificate_policy",
    "smki",
    "device-certificate-policy.txt",
    TEXT
);

/// One of the four documents of SEC L5.7; the Chair makes it GREEN.
pub const ORGANISATION: Sample = sample!(
    "organisation-certificate-policy",
    "Organisation Certificate Policy",
    "certificate_policy",
    "smki",
    "organisation-certificate-policy.pdf",
    PDF
);

/// One of the four documents of SEC L5.7; the Chair makes it GREEN.
pub const IKI: Sample = sample!(
    "iki-certificate-policy",
    "IKI Certificate Policy",
    "certificate_policy",
    "smki",
    "iki-certificate-policy.txt",
    TEXT
);

/// One of the four documents of SEC L5.7; the Chair makes it AMBER.
pub const COMPLIANCE: Sample = sample!(
    "smki-compliance-policy",
    "SMKI Compliance Policy",
    "compliance_policy",
    "smki",
    "compliance-policy.txt",
    TEXT
);

/// A paper of the PMA; the Chair makes it RED.
pub const PAPER: Sample = sample!(
    "recovery-exercise-findings",
    "Findings of the recovery exercise",
    "paper",
    "pma-papers",
    "recovery-exercise-paper.txt",
    TEXT
);

/// What the DCC is directed to lodge; the Chair makes it GREEN.
pub const PROCEDURES: Sample = sample!(
    "smki-rapp",
    "SMKI Registration Authority Policies and Procedures",
    "registration_authority_procedures",
    "smki",
    "registration-authority-procedures.txt",
    TEXT
);

/// All of them.
pub const ALL: [Sample; 6] = [DEVICE, ORGANISATION, IKI, COMPLIANCE, PAPER, PROCEDURES];
