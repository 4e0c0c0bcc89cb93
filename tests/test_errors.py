"""The one message form."""

from __future__ import annotations

import pytest

from corridors.errors import (
    ConfigError,
    CorridorsError,
    InputError,
    OutputError,
    Problems,
    ResourceError,
    RunError,
    SecurityError,
    SolveError,
    flatten,
    printable,
    raise_all,
)


def test_message_says_what_where_given_allowed_and_remedy() -> None:
    error = ConfigError(
        "is out of range",
        code="C103",
        where="cores.threshold",
        given="7",
        allowed="0 to 1",
        remedy="Lower it.",
    )
    assert str(error) == "[C103] cores.threshold: is out of range. Given: 7. Allowed: 0 to 1. Lower it."
    assert error.as_dict()["given"] == "7"


@pytest.mark.parametrize(
    ("kind", "also", "letter"),
    [
        (ConfigError, ValueError, "C"),
        (InputError, ValueError, "I"),
        (ResourceError, RuntimeError, "R"),
        (OutputError, OSError, "O"),
        (SolveError, ArithmeticError, "S"),
        (RunError, RuntimeError, "N"),
        (SecurityError, PermissionError, "X"),
    ],
)
def test_each_kind_has_its_letter_and_a_builtin_parent(
    kind: type[CorridorsError], also: type[Exception], letter: str
) -> None:
    error = kind("wrong")
    assert isinstance(error, also)
    assert error.code.startswith(letter)
    assert str(error) == f"[{error.code}] wrong."


def test_raise_all__none_one_several() -> None:
    raise_all([])
    with pytest.raises(InputError, match="first"):
        raise_all([InputError("first")])
    with pytest.raises(Problems, match=r"(?s)first.*second.*third") as caught:
        raise_all([InputError("first"), Problems([ConfigError("second"), InputError("third")])])
    assert [p.what for p in flatten([caught.value])] == ["first", "second", "third"]


def test_control_characters_are_escaped() -> None:
    assert printable("a\x1b[31mb\r") == "a\\x1b[31mb\\r"
    assert "\x1b" not in str(InputError("bad", where="\x1b[2J.tif"))
    assert printable("Сихотэ-Алинь 珲春") == "Сихотэ-Алинь 珲春"
