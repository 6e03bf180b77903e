"""QTI 1.2 as Common Cartridges carry it: assessments and question banks read into drafts of questions.

Profiles (IMS Common Cartridge, section 4.10; Canvas names its own): multiple choice, true/false, multiple response,
fill in the blank, pattern match, essay. What has no honest counterpart is named, not guessed.
"""

import html as entities
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from courses.cartridge.xml import first, text_of
from courses.flows.quiz import ChoiceDraft, QuestionDraft

MOST_CHOICES = 20


@dataclass
class Quiz:
    """An assessment: questions that can be graded, essays (prompts), and titles of what could not be read, with the reason,
    and of what loses a picture: questions are words alone.
    """

    title: str
    questions: list[QuestionDraft] = field(default_factory=list)
    essays: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    pictured: list[str] = field(default_factory=list)
    attempts: int | None = None
    minutes: int | None = None


def read_quiz(root: ET.Element, fallback: str) -> Quiz:
    """An assessment or an object bank."""
    holder = first(root, "assessment")
    holder = holder if holder is not None else first(root, "objectbank")
    holder = holder if holder is not None else root
    facts = {text_of(field.find("fieldlabel")): text_of(field.find("fieldentry")) for field in _own_fields(holder)}
    quiz = Quiz(holder.get("title") or fallback)
    quiz.attempts = _count(facts.get("cc_maxattempts", ""))
    quiz.minutes = _count(facts.get("qmd_timelimit", ""))
    for number, item in enumerate(holder.iter("item"), 1):
        _read_item(quiz, item, item.get("title") or f"{number}")
    return quiz


def _own_fields(holder: ET.Element) -> list[ET.Element]:
    metadata = holder.find("qtimetadata")
    return list(metadata.iter("qtimetadatafield")) if metadata is not None else []


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and 0 < int(text) < 10_000 else None


def _read_item(quiz: Quiz, item: ET.Element, title: str) -> None:
    words, profile = _prompt(item), _profile(item)
    if any(re.search(r"<img\b", text_of(one), re.I) for one in item.iter("mattext")) or item.find(".//matimage") is not None:
        quiz.pictured.append(words[:80] or title)
    if "essay" in profile or "file_upload" in profile:
        quiz.essays.append(words or title)
        return
    try:
        quiz.questions.append(_question(item, profile, words or title))
    except _NotReadable as error:
        quiz.left_out.append((words[:80] or title, str(error)))


class _NotReadable(Exception):
    pass


def _profile(item: ET.Element) -> str:
    for entry in item.iter("qtimetadatafield"):
        if text_of(entry.find("fieldlabel")) in {"cc_profile", "question_type"}:
            return text_of(entry.find("fieldentry")).lower()
    single = item.find(".//response_lid")
    if single is not None:
        return "multiple_response" if single.get("rcardinality", "").lower() == "multiple" else "multiple_choice"
    return "fib" if item.find(".//response_str") is not None else "unknown"


def _question(item: ET.Element, profile: str, words: str) -> QuestionDraft:
    points, explanation = _points(item), _feedback(item)
    lists = [one for name in ("response_lid", "response_grp") for one in item.iter(name)]
    if len(lists) == 1 and ("ordering" in profile or lists[0].get("rcardinality", "").lower() == "ordered"):
        return _order(item, lists[0], words, points, explanation)
    if len(lists) == 1 and not any(word in profile for word in ("matching", "ordering")):
        many = lists[0].get("rcardinality", "").lower() == "multiple" or "multiple_response" in profile or "answers" in profile
        return _choices(item, lists[0], words, points, explanation, many)
    if len(lists) > 1 or "matching" in profile or "multiple_blanks" in profile:
        raise _NotReadable("matching")
    if "numerical" in profile:
        return _number(item, words, points, explanation)
    accepted = _accepted(item)
    if not accepted:
        raise _NotReadable("no right answer")
    return QuestionDraft("text", words, accepted=accepted, points=points, explanation=explanation)


def _choices(item: ET.Element, source: ET.Element, words: str, points: int, explanation: str, many: bool) -> QuestionDraft:
    labels = [(label.get("ident", ""), _material(label) or label.get("ident", "")) for label in source.iter("response_label")]
    rights = _rights(item)
    drafts = [ChoiceDraft(text[:300], ident in rights) for ident, text in labels][:MOST_CHOICES]
    if not any(draft.right for draft in drafts):
        raise _NotReadable("no right answer")
    if all(draft.right for draft in drafts):
        raise _NotReadable("no wrong answer")
    kind = "multiple" if many or sum(draft.right for draft in drafts) > 1 else "single"
    return QuestionDraft(kind, words, choices=drafts, points=points, explanation=explanation)


