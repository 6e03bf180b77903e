"""Orders, commissions and the ledger in Wagtail's admin for the owner; what needs doing today for whoever does it."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.backoffice import RoleMenuItem
from accounts.roles import INSTRUCTOR, OWNER, PACKER, has_role
from shop.checkout.admin import (
    bank,
    cases,
    codes,
    commissions,
    coupons,
    disputes,
    fraud,
    holidays,
    ledger,
    numbers,
    orders,
    policies,
    prices,
    programmes,
    refunds,
    talked,
    taxes,
    troubles,
    zones,
)
from shop.checkout.admin.today import TodayPanel, tasks_of


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("shop/orders/", orders.orders, name="shop_orders"),
        path("shop/orders/<str:number>/", orders.order, name="shop_order"),
        path("shop/orders/<str:number>/refund/", refunds.refund, name="shop_refund"),
        path("shop/coupons/", coupons.coupons, name="shop_coupons"),
        path("shop/coupons/new/", coupons.new, name="shop_coupon_new"),
        path("shop/coupons/<int:coupon_id>/", coupons.coupon, name="shop_coupon"),
        path("shop/coupons/<int:coupon_id>/switch/", coupons.switch, name="shop_coupon_switch"),
        path("shop/bank/", bank.bank, name="shop_bank"),
        path("shop/bank/confirm/", bank.confirm, name="shop_bank_confirm"),
        path("shop/bank/receipts/<int:payment_id>/take-back/", bank.take_back, name="shop_bank_take_back"),
        path("shop/bank/refunds/<int:refund_id>/", bank.refunded, name="shop_bank_refunded"),
        path("shop/bank/accounts/<str:currency>/", bank.account, name="shop_bank_account"),
        path("shop/codes/", codes.codes, name="shop_codes"),
        path("shop/codes/<str:batch>.pdf", codes.printed, name="shop_codes_pdf"),
        path("shop/numbers/", numbers.numbers, name="shop_numbers"),
        path("shop/numbers/<slug:name>.csv", numbers.export, name="shop_export"),
        path("shop/prices/", prices.prices, name="shop_prices"),
        path("shop/taxes/", taxes.taxes, name="shop_taxes"),
        path("shop/taxes/<int:rate_id>/drop/", taxes.drop, name="shop_tax_drop"),
        path("shop/taxes/prices/<int:price_id>/", taxes.inclusive, name="shop_tax_inclusive"),
        path("shop/policies/", policies.policies, name="shop_policies"),
        path("shop/policies/<int:offer_id>/", policies.policy, name="shop_policy"),
        path("shop/zones/", zones.zones, name="shop_zones"),
        path("shop/zones/new/", zones.new, name="shop_zone_new"),
        path("shop/zones/<int:zone_id>/", zones.zone, name="shop_zone"),
        path("shop/zones/<int:zone_id>/drop/", zones.drop, name="shop_zone_drop"),
        path("shop/zones/<int:zone_id>/<str:currency>/", zones.tariff, name="shop_zone_tariff"),
        path("shop/zones/offers/<int:offer_id>/", zones.without_kit, name="shop_without_kit"),
        path("shop/orders/<str:number>/accept/", orders.accept, name="shop_accept"),
        path("shop/commissions/", commissions.commissions, name="shop_commissions"),
        path("shop/commissions/<int:attribution_id>/decide/", commissions.decide, name="shop_commission_decide"),
        path("shop/commissions/<int:attribution_id>/correct/", fraud.correct, name="shop_commission_correct"),
        path("shop/programmes/", programmes.programmes, name="shop_programmes"),
        path("shop/programmes/new/", programmes.new, name="shop_programme_new"),
        path("shop/programmes/<int:programme_id>/", programmes.programme, name="shop_programme"),
        path("shop/programmes/<int:programme_id>/invite/", programmes.invite, name="shop_programme_invite"),
        path("shop/applications/<int:admission_id>/", programmes.decide_application, name="shop_application"),
        path("shop/agreements/<int:agreement_id>/end/", programmes.end_agreement, name="shop_agreement_end"),
        path("shop/cases/", cases.queue, name="shop_cases"),
        path("shop/cases/<int:case_id>/", cases.case, name="shop_case"),
        path("shop/cases/<int:case_id>/decide/", cases.decide, name="shop_case_decide"),
        path("shop/cases/evidence/<int:evidence_id>/", cases.evidence, name="shop_case_evidence"),
        path("shop/fraud/", fraud.queue, name="shop_fraud"),
        path("shop/fraud/<int:suspicion_id>/", fraud.decide, name="shop_fraud_decide"),
        path("shop/objections/<int:objection_id>/", fraud.answer, name="shop_objection"),
        path("shop/holiday/", holidays.holiday, name="shop_holiday"),
        path("shop/holiday/<int:seller_id>/back/", holidays.back, name="shop_holiday_back"),
        path("shop/disputes/", disputes.disputes, name="shop_disputes"),
        path("shop/disputes/<int:dispute_id>/", disputes.dispute, name="shop_dispute"),
        path("shop/ledger/", ledger.ledger, name="shop_ledger"),
        path("shop/talked/", talked.talked, name="shop_talked"),
        path("shop/talked/export/", talked.export, name="shop_talked_export"),
        path("shop/troubles/", troubles.failed_refunds, name="shop_failed_refunds"),
    ]


@hooks.register("register_admin_menu_item")
def orders_item() -> MenuItem:
    return RoleMenuItem(_("Orders"), "shop_orders", roles=[OWNER], icon_name="list-ul", order=205)


@hooks.register("register_admin_menu_item")
def commissions_item() -> MenuItem:
    return RoleMenuItem(_("Commissions"), "shop_commissions", roles=[OWNER], icon_name="group", order=221)


@hooks.register("register_admin_menu_item")
def programmes_item() -> MenuItem:
    return RoleMenuItem(_("Programmes"), "shop_programmes", roles=[OWNER], icon_name="group", order=221)


@hooks.register("register_admin_menu_item")
def cases_item() -> MenuItem:
    return RoleMenuItem(_("Reports about links"), "shop_cases", roles=[OWNER], icon_name="warning", order=221)


@hooks.register("register_admin_menu_item")
def fraud_item() -> MenuItem:
    return RoleMenuItem(_("Fraud and disputes of commission"), "shop_fraud", roles=[OWNER], icon_name="warning", order=221)


@hooks.register("register_admin_menu_item")
def disputes_item() -> MenuItem:
    return RoleMenuItem(_("Disputes"), "shop_disputes", roles=[OWNER], icon_name="warning", order=209)


@hooks.register("register_admin_menu_item")
def coupons_item() -> MenuItem:
    return RoleMenuItem(_("Coupons"), "shop_coupons", roles=[OWNER, INSTRUCTOR], icon_name="tag", order=206)


@hooks.register("register_admin_menu_item")
def numbers_item() -> MenuItem:
    return RoleMenuItem(_("Numbers"), "shop_numbers", roles=[OWNER], icon_name="view", order=204)


@hooks.register("register_admin_menu_item")
def prices_item() -> MenuItem:
    return RoleMenuItem(_("Prices"), "shop_prices", roles=[OWNER], icon_name="tag", order=208)


@hooks.register("register_admin_menu_item")
def ledger_item() -> MenuItem:
    return RoleMenuItem(_("Ledger"), "shop_ledger", roles=[OWNER], icon_name="table", order=223)


@hooks.register("register_admin_menu_item")
def bank_item() -> MenuItem:
    return RoleMenuItem(_("Bank transfers"), "shop_bank", roles=[OWNER], icon_name="download", order=207)


@hooks.register("register_admin_menu_item")
def taxes_item() -> MenuItem:
    return RoleMenuItem(_("Taxes"), "shop_taxes", roles=[OWNER], icon_name="table", order=224)


@hooks.register("register_admin_menu_item")
def zones_item() -> MenuItem:
    return RoleMenuItem(_("Delivery"), "shop_zones", roles=[OWNER], icon_name="globe", order=225)


@hooks.register("register_admin_menu_item")
def holiday_item() -> MenuItem:
    return RoleMenuItem(_("Holiday"), "shop_holiday", roles=[OWNER, INSTRUCTOR], icon_name="calendar-alt", order=213)


@hooks.register("register_admin_menu_item")
def talked_item() -> MenuItem:
    return RoleMenuItem(_("Returns and talks"), "shop_talked", roles=[OWNER], icon_name="comment", order=227)


@hooks.register("register_admin_menu_item")
def policies_item() -> MenuItem:
    return RoleMenuItem(_("Refund policies"), "shop_policies", roles=[OWNER], icon_name="rotate", order=226)


@hooks.register("construct_homepage_panels")
def today_panel(request: HttpRequest, panels: list[Any]) -> None:
    if has_role(request.user, OWNER, PACKER):
        panels.insert(0, TodayPanel(tasks_of(request.user)))


@hooks.register("insert_global_admin_css")
def backoffice_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}" />', static("css/backoffice.css"))
