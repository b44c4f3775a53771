//! What anyone can check offline: that these bytes were lodged, and that they were released.

use std::fs;
use std::path::Path;

use super::curl::quoted;
use super::samples;
use super::scenario::{LABEL, Props, curl, version};
use super::stage::{DidNotHold, Shown, Stage, Unexpected, done, holds, unexpected};
use crate::cli::verify::verify_with_any;
use crate::pure::audit::evidence::FileDigest;
use crate::pure::audit::report::EvidenceKind;
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::audit::AuditQuery;

/// Fetches and checks the evidence of the reading that is entry `read`, and of the lodgement of what was read.
pub fn play(stage: &mut Stage<'_>, props: &Props, read: u64) -> Result<(), DidNotHold> {
    let person = "party-small-supplier";
    let sample = &samples::DEVICE;
    let file = props.received.join(format!("{person}-{}", sample.file));
    let proof = props.received.join(format!("entry-{read}.tlog-proof"));
    let command = curl(stage, person, &format!("/audit/entries/{read}/evidence")).into_file(&proof);
    let of_read = stage.step(person, "fetches the evidence of the reading", &command, |client| {
        done(client.entry_evidence(read), |answer| format!("{}: {} bytes", answer.status, answer.value.len()))
    })?;
    keep(&proof, &of_read).map_err(|()| DidNotHold)?;
    prove(stage, props, "checks that these bytes were released", (&file, sample.bytes), &proof, EvidenceKind::Served)?;

    let proof = props.received.join(format!("{}-{LABEL}.tlog-proof", sample.document));
    let command = curl(stage, person, &format!("{}/evidence", version(sample.document))).into_file(&proof);
    let of_lodgement = stage.step(person, "fetches the evidence of the lodgement", &command, |client| {
        done(client.version_evidence(sample.document, LABEL), |answer| {
            format!("{}: {} bytes", answer.status, answer.value.len())
        })
    })?;
    keep(&proof, &of_lodgement).map_err(|()| DidNotHold)?;
    prove(stage, props, "checks that these bytes were lodged", (&file, sample.bytes), &proof, EvidenceKind::Lodged)?;

    let altered = props.received.join("altered.txt");
    let mut bytes = sample.bytes.to_vec();
    bytes.extend_from_slice(b"6. And everyone may sign.\n");
    fs::write(&altered, &bytes).map_err(|_| DidNotHold)?;
    let command = verify_command(props, &altered, &proof);
    stage
        .offline("checks an altered file against the same proof", &command, || {
            match verify_with_any(&measured(&bytes), of_lodgement.as_bytes(), std::slice::from_ref(&props.verifier_key))
            {
                Ok(_) => Err(Unexpected { expected: "that it is refused".into(), got: "that it verifies".into() }),
                Err(error) => Ok(Shown { text: format!("refused as it must be: {error}"), entry: None }),
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

fn prove(
    stage: &mut Stage<'_>,
    props: &Props,
    what: &str,
    (file, bytes): (&Path, &[u8]),
    proof: &Path,
    kind: EvidenceKind,
) -> Result<(), DidNotHold> {
    let command = verify_command(props, file, proof);
    stage.offline(what, &command, || {
        let proof = fs::read(proof).map_err(|error| unexpected("the proof's file", &error))?;
        let evidence = verify_with_any(&measured(bytes), &proof, std::slice::from_ref(&props.verifier_key))
            .map_err(|error| unexpected("that it verifies", &error))?;
        holds(evidence.kind == kind, &kind.to_string(), || evidence.kind.to_string())?;
        let text = evidence.proven().into_iter().next().unwrap_or_default();
        Ok(Shown { text, entry: Some(evidence.index) })
    })
}

fn measured(bytes: &[u8]) -> FileDigest {
    FileDigest { sha256: sha256(bytes), size: bytes.len() as u64 }
}

fn keep(path: &Path, text: &str) -> Result<(), ()> {
    fs::write(path, text).map_err(drop)
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
