"""/v1/files: papers for disputes. https://docs.stripe.com/file-upload"""

import hashlib

from .errors import bad_request
from .forms import ANY, STR
from .routing import PAGING, Call, route
from .store import Obj, new_id

LARGEST = 5_000_000
KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}


@route("POST", "/v1/files", {"purpose": STR, "file": ANY})
def create_file(call: Call) -> Obj:
    """Only `dispute_evidence` is played; the content itself is not kept, its hash is."""
    purpose, upload = call.require("purpose", "file")
    if purpose != "dispute_evidence":
        raise bad_request("The stand-in does not play this purpose.", "parameter_not_played", "purpose")
    if not isinstance(upload, dict) or not isinstance(upload.get("content"), bytes):
        raise bad_request("Invalid file: you must upload one as multipart/form-data.", "parameter_invalid_file", "file")
    content = upload["content"]
    kind = next((kind for head, kind in KINDS.items() if content.startswith(head)), "")
    if not kind:
        raise bad_request("Evidence may be a PDF, JPEG or PNG.", "file_type_not_supported", "file")
    if len(content) > LARGEST:
        raise bad_request("The file is too large.", "file_too_large", "file")
    file: Obj = {
        "id": new_id("file"),
        "object": "file",
        "created": call.world.clock.now(),
        "expires_at": None,
        "filename": upload["filename"],
        "links": None,
        "purpose": purpose,
        "size": len(content),
        "title": None,
        "type": kind,
        "url": None,
        "_sha256": hashlib.sha256(content).hexdigest(),
    }
    return call.new(file)


@route("GET", "/v1/files/{}")
def retrieve_file(call: Call) -> Obj:
    return call.own("file", call.ids[0], "file")


@route("GET", "/v1/files", {**PAGING, "purpose": STR})
def list_files(call: Call) -> Obj:
    return call.listed("file", "purpose")
