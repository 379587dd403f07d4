"""What is asked to begin an exercise: the scenario, the folder, who plays."""

from datetime import datetime
from pathlib import Path

from incident.errors import InvalidInput
from incident.exercise.scenario import parse_scenario
from incident.stores.naming import read_place
from tui import recent
from tui.compose import Workspace, scenario_packs, start_exercise
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.logins import Person

OTHER = "other"
"""A pack that is not among those that ship with the program."""


def scenario_options() -> dict[str, str]:
    """Path of a pack -> its title; a pack that cannot be read is left out, for it can be given by its path."""
    options = {}
    for path in scenario_packs():
        try:
            options[str(path)] = parse_scenario(path.read_text(encoding="utf-8")).title
        except InvalidInput:
            continue
    return options | {OTHER: "another scenario pack, by its path"}


def begin_form(pack: str, folder: Path, now: datetime) -> FormDialog:
    """Its answer is the open workspace of the exercise."""
    own = pack == OTHER
    name = "exercise" if own else Path(pack).stem.removeprefix("replay_").replace("_", "-")
    fields = [
        *([Field("pack", "Scenario pack", required=True, hint="~/pack.toml", check=existing_file)] if own else []),
        Field("folder", "Folder or URL", str(folder / f"{name}-{now:%Y-%m-%d}"), required=True),
        Field("user", "Player's user", required=True, hint="dana"),
        Field("name", "Player's name", required=True),
        Field("passphrase", "Passphrase", required=True, secret=True, hint="of the exercise; not that of this case"),
        Field("again", "Again", required=True, secret=True),
        Field("counsel", "Counsel's user", hint="who approves notices in the exercise; may be left empty"),
        Field("counsel_name", "Counsel's name"),
        Field("counsel_passphrase", "Their passphrase", secret=True),
    ]

    def job(values: Values) -> Workspace:
        path = Path(values["pack"] if own else pack).expanduser()
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise InvalidInput(f"pack: {path} is not text") from None
        workspace = start_exercise(read_place(values["folder"]), text, _people(values))
        recent.remember(workspace.place)
        return workspace

    return PathFormDialog(
        "Begin an exercise",
        fields,
        paths=["folder", *(["pack"] if own else [])],
        note="A case folder of its own; every screen and document says EXERCISE. This case is closed meanwhile.",
        job=job,
        commit="begin",
    )


def _people(values: Values) -> list[Person]:
    if values["passphrase"] != values["again"]:
        raise InvalidInput("again: the two passphrases are not the same")
    people = [Person(user=values["user"], name=values["name"], role="incident_lead", passphrase=values["passphrase"])]
    if values["counsel"]:
        if not values["counsel_passphrase"]:
            raise InvalidInput("counsel_passphrase: counsel needs a passphrase of their own")
        people.append(
            Person(
                user=values["counsel"],
                name=values["counsel_name"] or values["counsel"],
                role="counsel",
                passphrase=values["counsel_passphrase"],
            )
        )
    return people
