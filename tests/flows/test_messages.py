"""Plain lines: what a terminal would obey is shown, and a day has one form."""

from datetime import date

import pytest

from flows.messages import printable, read_day
from models.errors import SettingsError


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("营收增长\n下降", "营收增长\n下降"),
        ("\x1b]0;title\x07", "�]0;title�"),
        ("a\r\x9bb", "a��b"),
        ("\u202e元亿", "�元亿"),
        ("\ud800", "�"),
    ],
)
def test_nothing_commands_the_terminal(words: str, shown: str) -> None:
    assert printable(words) == shown


def test_a_day_has_one_form() -> None:
    assert read_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "written", ["2023-02-29", "20220418", "2022-4-18", "2022-W16-1", "yesterday", "", "２０２２-04-18"]
)
def test_another_form_is_refused_by_name(written: str) -> None:
    with pytest.raises(SettingsError, match=r"--since is .*, which is no day") as caught:
        read_day(written, "--since")
    assert "YYYY-MM-DD" in caught.value.next_step
