"""How the place of a case is named: the path of a folder, or a URL of PostgreSQL. Nothing here loads a database."""

import os
import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from incident.errors import InvalidInput

DEFAULT_CASE = "main"
_SCHEMES = {"postgresql", "postgres", "postgresql+psycopg"}
_SECRETS = {"password", "sslpassword"}
_CASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class ServerUrl:
    """A case in a PostgreSQL database: `postgresql+psycopg://user@host/database?case=lakeshore`.

    `case` tells the cases of one database apart. What shows, `str()` and `repr()`, never has the password.

    Raises:
        InvalidInput: it is no such URL.
    """

    __slots__ = ("_engine_url", "_shown", "case")

    def __init__(self, text: str) -> None:
        parts = urlsplit(text.strip())
        if parts.scheme not in _SCHEMES:
            raise InvalidInput(f"{parts.scheme}://…: a case is kept in a folder or at postgresql+psycopg://…")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.case = query.pop("case", DEFAULT_CASE)
        if not _CASE_NAME.fullmatch(self.case):
            raise InvalidInput("case: the name of a case on a server has 1 to 40 of a-z, 0-9 and _, a letter first")
        if not parts.path.strip("/") or parts.fragment or not _has_good_port(parts):
            raise InvalidInput(
                "the URL names no database: write postgresql+psycopg://user@host/database?case=name, "
                "and odd characters of a password as %23"
            )
        parts = parts._replace(scheme="postgresql+psycopg")
        self._engine_url = _written(parts, query)
        user = parts.netloc.rpartition("@")[0].partition(":")[0]
        host = parts.netloc.rpartition("@")[2]
        open_query = {name: value for name, value in query.items() if name not in _SECRETS}
        self._shown = _written(
            parts._replace(netloc=f"{user}@{host}" if user else host), open_query | {"case": self.case}
        )

    @property
    def name(self) -> str:
        """What the case is called in a list, as the last part of a path is."""
        return self.case

    def engine_url(self) -> str:
        """What SQLAlchemy connects with, password and all."""
        return self._engine_url

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"ServerUrl({self._shown!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ServerUrl) and (self._shown, self._engine_url) == (other._shown, other._engine_url)

    def __hash__(self) -> int:
        return hash(self._shown)


Place = Path | ServerUrl
"""Where a case is kept."""


def read_place(text: str | os.PathLike[str] | ServerUrl) -> Place:
    """The place that a text names; `~` is the home folder.

    Raises:
        InvalidInput: it is a URL, and not one of a case.
    """
    if isinstance(text, ServerUrl):
        return text
    if isinstance(text, str) and re.match(r"\s*[a-z][a-z0-9+.-]+://", text, re.IGNORECASE):
        return ServerUrl(text)
    return Path(text).expanduser()


def _has_good_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _written(parts: SplitResult, query: dict[str, str]) -> str:
    # By hand: urlunsplit leaves the slashes out where there is no host.
    asked = f"?{urlencode(query, safe='/')}" if query else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{asked}"
