"""The write-ahead log as it lies on the disk, looked at before SQLite reads it: a file goes in, what stands in it comes out.

After a crash SQLite reads the log up to the first frame whose checksum is wrong, and forgets what stands behind without a
word. A power cut may leave such a frame, in the one save that was never acknowledged; behind it nothing follows. What does
follow a finished save was written after that save was on the disk: a bad frame before it is damage. Headers, salts and checksums
are plain also in an encrypted log; no key is needed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEADER_BYTES, FRAME_HEADER_BYTES, CHECKED_BYTES = 32, 24, 8
MAGIC = 0x377F0682
"""The lowest bit says in which order of bytes the checksums were counted."""
PAGE_BYTES = 4096
"""Of every store here; asked only where the log's own header is damaged."""
FRAMES_AT_A_TIME = 2048

Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class LogFound:
    """`read`: the frames that SQLite would read, up to the last finished save. `behind`: those of this log behind the first
    bad one. `lost`: some of these followed a finished save, which SQLite would drop. `bytes`: how long the database itself must
    be at least, for the pages that are not in the log; 0 where SQLite would read nothing."""

    frames: int
    read: int
    behind: int
    lost: bool
    bytes: int


def look_at_log(path: Path) -> LogFound | None:
    """What stands in this log; None where there is none, or nothing in it."""
    try:
        raw = np.fromfile(path, dtype=np.uint8)
    except FileNotFoundError:
        return None
    if len(raw) <= HEADER_BYTES:
        return None
    header = raw[:HEADER_BYTES].view(">u4").astype(np.uint32)
    start = _checksum_of_header(raw, header)
    page = int(header[2]) if start is not None else PAGE_BYTES
    size = FRAME_HEADER_BYTES + page
    count = (len(raw) - HEADER_BYTES) // size
    if not count:
        return None
    frames = raw[HEADER_BYTES : HEADER_BYTES + count * size].reshape(count, size)
    return _judged(frames, start, header[4:6], big_endian=bool(header[0] & 1))


def _checksum_of_header(raw: NDArray[np.uint8], header: Numbers) -> Numbers | None:
    """The checksum that the first frame goes on from; None where the header is not as it was written."""
    if int(header[0]) & ~1 != MAGIC:
        return None
    words = raw[None, : HEADER_BYTES - 8].view(">u4" if header[0] & 1 else "<u4").astype(np.uint32)
    found = (words @ _weights(words.shape[1]))[0]
    return header[6:8] if np.array_equal(found, header[6:8]) else None


def _judged(frames: NDArray[np.uint8], start: Numbers | None, salts: Numbers, *, big_endian: bool) -> LogFound:
    about = np.ascontiguousarray(frames[:, :FRAME_HEADER_BYTES]).view(">u4").astype(np.uint32)
    stored, finished = about[:, 4:6], (about[:, 1] != 0) & (about[:, 0] != 0)
    ours = (about[:, 2:4] == (about[0, 2:4] if start is None else salts)).all(axis=1)
    added, onward = _sums(frames, big_endian=big_endian)
    before = np.vstack([np.zeros((1, 2), np.uint32) if start is None else start[None, :], stored[:-1]])
    computed = before @ onward + added
    follows = (computed == stored).all(axis=1) & (about[:, 0] != 0)  # this frame was written after the one before it
    sound = ours & follows
    bad = 0 if start is None else int(np.argmin(sound)) if not sound.all() else len(frames)
    read = int(np.flatnonzero(finished[:bad])[-1]) + 1 if finished[:bad].any() else 0
    if bad + 1 < len(frames):  # also where the checksum itself is what was damaged
        follows[bad + 1] |= np.array_equal(computed[bad] @ onward + added[bad + 1], stored[bad + 1])
    after = finished[:-1] & follows[1:] & ours[1:]
    after[:bad] = False
    after[bad + 1 :] &= ours[bad + 1 : -1]
    needed = _last_page_elsewhere(about[:read]) * (frames.shape[1] - FRAME_HEADER_BYTES)
    return LogFound(len(frames), read, int(ours[bad:].sum()), bool(after.any()), needed)


def _last_page_elsewhere(read: Numbers) -> int:
    """The highest page of the database that does not stand in what is read of the log."""
    if not len(read):
        return 0
    elsewhere = np.setdiff1d(np.arange(1, read[-1, 1] + 1), read[:, 0])
    return int(elsewhere[-1]) if len(elsewhere) else 0


def _sums(frames: NDArray[np.uint8], *, big_endian: bool) -> tuple[Numbers, Numbers]:
    """What each frame adds to the checksum before it, and what becomes of that checksum meanwhile."""
    order = ">u4" if big_endian else "<u4"
    words = (CHECKED_BYTES + frames.shape[1] - FRAME_HEADER_BYTES) // 4
    weights, added = _weights(words), np.empty((len(frames), 2), np.uint32)
    for at in range(0, len(frames), FRAMES_AT_A_TIME):
        some = frames[at : at + FRAMES_AT_A_TIME]
        checked = np.hstack([some[:, :CHECKED_BYTES], some[:, FRAME_HEADER_BYTES:]]).view(order).astype(np.uint32)
        added[at : at + FRAMES_AT_A_TIME] = checked @ weights
    return added, _powers(words // 2 + 1)[-1]


@functools.cache
def _powers(count: int) -> Numbers:
    """SQLite's checksum takes two words a step: s1 += x + s2, s2 += y + s1. Without x and y a step is this matrix; mod 2^32."""
    found, step = [np.eye(2, dtype=np.uint32)], np.array([[1, 1], [1, 2]], np.uint32)
    for _ in range(count - 1):
        found.append(found[-1] @ step)
    return np.array(found)


@functools.cache
def _weights(words: int) -> Numbers:
    """How much each word counts in either sum at the end: words -> (s1, s2)."""
    later = _powers(words // 2)[::-1]
    of_x = later[:, :, 0] + later[:, :, 1]
    return np.stack([of_x, later[:, :, 1]], axis=1).reshape(words, 2)
