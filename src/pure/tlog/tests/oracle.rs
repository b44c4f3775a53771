//! Proofs are byte for byte those of `ct-merkle`, and each of ours is refused once it is altered.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::{Leaves, leaf};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::proof::{
    InvalidProof, ProveError, prove_consistency, prove_inclusion, root, verify_consistency, verify_inclusion,
};
use crate::pure::tlog::tree::Tree;

type Oracle = MemoryBackedTree<Sha256, [u8; 8]>;

fn oracle(size: u64) -> Oracle {
    let mut tree = Oracle::new();
    (0..size).for_each(|index| tree.push(leaf(index)));
    tree
}

fn oracle_root(tree: &Oracle) -> TreeHash {
    TreeHash(tree.root().as_bytes()[..].try_into().unwrap())
}

fn concatenated(proof: &[TreeHash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn roots_and_inclusion_proofs_agree_for_every_leaf_of_every_size_to_200() {
    let leaves = Leaves::numbered(200);
    let (mut oracle, mut tree) = (Oracle::new(), Tree::empty());
    for size in 1..=200 {
        oracle.push(leaf(size - 1));
        tree.push(leaves.leaf_hash(size - 1));
        let root = root(&leaves, size).unwrap();
        assert_eq!(root, oracle_root(&oracle));
        assert_eq!(root, tree.root());
        for index in 0..size {
            let proof = prove_inclusion(&leaves, index, size).unwrap();
            assert_eq!(concatenated(&proof), oracle.prove_inclusion(index as usize).as_bytes(), "{index} of {size}");
            verify_inclusion(&leaves.leaf_hash(index), index, size, &proof, &root).unwrap();
        }
    }
}

#[test]
fn consistency_proofs_agree_for_every_pair_of_sizes_to_200() {
    let leaves = Leaves::numbered(200);
    let roots: Vec<_> = (0..=200).map(|size| root(&leaves, size).unwrap()).collect();
    for new in 1..=200_u64 {
        let oracle = oracle(new);
        for old in 1..=new {
            let proof = prove_consistency(&leaves, old, new).unwrap();
            let theirs = oracle.prove_consistency((new - old) as usize);
            assert_eq!(concatenated(&proof), theirs.as_bytes(), "{old} to {new}");
            verify_consistency(old, &roots[old as usize], new, &roots[new as usize], &proof).unwrap();
        }
    }
}

#[test]
fn proofs_agree_at_the_sizes_around_a_tile() {
    for size in [255, 256, 257, 511, 513, 4095, 5000] {
        let (leaves, oracle) = (Leaves::numbered(size), oracle(size));
        let new_root = root(&leaves, size).unwrap();
        assert_eq!(new_root, oracle_root(&oracle));
        for number in [0, 1, 127, 128, 199, size / 2, size - 2, size - 1] {
            let proof = prove_inclusion(&leaves, number, size).unwrap();
            assert_eq!(concatenated(&proof), oracle.prove_inclusion(number as usize).as_bytes());
            verify_inclusion(&leaves.leaf_hash(number), number, size, &proof, &new_root).unwrap();
            let old = number + 1;
            let proof = prove_consistency(&leaves, old, size).unwrap();
            assert_eq!(concatenated(&proof), oracle.prove_consistency((size - old) as usize).as_bytes());
            verify_consistency(old, &root(&leaves, old).unwrap(), size, &new_root, &proof).unwrap();
        }
    }
}

#[test]
fn everything_extends_the_empty_tree_by_the_empty_proof_only() {
    let leaves = Leaves::numbered(3);
    let (empty, three) = (TreeHash::of_empty_tree(), root(&leaves, 3).unwrap());
    assert_eq!(prove_consistency(&leaves, 0, 3), Ok(vec![]));
    assert_eq!(verify_consistency(0, &empty, 3, &three, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 0, &empty, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &three, 3, &three, &[]), Err(InvalidProof::OtherRoot));
    assert_eq!(verify_consistency(0, &empty, 3, &three, &[three]), Err(InvalidProof::WrongLength));
    assert_eq!(verify_consistency(3, &three, 3, &empty, &[]), Err(InvalidProof::OtherRoot));
    assert_eq!(verify_consistency(3, &three, 3, &three, &[three]), Err(InvalidProof::WrongLength));
}

#[test]
fn what_lies_outside_the_tree_is_refused() {
    let leaves = Leaves::numbered(3);
    let root = root(&leaves, 3).unwrap();
    assert_eq!(prove_inclusion(&leaves, 3, 3), Err(ProveError::OutsideTree { asked: 3, size: 3 }));
    assert_eq!(prove_consistency(&leaves, 4, 3), Err(ProveError::OutsideTree { asked: 4, size: 3 }));
    assert_eq!(verify_inclusion(&root, 3, 3, &[], &root), Err(InvalidProof::OutsideTree));
    assert_eq!(verify_inclusion(&root, 0, 0, &[], &root), Err(InvalidProof::OutsideTree));
    assert_eq!(verify_consistency(4, &root, 3, &root, &[]), Err(InvalidProof::OutsideTree));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_altered_inclusion_proof_is_refused(size in 1_u64..600, at in any::<u64>(), flip in any::<u64>()) {
        let leaves = Leaves::numbered(size);
        let (index, root) = (at % size, root(&leaves, size).unwrap());
        let leaf = leaves.leaf_hash(index);
        let proof = prove_inclusion(&leaves, index, size).unwrap();
        let verify = |proof: &[TreeHash]| verify_inclusion(&leaf, index, size, proof, &root);

        let mut longer = proof.clone();
        longer.push(root);
        prop_assert_eq!(verify(&longer), Err(InvalidProof::WrongLength));
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert_eq!(verify(shorter), Err(InvalidProof::WrongLength));
            let mut other = proof.clone();
            let place = flip as usize % other.len();
            other[place].0[flip as usize % 32] ^= 1;
            prop_assert_eq!(verify(&other), Err(InvalidProof::OtherRoot));
            prop_assert!(verify_inclusion(&leaf, (index + 1) % size, size, &proof, &root).is_err());
        }
        let other_leaf = TreeHash::of_leaf(b"another");
        prop_assert_eq!(verify_inclusion(&other_leaf, index, size, &proof, &root), Err(InvalidProof::OtherRoot));
    }

    #[test]
    fn an_altered_consistency_proof_is_refused(new in 2_u64..600, at in any::<u64>(), flip in any::<u64>()) {
        let leaves = Leaves::numbered(new);
        let old = 1 + at % (new - 1);
        let (old_root, new_root) = (root(&leaves, old).unwrap(), root(&leaves, new).unwrap());
        let proof = prove_consistency(&leaves, old, new).unwrap();
        let verify = |proof: &[TreeHash]| verify_consistency(old, &old_root, new, &new_root, proof);

        prop_assert_eq!(verify(&proof), Ok(()));
        let mut longer = proof.clone();
        longer.push(new_root);
        prop_assert_eq!(verify(&longer), Err(InvalidProof::WrongLength));
        prop_assert_eq!(verify(&proof[1..]), Err(InvalidProof::WrongLength));
        let mut other = proof.clone();
        let place = flip as usize % other.len();
        other[place].0[flip as usize % 32] ^= 1;
        prop_assert_eq!(verify(&other), Err(InvalidProof::OtherRoot));
        prop_assert!(verify_consistency(old, &new_root, new, &new_root, &proof).is_err());
    }

    #[test]
    fn proofs_of_any_length_about_any_size_are_refused_without_panic(
        (a, b) in (any::<u64>(), any::<u64>()),
        shifts in (0_u32..64, 0_u32..64),
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(TreeHash), 0..200),
    ) {
        let (a, b, root) = (a >> shifts.0, b >> shifts.1, TreeHash::of_leaf(b"root"));
        prop_assert!(verify_inclusion(&root, a, b, &proof, &root).is_err() || (a, b, proof.len()) == (0, 1, 0));
        prop_assert!(verify_consistency(a, &root, b, &root, &proof).is_err() || a == b);
    }
}
