"""Words used by every entry."""

from __future__ import annotations

from typing import Literal

Sensitivity = Literal["open", "sensitive"]
Unit = str
