"""The screens. Sections of an incident are registered here by the digit that opens them.

A section is a subclass of `tui.screens.base.SectionScreen`, named as `module:Class` so that it is imported when it is
first opened.
"""

SECTION_NAMES: tuple[str, ...] = ("board", "log", "assess", "people", "notices", "filings", "review", "exercise")
"""Digits 1 to 8, in this order."""

SECTIONS: dict[str, str] = {
    "board": "tui.screens.board:BoardScreen",
    "log": "tui.screens.log:LogScreen",
    "assess": "tui.screens.assess:AssessScreen",
    "people": "tui.screens.people:PeopleScreen",
    "notices": "tui.screens.notices:NoticesScreen",
    "filings": "tui.screens.filings:FilingsScreen",
    "review": "tui.screens.review:ReviewScreen",
    "exercise": "tui.screens.exercise:ExerciseScreen",
}
"""Section -> where its screen is. A section that is missing here answers "not available here yet"."""
