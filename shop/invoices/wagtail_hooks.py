"""Invoices in Wagtail's admin, for the owner."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.backoffice import RoleMenuItem
from accounts.roles import OWNER
from shop.invoices.views import export, office


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("shop/invoices/", office.papers, name="shop_invoices"),
        path("shop/invoices/export/", export.export, name="shop_invoices_export"),
        path("shop/invoices/seller/", office.seller, name="shop_seller"),
        path("shop/invoices/<str:paper_number>.pdf", office.paper, name="shop_invoice"),
    ]


@hooks.register("register_admin_menu_item")
def invoices_item() -> MenuItem:
    return RoleMenuItem(_("Invoices"), "shop_invoices", roles=[OWNER], icon_name="doc-full", order=208)
