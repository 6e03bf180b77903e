"""Quizzes of the demo's lessons: (course, lesson) → its title and questions. Days of the demo's student's first week."""

from courses.flows import ChoiceDraft, QuestionDraft, QuizRules


def _choices(right: str, *wrong: str) -> list[ChoiceDraft]:
    """Right ones apart by a bar, then the wrong ones."""
    return [*(ChoiceDraft(text, True) for text in right.split("|")), *(ChoiceDraft(text) for text in wrong)]


RULES = QuizRules(pass_percent=70, attempts=3, minutes=10)
QUIZZES = {
    ("ukulele", "day-5"): (
        "第一週小測驗：認識你的琴",
        [
            QuestionDraft(
                "single", "標準調音的烏克麗麗，第四弦（最靠近臉的那條）是哪個音？", choices=_choices("G", "C", "E", "A"),
                explanation="由第四弦到第一弦依序是 G、C、E、A。",
            ),
            QuestionDraft(
                "multiple", "哪些做法會讓和弦按得更清楚？", points=2,
                choices=_choices("指尖直立|靠近琴衍按弦", "用指腹平放", "整隻手用力握緊琴頸"),
                explanation="指尖直立、靠近琴衍，就不必很用力。",
            ),
            QuestionDraft("number", "四四拍的一小節有幾拍？", answer="4", explanation="上面的 4 說一小節有四拍。"),
            QuestionDraft("text", "只用一根手指就能按的大三和弦，英文名稱是什麼？", accepted=["C", "C major", "C 和弦"]),
            QuestionDraft("order", "練一段新旋律的順序", items=["先慢慢看譜唱名", "分小節慢彈", "連起來慢彈", "跟節拍器加快"]),
        ],
    ),
}  # fmt: skip
