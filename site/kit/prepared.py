"""Reads of fixed shape: PostgreSQL answers a wide queryset sooner than Django has made its SQL, so it is made once.

    @prepared
    def _seat() -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(user=Given("user"), cohort__course=Given("course")).select_related("cohort")

    seats = _seat(user=request.user.pk, course=course.pk)  # a list of Enrolment

PostgreSQL keeps the plan, too: values travel beside the statement (server-side binding), and psycopg prepares one that
it has sent `prepare_threshold` times over a connection (settings; docs/running.md says when to switch that off).

What differs from call to call (the clock and the language too) must be `Given`: the function runs once a process.
"""

from collections.abc import Callable
from copy import copy
from functools import update_wrapper
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """The place of a value that each call brings by name. `field` is needed only where nothing tells its type."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.is_typed = field is not None

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        kind = f"::{self.output_field.db_type(connection)}" if self.is_typed else ""
        return f"%s{kind}", [self]

    def taken_from(self, values: dict[str, Any]) -> Any:
        return values[self.name]


class GivenAll(Given):
    """The place of a list of ids, for `__in`: any number of them, none too. `kind` is their type in PostgreSQL."""

    def __init__(self, name: str, kind: str = "bigint") -> None:
        super().__init__(name)
        self.kind = kind

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        return f"(SELECT unnest(%s::{self.kind}[]))", [self]

    def taken_from(self, values: dict[str, Any]) -> Any:
        return list(values[self.name])


class Prepared:
    """A queryset whose SQL is made at the first call. Calling it asks the database: one query, its rows in a list.

    Raises KeyError for a missing value and TypeError for one that nothing in the query takes.
    """

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build
        self._made: tuple[QuerySet[Any], SQLCompiler, str, tuple[Any, ...], frozenset[str]] | None = None
        update_wrapper(self, build)

    def __call__(self, **values: Any) -> list[Any]:
        rows, compiler, sql, places, names = self._made or self._make()
        if unknown := values.keys() - names:
            raise TypeError(f"{self._build.__name__} takes no {', '.join(sorted(unknown))}")
        params = tuple(place.taken_from(values) if isinstance(place, Given) else place for place in places)
        return list(_asked(rows, compiler, sql, params))

    def _make(self) -> tuple[QuerySet[Any], SQLCompiler, str, tuple[Any, ...], frozenset[str]]:
        rows = self._build()
        compiler = rows.query.get_compiler(using=rows.db)
        sql, places = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _expressions: converters  # they depend on the columns only
        names = frozenset(place.name for place in places if isinstance(place, Given))
        self._made = (rows, compiler, sql, tuple(places), names)
        return self._made


class _PlanKeeping:
    """A connection that sends values beside its statements."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Any:
        self._connection.ensure_connection()
        raw = self._connection.connection
        usual, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
        try:
            return self._connection.cursor()
        finally:
            raw.cursor_factory = usual


def prepared(build: Callable[[], QuerySet[Any]]) -> Prepared:
    """Decorates a function without parameters that returns a queryset."""
    return Prepared(build)


def _asked(rows: QuerySet[Any], compiler: SQLCompiler, sql: str, params: tuple[Any, ...]) -> QuerySet[Any]:
    """A queryset that will ask this very SQL: Django's own code makes the objects, relations and annotations."""
    mine = copy(compiler)
    mine.connection = _PlanKeeping(connections[rows.db])  # a thread's own
    mine.as_sql = lambda *_args, **_options: (sql, params)
    query = copy(rows.query)
    query.get_compiler = lambda *_args, **_options: mine
    asked = rows.all()
    asked.query = query
    return asked
