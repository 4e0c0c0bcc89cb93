"""Fences along borders: what none, a permeable one, a sealed one and gates do to links, cores and parks."""

from corridors.border.fences.scenarios import FenceScenarios, fence_scenarios

__all__ = ["FenceScenarios", "fence_scenarios"]
