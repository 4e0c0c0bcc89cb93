"""A workflow that extends another: the base below, the variant over it, and which file says what.

Tables are merged key by key, everything else is the variant's; entries of `[[species]]` are merged with the
entry they name. Paths stay relative to the file they stand in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any

from corridors.errors import ConfigError
from corridors.io import read_toml

EXTENDS = "extends"
MOST_FILES = 8
NAMED_BY = ("name", "season", "scenario")
FULL_PATH = re.compile(r"[/\\]|[A-Za-z]:")
FOLDERS = (("data", "folder"), ("layers", "*", "supplement"))
"""Keys that hold a path relative to the workflow file; `*` is any name."""

Tree = Any
"""Tables as mappings, the entries of species as a list, everything else a `Said`."""


@dataclass(frozen=True)
class Said:
    """A value, and the name of the file it stands in."""

    value: Any
    file: str


def read_workflow(path: str | PathLike[str]) -> tuple[dict[str, Any], Tree]:
    """Return what a workflow file says, the files it extends included, and where each value stands.

    Parameters
    ----------
    path : str or path
        The file; `extends = "base.toml"` in it names another, relative to its folder.

    Returns
    -------
    mapping : dict
        As one file would say it, without `extends`.
    origins : tree
        For `files_at`.

    Raises
    ------
    ConfigError
        C102 `extends` is no text, C110 no such base, C140 files that extend each other, or over 8 of them,
        C141 an entry of species that fits several; C111 and C112 as `read_toml`.
    """
    tree: Tree = {}
    for mapping, name, folder in reversed(files_below(fspath(path))):
        own = tree_of({key: value for key, value in mapping.items() if key != EXTENDS}, name)
        tree = laid_over(tree, with_paths_from(own, folder), name)
    return plain(tree), tree


def files_below(path: str) -> list[tuple[dict[str, Any], str, str]]:
    """Return content, name, and folder as seen from the first, of a file and of those it extends."""
    here, folder = path.replace("\\", "/"), ""
    found: list[tuple[dict[str, Any], str, str]] = []
    seen: list[str] = []
    while True:
        name = posixpath.basename(here)
        seen.append(posixpath.normpath(here))
        mapping = read_toml(here) if not found else read_base(here, extended_by=found[-1][1])
        found.append((mapping, name, folder))
        if EXTENDS not in mapping:
            return found
        base = base_named(mapping[EXTENDS], name)
        here, folder = joined(posixpath.dirname(here), base), joined(folder, posixpath.dirname(base))
        names = " extends ".join([*(each[1] for each in found), posixpath.basename(base)])
        if posixpath.normpath(here) in seen:
            what, remedy = "workflow files extend each other", "Remove one of these."
            raise ConfigError(what, code="C140", where=f"{name}, extends", given=names, remedy=remedy)
        if len(found) == MOST_FILES:
            what, allowed = "too many workflow files extend one another", f"at most {MOST_FILES}"
            raise ConfigError(what, code="C140", where=f"{name}, extends", given=names, allowed=allowed)


def base_named(value: Any, name: str) -> str:
    """Return the file a workflow extends, with forward slashes."""
    if isinstance(value, str) and value.strip():
        return value.replace("\\", "/")
    allowed = 'the name of one workflow file, such as "base.toml"'
    raise ConfigError("wrong type", code="C102", where=f"{name}, extends", given=str(value), allowed=allowed)


def read_base(path: str, *, extended_by: str) -> dict[str, Any]:
    """Return what a base says; where it is missing, the file that names it is complained of."""
    try:
        return read_toml(path)
    except ConfigError as error:
        if error.code != "C110":
            raise
        where, given = f"{extended_by}, extends", posixpath.basename(path)
        remedy = f"The name is relative to the folder of {extended_by}."
        raise ConfigError(
            "there is no such workflow file", code="C110", where=where, given=given, remedy=remedy
        ) from None


def joined(folder: str, path: str) -> str:
    """Return a path seen from where its folder is seen from; a full one stays as it is.

    Examples
    --------
    >>> joined("../shared", "data"), joined("", "data"), joined("../shared", "C:/data")
    ('../shared/data', 'data', 'C:/data')
    """
    return path if not folder or FULL_PATH.match(path) else posixpath.join(folder, path)


def tree_of(mapping: Mapping[str, Any], file: str) -> Tree:
    """Return a mapping with every value marked by its file."""

    def marked(value: Any) -> Tree:
        if isinstance(value, Mapping):
            return {key: marked(inner) for key, inner in value.items()}
        return Said(value, file)

    tree = marked(mapping)
    entries = mapping.get("species")
    if isinstance(entries, list):
        tree["species"] = [marked(entry) for entry in entries]
    return tree


def with_paths_from(tree: Tree, folder: str) -> Tree:
    """Return a tree whose paths are seen from the folder of the first file."""
    for keys in FOLDERS:
        for holder, key in held_at(tree, keys):
            said = holder[key]
            if isinstance(said, Said) and isinstance(said.value, str):
                holder[key] = Said(joined(folder, said.value), said.file)
    return tree


def held_at(tree: Tree, keys: Sequence[str]) -> Iterator[tuple[dict[str, Tree], str]]:
    """Yield the tables that hold the last of some keys."""
    first, *rest = keys
    if not isinstance(tree, dict):
        return
    for key in tree if first == "*" else [first] if first in tree else []:
        if rest:
            yield from held_at(tree[key], rest)
        else:
            yield tree, key


def laid_over(base: Tree, own: Tree, file: str) -> Tree:
    """Return one tree over another; a table of another `kind` replaces the base's."""
    if isinstance(base, list) and isinstance(own, list):
        return species_over(base, own, file)
    if not (isinstance(base, dict) and isinstance(own, dict)) or other_kind(base, own):
        return own
    return base | {key: laid_over(base[key], own[key], file) if key in base else own[key] for key in own}


