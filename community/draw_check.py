#!/usr/bin/env python3
"""Checks a draw from its published record alone: python draw_check.py RECORD [--head HEAD]

RECORD is a file or an http(s) address of the record (record.json at the draw's public address). HEAD is what the page
showed at some moment while one could register: it must be in the chain, or entries were changed since.
Needs Python 3.10 or newer and nothing else; the site itself draws by these very functions. Ends with 0 where all is as it
must be, 1 where something is not, 2 where there is no record. How it works: docs/decisions/draws.md.
"""

import argparse
import hashlib
import json
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FORMAT = "courseyard-draw/1"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def terms_hash(terms: dict[str, Any]) -> str:
    """Of the terms as JSON with sorted keys, without spaces, non-ASCII signs escaped."""
    return sha(json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=True))


def commitment_of(seed: str, terms: dict[str, Any]) -> str:
    """Binds the seed and the terms: neither can be another one afterwards."""
    return sha(seed + ":" + terms_hash(terms))


def first_head(commitment: str) -> str:
    return sha("start:" + commitment)


def next_head(head: str, code: str) -> str:
    """Each entry chains itself to all before it."""
    return sha(head + ":" + code)


def pieces_of(terms: dict[str, Any]) -> list[str]:
    """The prizes one by one, in the order in which they are given."""
    return [prize["name"] for prize in terms["prizes"] for _piece in range(prize["pieces"])]


def winners_of(seed: str, head: str, public_value: str, codes: Sequence[str], terms: dict[str, Any]) -> list[tuple[str, str]]:
    """(prize, code): the entries sorted by sha256 of the mix and their code; the first ones win, one prize each."""
    mix = sha(seed + ":" + head + ":" + public_value)
    order = sorted(codes, key=lambda code: (sha(mix + ":" + code), code))
    return list(zip(pieces_of(terms), order, strict=False))


def problems(record: dict[str, Any], noted_head: str = "") -> list[str]:
    """What is not as it must be, in words."""
    if record.get("format") != FORMAT:
        return ["this is no record of the format " + FORMAT]
    terms, found = record["terms"], []
    if record["terms_sha256"] != terms_hash(terms):
        found.append("the terms are not those of their published hash")
    if not record["published_at"] < terms["opens_at"] < terms["closes_at"]:
        found.append("the commitment was not published before registration opened")
    head, heads = first_head(record["commitment"]), []
    codes = record["entries"].get("codes")
    if codes is not None:
        for code in codes:
            head = next_head(head, code)
            heads.append(head)
        if len(codes) != record["entries"]["count"] or len(set(codes)) != len(codes):
            found.append("the list of entries is not complete, or holds one twice")
        if head != record["entries"]["head"]:
            found.append("the list of entries is not the one that was chained while people registered")
        if noted_head and noted_head not in heads and noted_head != first_head(record["commitment"]):
            found.append("entries were changed since the noted head")
    if record["seed"]:
        if commitment_of(record["seed"], terms) != record["commitment"]:
            found.append("the seed is not the one that was committed to")
        if codes is None or not record["frozen_at"] or (record["frozen_at"] < terms["closes_at"] and not record["cancelled"]):
            found.append("the seed was shown before the list was closed")
        if terms["public_source"] and not record["public_value"] and not record["cancelled"]:
            found.append("the public value is missing")
    if record["state"] == "drawn":
        due = winners_of(record["seed"], record["entries"]["head"], record["public_value"], codes or [], terms)
        if [(row["prize"], row["code"]) for row in record["winners"]] != due:
            found.append("these are not the winners")
    elif record["winners"]:
        found.append("winners are named though nothing was drawn")
    return found


def read(place: str) -> dict[str, Any]:
    if place.startswith(("http://", "https://")):
        with urllib.request.urlopen(place, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read().decode("utf-8"))
    return json.loads(Path(place).read_text(encoding="utf-8"))


def report(record: dict[str, Any]) -> None:
    print("draw {}: {}".format(record["draw"], record["state"]))
    if record["terms"]["public_source"]:
        print(
            "look up the public value yourself: {} -> {}".format(record["terms"]["public_source"], record["public_value"] or "?")
        )
    if record["cancelled"]:
        print("CANCELLED {}: {}".format(record["cancelled"]["at"], record["cancelled"]["reason"]))
        codes = record["entries"].get("codes") or []
        for prize, code in winners_of(record["seed"], record["entries"]["head"], record["public_value"], codes, record["terms"]):
            print(f"would have been: {prize} -> {code}")
    for row in record["winners"]:
        print("{} -> {}".format(row["prize"], row["code"]))


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a draw from its published record.")
    parser.add_argument("record", help="file or address of the record")
    parser.add_argument("--head", default="", help="a head that was noted while one could register")
    options = parser.parse_args()
    try:
        record = read(options.record)
        found = problems(record, options.head)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"no record could be read: {error!r}")
        return 2
    report(record)
    for line in found:
        print("WRONG: " + line)
    print("wrong" if found else "all as it must be" if record["state"] == "drawn" else "so far all as it must be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
