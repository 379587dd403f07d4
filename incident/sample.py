"""The random sample of printed letters that a person reads before any of them leaves. Pure.

Each letter was compared with its row by the program. What no program sees (a text that reads oddly, a name that was
wrong in the list already) a person sees, in letters that nobody chose: the draw follows from the hash of the manifest,
which stands in the log before anybody can know what it draws.
"""

import hashlib
import heapq
from collections.abc import Iterable, Sequence

from incident.errors import InvalidInput, OutOfOrder
from incident.events import Event, SampleRefused, SampleSigned
from incident.notice import LETTERS, Notice

SIZE = 59
"""The least n with 0.95 ** n <= 0.05: were one letter in twenty faulty, 59 show at least one with 95 % confidence."""
MANIFEST = "manifest.json"
"""The file of a rendering that lists its letters."""


def sample_size(letters: int) -> int:
    """How many letters of so many are read: 59, or all where there are fewer."""
    return min(SIZE, letters)


def rank(manifest_sha256: str, code: str) -> str:
    """What decides whether a letter is drawn: the lowest ranks are. `printf %s HASH:CODE | sha256sum` says the same."""
    return hashlib.sha256(f"{manifest_sha256}:{code}".encode()).hexdigest()


def draw(manifest_sha256: str, letters: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The codes that are drawn from (code, text variant) of each letter, in the order of the codes.

    Those are the 59 lowest ranks, and of each variant that has none among them the lowest: a text that few people get
    is read as well.
    """
    lowest: list[tuple[int, str, str]] = []
    of_variant: dict[str, tuple[str, str]] = {}
    for code, variant in letters:
        place = rank(manifest_sha256, code)
        of_variant[variant] = min(of_variant.get(variant, (place, code)), (place, code))
        # A heap keeps its least item at hand: by the negated rank that is the highest of those held.
        item = (-int(place, 16), code, variant)
        if len(lowest) < SIZE:
            heapq.heappush(lowest, item)
        else:
            heapq.heappushpop(lowest, item)
    drawn = {code for _, code, _ in lowest}
    covered = {variant for _, _, variant in lowest}
    drawn |= {code for variant, (_, code) in of_variant.items() if variant not in covered}
    return tuple(sorted(drawn))


def why_so_many(letters: int, drawn: int) -> str:
    """The size of a sample with its reason."""
    if drawn >= letters:
        return f"all {letters:,} letters" if letters != 1 else "the one letter"
    more = f", and {drawn - SIZE} more so that each text is among them" if drawn > SIZE else ""
    return f"{SIZE} of {letters:,}: were one letter in twenty faulty, they show one with 95 % confidence{more}"


def decide_sign(state: Notice, manifest_sha256: str, codes: Sequence[str]) -> list[Event]:
    """Sign that these letters of the last rendering were read and are right.

    Raises:
        OutOfOrder: there is nothing to sign, or it was refused or signed already.
        InvalidInput: it is another manifest, or too few letters.
    """
    letters = _drawn_from(state, manifest_sha256, codes)
    if state.sample is not None:
        done = "signed" if isinstance(state.sample, SampleSigned) else "refused"
        raise OutOfOrder(f"the sample of this rendering was {done} already; a new rendering has a new one")
    return [SampleSigned(manifest_sha256=manifest_sha256, letters=letters, codes=tuple(codes))]


def decide_refuse(
    state: Notice, manifest_sha256: str, codes: Sequence[str], *, reason: str, faulty: Sequence[str] = ()
) -> list[Event]:
    """Say that the letters are not right: nothing of this rendering may leave. Also after it was signed.

    `faulty` are codes of the sample in which a fault was seen.

    Raises:
        OutOfOrder: there is nothing to refuse, or it was refused already.
        InvalidInput: it is another manifest, no reason is given, or a letter is not of the sample.
    """
    letters = _drawn_from(state, manifest_sha256, codes)
    if isinstance(state.sample, SampleRefused):
        raise OutOfOrder("the sample of this rendering was refused already; render the letters again")
    if not reason.strip():
        raise InvalidInput("reason: say what is wrong with the letters")
    strange = [code for code in faulty if code not in codes]
    if strange:
        raise InvalidInput(f"faulty: {', '.join(strange)} is not in the sample")
    return [
        SampleRefused(
            manifest_sha256=manifest_sha256,
            letters=letters,
            codes=tuple(codes),
            faulty=tuple(dict.fromkeys(faulty)),
            reason=reason.strip(),
        )
    ]


def _drawn_from(state: Notice, manifest_sha256: str, codes: Sequence[str]) -> int:
    """How many letters the sample is drawn from, once it is seen that it is one of the last rendering."""
    if state.kind not in LETTERS:
        raise OutOfOrder("a sample is drawn from letters only")
    if state.rendered is None or state.status not in {"rendered", "partly sent", "dispatched"}:
        raise OutOfOrder(f"there are no letters to draw from: the notice is {state.status}")
    letters = state.rendered.documents
    if not letters:
        raise OutOfOrder("there are no letters to draw from: everybody was excluded")
    if manifest_sha256 not in {file.sha256 for file in state.rendered.files if file.name == MANIFEST}:
        raise InvalidInput("manifest: it is not that of the last rendering; look at the sample again")
    if len(set(codes)) != len(codes) or not sample_size(letters) <= len(codes) <= letters:
        raise InvalidInput(f"codes: {len(set(codes)):,} different letters are no sample of {letters:,}")
    return letters
