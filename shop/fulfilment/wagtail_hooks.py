"""Parcels, returns and stock in Wagtail's admin, for packers and the owner."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.backoffice import RoleMenuItem
from accounts.roles import OWNER, PACKER
from shop.fulfilment.views import address, parcels, returns, scan, splitting, stock, tracking

ROLES = (PACKER, OWNER)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("shop/parcels/", parcels.parcels, name="shop_parcels"),
        path("shop/parcels/act/", parcels.act, name="shop_parcels_act"),
        path("shop/parcels/tracking/", tracking.tracking, name="shop_tracking"),
        path("shop/parcels/scan/", scan.scan, name="shop_scan"),
        path("shop/parcels/<str:number>/", parcels.parcel, name="shop_parcel"),
        path("shop/parcels/<str:number>/address/", address.address, name="shop_parcel_address"),
        path("shop/parcels/<str:number>/resend/", address.resend, name="shop_parcel_resend"),
        path("shop/parcels/<str:number>/split/", splitting.split, name="shop_parcel_split"),
        path("shop/returns/", returns.returns, name="shop_returns"),
        path("shop/returns/<int:return_id>/", returns.decide_return, name="shop_return_decide"),
        path("shop/stock/", stock.stock, name="shop_stock"),
        path("shop/stock/shelves/add/", stock.shelf, name="shop_stock_shelf"),
        path("shop/stock/<slug:code>/", stock.item, name="shop_stock_item"),
        path("shop/stock/<slug:code>/low/", stock.low, name="shop_stock_low"),
    ]


@hooks.register("register_admin_menu_item")
def parcels_item() -> MenuItem:
    return RoleMenuItem(_("Parcels"), "shop_parcels", roles=ROLES, icon_name="clipboard-list", order=210)


@hooks.register("register_admin_menu_item")
def returns_item() -> MenuItem:
    return RoleMenuItem(_("Returns"), "shop_returns", roles=ROLES, icon_name="rotate", order=211)


@hooks.register("register_admin_menu_item")
def stock_item() -> MenuItem:
    return RoleMenuItem(_("Stock"), "shop_stock", roles=ROLES, icon_name="table", order=212)
