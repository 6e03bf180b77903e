"""The people of people.py become accounts, each on the day they came."""

from datetime import timedelta
from functools import cache, partial

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.flows import save_address, update_profile
from accounts.models import Profile, User
from accounts.roles import INSTRUCTOR, MODERATOR, OWNER, PACKER, give_role
from launch.demo.content import PersonContent
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import upload
from launch.demo.people import PEOPLE, STAFF, TEACHERS

PASSWORD = "courseyard-demo"  # noqa: S105  (printed at every start: it is the demo's)
ROLES = {"shuyuan": OWNER, "laowu": PACKER, "afang": MODERATOR} | {teacher.handle: INSTRUCTOR for teacher in TEACHERS}
# Days ago; the others of the yard were there when it opened. Buyers who came by a link joined minutes before they bought.
JOINED = {"jiahui": 67, "yating": 65, "meiling": 22, "xiaochen": 20, "xinyi": 17, "visitor": 20}
# The eight fixed accounts keep the visitor's language, so that trying the demo in English stays English.
ELSEWHERE = {"xiaozhou": ("zh-hans", "Asia/Shanghai"), "wenjie": ("en", "Asia/Taipei")}
PRIVATE = {"laowu", "visitor"}
OPENED, LONG_AGO = 82, 34


@cache
def _hashed() -> str:
    """Hashed once: twenty times would take ten seconds."""
    return make_password(PASSWORD)


def email_of(handle: str) -> str:
    return next((person.email for person in PEOPLE if person.handle == handle and person.email), f"{handle}@demo.test")


def user_of(who: str) -> User:
    """By handle, or by e-mail address."""
    return User.objects.get(email=who if "@" in who else email_of(who))


def steps(calendar: Calendar) -> list[Step]:
    staff = {person.handle for person in (*TEACHERS, *STAFF)}
    made = []
    for number, person in enumerate(PEOPLE):
        ago = OPENED if person.handle in staff else JOINED.get(person.handle, LONG_AGO)
        moment = calendar.moment(ago, "08:30") + timedelta(minutes=7 * (number % 8))
        made.append(Step(moment, partial(ensure_person, person)))
    return made


@transaction.atomic
def ensure_person(person: PersonContent) -> User:
    """The account with a verified address, profile, portrait and roles."""
    email = email_of(person.handle)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email=email, name=person.name)
    if Profile.objects.filter(user=user, handle=person.handle).exists():
        return user
    user.password = _hashed()
    user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    language, time_zone = ELSEWHERE.get(person.handle, ("" if person.email else "zh-hant", "Asia/Taipei"))
    update_profile(
        user=user,
        portrait=upload(person.avatar),
        name=person.name,
        language=language,
        time_zone=time_zone,
        handle=person.handle,
        bio=person.bio,
        is_public=person.handle not in PRIVATE,
    )
    if role := ROLES.get(person.handle):
        give_role(user=user, role=role)
    return user


def ensure_address(user: User, *, name: str, phone: str, parts: dict[str, str]) -> None:
    """The buyer's first address goes into the book."""
    if not user.addresses.exists():
        save_address(user=user, name=name, phone=phone, parts=parts)
