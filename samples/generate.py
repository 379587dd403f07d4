"""Makes the lists of people of the samples: `python -m samples.generate FOLDER`. The same bytes at every run.

Nobody in them exists. Each list holds on purpose what real lists hold and a careless merge gets wrong: minors and the
deceased, people without an address, addresses asked for in confidence, lost leading zeros, dates in many forms,
repeated and unusable rows.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from samples.chicago import chicago
from samples.los_angeles import los_angeles

LISTS: Final[dict[str, Callable[[], bytes]]] = {
    "people_chicago.csv": chicago,
    "people_los_angeles.csv": los_angeles,
}
"""File name -> what writes the file."""


def main(folder: Path) -> None:
    """Write the lists into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in LISTS.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m samples.generate FOLDER")
    main(Path(sys.argv[1]))
