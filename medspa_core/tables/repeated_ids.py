"""Ids in, block by block; out how many rows have an id that a row before them has, and some of these ids."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from medspa_core.formats.shown import shown_key

MOST_NAMED = 5
Hashes = np.ndarray[Any, np.dtype[np.int64]]


class RepeatedIds:
    """Of each id eight bytes are kept, in sorted runs, so that memory hardly grows with rows and not with long ids."""

    def __init__(self) -> None:
        self.rows = 0
        self.named: dict[str, None] = {}
        self.runs: list[Hashes] = []

    def look_at(self, ids: pa.DictionaryArray) -> None:
        """Takes note of a block's ids; an empty one is none."""
        texts = ids.dictionary.to_pylist()
        times = np.bincount(ids.indices.drop_null().to_numpy(zero_copy_only=False), minlength=len(texts))
        if (empty := ids.dictionary.index("").as_py()) >= 0:
            times[empty] = 0
        hashes = np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
        before = self._stood_before(hashes)
        again = np.where(before, times, np.maximum(times - 1, 0))
        self.rows += int(again.sum())
        for place in np.flatnonzero(again)[: MOST_NAMED + 1]:
            self.named.setdefault(texts[place])
        self._keep(np.sort(hashes[(times > 0) & ~before]))

    def notices(self, name: str) -> list[str]:
        """One line, if any id stands more than once."""
        if not self.rows:
            return []
        some = ", ".join(shown_key(text) for text in [*self.named][:MOST_NAMED])
        more = " and others" if len(self.named) > MOST_NAMED else ""
        rows = "1 row has" if self.rows == 1 else f"{self.rows} rows have"
        return [f"{name}: {rows} an id that a row before has: {some}{more}"]

    def _stood_before(self, hashes: Hashes) -> Any:
        found = np.zeros(hashes.size, dtype=bool)
        order = np.argsort(hashes)  # looked up in their order, so that a run is gone through once
        looked_up = hashes[order]
        for run in self.runs:
            places = np.minimum(np.searchsorted(run, looked_up), run.size - 1)
            found[order] |= run[places] == looked_up
        return found

    def _keep(self, hashes: Hashes) -> None:
        """Runs are merged so that there are few, each much longer than the next."""
        if not hashes.size:
            return
        while self.runs and self.runs[-1].size < 2 * hashes.size:
            hashes = np.sort(np.concatenate([self.runs.pop(), hashes]))
        self.runs.append(hashes)
