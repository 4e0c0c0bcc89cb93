"""Dask: the one file that knows it.

`connect` starts workers on this machine or finds a scheduler elsewhere. What it gives makes crews: every
worker keeps state for some keys, a call for a key goes to the worker that keeps it, and the loss of a worker
is an answer like any other, for whoever asked to make good. A worker has one thread and is asked one thing
at a time; which worker does what may change from run to run, so results must not depend on it.
"""

from __future__ import annotations

import logging
import platform
import queue
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import dask
import psutil
from distributed import Client, Future, LocalCluster, Worker, WorkerPlugin
from distributed.scheduler import KilledWorker

from corridors.errors import InputError, RunError, SecurityError

Answer = tuple[int, Any, frozenset[int]]  # key, value or None if lost, and every key lost with it
SAME_ON_ALL = ("corridors", "numpy", "numba", "distributed")
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# A raster goes to each worker once; Dask would warn of every one above 10 MB.
LARGE_MESSAGES = {"distributed.admin.large-graph-warning-threshold": "1TB"}
SECONDS_TO_CONNECT = 10
SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_TO_RETURN = 60  # for which a crew without any worker waits for one
SECONDS_TO_STALL = 300  # without any answer


@contextmanager
def connect(
    *, workers: int | None = None, address: str | None = None, trusted_network: bool = False
) -> Iterator[Cluster]:
    """Start workers on this machine, or use those of a scheduler that runs already.

    Scripts that start workers must do so under `if __name__ == "__main__":`, as with any Python processes.

    Parameters
    ----------
    workers
        How many processes to start here; they end with the block.
    address
        Of a Dask scheduler, such as tls://host:8786.
    trusted_network
        Allow a scheduler on another machine without encryption.

    Yields
    ------
    Cluster
        For the option `workers` of computations.

    Raises
    ------
    InputError
        I282 neither or both of `workers` and `address`, or fewer than one worker.
    RunError
        N604 no scheduler answers, or it has no workers; N605 workers run other versions than this process.
    SecurityError
        X711 a scheduler elsewhere without encryption.

    Examples
    --------
    >>> with connect(workers=4) as cluster:  # doctest: +SKIP
    ...     accumulated_cost_in_blocks(resistance, cores, workers=cluster)
    """
    if (workers is None) == (address is None) or (workers is not None and workers < 1):
        what, given = "give a number of workers, or the address of a scheduler", f"{workers}, {address}"
        raise InputError(what, code="I282", where="cluster", given=given, allowed="one of both; 1 or more")
    if address is not None:
        _check_address(address, trusted_network)
        with dask.config.set(LARGE_MESSAGES), _client_of(address) as client:
            yield _cluster(client)
        return
    # Blocks are counted against memory before they start; a limit would have Dask pause or kill workers.
    # Without an address Dask would insist on one port, which a second run on the machine finds taken.
    any_port = "127.0.0.1:0"
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": any_port, "memory_limit": 0}
    with (
        dask.config.set(LARGE_MESSAGES),
        LocalCluster(n_workers=workers, silence_logs=logging.ERROR, **options) as local,
        Client(local) as client,
    ):
        client.register_plugin(DeafToInterrupts())
        yield _cluster(client)


@dataclass(frozen=True)
class Cluster:
    """Workers that are there.

    Parameters
    ----------
    client
        Dask's.
    size
        Number of workers.
    free_memory_bytes
        Of all machines they run on.
    """

    client: Client
    size: int
    free_memory_bytes: int

    def crew(self, make: Callable[[], Any]) -> Crew:
        """Return a crew of all workers.

        Parameters
        ----------
        make
            Called on every worker for the state it keeps; must be a function others can import, or a
            `functools.partial` of one.
        """
        return Crew(self.client, make)


