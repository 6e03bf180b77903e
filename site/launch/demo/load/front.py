"""The home page, in three languages."""

from courses.models import CoursePage
from kit.pictures import CARD, LARGE, picture_urls
from launch.demo.load.pictures import picture
from pages.flows import write_home
from pages.models import HomePage
from shop.catalogue.models import Offer

HERO, HERO_TITLE = "pictures/home-hero.webp", "小院子的午後"
WORDS = {
    "zh-hant": (
        "把想學的，慢慢學會。",
        "三位老師、三門手上的功夫。器材寄到你家，一班人一起練，一天一小步。",
        (
            "課程不長，每天十到二十分鐘。學琴的人會收到琴，沖咖啡的人會收到濾杯，寫字的人會收到筆。東西到了，第一天才開始。",
            "卡住的時候，在課文下面問；做好的時候，交給老師聽。講評會停在那一秒，告訴你差的只是哪一個小動作。",
        ),
        "原來練到七十分就可以送人了。\n美玲，烏克麗麗第一班",
    ),
    "zh-hans": (
        "把想学的，慢慢学会。",
        "三位老师、三门手上的功夫。器材寄到你家，一班人一起练，一天一小步。",
        (
            "课程不长，每天十到二十分钟。学琴的人会收到琴，冲咖啡的人会收到滤杯，写字的人会收到笔。东西到了，第一天才开始。",
            "卡住的时候，在课文下面问；做好的时候，交给老师听。讲评会停在那一秒，告诉你差的只是哪一个小动作。",
        ),
        "原来练到七十分就可以送人了。\n美玲，尤克里里第一班",
    ),
    "en": (
        "Learn it slowly. Learn it by hand.",
        "Three teachers, three crafts. The instrument comes by post, a class practises with you, one small step a day.",
        (
            "Courses are short: ten to twenty minutes a day. A ukulele, a dripper or a brush arrives at your door, "
            "and only then does day one begin.",
            "Stuck? Ask below the lesson. Done? Hand in a recording: the teacher's remarks stop at the very second that matters.",
        ),
        "Seventy per cent is already good enough to give away.\nMeiling, ukulele class 1",
    ),
}


def ensure_home() -> None:
    hero = picture(HERO, HERO_TITLE)
    for language, (headline, tagline, story, quote) in WORDS.items():
        if HomePage.objects.filter(locale__language_code=language, headline=headline, live=True).exists():
            continue
        blocks = [{"type": "text", "value": f"<p>{line}</p>"} for line in story]
        write_home(
            language=language, headline=headline, tagline=tagline, hero=hero, story=[*blocks, {"type": "quote", "value": quote}]
        )


def cut_pictures() -> None:
    """The sizes that the first pages show, so that the first visitor need not wait for them."""
    covers = [page.cover for page in CoursePage.objects.select_related("cover")]
    picture_urls([*covers, *(offer.picture for offer in Offer.objects.select_related("picture"))], CARD)
    picture_urls([*covers, picture(HERO, HERO_TITLE)], LARGE)
