"""Every object of the stand-in, in memory and, with a path, written through to SQLite.

One row per object, found by id; members that start with `_` are the stand-in's own and never leave the server.
WAL without fsync: a killed process loses nothing that was committed (only a power cut could), and a call stays fast.
"""

import json
import secrets
import sqlite3
import string
from collections.abc import Iterator
from typing import Any

Obj = dict[str, Any]
ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(length))


class Store:
    """Not locked: the world's turn guards it."""

    def __init__(self, path: str | None = None) -> None:
        self._by_id: dict[str, Obj] = {}
        self._kinds: dict[str, dict[str, Obj]] = {}
        self._dirty: dict[str, Obj | None] = {}
        self._db: sqlite3.Connection | None = None
        if path:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute("CREATE TABLE IF NOT EXISTS rows (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT)")
            for (body,) in self._db.execute("SELECT body FROM rows ORDER BY seq"):
                self._keep(json.loads(body))

    def _keep(self, obj: Obj) -> None:
        self._by_id[obj["id"]] = obj
        self._kinds.setdefault(obj["object"], {})[obj["id"]] = obj

    def save(self, obj: Obj) -> Obj:
        """Add or update; reaches the disk at the next commit."""
        self._keep(obj)
        self._dirty[obj["id"]] = obj
        return obj

    def remove(self, id: str) -> None:
        obj = self._by_id.pop(id, None)
        if obj:
            del self._kinds[obj["object"]][id]
            self._dirty[id] = None

    def find(self, id: str) -> Obj | None:
        return self._by_id.get(id)

    def oldest_first(self, kind: str) -> Iterator[Obj]:
        return iter(self._kinds.get(kind, {}).values())

    def newest_first(self, kind: str) -> Iterator[Obj]:
        return reversed(self._kinds.get(kind, {}).values())

    def kinds(self) -> list[str]:
        return [kind for kind, objects in self._kinds.items() if objects]

    def commit(self) -> None:
        """Write what changed since the last commit in one transaction."""
        if self._db and self._dirty:
            self._db.execute("BEGIN")
            for id, obj in self._dirty.items():
                if obj is None:
                    self._db.execute("DELETE FROM rows WHERE id = ?", (id,))
                else:
                    self._db.execute(
                        "INSERT INTO rows (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                        (id, json.dumps(obj, ensure_ascii=False)),
                    )
            self._db.execute("COMMIT")
        self._dirty.clear()

    def clear(self) -> None:
        for id in list(self._by_id):
            self.remove(id)
        self.commit()

    def close(self) -> None:
        self.commit()
        if self._db:
            self._db.close()
            self._db = None
