"""Merkle roots and inclusion proofs against the definition of RFC 6962, section 2.1."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.errors import InvalidInput
from incident.roster.commitments import InclusionProof, leaf_hash, merkle_root, prove, verify

envelopes = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def by_definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(entries[:k]) + by_definition(entries[k:])).digest()


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_that_of_the_definition(entries: list[bytes]) -> None:
    assert merkle_root([leaf_hash(entry) for entry in entries]) == by_definition(entries)


def test_published_roots_are_met() -> None:
    """The test vectors of the Certificate Transparency code base."""
    entries = [bytes.fromhex(entry) for entry in ("", "00", "10", "2021", "3031", "40414243")]
    leaves = [leaf_hash(entry) for entry in entries]
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle_root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle_root(leaves).hex() == "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"


@given(envelopes, st.data())
def test_every_leaf_has_a_proof(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = prove(leaves, index)
    assert proof.leaf == leaves[index]
    assert verify(proof, merkle_root(leaves))


@given(envelopes, st.data())
def test_a_proof_holds_for_nothing_else(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = prove(leaves, index), merkle_root(leaves)
    other = leaf_hash(b"somebody else")
    assert not verify(InclusionProof(index, proof.size, other, proof.path), root)
    assert not verify(proof, other)
    assert not verify(InclusionProof(index, proof.size, proof.leaf, (*proof.path, other)), root)
    assert not verify(InclusionProof(proof.size, proof.size, proof.leaf, proof.path), root)
    if proof.path:
        assert not verify(InclusionProof(index, proof.size, proof.leaf, proof.path[:-1]), root)
        assert not verify(InclusionProof(index, proof.size, proof.leaf, (other, *proof.path[1:])), root)


def test_a_node_does_not_pass_for_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != merkle_root([left, right])


def test_there_is_no_proof_for_what_is_not_there() -> None:
    with pytest.raises(InvalidInput, match="index"):
        prove([leaf_hash(b"a")], 1)
