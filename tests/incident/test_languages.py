"""A language by any of its names is one code; what is not known stays unsaid."""

import pytest

from incident.roster.languages import language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [("Spanish", "es"), ("español", "es"), ("es-US", "es"), ("ENGLISH", "en"), ("vi", "vi"), ("中文", "zh"),
     ("Spanish; Castilian", "es"), ("", ""), ("unknown", ""), ("Klingon", "")],
)  # fmt: skip
def test_a_language_by_name_or_code(written: str, code: str) -> None:
    assert language_code(written) == code
