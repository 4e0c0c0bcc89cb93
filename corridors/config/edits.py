"""Resistance that a person sets or multiplies on lines and polygons."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from corridors.config.sections import Positive, Resistance, Section, Words
from corridors.errors import ConfigError


class Override(Section):
    """Lines or polygons on which resistance is set or multiplied by hand."""

    source: str = Field(min_length=1, description='"file" or "file|layer", relative to the workflow file.')
    resistance: Resistance | None = Field(
        None, description="Resistance there; or a column of this name, feature by feature."
    )
    multiply: Positive | None = Field(
        None, description="What resistance is multiplied by there; or a column of this name."
    )
    reason: Words | None = Field(None, description="Why; or a column of this name.")
    author: Words | None = Field(None, description="Who; or a column of this name.")
    species: str | tuple[str, ...] | None = Field(
        None, description="Name of the species it holds for, or several; all where absent."
    )

    @model_validator(mode="after")
    def _sets_or_multiplies(self) -> Self:
        if self.resistance is not None and self.multiply is not None:
            what, remedy = "resistance and multiply are given at once", "Keep one of them."
            raise ConfigError(what, code="C133", remedy=remedy)
        return self

    @property
    def species_named(self) -> tuple[str, ...]:
        """Species it holds for; none named means all."""
        if self.species is None:
            return ()
        return (self.species,) if isinstance(self.species, str) else self.species
