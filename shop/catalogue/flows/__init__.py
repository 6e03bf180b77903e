"""What changes the shelf: goods, offers, prices, taxes, zones and coupons."""

from shop.catalogue.flows.coupons import (
    CannotMakeCoupon,
    CouponTerms,
    TooManyGuesses,
    create_coupon,
    create_redeem_codes,
    forget_guess,
    note_guess,
    pause_coupon,
    resume_coupon,
)
from shop.catalogue.flows.holidays import CannotSetHoliday, end_holiday, set_holiday
from shop.catalogue.flows.policies import CannotSetPolicy, set_policy
from shop.catalogue.flows.shelf import (
    Part,
    change_contents,
    change_sku,
    close_offer,
    create_offer,
    create_sku,
    describe_offer,
    end_price,
    publish_offer,
    sell_without_kit,
    set_price,
)
from shop.catalogue.flows.taxes import CannotSetTax, drop_tax_rate, set_tax_rate
from shop.catalogue.flows.zones import CannotSetZone, drop_tariff, drop_zone, set_tariff, set_zone

__all__ = [
    "CannotMakeCoupon",
    "CannotSetHoliday",
    "CannotSetPolicy",
    "CannotSetTax",
    "CannotSetZone",
    "CouponTerms",
    "Part",
    "TooManyGuesses",
    "change_contents",
    "change_sku",
    "close_offer",
    "create_coupon",
    "create_offer",
    "create_redeem_codes",
    "create_sku",
    "describe_offer",
    "drop_tariff",
    "drop_tax_rate",
    "drop_zone",
    "end_holiday",
    "end_price",
    "forget_guess",
    "note_guess",
    "pause_coupon",
    "publish_offer",
    "resume_coupon",
    "sell_without_kit",
    "set_holiday",
    "set_policy",
    "set_price",
    "set_tariff",
    "set_tax_rate",
    "set_zone",
]
