"""Writing letters as one PDF beside the case: they name people, so it is for its owner only, and the log says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from incident.errors import InvalidInput

if TYPE_CHECKING:
    from incident.service import Receipt, Service


def save_sheet(service: Service, incident_id: UUID, path: Path, content: bytes, what: str) -> Receipt:
    """Write a PDF that is not there yet, and log that it left the case; `what` names it, such as "Sample of 59".

    Raises:
        InvalidInput: there is a file already.
        NotAllowed: the person at work may not record that it left.
    """
    service.require("incident.action_logged")
    path = path.expanduser()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InvalidInput(f"{path}: there is a file of that name already") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return service.incidents.log_action(incident_id, f"{what} exported in clear text to {path.absolute()}")