def other_kind(base: Mapping[str, Tree], own: Mapping[str, Tree]) -> bool:
    """Return whether the variant says another `kind` than the base."""
    return "kind" in own and plain(own["kind"]) != plain(base.get("kind"))


def species_over(base: list[Tree], own: list[Tree], file: str) -> list[Tree]:
    """Return entries of species merged with those they name, in the base's order, and new ones after them.

    An entry is merged with the one of the same name, season and scenario, as far as it says them; else with
    the only one of its name, whose season or scenario it then changes. Each is merged once at most.
    """
    merged, added = list(base), []
    free = set(range(len(base)))
    later = []
    for number, entry in enumerate(own):
        places = [place for place in sorted(free) if fits(base[place], entry, NAMED_BY)]
        if len(places) > 1:
            raise fits_several(entry, number, file)
        if places:
            merged[places[0]] = laid_over(base[places[0]], entry, file)
            free -= {places[0]}
        else:
            later.append(entry)
    for entry in later:
        places = [place for place in sorted(free) if fits(base[place], entry, ("name",))]
        if len(places) == 1:
            merged[places[0]] = laid_over(base[places[0]], entry, file)
            free -= {places[0]}
        else:
            added.append(entry)
    return [*merged, *added]


def fits(base: Tree, own: Tree, keys: Sequence[str]) -> bool:
    """Return whether an entry names another by these keys; the name has to be said, the others may be."""
    if not (isinstance(base, dict) and isinstance(own, dict) and "name" in own):
        return False
    said = {key: plain(own[key]) for key in keys if key in own}
    known = {"scenario": "baseline"} | {key: plain(base[key]) for key in keys if key in base}
    return all(known.get(key) == value for key, value in said.items())


def fits_several(entry: Tree, number: int, file: str) -> ConfigError:
    """Return the problem of an entry that names several of the base."""
    what = f"several species of the base are called {plain(entry['name'])}"
    remedy = "Give season and scenario of the one that is meant."
    return ConfigError(what, code="C141", where=f"{file}, species {number + 1}", remedy=remedy)


def plain(tree: Tree) -> Any:
    """Return the values of a tree."""
    if isinstance(tree, Said):
        return tree.value
    if isinstance(tree, dict):
        return {key: plain(inner) for key, inner in tree.items()}
    return [plain(inner) for inner in tree] if isinstance(tree, list) else tree


def files_at(origins: Tree, place: Sequence[int | str], otherwise: str) -> str:
    """Return the name of the file a place stands in; of a table that several fill, all of them."""
    here = origins
    for part in place:
        known = isinstance(here, dict) and part in here
        if not known and not (isinstance(here, list) and isinstance(part, int) and part < len(here)):
            break
        here = here[part]
    return " and ".join(dict.fromkeys(files_in(here))) or otherwise


def files_in(tree: Tree) -> Iterator[str]:
    """Yield the file of every value of a tree."""
    if isinstance(tree, Said):
        yield tree.file
    elif isinstance(tree, (dict, list)):
        for inner in tree.values() if isinstance(tree, dict) else tree:
            yield from files_in(inner)
