"""Brush calligraphy: what the landing page says. The lessons are in calligraphy_lessons."""

from launch.demo.calligraphy_lessons import MODULES
from launch.demo.content import FAQ, CourseContent, KitContent, ReviewContent, Summary
from launch.demo.write import joined, paragraphs

KIT = KitContent(
    sku="BRUSH-SET-07",
    name="靜心文房小盒",
    contents=("兼毫中楷筆一支", "小楷筆一支", "便攜硯台", "墨條與小瓶墨汁", "米字格毛邊紙 60 張", "羊毛氈墊"),
    count=6,
    size_mm=(280, 180, 60),
    weight_g=600,
    value_minor=9800,
    picture="pictures/calligraphy-kit.webp",
    store_pickup=True,
)

CALLIGRAPHY = CourseContent(
    slug="calligraphy",
    title="一日一字：毛筆入門七日",
    tagline="每天十五分鐘，從握筆到寫出一個可以送人的「福」。",
    description=paragraphs("""
        寫毛筆字，一開始不是為了寫得美，而是為了讓心慢下來。
        這門課每天只寫一個字，但會把那個字寫到你真正認識它。

        我們從楷書的基本筆畫出發，以「永」字串起八種寫法，
        再學結構與章法，最後完成一張可以貼在門上的春聯斗方。

        文房小盒比一本書還薄，可以到便利商店取貨，上班路上就能帶回家。
    """),
    price_minor=29900,
    currency="CNY",
    days=7,
    cover="pictures/calligraphy-cover.webp",
    teacher="moyun",
    story=paragraphs("""
        我叫沈墨韻，祖父在廟口替人寫信，寫了四十年。小時候我負責磨墨，
        磨到睡著，墨香就留在袖子上。

        長大以後我做過十年編輯，每天對著螢幕，手指忘了怎麼轉彎。
        重新拿起筆的那個晚上，我只寫了一橫，卻聽見自己的呼吸。
    """),
    kit=KIT,
    modules=MODULES,
    faqs=(
        FAQ("我的字很醜，可以學嗎？", "可以。醜字多半是寫太快，毛筆會強迫你慢下來，進步反而明顯。"),
        FAQ("左撇子怎麼辦？", "第一天有左手示範。也可以試著用右手寫毛筆，很多同學覺得重新開始更放鬆。"),
        FAQ("墨汁會不會弄髒家裡？", "盒裡附氈墊與小瓶墨汁，一次只倒一個硬幣大小，用濕布就能收拾。"),
        FAQ("可以到超商取貨嗎？", "可以，包裝是 28 × 18 × 6 公分、六百克，結帳時選門市即可。"),
    ),
    reviews=(
        ReviewContent(
            "peishan",
            5,
            joined("""
            每天睡前十五分鐘，滑手機的習慣不知不覺就換掉了。第七天的福字貼在爸媽家門口。"""),
        ),
        ReviewContent(
            "lianyi",
            5,
            joined("""
            老師把「捺」比喻成踩煞車再放開，我五十歲才第一次寫出尾巴。"""),
        ),
        ReviewContent(
            "wenjie",
            4,
            joined("""
            紙和筆的品質超出這個價格。希望之後有行書班。"""),
        ),
    ),
    outcomes=(
        "正確的坐姿與執筆，手腕不痠",
        "楷書八種基本筆畫",
        "用米字格分析任何一個字的結構",
        "一張落款完整的斗方作品",
    ),
    en=Summary("One character a day", "Seven evenings with a brush, ending in a 福 worth giving away."),
    hans=Summary("一日一字：毛笔入门七日", "每天十五分钟，从握笔到写出一个可以送人的「福」。"),
)
