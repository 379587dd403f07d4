"""Taking a checkpoint of an open case, to be kept by somebody outside."""

from datetime import datetime

from incident.casefile import OpenCase
from incident.log.checkpoints import TreeHead, origin, sign_checkpoint, sign_note, verifier_key
from incident.log.merkle import Frontier


def tree_head(case: OpenCase, at: datetime) -> TreeHead:
    """Count, head and Merkle root of the log as it is now."""
    newest = case.log.checkpoint()
    root = Frontier(case.log.recorder.links(newest.count)).root
    return TreeHead(case.case_id, newest.count, newest.head, root, at)


def take_checkpoint(case: OpenCase, at: datetime) -> tuple[TreeHead, str]:
    """The log as it is now, and the signed checkpoint of it, to be written to a file."""
    tree = tree_head(case, at)
    return tree, sign_checkpoint(tree, case.keyring.signing_key())


def public_key(case: OpenCase) -> str:
    """What checks the signatures of the case, in the form to give to others."""
    return verifier_key(origin(case.case_id), case.public_key)


def sign_text(case: OpenCase, text: str) -> str:
    """A text with the signature of the case under it; `read_note` reads it again. It ends with a line end.

    Raises:
        NotAllowed: the user may read only.
    """
    return sign_note(text, origin(case.case_id), case.keyring.signing_key())
