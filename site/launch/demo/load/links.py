"""Referrers: the programme, their links by channel, weeks of clicks, and the first payout."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import AnonymousUser

from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from shop.checkout.flows import release_holds
from shop.payouts.flows import mark_paid, prepare_payouts
from shop.payouts.models import Payout
from shop.referrals.flows import create_link, create_programme, join_programme, record_click
from shop.referrals.models import Click, Link, Programme
from shop.referrals.rules import Rules

PROGRAMME = "同學帶同學"
UKULELE, COFFEE = "/courses/ukulele/", "/courses/coffee/"


@dataclass(frozen=True)
class LinkPlan:
    """A link made so many days ago; `clicks` beside those that led to a purchase, the last of them `until` days ago."""

    code: str
    owner: str
    target: str
    channel: str
    label: str
    made: int
    clicks: int
    until: int = 0


LINKS = (
    LinkPlan("demo", "jiahui", UKULELE, "line", "同事群組", 36, 34),
    LinkPlan("jiahui-wx", "jiahui", UKULELE, "wechat", "表姐的琴友群", 30, 17),
    LinkPlan("jiahui-poster", "jiahui", UKULELE, "poster", "護理站佈告欄", 28, 9, 6),
    LinkPlan("jiahui-xhs", "jiahui", UKULELE, "xiaohongshu", "大夜班之後那篇", 15, 26),
    LinkPlan("meiling-line", "meiling", UKULELE, "line", "幼兒園媽媽群", 8, 11),
    LinkPlan("wenjie-coffee", "wenjie", COFFEE, "other", "公司茶水間", 9, 6),
)
PAYOUT = 8


def steps(calendar: Calendar, *, paid: bool) -> list[Step]:
    """`paid`: orders are loaded, so that there is something to pay out."""
    made = [Step(calendar.moment(40, "09:30"), _programme)]
    for plan in LINKS:
        made.append(Step(calendar.moment(plan.made, "09:45"), partial(_link, plan)))
        made += [Step(_click_moment(calendar, plan, number), partial(_click, plan, number)) for number in range(plan.clicks)]
    if paid:
        made.append(Step(calendar.moment(PAYOUT, "10:30"), _pay_out))
        made.append(Step(calendar.latest, release_holds))
    return made


def _programme() -> Programme:
    """Course 30 %, instrument 5 %."""
    known = Programme.objects.filter(name=PROGRAMME, offer=None).first()
    rules = Rules(rates={"seat": 3000, "stock": 500}, disclosure="你從這個連結報名，我會得到一份謝禮；你付的錢不會變多。")
    return known or create_programme(name=PROGRAMME, rules=rules, actor=user_of("shuyuan"))


def _link(plan: LinkPlan) -> None:
    owner = user_of(plan.owner)
    join_programme(user=owner, programme=_programme())
    if not Link.objects.filter(code=plan.code).exists():
        create_link(owner=owner, target=plan.target, channel=plan.channel, label=plan.label, code=plan.code)


def _click_moment(calendar: Calendar, plan: LinkPlan, number: int) -> datetime:
    """Spread over the link's life, more of them in the evening."""
    span = plan.made - plan.until
    ago = plan.made - 1 - (number * span) // plan.clicks
    hour = (20, 21, 12, 22, 8, 19, 23)[number % 7]
    return calendar.moment(max(ago, plan.until), f"{hour:02d}:{number * 17 % 60:02d}")


def _click(plan: LinkPlan, number: int) -> None:
    visitor = uuid5(NAMESPACE_URL, f"demo:{plan.code}:{number}")
    if not Click.objects.filter(visitor=visitor).exists():
        record_click(code=plan.code, visitor=visitor, address=f"203.0.113.{number}", user=AnonymousUser())


def _pay_out() -> None:
    """The first payout: what was free by then goes to the bank of referrers and teachers."""
    if Payout.objects.exists():
        return
    release_holds()
    for payout in prepare_payouts(actor=user_of("shuyuan")):
        mark_paid(payout=payout, actor=user_of("shuyuan"))
