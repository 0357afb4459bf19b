"""The same blocks of work in this process, in several, or on the workers of a Dask scheduler."""

import importlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, TypeVar

from loky import ProcessPoolExecutor

from geodata.errors import GeodataError

Shared = TypeVar("Shared")
Result = TypeVar("Result")

CONNECT_SECONDS: Final = 10
WORKERS_SECONDS: Final = 30


def run_blocks(
    function: Callable[[Shared, int], Result],
    shared: Shared,
    blocks: Iterable[int],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> list[Result]:
    """Run ``function(shared, block)`` for each block.

    Parameters
    ----------
    function : callable
        A function of a module, not a lambda, whose result depends on its arguments alone.
    shared : object
        What all blocks need; sent to each worker once.
    blocks : iterable of int
    workers : int
        Processes on this machine; 1 runs the blocks in this one.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://192.0.2.7:8786``; its workers run the blocks
        instead. They need this package in the same version.

    Returns
    -------
    list
        In the order of the blocks, regardless of the order in which they were done.

    Raises
    ------
    GeodataError
        If Dask is not installed, or the scheduler does not answer.
    """
    numbers = list(blocks)
    if scheduler is not None:
        return _on_scheduler(function, shared, numbers, scheduler)
    if workers <= 1 or len(numbers) <= 1:
        return [function(shared, number) for number in numbers]
    # The standard library's workers run the caller's main module again, which may be a page of
    # Streamlit or a script without a guard; loky's start with nothing of it.
    with ProcessPoolExecutor(workers, initializer=_keep, initargs=(function, shared)) as pool:
        return list(pool.map(_run_kept, numbers))


_worker: dict[str, Any] = {}


def _keep(function: Callable[[Any, int], Any], shared: Any) -> None:
    """Hold in a new worker process what all its blocks need."""
    _worker["run"] = partial(function, shared)


def _run_kept(number: int) -> Any:
    return _worker["run"](number)


def _on_scheduler(
    function: Callable[[Shared, int], Result], shared: Shared, numbers: list[int], address: str
) -> list[Result]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise GeodataError("analysis.no_dask") from None
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise GeodataError("analysis.no_scheduler", address=address, reason=reason) from None
    with client:
        # A copy on every worker, so that a lost one takes nothing with it.
        sent = client.scatter(shared, broadcast=True, hash=False)
        done = [client.submit(function, sent, number, pure=False) for number in numbers]
        results: list[Result] = client.gather(done)
        return results
