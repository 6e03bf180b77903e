"""What the yard wished for, what became of it, and who wants fewer mails."""

from functools import partial

from community.flows.feedback import answer_wish, make_wish, publish_release, vote
from community.models import Release, Wish, WishVote
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from notices.flows import choose

WISHES = {
    "slow": (
        "xiaochen",
        15,
        "示範影片可以放慢",
        "右手的切分音太快，看不清楚手指。我現在用手機錄下螢幕再慢放，有點累。",
        ("meiling", "ahao", "xinyi", "guoming", "yating"),
    ),
    "metronome": (
        "ahao",
        13,
        "課文旁邊放一個節拍器",
        "等紅燈的時候想練，現在要另外開一個程式，切回來就找不到剛剛看到哪裡。",
        ("xiaochen", "meiling", "xiaozhou", "wenjie"),
    ),
    "print": (
        "meiling",
        12,
        "和弦圖可以印成一張",
        "貼在冰箱上最有用。現在是自己抄的。",
        ("xinyi", "guoming", "jiahui"),
    ),
    "night": (
        "xiaozhou",
        6,
        "深夜練習提醒晚一點來",
        "晚上十一點才有空，提醒八點就來了，看到的時候已經忘了。",
        ("ahao",),
    ),
    "stars": ("guoming", 9, "每一課打星星", "這樣可以知道哪一課最難。", ()),
}
ANSWERS = {
    "metronome": ("building", 8, "正在做，會放在播放器下面，離開再回來也記得速度。"),
    "stars": ("declined", 7, "星星說不出哪裡難。想改的地方，請直接在課文下面提問，老師看得到。"),
}
RELEASE = (
    "影片可以放慢，也可以重複一段",
    "播放器多了**速度**和**重複一段**：選好頭尾，一句練到會。鍵盤也能按。\n\n謝謝小晨提出來，還有一起投票的每個人。",
)


def steps(calendar: Calendar) -> list[Step]:
    made = []
    for name, (author, ago, _title, _text, voters) in WISHES.items():
        made.append(Step(calendar.moment(ago, "20:10"), partial(_wish, name, author)))
        made += [Step(calendar.moment(ago - 1, f"{10 + n}:20"), partial(_vote, name, voter)) for n, voter in enumerate(voters)]
    for name, (state, ago, words) in ANSWERS.items():
        made.append(Step(calendar.moment(ago, "18:00"), partial(_answer, name, state, words)))
    made.append(Step(calendar.moment(4, "11:00"), _release))
    return [*made, Step(calendar.moment(3, "21:00"), _fewer_mails)]


def _key(name: str) -> str:
    return f"demo:wish:{name}"


def _found(name: str) -> Wish:
    return Wish.objects.get(topic__posts__key=_key(name))


def _wish(name: str, author: str) -> None:
    _author, _ago, title, text, _voters = WISHES[name]
    make_wish(author=user_of(author), title=title, source=text, key=_key(name))


def _vote(name: str, voter: str) -> None:
    wish, user = _found(name), user_of(voter)
    if not WishVote.objects.filter(wish=wish, user=user).exists():
        vote(user=user, wish=wish)


def _answer(name: str, state: str, words: str) -> None:
    if (wish := _found(name)).state != state:
        answer_wish(by=user_of("shuyuan"), wish=wish, state=state, answer=words)


def _release() -> None:
    if not Release.objects.filter(key="demo:release").exists():
        publish_release(by=user_of("shuyuan"), title=RELEASE[0], source=RELEASE[1], wishes=[_found("slow")], key="demo:release")


def _fewer_mails() -> None:
    """One of them reads what was answered once a week, over coffee."""
    choose(user=user_of("wenjie"), group="replies", how="weekly")
