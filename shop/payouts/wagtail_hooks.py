"""Payouts in Wagtail's admin, for the owner."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.backoffice import RoleMenuItem
from accounts.roles import OWNER
from shop.payouts.views import payouts, splits


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("shop/payouts/", payouts.payouts, name="shop_payouts"),
        path("shop/payouts/preview/", payouts.preview, name="shop_payouts_preview"),
        path("shop/payouts/prepare/", payouts.prepare, name="shop_payouts_prepare"),
        path("shop/payouts/payouts.csv", payouts.transfer_file, name="shop_payouts_file"),
        path("shop/payouts/<int:payout_id>/", payouts.payout, name="shop_payout"),
        path("shop/payouts/<int:payout_id>/settle/", payouts.settle, name="shop_payout_settle"),
        path("shop/shares/", splits.splits, name="shop_splits"),
        path("shop/shares/<int:offer_id>/", splits.split, name="shop_split"),
    ]


@hooks.register("register_admin_menu_item")
def payouts_item() -> MenuItem:
    return RoleMenuItem(_("Payouts"), "shop_payouts", roles=[OWNER], icon_name="upload", order=222)


@hooks.register("register_admin_menu_item")
def splits_item() -> MenuItem:
    return RoleMenuItem(_("Teachers' shares"), "shop_splits", roles=[OWNER], icon_name="group", order=222)
