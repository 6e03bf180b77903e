"""Uploads in parts into the private bucket: the sender's browser puts each part at an address that we sign."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from kit.storage import client


class UploadLost(Exception):
    """Storage does not know this upload (any more): it must begin anew."""


@dataclass(frozen=True)
class Part:
    """A part that storage has: number from 1, bytes, and its tag."""

    number: int
    size: int
    tag: str


def begin(key: str, content_type: str) -> str:
    """A new upload under a key of ours; storage's name of it."""
    return str(client().create_multipart_upload(Bucket=settings.S3_PRIVATE_BUCKET, Key=key, ContentType=content_type)["UploadId"])


def part_address(key: str, upload_id: str, number: int, size: int) -> str:
    """An address at which this one part, of exactly this length, may be put within 15 minutes."""
    values = {**_named(key, upload_id), "PartNumber": number, "ContentLength": size}
    return str(client().generate_presigned_url("upload_part", Params=values, ExpiresIn=settings.MEDIA_ADDRESS_SECONDS))


def parts(key: str, upload_id: str) -> list[Part]:
    """What has arrived, in order. Raises UploadLost."""
    found: list[Part] = []
    try:
        for page in client().get_paginator("list_parts").paginate(**_named(key, upload_id)):
            found += [Part(one["PartNumber"], one["Size"], one["ETag"]) for one in page.get("Parts", [])]
    except client().exceptions.NoSuchUpload as error:
        raise UploadLost from error
    return found


def complete(key: str, upload_id: str, arrived: list[Part]) -> None:
    """Make the parts one object. Raises UploadLost."""
    listed = {"Parts": [{"PartNumber": one.number, "ETag": one.tag} for one in arrived]}
    try:
        client().complete_multipart_upload(**_named(key, upload_id), MultipartUpload=listed)
    except client().exceptions.NoSuchUpload as error:
        raise UploadLost from error


def abort(key: str, upload_id: str) -> None:
    """Forget the upload and its parts; one that is gone is gone."""
    try:
        client().abort_multipart_upload(**_named(key, upload_id))
    except client().exceptions.NoSuchUpload:
        return


def first_bytes(key: str, count: int) -> bytes:
    """The beginning of an object."""
    answer = client().get_object(Bucket=settings.S3_PRIVATE_BUCKET, Key=key, Range=f"bytes=0-{count - 1}")
    return bytes(answer["Body"].read(count))


def _named(key: str, upload_id: str) -> dict[str, Any]:
    return {"Bucket": settings.S3_PRIVATE_BUCKET, "Key": key, "UploadId": upload_id}
