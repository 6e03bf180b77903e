"""Where goods go, as plain data on its way from a form to an order."""

from dataclasses import asdict, dataclass
from typing import Any

from shop.orders.models import Delivery


@dataclass(frozen=True)
class DeliveryData:
    """An address (method home) or a convenience store (method store); fields as in shop.orders.models.Delivery."""

    method: str
    name: str
    phone: str
    country: str
    region: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    postal_code: str = ""
    chain: str = ""
    store_code: str = ""
    store_name: str = ""

    @property
    def to_store(self) -> bool:
        return self.method == Delivery.Method.STORE

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)
