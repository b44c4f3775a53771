//! What anyone can check offline: that these bytes were lodged, and that they were released.

use std::fs;
use std::path::Path;

use super::asking::{LABEL, curl, version};
use super::curl::quoted;
use super::samples;
use super::scenario::Props;
use super::stage::{DidNotHold, Shown, Stage, Unexpected, done, holds, unexpected};
use crate::cli::verify::measure;
use crate::edge::client::{Answer, ClientError};
use crate::pure::audit::evidence::{EvidenceError, verify_file};
use crate::pure::audit::report::EvidenceKind;
use crate::pure::audit::signature::of_proof;
use crate::pure::audit::trust::Trust;
use crate::pure::wire::audit::AuditQuery;

/// Fetches and checks the evidence of the reading that is entry `read`, and of the lodgement of what was read.
pub fn play(stage: &mut Stage<'_>, props: &Props, read: u64) -> Result<(), DidNotHold> {
    let person = "party-small-supplier";
    let sample = &samples::DEVICE;
    let file = props.received.join(format!("{person}-{}", sample.file));
    let proof = props.received.join(format!("entry-{read}.tlog-proof"));
    let command = curl(stage, person, &format!("/audit/entries/{read}/evidence")).into_file(&proof);
    stage.step(person, "fetches the evidence of the reading", &command, |client| {
        kept(client.entry_evidence(read), &proof)
    })?;
    prove(stage, props, "checks that these bytes were released", &file, &proof, EvidenceKind::Served)?;

    let proof = props.received.join(format!("{}-{LABEL}.tlog-proof", sample.document));
    let command = curl(stage, person, &format!("{}/evidence", version(sample.document))).into_file(&proof);
    let of_lodgement = stage.step(person, "fetches the evidence of the lodgement", &command, |client| {
        kept(client.version_evidence(sample.document, LABEL), &proof)
    })?;
    prove(stage, props, "checks that these bytes were lodged", &file, &proof, EvidenceKind::Lodged)?;

    take_signature_out(stage, props, &proof)?;

    let altered = props.received.join("altered.txt");
    let bytes = [sample.bytes, b"6. And everyone may sign.\n"].concat();
    let command = verify_command(props, &altered, &proof);
    stage
        .offline("checks an altered file against the same proof", &command, || {
            fs::write(&altered, &bytes).map_err(|error| unexpected("a file", &error))?;
            let file = measure(&altered).map_err(|error| unexpected("a file", &error))?;
            match verify_file(&file, of_lodgement.as_bytes(), &trust(props)?) {
                Err(error @ EvidenceError::OtherDigest { .. }) => {
                    Ok(Shown { text: format!("refused as it must be: {error}"), entry: None })
                }
                Err(error) => Err(unexpected("that another digest is the reason", &error)),
                Ok(_) => Err(Unexpected { expected: "that it is refused".into(), got: "that it verifies".into() }),
            }
        })
        .ok();

    let query = AuditQuery::default();
    let command = curl(stage, person, "/audit/entries");
    stage
        .step(person, "reads the records about oneself", &command, |client| {
            let (page, shown) =
                done(client.audit_entries(&query), |answer| format!("{} records", answer.value.items.len()))?;
            let has_read = page.items.iter().any(|item| item.index == read);
            holds(has_read, &format!("entry {read} among them"), || "none of that index".into())?;
            Ok(((), shown))
        })
        .ok();
    Ok(())
}

/// The lodger's own signature and its text as files, for programs of others.
fn take_signature_out(stage: &mut Stage<'_>, props: &Props, proof: &Path) -> Result<(), DidNotHold> {
    let (signature, text) = (proof.with_extension("p7s"), proof.with_extension("signed.txt"));
    let word = |path: &Path| quoted(&path.display().to_string());
    let command = format!(
        "{} evidence --from {} --signature {} --signed-text {}",
        quoted(&props.program),
        word(proof),
        word(&signature),
        word(&text)
    );
    let check = format!(
        "openssl cms -verify -binary -inform DER -in {} -content {} -CAfile {} -purpose any",
        word(&signature),
        word(&text),
        word(&stage.layout.ca())
    );
    stage.offline("takes the lodger's own signature out of it, which needs no word of the server's", &command, || {
        let bytes = fs::read(proof).map_err(|error| unexpected("the proof's file", &error))?;
        let signed = of_proof(&bytes).map_err(|error| unexpected("that the signature verifies", &error))?;
        let expected = || Unexpected { expected: "a signature".into(), got: "none".into() };
        let signed = signed.ok_or_else(expected)?;
        fs::write(&signature, &signed.cms).map_err(|error| unexpected("a file", &error))?;
        fs::write(&text, &signed.text).map_err(|error| unexpected("a file", &error))?;
        Ok(Shown { text: format!("it verifies; with another program: {check}"), entry: None })
    })
}

fn prove(
    stage: &mut Stage<'_>,
    props: &Props,
    what: &str,
    file: &Path,
    proof: &Path,
    kind: EvidenceKind,
) -> Result<(), DidNotHold> {
    let command = verify_command(props, file, proof);
    stage.offline(what, &command, || {
        let proof = fs::read(proof).map_err(|error| unexpected("the proof's file", &error))?;
        let file = measure(file).map_err(|error| unexpected("the file", &error))?;
        let evidence =
            verify_file(&file, &proof, &trust(props)?).map_err(|error| unexpected("that it verifies", &error))?;
        holds(evidence.kind == kind, &kind.to_string(), || evidence.kind.to_string())?;
        let text = evidence.proven().into_iter().next().unwrap_or_default();
        Ok(Shown { text, entry: Some(evidence.index) })
    })
}

fn trust(props: &Props) -> Result<Trust, Unexpected> {
    Trust::in_keys(&props.verifier_keys).map_err(|error| unexpected("the log's keys", &error))
}

/// Expects a proof, and keeps it in a file.
fn kept(proof: Result<Answer<String>, ClientError>, file: &Path) -> Result<(String, Shown), Unexpected> {
    let (text, shown) = done(proof, |answer| format!("{}: {} bytes", answer.status, answer.value.len()))?;
    fs::write(file, &text).map_err(|error| unexpected("a file", &error))?;
    Ok((text, shown))
}

fn verify_command(props: &Props, file: &Path, proof: &Path) -> String {
    let word = |path: &Path| quoted(&path.display().to_string());
    format!(
        "{} verify {} --proof {} --key {}",
        quoted(&props.program),
        word(file),
        word(proof),
        word(&props.verifier_key_file)
    )
}
