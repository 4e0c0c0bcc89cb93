"""Crews that are not what one hopes for: without memory, or losing what they keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


class Few:
    """Workers without memory."""

    size, free_memory_bytes = 2, 1000

    def crew(self, make):  # noqa: ARG002
        raise AssertionError


@dataclass
class Forgetful:
    """Three workers, each with its own blocks, one of which is lost now and then with all it keeps."""

    rng: np.random.Generator
    loss: float
    budget: int | None = None
    size: int = 3
    free_memory_bytes: int = 10**9
    losses: int = 0

    def crew(self, make):
        self.make, self.states, self.calls = make, [make() for _ in range(self.size)], []
        return self

    def free(self, key):
        return all(other % self.size != key % self.size for other, _, _ in self.calls)

    def call(self, key, method, *arguments):
        self.calls.append((key, method, arguments))

    def wait(self):
        key, method, arguments = self.calls.pop(self.rng.integers(len(self.calls)))
        home = key % self.size
        if self.rng.random() < self.loss:
            self.losses += 1
            if self.rng.random() < 0.5:  # after the work, before the answer
                getattr(self.states[home], method)(*arguments)
            self.states[home].close()
            self.states[home] = self.make()
            known = self.rng.random() < 0.5  # else others find out later
            return key, None, frozenset(range(home, 1000, self.size)) if known else frozenset()
        return key, getattr(self.states[home], method)(*arguments), frozenset()

    def close(self):
        for state in self.states:
            state.close()
