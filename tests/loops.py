"""A loop for what is asynchronous, beside the one that the browser tests of the same process may keep."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Found = TypeVar("Found")


def in_a_loop_of_its_own(work: Coroutine[Any, Any, Found]) -> Found:
    """Runs it in a thread of its own, to its end."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