def _order(item: ET.Element, source: ET.Element, words: str, points: int, explanation: str) -> QuestionDraft:
    """The parts in the order in which the condition that earns most names them, if it names each of them once."""
    labels = {label.get("ident", ""): _material(label)[:200] for label in source.iter("response_label")}
    best, idents = 0.0, list[str]()
    for condition in item.iter("respcondition"):
        worth = max((_float(text_of(step)) for step in condition.iter("setvar")), default=0.0)
        if worth > best:
            best, idents = worth, [part for equal in condition.iter("varequal") for part in text_of(equal).split(",")]
    if sorted(idents) != sorted(labels) or len(labels) < 2:
        raise _NotReadable("order")
    return QuestionDraft("order", words, items=[labels[ident] for ident in idents], points=points, explanation=explanation)


def _rights(item: ET.Element) -> set[str]:
    """Idents that must be chosen in the condition that earns most: named by varequal, outside of <not>."""
    best, found = 0.0, set[str]()
    for condition in item.iter("respcondition"):
        worth = max((_float(text_of(step)) for step in condition.iter("setvar")), default=0.0)
        wanted = {text_of(equal) for equal in condition.iter("varequal")} - _negated(condition)
        if worth > best and wanted:
            best, found = worth, wanted
        elif worth == best and worth > 0:
            found |= wanted
    return found


def _negated(condition: ET.Element) -> set[str]:
    return {text_of(equal) for no in condition.iter("not") for equal in no.iter("varequal")}


def _accepted(item: ET.Element) -> list[str]:
    found = []
    for condition in item.iter("respcondition"):
        if max((_float(text_of(step)) for step in condition.iter("setvar")), default=0.0) > 0:
            found += [text_of(one) for name in ("varequal", "varsubstring") for one in condition.iter(name)]
    return [words for words in dict.fromkeys(found) if words][:50]


def _number(item: ET.Element, words: str, points: int, explanation: str) -> QuestionDraft:
    low = [_float(text_of(one)) for name in ("vargte", "vargt") for one in item.iter(name)]
    high = [_float(text_of(one)) for name in ("varlte", "varlt") for one in item.iter(name)]
    exact = [text_of(one) for one in item.iter("varequal") if text_of(one)]
    if low and high:
        middle, spread = (low[0] + high[0]) / 2, abs(high[0] - low[0]) / 2
        return QuestionDraft(
            "number", words, answer=f"{middle:.10g}", tolerance=f"{spread:.10g}", points=points, explanation=explanation
        )
    if exact:
        return QuestionDraft("number", words, answer=exact[0], points=points, explanation=explanation)
    raise _NotReadable("no right answer")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _points(item: ET.Element) -> int:
    for entry in item.iter("qtimetadatafield"):
        if text_of(entry.find("fieldlabel")) in {"cc_weighting", "points_possible"}:
            return min(max(round(_float(text_of(entry.find("fieldentry")))), 1), 100)
    return 1


def _prompt(item: ET.Element) -> str:
    presentation = item.find("presentation")
    return (
        _material(presentation, skip=("response_lid", "response_grp", "response_str", "response_num"))
        if presentation is not None
        else ""
    )


def _feedback(item: ET.Element) -> str:
    general = [one for one in item.iter("itemfeedback") if "general" in one.get("ident", "").lower()]
    return _material(general[0])[:2000] if general else ""


def _material(element: ET.Element, skip: tuple[str, ...] = ()) -> str:
    """The words of the <mattext>s below, HTML taken off."""
    parts = []
    stack = list(reversed(list(element)))
    while stack:
        child = stack.pop()
        if child.tag in skip:
            continue
        if child.tag == "mattext":
            parts.append(_plain(text_of(child), child.get("texttype", "")))
        stack.extend(reversed(list(child)))
    return " ".join(part for part in parts if part).strip()[:2000]


def _plain(words: str, kind: str) -> str:
    if "html" not in kind and not re.search(r"</?\w+[^>]*>", words):
        return words
    broken = re.sub(r"<(br|/p|/li|/div)[^>]*>", "\n", words, flags=re.I)
    return re.sub(r"[ \t]+", " ", entities.unescape(re.sub(r"<[^>]+>", "", broken))).strip()
