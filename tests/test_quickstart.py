"""The quick starts: the same commands in every language, and commands that exist."""

from __future__ import annotations

import re
import shlex
from importlib import resources

import pytest
import typer

from corridors.cli import app

FOLDER = resources.files("corridors") / "quickstart"
LANGUAGES = ("ru", "zh", "mn")
COMMANDS = typer.main.get_command(app).commands


def text_of(language: str) -> str:
    return (FOLDER / f"{language}.md").read_text(encoding="utf-8")


def commands_in(language: str) -> list[list[str]]:
    """Return the words of every command line of a quick start."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text_of(language), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_exists(language):
    ours = [words[1:] for words in commands_in(language) if words[0].endswith("corridors")]
    assert [words[0] for words in ours] == ["demo", "init", "check", "run", "compare"]
    for name, *words in ours:
        known = {text for parameter in COMMANDS[name].params for text in parameter.opts}
        options = {word for word in words if word.startswith("-")}
        assert options <= known, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_in_the_language_of_the_reader(language):
    said = [words[words.index("--lang") + 1] for words in commands_in(language) if "--lang" in words]
    assert said == [language, language]


def test_all_say_the_same_steps_and_warnings():
    headings = {
        language: len(re.findall(r"^## \d\.", text_of(language), re.MULTILINE)) for language in LANGUAGES
    }
    assert set(headings.values()) == {5}
    for language in LANGUAGES:
        assert "`default`" in text_of(language)  # numbers nobody has measured
        assert "**" in text_of(language)  # the demonstration data decide nothing