class Crew:
    """Workers that each keep state for some keys.

    Parameters
    ----------
    client, make
        As for `Cluster.crew`.
    """

    def __init__(self, client: Client, make: Callable[[], Any]) -> None:
        self._client, self._make, self._name = client, make, uuid4().hex
        self._homes: dict[int, str] = {}  # worker that keeps each key
        self._running: dict[int, Future[Any]] = {}
        self._answered: queue.SimpleQueue[tuple[int, Future[Any]]] = queue.SimpleQueue()
        self._workers = living(client)

    def free(self, key: int) -> bool:
        """Return whether a call for this key would be carried out at once."""
        return bool(self._idle(key))

    def call(self, key: int, method: str, *arguments: Any) -> None:
        """Ask the worker that keeps a key for a method of its state; a new key goes where the fewest are."""
        kept = Counter(self._homes.values())
        candidates = self._idle(key) or ([self._homes[key]] if key in self._homes else self._workers)
        home = min(candidates, key=lambda worker: kept[worker])
        self._homes[key] = home
        future = self._client.submit(
            carry_out, self._name, self._make, method, arguments, workers=[home], pure=False
        )
        self._running[key] = future
        future.add_done_callback(partial(self._note, key))

    def wait(self) -> Answer:
        """Return the next answer; a worker that is gone answers for each of its calls that it is lost.

        Raises
        ------
        RunError
            N602 the scheduler is gone; N603 nothing was heard for five minutes.
        """
        start = monotonic()
        while True:
            with suppress(queue.Empty):
                key, future = self._answered.get(timeout=SECONDS_BETWEEN_LOOKS)
                if self._running.get(key) is future:
                    return self._answer(key, future)
                continue
            self._look()
            for key in self._running:
                if self._homes[key] not in self._workers:
                    return self._lost(key)
            if monotonic() - start > SECONDS_TO_STALL:
                what = f"no worker has answered for {SECONDS_TO_STALL} s"
                raise RunError(what, code="N603", where="workers", remedy="Look at the machines they run on.")

    def close(self) -> None:
        """Break off what is going on and let go of all state; a call being carried out ends unheard."""
        with suppress(Exception):  # workers may be gone, and with them what is to be let go
            self._client.cancel(list(self._running.values()), force=True)
            self._client.run(let_go, self._name, on_error="ignore")
        self._running.clear()

    def _note(self, key: int, future: Future[Any]) -> None:
        self._answered.put((key, future))

    def _answer(self, key: int, future: Future[Any]) -> Answer:
        home = self._homes[key]
        while True:
            try:
                value = future.result(timeout=4 * SECONDS_BETWEEN_LOOKS)
            except TimeoutError:  # slow, or gone between answer and delivery
                self._look()
                if home not in self._workers:
                    return self._lost(key)
                continue
            except KilledWorker:
                return self._lost(key)
            except Exception:
                if future.status == "error":
                    raise
                return self._lost(key)  # cancelled, because the worker or the scheduler went
            del self._running[key]
            return key, value, frozenset()

    def _lost(self, key: int) -> Answer:
        """Answer for a call whose worker is gone, and forget all that worker kept."""
        home = self._homes[key]
        lost = frozenset(other for other, worker in self._homes.items() if worker == home)
        self._running.pop(key).cancel(force=True)
        for other in lost - set(self._running):
            del self._homes[other]
        self._look()
        return key, None, lost

    def _idle(self, key: int) -> list[str]:
        """Return the workers that could take a key and do nothing now."""
        busy = {self._homes[other] for other in self._running}
        start = monotonic()
        while not self._workers and not self._running:
            sleep(SECONDS_BETWEEN_LOOKS)
            self._look()
            if monotonic() - start > SECONDS_TO_RETURN:
                what = f"all workers are gone, and none has come back for {SECONDS_TO_RETURN} s"
                raise RunError(what, code="N602", where="workers", remedy="Start workers, then run it again.")
        home = self._homes.get(key)
        return [w for w in ([home] if home is not None else self._workers) if w not in busy]

    def _look(self) -> None:
        if self._client.status in {"closing", "closed", "failed"}:
            remedy = "Start it, then run it again."
            raise RunError("the scheduler is gone", code="N602", where="cluster", remedy=remedy)
        self._workers = living(self._client)


class DeafToInterrupts(WorkerPlugin):
    """Ctrl-C reaches every process of a terminal; only the one that was started by hand shall hear it."""

    def setup(self, worker: Worker) -> None:  # noqa: ARG002 - Dask gives it
        """Stop listening."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


# ---------------------------------------------------------------- on the workers

_states: dict[str, Any] = {}  # of every crew, in each worker's process


def carry_out(crew: str, make: Callable[[], Any], method: str, arguments: tuple[Any, ...]) -> Any:
    """Call a method of the state this worker keeps for a crew."""
    if crew not in _states:
        _states[crew] = make()
    return getattr(_states[crew], method)(*arguments)


def let_go(crew: str) -> None:
    """Forget the state this worker keeps for a crew."""
    state = _states.pop(crew, None)
    if state is not None:
        state.close()


def surroundings() -> tuple[str, int, dict[str, str]]:
    """Return the name of this machine, its free memory, and the versions that decide on results."""
    versions = {name: version(name) for name in SAME_ON_ALL}
    versions["python"] = ".".join(platform.python_version_tuple()[:2])
    return platform.node(), psutil.virtual_memory().available, versions


# ---------------------------------------------------------------- connecting


def living(client: Client) -> list[str]:
    """Return the addresses of the workers that are there."""
    return sorted(client.scheduler_info(n_workers=-1)["workers"])


def _check_address(address: str, trusted_network: bool) -> None:
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme == "tls" or parts.hostname in THIS_MACHINE or trusted_network:
        return
    what = "a scheduler on another machine must be reached encrypted"
    remedy = "Set up TLS (docs.dask.org, Security), or say trusted_network if nobody else is on that network."
    raise SecurityError(what, code="X711", where="cluster", given=address, allowed="tls://...", remedy=remedy)


@contextmanager
def _client_of(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT)
    except (OSError, ValueError) as error:
        remedy = "Start it (dask scheduler), or correct the address."
        raise RunError(
            "no scheduler answers", code="N604", where="cluster", given=address, remedy=remedy
        ) from error
    with client:
        yield client


def _cluster(client: Client) -> Cluster:
    found = client.run(surroundings)
    if not found:
        raise RunError("the scheduler has no workers", code="N604", where="cluster", remedy="Start some.")
    mine = surroundings()[2]
    for machine, _, theirs in found.values():
        if theirs != mine:
            differ = ", ".join(f"{name} {theirs[name]} there, {mine[name]} here" for name in mine)
            what, remedy = "a worker runs other versions", "Install the same on all machines."
            raise RunError(what, code="N605", where=machine, given=differ, remedy=remedy)
    free: dict[str, int] = {}
    for machine, memory, _ in found.values():
        free[machine] = min(memory, free.get(machine, memory))
    return Cluster(client, len(found), sum(free.values()))
