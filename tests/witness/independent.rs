//! The cosignatures verified from the specification's words alone, with none of Strongroom's code.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ml_dsa::{KeyInit as _, MlDsa44, Signature, Verifier as _, VerifyingKey};
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, UnparsedPublicKey};

/// That `line` is a cosignature by `key` of the checkpoint with this text; gives its time.
#[track_caller]
pub fn assert_cosigns(line: &str, key: &str, text: &str) -> u64 {
    let parts: Vec<&str> = key.splitn(3, '+').collect();
    let (name, key) = (parts[0], BASE64_STANDARD.decode(parts[2]).unwrap());
    let [dash, signer, encoded] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
    assert_eq!((dash, signer), ("\u{2014}", name));
    let blob = BASE64_STANDARD.decode(encoded).unwrap();
    let id = digest(&SHA256, &[name.as_bytes(), b"\n", &key].concat());
    assert_eq!((&blob[..4], parts[1]), (&id.as_ref()[..4], hex::encode(&id.as_ref()[..4]).as_str()));
    let (time, signature) = (u64::from_be_bytes(blob[4..12].try_into().unwrap()), &blob[12..]);
    if key[0] == 4 {
        let message = format!("cosignature/v1\ntime {time}\n{text}");
        UnparsedPublicKey::new(&ED25519, &key[1..]).verify(message.as_bytes(), signature).unwrap();
        return time;
    }
    assert_eq!(key[0], 6);
    let [origin, size, root] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    let mut message = b"subtree/v1\n\0".to_vec();
    message.push(name.len() as u8);
    message.extend(name.as_bytes());
    message.extend(time.to_be_bytes());
    message.push(origin.len() as u8);
    message.extend(origin.as_bytes());
    message.extend([0; 8]);
    message.extend(size.parse::<u64>().unwrap().to_be_bytes());
    message.extend(BASE64_STANDARD.decode(root).unwrap());
    let verifier = VerifyingKey::<MlDsa44>::new_from_slice(&key[1..]).unwrap();
    verifier.verify(&message, &Signature::try_from(signature).unwrap()).unwrap();
    time
}
