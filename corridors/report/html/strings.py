"""The words of the report, from the one table `strings.toml`: a row per sentence, a column per language.

Names of places, countries, species and layers are not in it: they come from the user's files.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corridors.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "ru", "zh", "mn", "ko")
DECIMAL_COMMA = ("ru",)
THIN_SPACE = "\u202f"
MINUS = "\u2212"


@dataclass(frozen=True)
class Words:
    """The strings of one language; called with a key and the values it mentions."""

    language: str
    table: Mapping[str, str]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the sentence of a key; numbers in `values` are written as the language does."""
        said = {name: self.number(v) if isinstance(v, (int, float)) else str(v) for name, v in values.items()}
        return self.table[key].format(**said)

    def get(self, key: str, otherwise: str) -> str:
        """Return the sentence of a key, or `otherwise` where the table has none."""
        return self.table.get(key, otherwise)

    def number(self, value: float, *, signed: bool = False) -> str:
        r"""Return a number with at most three or so telling digits, thousands apart; `–` where there is none.

        Examples
        --------
        >>> words_of("en").number(35_512.4), words_of("ru").number(0.7124), words_of("en").number(-3)
        ('35\u202f512', '0,712', '−3')
        """
        if value is None or math.isnan(value):
            return "–"
        if math.isinf(value):
            return "∞" if value > 0 else f"{MINUS}∞"
        return self._written(float(value), signed=signed)

    def _written(self, value: float, *, signed: bool) -> str:
        size = abs(value)
        decimals = 0 if value.is_integer() or size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
        text = f"{size:,.{decimals}f}".replace(",", THIN_SPACE)
        if decimals:
            text = text.rstrip("0").rstrip(".")
        if self.language in DECIMAL_COMMA:
            text = text.replace(".", ",")
        sign = (MINUS if value < 0 else "+" if signed and value > 0 else "") if text != "0" else ""
        return sign + text


def words_of(language: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    InputError
        I289 a language the table does not hold.
    """
    if language not in LANGUAGES:
        what = "the report is not written in this language"
        raise InputError(what, code="I289", where="language", given=language, allowed=", ".join(LANGUAGES))
    column = LANGUAGES.index(language)
    return Words(language, {key: row[column] for key, row in string_table().items()})


@lru_cache(maxsize=1)
def string_table() -> Mapping[str, tuple[str, ...]]:
    """Return all strings: by key, one for each of `LANGUAGES` in order."""
    text = files("corridors.report.html").joinpath("strings.toml").read_text("utf-8")
    return {key: tuple(row) for key, row in tomllib.loads(text).items()}
