"""Opening the program on the screen."""

import os
from pathlib import Path

from tui.app import BreachApp
from tui.cli.common import opened, refusals
from tui.compose import Workspace


@refusals
def run(*, case: Path | None, user: str | None, samples: Path | None, idle_seconds: float) -> int:
    """Run the screens until the person leaves; answers with the exit code."""
    # Nothing slides or fades: a slow line shows every frame.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    workspace: Workspace | None = opened(case, user, None) if case is not None else None
    app = BreachApp(workspace, idle_seconds=idle_seconds)
    app.run()
    if app.maybe_session is not None:
        app.maybe_session.workspace.close()
    return app.return_code or 0
