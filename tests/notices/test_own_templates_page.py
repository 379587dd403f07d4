"""The page on own templates says what the program does: its example is the sample, its lists are the lists."""

import re
import tomllib
from pathlib import Path

from notices.context import Agency, IncidentText, Organization
from notices.environment import build_environment
from notices.house import sections, style
from notices.house.assemble import MANIFEST
from notices.house.pictures import LARGEST
from notices.words import Words

PAGE = Path("docs/own-templates.md").read_text(encoding="utf-8")
SAMPLE = Path("samples/data/own_templates")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_example_is_the_sample() -> None:
    assert tomllib.loads(block("toml")) == tomllib.loads((SAMPLE / MANIFEST).read_text(encoding="utf-8"))
    shipped = (SAMPLE / "sections/en/hipaa.contact.html.j2").read_text(encoding="utf-8")
    for line in block("jinja").splitlines():
        assert line in shipped, line


def test_every_value_that_a_section_reads_is_told_and_no_other() -> None:
    for kind in (Organization, IncidentText, Agency, Words):
        for field in kind.__struct_fields__:
            if (kind, field) not in {(Organization, "address"), (Agency, "source"), (Agency, "checked_on")}:
                assert f"`{field}`" in PAGE, field
    for name in sections._IN_BODY:
        assert f"`{name}`" in PAGE


def test_the_lists_of_the_page_are_the_lists_of_the_checks() -> None:
    assert " ".join(sorted(sections._TAGS)) == " ".join(sorted(re.search(r"Tags: `([^`]*)`", PAGE).group(1).split()))
    for filter_ in build_environment().filters:
        assert f"`{filter_}`" in PAGE, filter_
    for look in style._CHECKS:
        assert f"`{look}`" in PAGE, look
    for place in style._PLACES:
        assert f"`{place}`" in PAGE, place
    assert f"{LARGEST:,} bytes" in PAGE
