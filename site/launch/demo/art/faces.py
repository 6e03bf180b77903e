"""Avatars, 400 by 400: flat heads that differ in hair, clothes and what they wear."""

from dataclasses import dataclass

from launch.demo.art import palette as p
from launch.demo.art.pen import Pen, Sheet, arc, mix, smooth


@dataclass(frozen=True)
class Face:
    ground: str
    hair: str
    cut: str
    top: str
    skin: str = "#f1c7a3"
    glasses: bool = False
    beard: bool = False
    cap: str = ""


BLACK, BROWN, GREY = "#2b2624", "#5b3a29", "#c9c6c0"
FACES = {
    "yuan": Face("#f6d9a8", BROWN, "bun", p.TEAL),
    "boyan": Face("#d8e6df", BLACK, "short", "#7a4a2d", beard=True),
    "moyun": Face("#eed3c8", BLACK, "bob", p.INK),
    "shuyuan": Face("#dbe7cf", GREY, "curly", p.EMBER, glasses=True),
    "laowu": Face("#d3e0e7", GREY, "short", "#4f6f86", skin="#d9a57e", cap=p.PERSIMMON),
    "afang": Face("#e9dcea", "#8b837c", "bob", p.LEAF, glasses=True),
    "jiahui": Face("#cfe6e6", BLACK, "tail", p.WHITE),
    "xiaochen": Face("#f9dcc4", BLACK, "swept", "#4d6d86", glasses=True),
    "visitor": Face("#e8e3d5", BROWN, "short", p.SUN),
    "meiling": Face("#f4d6c4", BROWN, "long", p.LEAF_DARK),
    "ahao": Face("#d6e3c6", BLACK, "short", p.TEAL, skin="#dda97f", cap=p.NIGHT),
    "xiaozhou": Face("#fbe7b4", BLACK, "swept", p.PERSIMMON),
    "yating": Face("#d9dff0", BROWN, "long", "#e9b949"),
    "wenjie": Face("#e1e6e8", BLACK, "swept", p.SLATE, glasses=True),
    "peishan": Face("#f3d9dc", BLACK, "bob", "#a9536b"),
    "lianyi": Face("#e6ddc8", GREY, "thin", "#6c7f5b", skin="#d9a57e"),
    "xinyi": Face("#d8ecdf", BROWN, "tail", p.PERSIMMON),
    "guoming": Face("#dce4ec", BLACK, "short", p.LEAF, skin="#e6b48c"),
}


def avatar(handle: str) -> Sheet:
    face = FACES[handle]
    sheet = Sheet(400, 400, face.ground)
    pen = Pen(sheet)
    pen.dot(290, 110, 150, mix(face.ground, p.WHITE, 0.4))
    _behind(pen, face)
    _shoulders(pen, face)
    _head(pen, face)
    _front(pen, face)
    _features(pen, face)
    return sheet


def _behind(pen: Pen, face: Face) -> None:
    if face.cut == "long":
        pen.blob(
            [(108, 150), (130, 70), (200, 44), (270, 70), (292, 150), (306, 300), (270, 350), (130, 350), (94, 300)], face.hair
        )
    elif face.cut == "bob":
        pen.blob(
            [(104, 160), (126, 70), (200, 42), (274, 70), (296, 160), (292, 246), (250, 258), (150, 258), (108, 246)], face.hair
        )
    elif face.cut == "tail":
        pen.blob([(262, 90), (330, 110), (344, 200), (318, 268), (300, 210), (276, 150)], face.hair)
    elif face.cut == "bun":
        pen.dot(200, 46, 42, face.hair)
        pen.ring(200, 74, 26, 7, p.PERSIMMON)


def _shoulders(pen: Pen, face: Face) -> None:
    body = smooth([(30, 420), (52, 332), (120, 296), (200, 290), (280, 296), (348, 332), (370, 420)])
    pen.shape([*body, (370, 430), (30, 430)], face.top)
    pen.shape([*smooth([(214, 292), (280, 296), (348, 332), (370, 420)]), (370, 430), (260, 430)], mix(face.top, p.INK, 0.14))
    pen.shape(smooth([(164, 240), (166, 290), (200, 326), (234, 290), (236, 240)]), mix(face.skin, p.EMBER, 0.22))


