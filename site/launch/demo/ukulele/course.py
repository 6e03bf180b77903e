"""What the landing page says about the ukulele course, and its thirty lessons in order."""

from launch.demo.content import FAQ, CourseContent, KitContent, ReviewContent, Summary
from launch.demo.ukulele import week1, week2, week3, week4, week5, week6
from launch.demo.write import joined, paragraphs

KIT = KitContent(
    sku="UKE-53-KOA",
    name="53 公分相思木烏克麗麗組",
    contents=("21 吋（53 公分）高音烏克麗麗", "加厚防潑水琴袋", "夾式調音器", "備用弦一組（GCEA）"),
    count=4,
    size_mm=(620, 230, 90),
    weight_g=900,
    value_minor=26000,
    picture="pictures/ukulele-kit.webp",
    store_pickup=False,
)

FAQS = (
    FAQ(
        "完全沒學過音樂，也看不懂五線譜，可以嗎？", "可以。這門課從抱琴開始，只用和弦圖、箭頭和四線譜，樂理都等用得到的那天才講。"
    ),
    FAQ("琴什麼時候寄到？第一天從哪天算？", "付款後兩個工作天內出貨。包裹送達那天才開放第一天，你不會還沒有琴就落後。"),
    FAQ("每天要花多少時間？", "看課十分鐘，練習十到十五分鐘。錯過一天可以用補打卡，課程內容永久可看。"),
    FAQ("我已經有一把琴，可以只買課嗎？", "可以和我們聯絡改成不含琴的方案。琴若未使用，也能在到貨七天內單獨退琴、保留課程。"),
    FAQ("為什麼不能超商取貨？", "琴盒長 62 公分，超過便利商店的收件尺寸，所以只提供宅配到府。"),
    FAQ("小朋友可以一起學嗎？", "七歲以上、有大人陪著就可以。53 公分的琴很適合小手，全家共用一個帳號即可。"),
)

REVIEWS = (
    ReviewContent(
        "meiling",
        5,
        joined("""
        四十二歲才碰樂器，第九天就邊彈邊唱〈小星星〉給女兒聽。老師把每個卡住的地方都先想到了。"""),
    ),
    ReviewContent(
        "ahao",
        5,
        joined("""
        交作業後收到的講評直接標在錄音第 23 秒，告訴我換 G7 時拇指跑掉了。這比看一百支影片有用。"""),
    ),
    ReviewContent(
        "xiaozhou",
        4,
        joined("""
        琴的音準比我預期好很多。第二週的節奏有點趕，幸好同班同學每天打卡互相拉一把。"""),
    ),
    ReviewContent(
        "yating",
        5,
        joined("""
        最後一天在陽台開了四首歌的音樂會，觀眾是爸媽和一隻貓。證書我貼在琴盒裡。"""),
    ),
)

UKULELE = CourseContent(
    slug="ukulele",
    title="從零基礎到自由彈唱,圓你音樂夢",
    tagline="三十天，一把寄到家的烏克麗麗，和一班一起練的同學。",
    description=paragraphs("""
        小時候想學樂器，後來總是太忙。這門課把「想學」切成三十個小小的晚上：
        每天一個目標、一張圖、一段可以跟著彈的聲音，和一次計時練習。

        你會收到一把 53 公分的高音烏克麗麗，連琴袋、調音器和備用弦一起裝在盒子裡。
        琴送到了，第一天才開始。

        課程從抱琴與調音出發，經過和弦、節奏、單音旋律和指彈，最後把它們放進一首完整的歌。
        曲子都是大家從小聽過的旋律：〈小星星〉、〈生日快樂〉、〈茉莉花〉、〈送別〉、〈奇異恩典〉。

        卡住時不必自己猜。在課文下提問，老師會回答；交出錄音，講評會標在那一秒鐘。
    """),
    price_minor=59900,
    currency="CNY",
    days=30,
    cover="pictures/ukulele-cover.webp",
    teacher="yuan",
    story=paragraphs("""
        我叫林予安，在花蓮長大。二十歲那年在海邊的雜貨店聽見老闆彈〈珍重再見〉，
        四根弦就把整個傍晚裝進去了。我花了一個月的打工錢買下人生第一把琴。

        之後十二年，我在社區大學、病房、育幼院教過兩千多位初學者。
        他們教會我一件事：沒有人手笨，只是沒有人把步驟切得夠小。

        這三十天，就是我把步驟切到最小之後的樣子。
    """),
    kit=KIT,
    modules=tuple(week.MODULE for week in (week1, week2, week3, week4, week5, week6)),
    faqs=FAQS,
    reviews=REVIEWS,
    outcomes=(
        "自己調音、換弦，照顧好一把琴",
        "十六個常用和弦，換得乾淨不中斷",
        "五種刷法與兩種指彈伴奏",
        "看懂四線譜，彈出單音旋律",
        "完整彈唱五首歌，辦一場小小音樂會",
    ),
    en=Summary(
        "From first chord to singing along",
        "Thirty days, a ukulele by post, a class to practise with.",
    ),
    hans=Summary("从零基础到自由弹唱,圆你音乐梦", "三十天，一把寄到家的尤克里里，和一班一起练的同学。"),
)
