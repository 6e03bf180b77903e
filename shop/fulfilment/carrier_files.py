"""Each carrier's file of parcels to fetch: small declared formats, columns in the carrier's order and words.

T-Cat's columns are those of its upload template for contract customers (契客專區, 「批次上傳」). SF's, 7-ELEVEN's and the
post's portals let the sender map columns at the first upload, so theirs are named in their usual words. Every format
carries our parcel number where the carrier has a field for a reference: tracking numbers come back beside it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kit.addresses import lines_of
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.text import csv_cell, strip_controls
from shop.catalogue.models import Sku
from shop.catalogue.stores import parcel_size
from shop.fulfilment.models import Shipment
from shop.fulfilment.phones import national
from shop.orders.models import Delivery

HOME, STORE = str(Delivery.Method.HOME), str(Delivery.Method.STORE)
# T-Cat counts parcels by the sum of their sides: 60, 90, 120, 150 cm.
TCAT_SIZES = (600, 900, 1200, 1500)


@dataclass(frozen=True)
class Facts:
    """What carriers ask of a parcel, as text."""

    number: str
    order: str
    name: str
    phone: str
    postal_code: str
    address: str
    country: str
    store_code: str
    store_name: str
    contents: str
    kilograms: str
    tcat_size: str
    today: str


Column = tuple[str, Callable[[Facts], str]]


def fixed(text: str) -> Callable[[Facts], str]:
    """The same in every row."""
    return lambda facts: text


@dataclass(frozen=True)
class CarrierFile:
    """`carrier` is the code of carriers.py; `methods` and `chain` say which parcels may go into it."""

    carrier: str
    name: str | Promise
    columns: tuple[Column, ...]
    methods: tuple[str, ...] = (HOME,)
    chain: str = ""

    def takes(self, delivery: Delivery | None) -> bool:
        if delivery is None or delivery.method not in self.methods:
            return False
        return not self.chain or delivery.chain == self.chain


TCAT: tuple[Column, ...] = (
    ("收件人名稱", lambda row: row.name),
    ("收件人電話", lambda row: row.phone),
    ("收件人手機", lambda row: row.phone),
    ("收件人地址", lambda row: row.address),
    ("代收金額或到付", fixed("0")),
    ("件數", fixed("1")),
    ("品名(詳參數表)", fixed("9")),
    ("備註", lambda row: row.order),
    ("訂單編號", lambda row: row.number),
    ("希望配達時間((詳參數表))", fixed("4")),
    ("出貨日期(YYYY/MM/DD)", lambda row: row.today),
    ("預定配達日期(YYYY/MM/DD)", fixed("")),
    ("溫層((詳參數表))", fixed("1")),
    ("尺寸((詳參數表))", lambda row: row.tcat_size),
    ("品名說明", lambda row: row.contents),
)
SF: tuple[Column, ...] = (
    ("订单号", lambda row: row.number),
    ("收件人", lambda row: row.name),
    ("收件电话", lambda row: row.phone),
    ("收件地址", lambda row: row.address),
    ("收件邮编", lambda row: row.postal_code),
    ("收件国家/地区", lambda row: row.country),
    ("托寄物内容", lambda row: row.contents),
    ("件数", fixed("1")),
    ("重量(kg)", lambda row: row.kilograms),
    ("付款方式", fixed("寄付月结")),
    ("备注", lambda row: row.order),
)
SEVEN: tuple[Column, ...] = (
    ("訂單編號", lambda row: row.number),
    ("取件人姓名", lambda row: row.name),
    ("取件人手機", lambda row: row.phone),
    ("取件門市店號", lambda row: row.store_code),
    ("取件門市", lambda row: row.store_name),
    ("商品名稱", lambda row: row.contents),
    ("代收金額", fixed("0")),
)
POST: tuple[Column, ...] = (
    ("自訂編號", lambda row: row.number),
    ("收件人姓名", lambda row: row.name),
    ("收件人電話", lambda row: row.phone),
    ("郵遞區號", lambda row: row.postal_code),
    ("收件人地址", lambda row: row.address),
    ("重量(公斤)", lambda row: row.kilograms),
    ("內裝物品", lambda row: row.contents),
)
GENERIC: tuple[Column, ...] = (
    ("parcel", lambda row: row.number),
    ("order", lambda row: row.order),
    ("name", lambda row: row.name),
    ("phone", lambda row: row.phone),
    ("country", lambda row: row.country),
    ("postal_code", lambda row: row.postal_code),
    ("address", lambda row: row.address),
    ("store_code", lambda row: row.store_code),
    ("store", lambda row: row.store_name),
    ("contents", lambda row: row.contents),
    ("weight_kg", lambda row: row.kilograms),
    ("tracking", fixed("")),
)
FILES = {
    row.carrier: row
    for row in (
        CarrierFile("tcat", _("T-Cat (Takkyubin)"), TCAT),
        CarrierFile("711", _("7-ELEVEN store to store"), SEVEN, methods=(STORE,), chain="711"),
        CarrierFile("post_tw", _("Chunghwa Post"), POST),
        CarrierFile("sf", _("SF Express"), SF),
        CarrierFile("other", _("Any carrier"), GENERIC, methods=(HOME, STORE)),
    )
}


def carrier_file(file: CarrierFile, parcels: Iterable[Shipment]) -> str:
    """CSV with CRLF and a byte-order mark (Excel reads Chinese wrongly without); no cell runs as a formula.

    Parcels come with lines and delivery; those that this carrier does not take are left out.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([head for head, _value in file.columns])
    for parcel in parcels:
        if file.takes(getattr(parcel.order, "delivery", None)):
            facts = facts_of(parcel)
            writer.writerow([csv_cell(" ".join(strip_controls(value(facts)).split())) for _head, value in file.columns])
    return out.getvalue()


def facts_of(parcel: Shipment) -> Facts:
    """A parcel with delivery and lines, in carriers' terms: one line of address, a national phone number, whole kilograms
    and tenths."""
    delivery = parcel.order.delivery
    goods = goods_in(parcel)
    *sides, grams = parcel_size(goods)
    return Facts(
        number=parcel.number,
        order=parcel.order.number,
        name=delivery.name,
        phone=national(delivery.phone, delivery.country),
        postal_code=delivery.postal_code,
        address=_one_line(delivery),
        country=delivery.country,
        store_code=delivery.store_code,
        store_name=delivery.store_name,
        contents="; ".join(f"{sku.name}×{quantity}" for sku, quantity in goods),
        kilograms=f"{grams // 1000}.{grams % 1000 // 100}",
        tcat_size=_tcat_size(sides),
        today=local_date(now(), FALLBACK_ZONE).strftime("%Y/%m/%d"),
    )


def goods_in(parcel: Shipment) -> list[tuple[Sku, int]]:
    """(good, pieces) of a parcel that has its lines at hand."""
    rows = [(line.component.component.sku, line.quantity) for line in parcel.lines.all()]
    return [(sku, quantity) for sku, quantity in rows if sku]


def _tcat_size(sides: Sequence[int]) -> str:
    return str(next((code for code, most in enumerate(TCAT_SIZES, 1) if sum(sides) <= most), len(TCAT_SIZES)))


def _one_line(delivery: Delivery) -> str:
    """The postcode has a column of its own."""
    if delivery.method == STORE:
        return f"{delivery.store_name} {delivery.store_code}"
    names = ("country", "region", "city", "district", "street")
    return " ".join(lines_of({name: getattr(delivery, name) for name in names}))