def _head(pen: Pen, face: Face) -> None:
    for x in (122, 278):
        pen.oval(x, 178, 17, 23, mix(face.skin, p.EMBER, 0.14))
    pen.blob(
        [(124, 150), (140, 92), (200, 70), (260, 92), (276, 150), (268, 214), (236, 256), (200, 268), (164, 256), (132, 214)],
        face.skin,
    )
    for x in (150, 250):
        pen.oval(x, 208, 17, 11, "#ee9c82", 0.45)


def _front(pen: Pen, face: Face) -> None:
    """The hair over the forehead, and a cap when one is worn."""
    fringes = {
        "short": [
            (116, 160),
            (118, 96),
            (156, 56),
            (214, 46),
            (266, 70),
            (286, 120),
            (282, 162),
            (264, 124),
            (220, 106),
            (160, 112),
            (132, 128),
        ],
        "swept": [
            (114, 168),
            (112, 100),
            (150, 52),
            (230, 40),
            (284, 80),
            (288, 164),
            (270, 132),
            (236, 118),
            (190, 136),
            (140, 140),
            (128, 152),
        ],
        "thin": [
            (118, 168),
            (116, 120),
            (134, 92),
            (200, 66),
            (266, 92),
            (284, 120),
            (282, 168),
            (270, 116),
            (200, 88),
            (130, 116),
        ],
        "curly": [
            (110, 190),
            (98, 130),
            (130, 72),
            (166, 56),
            (200, 42),
            (240, 54),
            (276, 72),
            (304, 130),
            (290, 190),
            (272, 130),
            (234, 104),
            (200, 116),
            (164, 104),
            (128, 132),
        ],
    }
    parted = [
        (112, 180),
        (114, 104),
        (150, 60),
        (200, 46),
        (250, 60),
        (286, 104),
        (288, 180),
        (270, 138),
        (232, 112),
        (206, 92),
        (178, 120),
        (134, 142),
    ]
    shape = smooth(fringes.get(face.cut, parted), closed=True)
    pen.shape(shape, face.hair)
    pen.stroke([(150, 84), (190, 64), (232, 66)], [2, 8, 2], mix(face.hair, p.WHITE, 0.25), 0.8)
    if face.cut == "curly":
        for x, y in ((112, 150), (126, 96), (166, 62), (214, 50), (262, 70), (288, 110), (292, 160)):
            pen.dot(x, y, 27, face.hair)
    if face.cap:
        pen.shape([*arc(200, 122, 90, 76, 180, 360)], face.cap)
        pen.shape(smooth([(108, 120), (200, 104), (300, 118), (330, 140), (200, 132)], closed=True), mix(face.cap, p.INK, 0.25))


def _features(pen: Pen, face: Face) -> None:
    for x in (166, 234):
        pen.stroke([(x - 17, 156), (x, 150), (x + 17, 155)], [2, 6, 2], mix(face.hair, p.INK, 0.35))
        pen.oval(x, 180, 6.5, 8, p.INK)
        pen.dot(x + 2, 177, 2.2, p.WHITE)
        if face.glasses:
            pen.ring(x, 180, 25, 4.5, p.INK)
    if face.glasses:
        pen.line([(191, 178), (209, 178)], 4.5, p.INK)
    pen.stroke([(200, 184), (207, 206), (196, 210)], [2, 4, 2], mix(face.skin, p.EMBER, 0.45))
    if face.beard:
        pen.shape(
            smooth([(130, 204), (150, 222), (200, 216), (250, 222), (270, 204), (252, 256), (200, 276), (148, 256)], closed=True),
            face.hair,
        )
        pen.stroke([(178, 234), (200, 243), (222, 234)], [3, 9, 3], "#f3c4ad")
    else:
        pen.stroke([(174, 226), (200, 240), (226, 226)], [3, 7, 3], "#a4483a")
