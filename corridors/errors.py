"""Everything `corridors` can complain about, and the one form a complaint takes.

CorridorsError
├── ConfigError     C1xx  the workflow file: a key, a type, a range
├── InputError      I2xx  a layer or a value in it: missing, misplaced, out of range
├── ResourceError   R3xx  memory, disk, time
├── OutputError     O4xx  a file that could not be written or verified
├── SolveError      S5xx  a computation without an answer
├── RunError        N6xx  a run that broke off, or two that meet
├── SecurityError   X7xx  a hostile file, a sensitive value on its way out
└── Problems              several of the above, told at once
"""

from __future__ import annotations

from collections.abc import Iterable


class CorridorsError(Exception):
    """A problem a person can act on: what, where, what was given, what is allowed, how to mend it.

    Parameters
    ----------
    what : str
        What is wrong, with numbers.
    code : str
        Stable code, shown in the message and in JSON.
    where : str
        File, layer, key or cell; never a coordinate of an animal.
    given, allowed : str
        The value found and the values that would do.
    remedy : str
        What to do about it.

    Examples
    --------
    >>> str(InputError("has no CRS", code="I203", where="roads.tif", remedy="Set assume_crs."))
    '[I203] roads.tif: has no CRS. Set assume_crs.'
    """

    default_code = "E000"

    def __init__(
        self,
        what: str,
        *,
        code: str | None = None,
        where: str = "",
        given: str = "",
        allowed: str = "",
        remedy: str = "",
    ) -> None:
        self.what, self.where, self.given, self.allowed, self.remedy = what, where, given, allowed, remedy
        self.code = code or self.default_code
        super().__init__(self.message())

    def message(self) -> str:
        """Return the complaint as one line."""
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.given:
            parts.append(f"Given: {self.given}")
        if self.allowed:
            parts.append(f"Allowed: {self.allowed}")
        if self.remedy:
            parts.append(self.remedy)
        sentences = (part if part.endswith((".", "!", "?")) else part + "." for part in parts)
        return printable(f"[{self.code}] " + " ".join(sentences))

    def as_dict(self) -> dict[str, str]:
        """Return the parts by name, for JSON."""
        names = ("code", "what", "where", "given", "allowed", "remedy")
        return {name: printable(getattr(self, name)) for name in names}


class ConfigError(CorridorsError, ValueError):
    """The workflow file says something that cannot be meant."""

    default_code = "C100"


class InputError(CorridorsError, ValueError):
    """A layer, or a value in it, cannot be used as it is."""

    default_code = "I200"


class ResourceError(CorridorsError, RuntimeError):
    """Memory, disk or time does not suffice."""

    default_code = "R300"


class OutputError(CorridorsError, OSError):
    """A file could not be written, or does not hold what was written."""

    default_code = "O400"


class SolveError(CorridorsError, ArithmeticError):
    """A computation has no answer, or none that can be trusted."""

    default_code = "S500"


class RunError(CorridorsError, RuntimeError):
    """A run broke off."""

    default_code = "N600"


class SecurityError(CorridorsError, PermissionError):
    """A file that looks hostile, or a sensitive value about to leave the run folder."""

    default_code = "X700"


class Problems(CorridorsError):  # noqa: N818 - it holds errors, several of them
    """Several problems, told at once.

    Parameters
    ----------
    problems : iterable of CorridorsError
        At least one.
    """

    def __init__(self, problems: Iterable[CorridorsError]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems", code=self.problems[0].code)

    def message(self) -> str:
        """Return one line per problem."""
        return "\n".join(problem.message() for problem in self.problems)


def raise_all(problems: Iterable[CorridorsError]) -> None:
    """Raise nothing for no problem, the problem itself for one, and `Problems` for several."""
    found = flatten(problems)
    if len(found) == 1:
        raise found[0]
    if found:
        raise Problems(found)


def flatten(problems: Iterable[CorridorsError]) -> list[CorridorsError]:
    """Return the single problems, those inside a `Problems` included."""
    single: list[CorridorsError] = []
    for problem in problems:
        single.extend(problem.problems if isinstance(problem, Problems) else [problem])
    return single


def printable(text: str) -> str:
    """Return `text` with control characters escaped, so that a file name cannot drive a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
