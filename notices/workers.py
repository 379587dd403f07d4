"""Letters printed by several processes at once, handed back in the order of the rows."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Final

from notices.context import LetterContext
from notices.engines import engine
from notices.errors import NoticeError
from notices.preflight import Exclusion
from notices.press import Addressed
from notices.printer import PrintedFile, Printer

_MOST: Final = 4
_TASK: Final = 100
"""Letters that a process prints before it answers."""

Batch = list[Addressed] | Exclusion
_printer: Printer | None = None


def print_in_parallel(
    context: LetterContext, engine_name: str, batches: Iterable[Batch], workers: int | None
) -> Iterator[PrintedFile | Exclusion]:
    """Each batch as its file, in order; `workers` processes help (None: one a core). None are started for nothing.

    Raises:
        NoticeError: a printed letter differs from its row, or a process was ended from outside.
        EngineError: if the engine fails.
    """
    tasks = _tasks(batches)
    task = next(tasks, None)
    if task is None:
        return
    count = workers or min(os.cpu_count() or 1, _MOST)
    # Forking a program with threads is unsafe; a spawned process starts clean.
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_start, initargs=(context, engine_name)
    )
    waiting: deque[Future[list[PrintedFile | Exclusion]]] = deque()
    try:
        while task is not None:
            waiting.append(pool.submit(_work, task))
            if len(waiting) > 2 * count:
                yield from waiting.popleft().result()
            task = next(tasks, None)
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        raise NoticeError(
            "a helper process of the printing was ended from outside; what it held is not printed"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _tasks(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    task: list[Batch] = []
    letters = 0
    for batch in batches:
        task.append(batch)
        letters += 1 if isinstance(batch, Exclusion) else len(batch)
        if letters >= _TASK:
            yield task
            task, letters = [], 0
    if task:
        yield task


def _start(context: LetterContext, engine_name: str) -> None:
    _end_with_parent()
    global _printer  # noqa: PLW0603 - a worker process has one job, handed to it as it starts
    _printer = Printer(context, engine(engine_name))


def _end_with_parent() -> None:
    """A helper waits for work on a pipe that it holds both ends of: it would outlive a parent that was killed."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(task: list[Batch]) -> list[PrintedFile | Exclusion]:
    assert _printer is not None
    return [batch if isinstance(batch, Exclusion) else _printer.file(batch) for batch in task]
