"""What the examiner reads first."""

_TEXT = """\
EVIDENCE PACK
=============

{organization}
Incident {reference}: {title}
Made {made} by {by}, from entries #1 to #{count} of the log.

Keep until {keep_until}; the last event of the incident was on {last_event}.
{rule}.


HOW TO CHECK IT

Needed: Python 3.9 or newer and the Python package "cryptography". None of our software.

    python3 verify_evidence.py THIS_FOLDER --checkpoint CHECKPOINT --key KEY

Take verify_evidence.py from a source you trust rather than from this folder; the copy here has the SHA-256
    {verifier_sha256}
CHECKPOINT is one that you were given earlier and kept: a file, or a code that was read aloud to you. It is what shows
that the log was not rewritten since. Without one the pack can only be shown to agree with itself. The checkpoint of
this pack, to be kept for the next time:
    {code}
KEY is the public key of the case. Compare it with the one you were given by another way:
    {key}


WHAT IS IN IT

events.jsonl            the entries of the incident in clear text, one a line, with the bytes as they are stored, the
                        key of that one entry, and a proof that it is in the log
positions.jsonl         every entry of the log, #1 to #{count}, shown or not: its stream, its version, its hash
privilege-log.jsonl/.csv   what was withheld as privileged: by whom, to whom, when, of what kind, on what ground
documents.jsonl         every document the entries speak of: its file, or why it is withheld
documents/              the documents as they are in the record, byte for byte
stamped/                the PDFs among them with page numbers {first_page} to {last_page}
{specimens}chronology, burden-of-proof   to read: the record in order; what it shows for each duty (45 CFR 164.414(b))
checkpoint.txt          count, head and Merkle root of the log, signed
manifest.json/.txt      SHA-256 of every file, signed


WHAT IT PROVES, AND WHAT IT DOES NOT

Disclosed: {disclosed} entries. Withheld as privileged: {privileged}. Of other matters: {other}.

Proved: every disclosed entry is what the stored bytes say, and they stand in the log at that place. Every stream of the
incident (its own, and those of its notices, filings and lists of people) is here without a gap: each version is shown
or is in the privilege log. No entry of the log is unaccounted for.

Not proved by arithmetic: that entries listed as of other matters have nothing to do with this one (their stream and
version are proved, their content is not shown); that what people wrote is true; that a clock was right. The log shows
the order in which things were recorded, and that nothing was changed after the checkpoint you hold.

The people affected are not named here. {letters}
The text of chronology and burden-of-proof is made from the entries; where they differ, the entries hold.
"""

WITHOUT_LETTERS = "Letters to them are withheld; documents.jsonl has the hash of each file."
WITH_LETTERS = "The exception are their letters under documents/, which name them: handle this pack accordingly."
SPECIMENS = "specimens/              the text of the letters as approved, with merge fields in place of persons\n"


def readme(**values: object) -> str:
    """The text; every value is given by name."""
    return _TEXT.format(**values)
