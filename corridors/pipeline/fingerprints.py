"""What each step of a case rests on, by name and hash: the same fingerprint means the same result."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridors.io import hash_file
from corridors.io.provenance import program_digest
from corridors.io.step_codec import digest_of
from corridors.io.step_frames import UnknownTypeError
from corridors.layers.resolve import file_text
from corridors.pipeline.steps import STEPS, vectors_read

if TYPE_CHECKING:
    from corridors.config import Species, Workflow
    from corridors.layers.spec import LayerSpec
    from corridors.pipeline.inputs import Inputs

Parts = dict[str, str]
LAYERS = "layers"
CHECK = "check"
"""Not a step of the method: what `preflight` has to say of a case before it."""
PROGRAM = "the program"
ABOVE_THE_STEPS = ("cli", "studies", "preflight", "report")
"""Parts of the package that no step can rest on: imports point one way."""


@dataclass(frozen=True)
class Given:
    """What the steps of all cases are given; hashed once, and a layer of features when a step looks at it."""

    inputs: Inputs
    specs: Mapping[str, LayerSpec]
    incomplete: tuple[str, ...] = ()

    @cached_property
    def layers(self) -> str:
        """Hash of the rasters and of what the workflow says about them."""
        return digest_of([self.inputs.layers, said_of_layers(self.specs)])

    @cached_property
    def _hashes(self) -> Parts:
        return {}

    def vector(self, name: str) -> str:
        """Return the hash of a layer of features; that it is absent counts, too."""
        if name not in self.inputs.context:
            return "absent"
        if name not in self._hashes:
            try:
                self._hashes[name] = digest_of(self.inputs.context[name])
            except UnknownTypeError:  # a column of a type of its own: never the same twice
                self._hashes[name] = secrets.token_hex(16)
        return self._hashes[name]


def own_parts(species: Species, given: Given) -> dict[str, Parts]:
    """Return what every step of a case rests on, name of the part and hash, the steps it follows apart."""
    options = {"incomplete": digest_of(given.incomplete)}
    found: dict[str, Parts] = {}
    for step in STEPS.values():
        parts = {PROGRAM: the_program()}
        if LAYERS in step.follows:
            parts[step_part(LAYERS)] = given.layers
        for section in step.sections:
            parts[f"species.{section}"] = digest_of(plain_section(species, section))
        for name in vectors_read(step, species):
            parts[f"layer {name}"] = given.vector(name)
        for name in step.options:
            parts[name] = options[name]
        found[step.name] = parts
    return found


def step_part(name: str) -> str:
    """Return what the result of a step is called among the parts of those that follow it."""
    return f"step {name}"


def check_parts(species: Species, given: Given) -> Parts:
    """Return what checking a case rests on: the whole species and every layer."""
    parts = {PROGRAM: program_digest(), "species": digest_of(species.model_dump())}
    return parts | {"layers": given.layers} | {n: given.vector(n) for n in given.inputs.context}


def plain_section(species: Species, section: str) -> Any:
    """Return a section of the workflow file in plain values."""
    return species.model_dump(include={section})


def layer_parts(workflow: Workflow, folder: str, margin_km: float) -> Parts:
    """Return what reading the layers rests on: every file a source may mean, and what it is read for."""
    parts = {PROGRAM: the_program(), "title": digest_of(workflow.title), "margin_km": digest_of(margin_km)}
    parts["area"] = digest_of(workflow.area.model_dump())
    parts["what the workflow says of layers"] = digest_of(said_of_layers(workflow.layers))
    for path, name in candidate_files(workflow, folder):
        parts[f"file {name}"] = hash_file(path)
    return parts


def said_of_layers(specs: Mapping[str, LayerSpec]) -> dict[str, Any]:
    """Return what a workflow says of its layers; where a supplement lies is no part of it, its content is."""
    said: dict[str, Any] = {name: spec.model_dump() for name, spec in specs.items()}
    for name, spec in specs.items():
        if spec.supplement is not None:
            path, *part = spec.supplement.split("|")
            said[name]["supplement"] = [Path(path).name, *part]
    return said


def candidate_files(workflow: Workflow, folder: str) -> list[tuple[Path, str]]:
    """Return the files the sources of layers mean, all beside them that are called alike, and their names.

    A shapefile is several files, and a raster may have a world file.
    """
    named = {
        (folder, file_text(source).partition("|")[0])
        for spec in workflow.layers.values()
        for source in spec.sources
    }
    named |= {
        (workflow.folder, spec.supplement.partition("|")[0])
        for spec in workflow.layers.values()
        if spec.supplement
    }
    found: dict[Path, str] = {}
    for base, name in sorted(named - {(folder, "")}):
        place = (Path(base) / name).parent
        stem = Path(name).name.split(".")[0]
        if place.is_dir():
            alike = sorted(path for path in place.iterdir() if path.name.split(".")[0] == stem)
            found |= {path: path.name for path in alike if path.is_file()}
    return list(found.items())


def fingerprint(step: str, parts: Mapping[str, str]) -> str:
    """Return one hash for all a step rests on."""
    return digest_of([step, dict(sorted(parts.items()))])


def the_program() -> str:
    """Return the hash of the program and its libraries, as far as steps can rest on them."""
    return program_digest(ABOVE_THE_STEPS)
