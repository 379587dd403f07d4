"""The organization's own templates: letterhead, signature, style, sections. Checked before they are taken in.

files = folder.read_folder(path)            what a folder holds, its pictures made safe
house = assemble.house_of(files)            the same in the form that a letter carries
faults = trial.trial_faults(house, law)     what a letter made with them would lack
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notices.context import House


def own_templates(files: Mapping[str, bytes]) -> House | None:
    """The templates of a case from what it keeps of them; None where there are none.

    Raises:
        NoticeError: what is kept is not what was checked.
    """
    if not files:
        return None
    from notices.house.assemble import house_of  # noqa: PLC0415 - reads pictures, which most cases have none of

    return house_of(files)
