import hashlib

from hypothesis import given
from hypothesis import strategies as st

from incident.log.merkle import Frontier
from incident.roster.commitments import leaf_hash, merkle_root, prove, verify


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_a_tree_grown_leaf_by_leaf_is_the_tree_of_rfc_6962_at_every_size(links):
    frontier = Frontier()
    for size, link in enumerate(links):
        assert frontier.size == size
        assert frontier.root == merkle_root([leaf_hash(each) for each in links[:size]])
        frontier.add(link)
    assert frontier.root == Frontier(links).root == merkle_root([leaf_hash(each) for each in links])


def test_the_root_is_what_the_standard_says_by_hand():
    a, b, c = (hashlib.sha256(b"\x00" + bytes([n]) * 32).digest() for n in range(3))
    left = hashlib.sha256(b"\x01" + a + b).digest()
    assert Frontier(bytes([n]) * 32 for n in range(3)).root == hashlib.sha256(b"\x01" + left + c).digest()
    assert Frontier().root == hashlib.sha256(b"").digest()


@given(st.integers(1, 40), st.data())
def test_every_link_has_a_proof_under_the_root(size, data):
    links = [hashlib.sha256(bytes([n])).digest() for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = prove([leaf_hash(link) for link in links], index)
    assert proof.leaf == leaf_hash(links[index])
    assert verify(proof, Frontier(links).root)
    assert not verify(proof, Frontier([*links, bytes(32)]).root)
