"""Form-encoded parameters as Stripe's v1 reads them: nested by brackets, then checked against a spec.

A spec is a dict from name to STR, INT, BOOL, META, RANGE, ANY, a nested spec, or a list holding one spec.
UNPLAYED marks what Stripe knows and the stand-in does not: refused loudly, for it would change what is paid.
A name missing from the spec is refused as Stripe refuses it (`parameter_unknown`): a misspelt parameter that the
stand-in swallowed would fail only in production.
"""

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from .errors import bad_request, unknown_param

STR, INT, BOOL, META, RANGE, ANY, UNPLAYED = "string", "integer", "boolean", "metadata", "range", "any", "unplayed"
Spec = dict[str, Any]


def parse(encoded: str) -> dict[str, Any]:
    """Nested dicts and lists from `a[b][0][c]=v` pairs; `a[]=v` appends."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        head, _, tail = key.partition("[")
        steps = [head, *tail.rstrip("]").split("][")] if tail else [head]
        place = root
        for step in steps[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise bad_request(f"Invalid {head}: cannot be both a value and an object.", param=head)
            place = inner
        last = steps[-1] if steps[-1] != "" else str(len(place))
        place[last] = value
    return root


def parse_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    """Fields as text; a file as {"filename", "content"}. RFC 7578."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    found: dict[str, Any] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            filename = part.get_filename()
            found[name] = content.decode() if filename is None else {"filename": filename, "content": content}
    return found


def check(given: Any, spec: Spec, path: str = "", *, unset: bool = False) -> dict[str, Any]:
    """`given` with values turned into the spec's types; with `unset` an empty value becomes None, to unset a member.

    Raises ApiError 400 on unknown names, wrong types and, without `unset`, on empty strings, as Stripe does.
    """
    if not isinstance(given, dict):
        raise bad_request(f"Invalid object: {path}", "parameter_invalid_object", path)
    checked = {}
    for name, value in given.items():
        full = f"{path}[{name}]" if path else name
        if name not in spec:
            raise unknown_param(full)
        checked[name] = _value(value, spec[name], full, unset)
    return checked


def _value(value: Any, spec: Any, path: str, unset: bool) -> Any:
    if spec == UNPLAYED:
        raise bad_request(f"The stand-in does not play the parameter {path}.", "parameter_not_played", path)
    if value == "":
        if not unset:
            message = (
                f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter;"
                f" however '{path}' cannot be unset. You should remove '{path}' from your request or supply a"
                " non-empty value."
            )
            raise bad_request(message, "parameter_invalid_empty", path)
        return None
    if spec == ANY:
        return value
    if isinstance(spec, dict):
        return check(value, spec, path, unset=unset)
    if isinstance(spec, list):
        if not isinstance(value, dict):
            raise bad_request("Invalid array", param=path)
        return [_value(item, spec[0], f"{path}[{i}]", unset) for i, item in enumerate(value.values())]
    if spec == META:
        return _metadata(value, path)
    if spec == RANGE:
        return (
            check(value, dict.fromkeys(("gt", "gte", "lt", "lte"), INT), path)
            if isinstance(value, dict)
            else _scalar(value, INT, path)
        )
    return _scalar(value, spec, path)


def _scalar(value: Any, spec: str, path: str) -> Any:
    if not isinstance(value, str):
        raise bad_request(f"Invalid {spec}: {value}", f"parameter_invalid_{spec}", path)
    if spec == INT:
        if not value.removeprefix("-").isascii() or not value.removeprefix("-").isdigit():
            raise bad_request(f"Invalid integer: {value}", "parameter_invalid_integer", path)
        return int(value)
    if spec == BOOL:
        if value not in ("true", "false"):
            raise bad_request(f"Invalid boolean: {value}", param=path)
        return value == "true"
    return value


def _metadata(value: Any, path: str) -> dict[str, str]:
    """Limits of https://docs.stripe.com/api/metadata: 50 keys, names of 40 characters, values of 500."""
    if not isinstance(value, dict):
        raise bad_request("Invalid object", param=path)
    if len(value) > 50:
        raise bad_request("Metadata can hold at most 50 keys.", param=path)
    for name, text in value.items():
        if not isinstance(text, str):
            raise bad_request("Metadata values must be strings.", param=f"{path}[{name}]")
        if len(name) > 40 or len(text) > 500:
            raise bad_request("Metadata keys hold 40 characters, values 500.", param=f"{path}[{name}]")
    return value


def merge_metadata(old: dict[str, str], new: dict[str, str] | None) -> dict[str, str]:
    """Stripe's update rule: given keys replace, an empty value removes its key, an empty `metadata` all of them."""
    if new is None:
        return {}
    return {name: text for name, text in {**old, **new}.items() if text != ""}
