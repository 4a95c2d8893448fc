"""Pieces of work in, what came of them out, in the same order: done in several threads at once, a few ahead of who asks."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")

MOST_WORKERS = 8


def side_by_side(work: Callable[[Piece], Done], pieces: Iterable[Piece]) -> Generator[Done]:
    """What `work` makes of each piece. No more pieces are taken than there are threads, and one."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    pool, ahead = ThreadPoolExecutor(workers), deque[Future[Done]]()
    try:
        for piece in pieces:
            ahead.append(pool.submit(work, piece))
            if len(ahead) > workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
