"""S3 through boto3, the only importer of it. Private things get presigned addresses, public pictures plain ones."""

import mimetypes
import secrets
from functools import cache
from pathlib import PurePosixPath
from typing import IO, Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile

StorageFault = (BotoCoreError, ClientError)


@cache
def client() -> Any:
    """The S3 client. Short time limits: a page must not hang on storage (SAFETY.md, faults)."""
    return boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT_URL or None,
        aws_access_key_id=settings.S3_ACCESS_KEY_ID,
        aws_secret_access_key=settings.S3_SECRET_ACCESS_KEY,
        region_name=settings.S3_REGION,
        config=Config(
            signature_version="s3v4",
            connect_timeout=2,
            read_timeout=8,
            retries={"max_attempts": 2},
            s3={"addressing_style": "path"},
        ),
    )


def new_key(folder: str, filename: str) -> str:
    """A key the server makes: nothing of the sender's name but a short, plain extension."""
    suffix = PurePosixPath(filename).suffix.lower()
    safe = suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ""
    return f"{folder}/{secrets.token_hex(16)}{safe}"


def presigned_address(key: str, *, seconds: int | None = None, download: str = "") -> str:
    """An address that opens this one private object for `seconds` (15 minutes at most, the default).

    `download`: the name under which a browser saves it, instead of showing it.
    """
    lifetime = min(seconds or settings.MEDIA_ADDRESS_SECONDS, settings.MEDIA_ADDRESS_SECONDS)
    params = {"Bucket": settings.S3_PRIVATE_BUCKET, "Key": key}
    if download:
        params["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(download, safe='')}"
    return str(client().generate_presigned_url("get_object", Params=params, ExpiresIn=lifetime))


def reachable() -> bool:
    """Whether storage answers now; for /readyz/."""
    try:
        client().head_bucket(Bucket=settings.S3_PRIVATE_BUCKET)
    except StorageFault:
        return False
    return True


class S3Storage(Storage):
    """Django's storage interface over one bucket."""

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket

    def _open(self, name: str, mode: str = "rb") -> File:
        body = client().get_object(Bucket=self.bucket, Key=name)["Body"].read()
        return SimpleUploadedFile(name, body)

    def _save(self, name: str, content: IO[bytes]) -> str:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        content.seek(0)
        # The file itself, not its bytes: a film must not pass through memory.
        client().put_object(Bucket=self.bucket, Key=name, Body=content, ContentType=kind)
        return name

    def delete(self, name: str) -> None:
        client().delete_object(Bucket=self.bucket, Key=name)

    def delete_folder(self, name: str) -> None:
        """Everything below it; nothing there is no fault."""
        for page in client().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{name.rstrip('/')}/"):
            for found in page.get("Contents", []):
                self.delete(found["Key"])

    def exists(self, name: str) -> bool:
        try:
            client().head_object(Bucket=self.bucket, Key=name)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
                return False
            raise
        return True

    def fetch(self, name: str, into: IO[bytes]) -> None:
        """Write the object into an open file, piece by piece: a film must not pass through memory."""
        client().download_fileobj(self.bucket, name, into)

    def size(self, name: str) -> int:
        return int(client().head_object(Bucket=self.bucket, Key=name)["ContentLength"])


class PrivateStorage(S3Storage):
    """Paid and personal files: an address is made by the view that checked access, never by this class."""

    def __init__(self) -> None:
        super().__init__(settings.S3_PRIVATE_BUCKET)

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no lasting address; ask kit.storage.presigned_address after access.")


class PublicStorage(S3Storage):
    """Pictures anyone may see, such as covers; served straight from the public bucket."""

    def __init__(self) -> None:
        super().__init__(settings.S3_PUBLIC_BUCKET)

    def url(self, name: str | None) -> str:
        return f"{settings.S3_PUBLIC_URL.rstrip('/')}/{name}"
