"""Who solves: this process alone, threads of it, or whatever else offers the same four calls."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, Protocol

Answer = tuple[int, Any, frozenset[int]]  # key, value or None if lost, and every key lost with it


class Crew(Protocol):
    """Keeps things that have a key and state; calls for one key always go to where its state is."""

    def free(self, key: int) -> bool:
        """Return whether a call for this key would be carried out at once."""

    def call(self, key: int, method: str, *arguments: Any) -> None:
        """Ask for a method of the state that keeps this key."""

    def wait(self) -> Answer:
        """Return the next answer; one per call, in any order."""

    def close(self) -> None:
        """Break off what is going on and let go of all state."""


class Workers(Protocol):
    """What `corridors.cluster.connect` gives."""

    @property
    def size(self) -> int:
        """Number of workers."""

    @property
    def free_memory_bytes(self) -> int:
        """Of all machines they run on."""

    def crew(self, make: Callable[[], Any]) -> Crew:
        """Return a crew whose members each keep what `make` returns."""


def crew_of(workers: int | Workers, make: Callable[..., Any]) -> Crew:
    """Return a crew: this thread for 1, that many threads, or all of the workers.

    Parameters
    ----------
    workers
        Number of threads, or the workers of `corridors.cluster.connect`.
    make
        Called for the state each process keeps, for threads with a `pause` it must call now and then.
    """
    if not isinstance(workers, int):
        return workers.crew(make)
    return Alone(make) if workers <= 1 else Threads(make, workers)


class Alone:
    """The thread that calls does it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._state = make()
        self._answers: deque[Answer] = deque()

    def free(self, key: int) -> bool:  # noqa: ARG002 - every key is kept here
        """Return whether no answer waits."""
        return not self._answers

    def call(self, key: int, method: str, *arguments: Any) -> None:
        """Carry the call out."""
        self._answers.append((key, getattr(self._state, method)(*arguments), frozenset()))

    def wait(self) -> Answer:
        """Return the answer."""
        return self._answers.popleft()

    def close(self) -> None:
        """Let go of all state."""
        self._state.close()


class Threads:
    """Threads of this process do it; kernels run side by side because they free the interpreter."""

    def __init__(self, make: Callable[..., Any], threads: int) -> None:
        self._stop = Event()
        self._state = make(pause=self._pause)
        self._threads, self._running = threads, 0
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="corridors")
        self._answers: queue.SimpleQueue[tuple[int, Any, BaseException | None]] = queue.SimpleQueue()

    def free(self, key: int) -> bool:  # noqa: ARG002 - every thread reaches every key
        """Return whether a thread is idle."""
        return self._running < self._threads

    def call(self, key: int, method: str, *arguments: Any) -> None:
        """Let a thread carry the call out."""
        self._running += 1
        self._executor.submit(self._carry_out, key, method, arguments)

    def wait(self) -> Answer:
        """Return the next answer; raise what a thread raised."""
        key, value, error = self._answers.get()
        self._running -= 1
        if error is not None:
            raise error
        return key, value, frozenset()

    def close(self) -> None:
        """Stop the threads, which takes hundredths of a second, and let go of all state."""
        self._stop.set()
        self._executor.shutdown(cancel_futures=True)
        self._state.close()

    def _carry_out(self, key: int, method: str, arguments: tuple[Any, ...]) -> None:
        try:
            self._answers.put((key, getattr(self._state, method)(*arguments), None))
        except BaseException as error:  # told to the thread that waits
            self._answers.put((key, None, error))

    def _pause(self) -> None:
        if self._stop.is_set():
            raise KeyboardInterrupt
