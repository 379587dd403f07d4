"""The blind index: which rows hold a word, for whoever has the key to turn the word into its token.

A segment's entries (token and row, 13 bytes each, sorted) are kept in 256 buckets by the first byte of the token. So a
segment of ten thousand people costs 256 inserts instead of forty thousand, and a search reads one bucket of each
segment: two hundred kilobytes for a million people.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from sqlalchemy import Connection, delete, select, update

from incident.roster.sealing import INDEX_ENTRY as _ENTRY
from incident.roster.sealing import TOKEN, index_entry
from incident.roster.tables import Place, index, insert_many


def write_segment(connection: Connection, place: Place, number: int, words: bytes) -> None:
    """Index the entries of a segment, given one behind the other."""
    insert_many(connection, index, [(place.number, bucket, number, entries) for bucket, entries in _buckets(words)])


def _buckets(words: bytes) -> Iterator[tuple[int, bytes]]:
    """The entries in order, those with the same first byte together."""
    import numpy as np  # noqa: PLC0415 - a command that imports no list does not wait for it

    entries = np.frombuffer(words, np.dtype([("token", f">u{TOKEN}"), ("row", f"V{_ENTRY - TOKEN}")]))
    # Rows come in ascending order, and a stable sort keeps them so under each token.
    tokens = entries["token"].astype(np.uint64)
    order = np.argsort(tokens, kind="stable")
    entries, first = entries[order], tokens[order] >> np.uint64(8 * (TOKEN - 1))
    begins = [0, *(np.flatnonzero(first[1:] != first[:-1]) + 1).tolist(), len(first)] if len(first) else []
    for start, end in pairwise(begins):
        yield int(first[start]), entries[start:end].tobytes()


def rows_with(connection: Connection, place: Place, token: bytes) -> set[int]:
    """The rows that hold a word, by its token."""
    query = select(index.c.entries).where(index.c.roster == place.number, index.c.bucket == token[0])
    found: set[int] = set()
    for (entries,) in connection.execute(query):
        at = entries.find(token)
        while at >= 0:
            if at % _ENTRY == 0:
                found.add(int.from_bytes(entries[at + TOKEN : at + _ENTRY], "big"))
            at = entries.find(token, at + 1)
    return found


def replace(
    connection: Connection, place: Place, number: int, row: int, *, old: Iterable[bytes], new: Iterable[bytes]
) -> None:
    """Take a row's old tokens out of its segment's index and put new ones in."""
    before, after = set(old), set(new)
    for bucket in {token[0] for token in before ^ after}:
        here = (index.c.roster == place.number, index.c.bucket == bucket, index.c.segment == number)
        kept = connection.execute(select(index.c.entries).where(*here)).scalar_one_or_none()
        entries = {kept[at : at + _ENTRY] for at in range(0, len(kept), _ENTRY)} if kept else set()
        entries -= {index_entry(token, row) for token in before if token[0] == bucket}
        entries |= {index_entry(token, row) for token in after if token[0] == bucket}
        content = b"".join(sorted(entries))
        if not content:
            # An empty bucket would be a row that vouches for nothing.
            connection.execute(delete(index).where(*here))
        elif kept is None:
            insert_many(connection, index, [(place.number, bucket, number, content)])
        else:
            connection.execute(update(index).where(*here).values(entries=content))
