"""Members' notes, each with a picture and the offers it tags."""

from launch.demo.content import NoteContent

NOTES = (
    NoteContent(
        "yating",
        "陽台上的十分鐘音樂會",
        "結業那天觀眾三位：爸、媽、貓。曲目〈小星星〉、〈茉莉花〉、〈送別〉，安可是〈生日快樂〉，"
        "雖然沒有人生日。"
        "風有點大，G7 糊掉一次，我媽以為是編曲。琴是課程附的那把，音色比我想的暖很多。",
        "pictures/note-balcony.webp",
        ("ukulele",),
        6,
        57,
        (("jiahui", "貓有鼓掌嗎？"), ("yating", "牠走開了，但走得很有節奏。"), ("visitor", "看完好想學。")),
    ),
    NoteContent(
        "ahao",
        "首班車之前的那一杯",
        "五點十分，調度站只有我和日光燈。十五克粉、兩百二十五克水，悶蒸三十秒剛好看完今天的班表。"
        "以前靠三合一撐到中午，現在靠期待。",
        "pictures/note-morning.webp",
        ("coffee",),
        3,
        42,
        (("boyan", "這是我看過最好的廣告，而且沒有廣告。"), ("peishan", "濾杯放便當盒上太可愛。")),
    ),
    NoteContent(
        "peishan",
        "七張紅紙，換一扇門",
        "小盒子到超商拿，比一本雜誌還薄。每天睡前寫十五分鐘，第七天寫到第七張才滿意。"
        "媽媽把門擦了一遍才貼上去，說字是女兒寫的，要站得端正。",
        "pictures/note-fu.webp",
        ("calligraphy",),
        2,
        38,
        (("moyun", "替那扇門高興。"), ("lianyi", "我也要寫一張給工廠大門。")),
    ),
    NoteContent(
        "jiahui",
        "大夜班之後，我都彈同一個和弦",
        "早上八點回到家，窗簾拉上，只彈 C 和 Am。不為了進步，只是讓手做一件沒有人會受傷的事。"
        "如果你也睡不著，第一天的課是免費的，去彈彈看。",
        "pictures/note-night.webp",
        ("ukulele",),
        15,
        96,
        (("meiling", "謝謝你寫這個，我就是看了這篇才報名的。"), ("yuan", "佳慧，晚安。")),
    ),
)
