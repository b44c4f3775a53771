//! Whatever is submitted, in whatever order, with power failures between: all that was ever cosigned is one history.

use proptest::prelude::*;

use super::*;
use crate::service::witness::state::file_name;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// A history is told from an old size to a new one; perhaps with another proof.
    Submit { history: History, old: Old, new: u64, proof: Proof },
    /// The witness starts again.
    Restart,
    /// The power goes, at so many calls of the disk from now, and the witness starts again.
    PowerFails { after: u64 },
}

#[derive(Clone, Debug)]
enum Old {
    Latest,
    Any(u64),
}

#[derive(Clone, Debug)]
enum Proof {
    /// As the history has it.
    Right,
    /// As another history has it.
    Of(History),
    /// One hash too few.
    Cut,
}

fn history() -> impl Strategy<Value = History> {
    (0_u64..24, 0_u8..3).prop_map(|(fork, number)| History { fork, number })
}

fn step() -> impl Strategy<Value = Step> {
    let old = prop_oneof![4 => Just(Old::Latest), 1 => (0_u64..40).prop_map(Old::Any)];
    let proof = prop_oneof![5 => Just(Proof::Right), 1 => history().prop_map(Proof::Of), 1 => Just(Proof::Cut)];
    let submit = (history(), old, 0_u64..40, proof).prop_map(|(history, old, new, proof)| Step::Submit {
        history,
        old,
        new,
        proof,
    });
    prop_oneof![8 => submit, 1 => Just(Step::Restart), 1 => (0_u64..8).prop_map(|after| Step::PowerFails { after })]
}

/// The model: what was answered, and nothing else.
fn is_one_history(cosigned: &[(u64, History)]) -> bool {
    cosigned.iter().all(|(size, history)| {
        let larger = cosigned.iter().filter(|(other, _)| other >= size);
        larger.into_iter().all(|(_, other)| root(history, *size) == root(other, *size))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 14, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_that_was_ever_cosigned_is_one_history(steps in prop::collection::vec(step(), 1..24), seed in any::<u64>()) {
        let mut disk = SimulatedDisk::new(seed);
        let mut witness = open(&disk).unwrap();
        let mut answered: Vec<(u64, History)> = Vec::new();
        for step in steps {
            match step {
                Step::Submit { history, old, new, proof } => {
                    let latest = witness.latest(&file_name(ORIGIN)).map_or(0, |latest| latest.checkpoint.size);
                    let old = match old { Old::Latest => latest, Old::Any(old) => old };
                    let honest = if old <= new { history.proof(old, new) } else { Vec::new() };
                    let proof = match proof {
                        Proof::Right => honest,
                        Proof::Of(other) if old <= new => other.proof(old, new),
                        Proof::Of(_) => Vec::new(),
                        Proof::Cut => honest.split_last().map_or(Vec::new(), |(_, rest)| rest.to_vec()),
                    };
                    match cosigned(&witness, &request(old, proof, signed(&history.checkpoint(new)))) {
                        Ok(answer) => {
                            prop_assert_eq!((answer.size, old), (new, latest));
                            answered.push((new, history));
                        }
                        Err(NotCosigned::Refused(_)) => {}
                        Err(NotCosigned::Storage(_)) => {
                            prop_assert!(disk.is_off());
                            disk = disk.after_power_failure();
                            witness = open(&disk).unwrap();
                        }
                        Err(other) => prop_assert!(false, "{}", other),
                    }
                }
                Step::Restart => {
                    disk = disk.after_kill();
                    witness = open(&disk).unwrap();
                }
                Step::PowerFails { after } => disk.power_off_at(disk.calls() + after),
            }
            prop_assert!(is_one_history(&answered), "{:?}", answered);
        }
    }
}
