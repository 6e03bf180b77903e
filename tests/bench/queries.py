"""How many queries a page takes, once it is warm."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.load import Request


def queries_of(request: Request) -> int:
    client = Client(headers={"accept-language": "zh-TW"})
    for cookie in filter(None, request.cookies.split("; ")):
        name, _equals, value = cookie.partition("=")
        client.cookies[name] = value
    for _warming in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.generic(request.method, request.path, request.body, content_type="application/x-www-form-urlencoded")
    return len(queries)
