"""Personal names as cells hold them: order, honorifics, suffixes, organizations, and text that is no name.

Nothing is re-cased, split or spelled otherwise: people know how their names are written. The one thing that is turned
round is "Family, Given", because nobody is addressed like that.
"""

import re
import unicodedata
from functools import lru_cache

_SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV", "v": "V", "2nd": "2nd", "3rd": "3rd"}
_CREDENTIALS = frozenset(
    {"md", "do", "dds", "dmd", "phd", "rn", "np", "pa", "esq", "jd", "cpa", "dvm", "od", "lcsw", "psyd", "edd", "clu"}
    | {"cfp", "lutc", "pharmd", "dpm", "dc", "mba", "ret", "cfa"}
)
_HONORIFICS = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "fr", "sr.", "hon", "capt", "sgt", "col", "lt", "master"}
)
_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof"})
_DECEASED_WORDS = frozenset({"deceased", "decd", "decedent"})
_COMPANY_WORDS = frozenset(
    {"llc", "inc", "incorporated", "corp", "corporation", "ltd", "plc", "llp", "gmbh", "foundation", "university"}
    | {"hospital", "clinic", "insurance", "bank", "church", "dept", "department", "associates", "holdings", "dba"}
    | {"enterprises", "attn"}
)
_COMPANY_PHRASE = re.compile(r"\b(?:school district|city of|county of|state of|l l c)\b")
_PLACEHOLDERS = frozenset(
    {"unknown", "unk", "na", "none", "null", "nil", "test", "test patient", "test test", "testpatient", "tbd", "nan"}
    | {"do not use", "duplicate", "void", "deleted", "not given", "not provided", "no name", "noname", "xxx", "xx"}
    | {"unknown unknown", "unnamed", "anonymous", "patient test", "dummy", "dummy patient", "na na", "patient unknown"}
    | {"unknown patient", "ztest", "zztest", "total", "totals", "grand total", "end of report", "john doe test"}
)
_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$")
_DIGIT = re.compile(r"\d")

_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


_FOLDED = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ") for code in range(256))


def fold(text: str) -> str:
    """Lower case without accents and punctuation, words parted by one space: for comparing, never for printing."""
    if text.isascii():
        return b" ".join(text.encode().translate(_FOLDED, b"'").split()).decode()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w]|_", " ", plain.replace("’", "").replace("'", "")).lower().split())


@lru_cache(maxsize=1 << 10)
def fold_answer(text: str) -> str:
    """The same for cells in which few different answers recur."""
    return fold(text)


def _bare(word: str) -> str:
    return word.replace(".", "").strip(" ,").lower()


def split_full(text: str) -> tuple[str, str, bool]:
    """A full name as (name in the order it is spoken, suffix, whether 'Family, Given' was turned round).

    'Doe, John A., Jr.' gives ('John A. Doe', 'Jr.', True); 'John Doe, M.D.' keeps its order and its letters.
    """
    parts = [part.strip() for part in text.split(",")]
    suffix = ""
    rest = []
    for number, part in enumerate(parts):
        bare = _bare(part)
        if number and bare in _SUFFIXES:
            suffix = _SUFFIXES[bare]
        elif part:
            rest.append(part)
    if len(rest) == 2 and _bare(rest[1]) not in _CREDENTIALS:
        family, given = rest
        words = family.split()
        if len(words) > 1 and _bare(words[-1]) in _SUFFIXES and not suffix:
            suffix, family = _SUFFIXES[_bare(words[-1])], " ".join(words[:-1])
        words = given.split()
        if len(words) > 1 and _bare(words[-1]) in _SUFFIXES and _bare(words[-1]) != "v" and not suffix:
            suffix, given = _SUFFIXES[_bare(words[-1])], " ".join(words[:-1])
        return f"{given} {family}", suffix, True
    if suffix and len(rest) == 1:
        return rest[0], suffix, False
    return text.strip(), "", False


def without_honorific(text: str) -> tuple[str, str]:
    """The name and the honorific that stood in front of it, if any word remains besides."""
    first, _, rest = text.partition(" ")
    if rest and (_bare(first) in _HONORIFICS):
        return rest.strip(), first
    return text, ""


def without_title(given: str) -> tuple[str, str]:
    """A given name and the title in front of it; only titles that are no given names themselves ('Dr. Ana')."""
    first, _, rest = given.partition(" ")
    if rest and _bare(first) in _TITLES:
        return rest.strip(), first
    return given, ""


def with_suffix_apart(family: str) -> tuple[str, str]:
    """A family name and the suffix behind it, both as they are written: 'Doe, Jr.' gives ('Doe', 'Jr.')."""
    name, _, last = family.rpartition(" ")
    if name and _bare(last) in _SUFFIXES and _bare(last) != "v":
        return name.rstrip(", "), last
    return family, ""


_TELLING = frozenset().union(
    *(words.split() for words in _PLACEHOLDERS),
    *(_SUFFIXES, _CREDENTIALS, _HONORIFICS, _TITLES, _DECEASED_WORDS, _COMPANY_WORDS),
    ("of", "school", "district"),
)
"""Words that may make a name something else than a person's: with none of them in it, it is none of the above."""
_PLAIN_LIMIT = 38
"""Letters of one of the three parts of a name that stays within any limit."""


@lru_cache(maxsize=1 << 16)
def plain_name(text: str) -> str:
    """A given, middle or family name folded, where it is so plain that no check of names finds anything in it.

    Empty where it is not: nothing but words of two ASCII letters or more, parted by spaces, hyphens and apostrophes,
    and none of them such as placeholders, organizations, titles and suffixes are made of.
    """
    folded = fold(text)
    words = folded.split()
    if (
        not text.isascii()
        or len(text) > _PLAIN_LIMIT
        or not text.replace(" ", "").replace("-", "").replace("'", "").isalpha()
        or min(map(len, words), default=0) < 2
        or not _TELLING.isdisjoint(words)
        or any(word.endswith("estate") for word in words)
    ):
        return ""
    return folded


def says_deceased(folded: str) -> bool:
    """Whether a folded name says that its bearer has died: 'Estate of Ana Sol', 'Sol (deceased)'."""
    if "estate" not in folded and "dec" not in folded:
        return False
    words = folded.split()
    return "estate of" in folded or not _DECEASED_WORDS.isdisjoint(words)


def is_company(folded: str) -> bool:
    """Whether a folded name is that of an organization, by the words such names are made of."""
    if not _COMPANY_WORDS.isdisjoint(folded.split()):
        return True
    return (" of " in folded or "l l c" in folded or "school" in folded) and _COMPANY_PHRASE.search(folded) is not None


def is_placeholder(folded: str) -> bool:
    """Whether a folded name stands for nobody: 'UNKNOWN', 'Test Patient', 'N/A'."""
    return folded in _PLACEHOLDERS or (len(folded) < 8 and folded.replace(" ", "") in _PLACEHOLDERS)


def is_email(text: str) -> bool:
    """Whether the text has the form of an e-mail address."""
    return _EMAIL.match(text) is not None


def has_digit(text: str) -> bool:
    """Whether there is an ASCII digit in the text."""
    return _DIGIT.search(text) is not None


_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|â€|\ufffd|Ã[A-Z]")


def is_mangled(text: str) -> bool:
    """Whether the letters look like UTF-8 read as windows-1252, or some of them were lost."""
    return not text.isascii() and _MOJIBAKE.search(text) is not None
