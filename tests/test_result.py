"""`Result`: frozen, keyed by the names of the schema, whole without notes or provenance."""

from __future__ import annotations

import dataclasses

import pytest

import corridors
from corridors.result import CaseResult, Note, Result


@pytest.mark.parametrize("kind", [Note, CaseResult, Result])
def test_nothing_is_changed_after_it_is_made(kind: type) -> None:
    made = object.__new__(kind)
    for field in dataclasses.fields(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, field.name, None)


def test_notes_with_the_same_words_are_one() -> None:
    """A note may be found by two steps; said once it is enough."""
    assert len({Note("scale", "Screening scale."), Note("scale", "Screening scale.")}) == 1


def test_provenance_is_not_shared_between_results() -> None:
    def empty() -> Result:
        return Result("Title", None, None, {}, {})  # type: ignore[arg-type]

    assert empty().notes == ()
    assert empty().provenance == {}
    assert empty().provenance is not empty().provenance


def test_result_is_public() -> None:
    assert corridors.Result is Result
