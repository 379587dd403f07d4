"""Opening the program on the screen."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from incident.stores.naming import Place
from tui.app import BreachApp
from tui.presenters import StartCase


def run(
    *, case: Place | None, user: str | None, samples: Path | None, idle_seconds: float, review: bool = False
) -> int:
    """Run the screens until the person leaves; answers with the exit code. `review`: a case opens on its queue."""
    # Nothing slides or fades: a slow line shows every frame.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    workspace = None
    if case is not None:
        from tui.cli.common import opened_or_exit  # noqa: PLC0415 - loads the stores; the start screen does without

        workspace = opened_or_exit(case, user)
    app = BreachApp(
        workspace,
        samples=partial(_sample_cases, samples) if samples is not None else None,
        review=review,
        idle_seconds=idle_seconds,
    )
    app.run()
    if app.maybe_session is not None:
        # What is being recorded is finished first.
        app.maybe_session.close()
    return app.return_code or 0


def _sample_cases(folder: Path) -> tuple[StartCase, ...]:
    from tui.sample_cases import sample_cases  # noqa: PLC0415 - in the thread that makes them

    return tuple(StartCase(each.name, each.path, each.people, each.roster) for each in sample_cases(folder))
