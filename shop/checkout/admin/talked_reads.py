"""Whether goods come back less often where buyer and seller had talked before: counted, never read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from shop.fulfilment.models import Return

# A pair of paid order and seller with goods. They had talked: each had written to the other, in person, before it was placed.
# It came back: a return was asked for and not refused.
PAIRS = f"""
    SELECT o.id, o.number, o.placed_at, offer.seller_id AS seller, (
        SELECT count(DISTINCT message.author_id) = 2
        FROM community_conversation AS talk JOIN community_message AS message ON message.conversation_id = talk.id
        WHERE (talk.asker_id, talk.answerer_id) IN ((o.user_id, offer.seller_id), (offer.seller_id, o.user_id))
          AND NOT message.is_automatic AND message.created_at < o.placed_at
    ) AS talked, EXISTS (
        SELECT FROM fulfilment_return AS back JOIN orders_ordercomponent AS gone ON gone.id = back.component_id
        JOIN orders_orderline AS row ON row.id = gone.line_id JOIN catalogue_offer AS sold ON sold.id = row.offer_id
        WHERE back.order_id = o.id AND sold.seller_id = offer.seller_id AND back.state <> '{Return.State.REFUSED!s}'
    ) AS returned, coalesce(sum(part.refunded_net + part.refunded_tax), 0) > 0 AS refunded
    FROM orders_order AS o JOIN orders_orderline AS line ON line.order_id = o.id
    JOIN catalogue_offer AS offer ON offer.id = line.offer_id JOIN orders_ordercomponent AS part ON part.line_id = line.id
    WHERE o.state = 'paid' AND o.paid_at >= %s
    GROUP BY o.id, offer.seller_id HAVING bool_or(part.kind = 'stock')"""  # noqa: S608
SUMS = f"""
    SELECT seller, coalesce(talked, false), count(*), count(*) FILTER (WHERE returned), count(*) FILTER (WHERE refunded)
    FROM ({PAIRS}) AS pairs GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608
ROWS = (
    f"SELECT number, placed_at, seller, coalesce(talked, false), returned, refunded FROM ({PAIRS}) AS pairs ORDER BY id, seller"  # noqa: S608
)
HEAD = ("order", "placed_at", "seller", "talked_before", "returned", "refunded")


@dataclass(frozen=True)
class Rate:
    """Orders of goods, how many came back, how many saw money go back."""

    orders: int = 0
    returned: int = 0
    refunded: int = 0

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.orders + other.orders, self.returned + other.returned, self.refunded + other.refunded)

    @property
    def per_mille(self) -> int | None:
        """Of a thousand orders as many came back, to the nearest; None without orders."""
        return (2000 * self.returned + self.orders) // (2 * self.orders) if self.orders else None

    @property
    def percent(self) -> str:
        """`12.5 %`, or a dash without orders."""
        return "–" if self.per_mille is None else f"{self.per_mille // 10}.{self.per_mille % 10} %"


@dataclass(frozen=True)
class Compared:
    """A seller, or all of them (`name` ""): with a talk before, and without."""

    name: str
    talked: Rate
    silent: Rate


def return_rates(since: datetime) -> list[Compared]:
    """All sellers together first, then each by name. Two queries."""
    found: dict[int, dict[bool, Rate]] = {}
    for seller, talked, orders, returned, refunded in _asked(SUMS, since):
        found.setdefault(seller, {})[talked] = Rate(orders, returned, refunded)
    names = _names(found)
    sellers = [Compared(names[pk], rates.get(True, Rate()), rates.get(False, Rate())) for pk, rates in found.items()]
    talked, silent = Rate(), Rate()
    for row in sellers:
        talked, silent = talked + row.talked, silent + row.silent
    return [Compared("", talked, silent), *sorted(sellers, key=lambda row: row.name)]


def return_rows(since: datetime) -> Iterator[Sequence[Any]]:
    """A line for each order and seller, as HEAD names the columns; yes and no as 1 and 0."""
    rows = _asked(ROWS, since)
    names = _names({seller for _number, _at, seller, *_rest in rows})
    for number, placed_at, seller, talked, returned, refunded in rows:
        yield [number, placed_at.isoformat(), names[seller], int(talked), int(returned), int(refunded)]


def _asked(sql: str, since: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [since])
        return list(cursor.fetchall())


def _names(ids: Any) -> dict[int, str]:
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=list(ids))}
