"""How a list is read: what a person decided over what was guessed, and kept under a name for the next list like it."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from incident.roster.mapping import FIELDS, key_of


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections of what is guessed about a file; None, or a field that is not there, leaves the guess.

    `mapping` is field -> heading, empty to leave the field out. `sheet` is for workbooks, the others for text.
    """

    mapping: Mapping[str, str | None] = {}
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


AS_GUESSED = Layout()


def fixed(layout: Layout, mapping: Mapping[str, str]) -> Layout:
    """The layout with every field settled as in `mapping`: nothing is guessed about columns any more."""
    return msgspec.structs.replace(layout, mapping={field: mapping.get(field, "") for field in FIELDS})


def fits(layout: Layout, headings: Iterable[str]) -> bool:
    """Whether every column that the layout names is among the headings."""
    known = {key_of(heading) for heading in headings}
    named = [heading for heading in layout.mapping.values() if heading]
    return bool(named) and all(key_of(heading) in known for heading in named)


def best_of(layouts: Mapping[str, Layout], headings: Sequence[str]) -> str | None:
    """The name of the layout that fits and reads the most columns; of two as good the later one."""
    fitting = [name for name, layout in layouts.items() if fits(layout, headings)]
    return max(reversed(fitting), key=lambda name: sum(map(bool, layouts[name].mapping.values())), default=None)
