"""The one table of strings: whole in every language, the same placeholders in each, every key used."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest

from corridors.errors import InputError
from corridors.report.html.sections import CHARTED_COLUMNS, GROUPS, IDENTITY
from corridors.report.html.strings import LANGUAGES, string_table, words_of
from corridors.report.html.tables import SHOWN_COLUMNS

CODE = "\n".join(
    path.read_text("utf-8")
    for folder in (files("corridors.report.html"), files("corridors.report.html") / "template")
    for path in folder.iterdir()
    if path.name.endswith((".py", ".j2", ".js"))
)
MADE_FROM_NAMES = (
    "col_",
    "word_",
    "layer_",
    "table_",
    "group_",
    "movement_",
    "resistance_",
    "s_",
    "ask_",
    "map_",
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", string_table())
def test_string__whole_in_every_language_with_the_same_placeholders(key: str) -> None:
    row = string_table()[key]
    assert len(row) == len(LANGUAGES)
    assert all(text.strip() == text and text for text in row)
    assert len({frozenset(fields(text)) for text in row}) == 1


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_strings__are_in_the_script_of_the_language(language: str) -> None:
    letters = {"ru": "[а-яё]", "mn": "[а-яөүё]", "zh": "[\u4e00-\u9fff]", "ko": "[\uac00-\ud7a3]"}[language]
    without = [
        key for key, text in words_of(language).table.items() if not re.search(letters, text, re.IGNORECASE)
    ]
    assert without == []


def test_strings__every_key_of_the_code_is_in_the_table() -> None:
    asked = set(re.findall(r"\b(?:t|words)\(\s*\"([a-z_]+)\"\s*[,)]", CODE))
    assert len(asked) > 60
    assert asked - set(string_table()) == set()


def test_strings__every_key_of_the_table_is_asked_for() -> None:
    plain = {key for key in string_table() if not key.startswith(MADE_FROM_NAMES)}
    assert {key for key in plain if not re.search(rf"[\"']{key}[\"']", CODE)} == set()


def test_strings__every_shown_column_has_a_name() -> None:
    shown = {
        *IDENTITY,
        *CHARTED_COLUMNS,
        *(c for part in (SHOWN_COLUMNS, GROUPS) for cs in part.values() for c in cs),
    }
    assert {column for column in shown if f"col_{column}" not in string_table()} == set()


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (1234567.8, "en", "1\u202f234\u202f568"),
        (12.345, "en", "12.3"),
        (1.5, "ru", "1,5"),
        (0.0004, "en", "0"),
        (-0.0004, "en", "0"),
        (-7, "ko", "\u22127"),
        (float("nan"), "en", "–"),
        (float("inf"), "en", "∞"),
    ],
)
def test_number__as_people_write_it(value: float, language: str, text: str) -> None:
    assert words_of(language).number(value) == text


def test_number__change_carries_its_sign() -> None:
    assert words_of("en").number(3, signed=True) == "+3"


def test_words_of__says_which_languages_there_are() -> None:
    with pytest.raises(InputError, match="en, ru, zh, mn, ko"):
        words_of("de")
