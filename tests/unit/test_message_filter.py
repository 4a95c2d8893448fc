"""What a browser may ask of a running page: taps and files reach it, and nothing that Streamlit keeps for developers."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from views.streamlit_patches.message_filter import FILES, TAPS, kind_of

TAKEN = TAPS | FILES


def sent(asked: BackMsg) -> dict[str, object]:
    return {"type": "websocket.receive", "bytes": asked.SerializeToString()}


def test_a_tap_and_a_file_are_taken() -> None:
    tap, file = BackMsg(), BackMsg()
    tap.rerun_script.query_string = "c=x"
    file.backend_operation_request.deferred_file.SetInParent()
    assert kind_of(sent(tap)) in TAKEN and kind_of(sent(file)) in TAKEN
    assert kind_of({"type": "websocket.disconnect"}) is None


def test_every_other_message_that_streamlit_knows_is_named_here_so_that_a_new_version_is_looked_at() -> None:
    known = {field.name for field in BackMsg.DESCRIPTOR.fields} - {"backend_operation_request"}
    request = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    known |= {field.name for field in request.oneofs_by_name["payload"].fields}
    dropped = {"clear_cache", "set_run_on_save", "load_git_info", "install_skills"}
    dropped |= {"debug_disconnect_websocket", "debug_shutdown_runtime", "dismiss_skills_nudge"}
    assert known == TAKEN | dropped and not TAKEN & dropped


@pytest.mark.parametrize("raw", [b"", b"\xff\xff\xff", b"plain words"])
def test_what_can_not_be_read_is_no_tap(raw: bytes) -> None:
    assert kind_of({"type": "websocket.receive", "bytes": raw}) not in {*TAKEN, None}
