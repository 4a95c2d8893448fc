"""What somebody sends stays in memory until its page reads it: no file of the practice lies unencrypted in a folder for passing
things."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser

MEGABYTE = 1 << 20


def keep_uploads_in_memory(most_megabytes: int) -> None:
    """Starlette writes what is larger than a megabyte to the disk while it reads it; not below what Streamlit takes."""
    MultiPartParser.spool_max_size = (most_megabytes + 1) * MEGABYTE
