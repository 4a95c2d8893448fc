"""Tablets without a browser: they speak Streamlit's own messages over a WebSocket, and press buttons.

    python -m tests.bench.raw_tablets URL PATH SECONDS TABLETS KEY[,KEY]

Each opens PATH?c=ID with a sign-in of its own (standard input: a line of id and cookie for each tablet), then presses the
button with KEY every 3 seconds, or several buttons in turn, and waits until the run has ended. Prints the milliseconds of
each press as JSON: its own process, so that it does not share the server's clock cycles more than a network would.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

EVERY = 3.0
LONGEST = 30.0


class Tablet:
    """One session of its own: the widgets it was sent, and what it presses."""

    def __init__(self, socket: ClientConnection, page: str, draft_id: str) -> None:
        self._socket = socket
        self._page = page
        self._query = f"c={draft_id}" if draft_id else ""
        self._buttons: dict[str, tuple[str, str]] = {}  # key -> its id, and the part of the page that it stands in
        self._page_hash = ""

    async def open(self) -> None:
        """The first run, as after opening the address."""
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_name = self._page
        await self._socket.send(asked.SerializeToString())
        await self._until_finished()

    async def press(self, key: str) -> float:
        """Milliseconds from the press to the end of the run."""
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_script_hash = self._page_hash
        state = asked.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = self._buttons[key][0], True
        asked.rerun_script.fragment_id = self._buttons[key][1]
        begin = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        await self._until_finished()
        return 1000 * (time.perf_counter() - begin)

    async def _until_finished(self) -> None:
        while True:
            told = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), LONGEST))  # type: ignore[arg-type]
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self._page_hash = told.navigation.page_script_hash
            elif kind == "delta" and told.delta.new_element.WhichOneof("type") == "button":
                widget = told.delta.new_element.button.id
                self._buttons[widget.rpartition("-")[2]] = (widget, told.delta.fragment_id)
            elif kind == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return


async def one(url: str, page: str, line: str, key: str, begin: float, until: float) -> list[float]:
    """One tablet's whole stay: it opens, then acts every three seconds."""
    draft_id, _, cookie = line.partition(" ")
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    given = {"Cookie": cookie} if cookie else {}
    async with connect(address, origin=url, additional_headers=given, max_size=None) as socket:  # type: ignore[arg-type]
        tablet = Tablet(socket, page, draft_id)
        await tablet.open()
        taken = []
        await asyncio.sleep(max(0.0, begin - time.monotonic()) + random.uniform(0, EVERY))
        while time.monotonic() < until:
            keys = key.split(",")
            taken.append(await tablet.press(keys[len(taken) % len(keys)]))
            await asyncio.sleep(max(0.0, EVERY - taken[-1] / 1000))
        return taken


async def main() -> None:
    url, page, seconds, tablets, key, *_ = sys.argv[1:]
    ids = [line.strip() for line in sys.stdin]
    opening = 8.0
    begin = time.monotonic() + opening
    each = []
    for number in range(int(tablets)):
        line = ids[number % len(ids)] if ids else ""
        each.append(asyncio.create_task(one(url, page, line, key, begin, begin + float(seconds))))
        await asyncio.sleep(opening / int(tablets))
    taken = await asyncio.gather(*each)
    sys.stdout.write(json.dumps([one for tablet in taken for one in tablet]))


if __name__ == "__main__":
    asyncio.run(main())
