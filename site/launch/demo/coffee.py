"""Hand-drip coffee: what the landing page says. The lessons are in coffee_lessons."""

from launch.demo.coffee_lessons import MODULES
from launch.demo.content import FAQ, CourseContent, KitContent, ReviewContent, Summary
from launch.demo.write import joined, paragraphs

KIT = KitContent(
    sku="DRIP-V01-SET",
    name="晨光手沖組",
    contents=("陶瓷錐形濾杯（1–2 人）", "玻璃分享壺 400 ml", "濾紙 40 張", "中淺焙練習豆 100 克", "咖啡匙"),
    count=5,
    size_mm=(240, 180, 150),
    weight_g=980,
    value_minor=14800,
    picture="pictures/coffee-kit.webp",
    store_pickup=True,
)

COFFEE = CourseContent(
    slug="coffee",
    title="一杯手沖的早晨",
    tagline="七天，學會用水、時間與耐心，替自己沖一杯乾淨的咖啡。",
    description=paragraphs("""
        咖啡館裡的師傅看起來像在變魔術，其實他們只是在控制四件事：粉的粗細、水的溫度、
        水的多少，和時間。這門課一天談一件，每天都會喝到一杯。

        隨課寄出濾杯、分享壺、濾紙和一包練習豆。家裡只要有熱水壺和一台廚房秤就能開始；
        沒有磨豆機也行，出貨前可以替你磨好。

        第七天，你會寫下第一張屬於自己的沖煮卡，往後換任何豆子都知道該從哪裡調整。
    """),
    price_minor=39900,
    currency="CNY",
    days=7,
    cover="pictures/coffee-cover.webp",
    teacher="boyan",
    story=paragraphs("""
        我是許柏言，在台南一條只走得過腳踏車的巷子裡開了九年咖啡店。
        店裡只有六個位子，客人常問我：為什麼在家沖的總是不一樣？

        後來我乾脆每週三打烊後開一堂小課，把吧台借給客人。
        教著教著我發現，差別很少在器材，多半在那三十秒的悶蒸有沒有認真等。
    """),
    kit=KIT,
    modules=MODULES,
    faqs=(
        FAQ("沒有細口壺可以上課嗎？", "可以。第四天會教你用熱水壺加一支湯匙控制水流，熟了再考慮添購。"),
        FAQ("我喝咖啡會心悸，適合嗎？", "可以選低咖啡因的練習豆，下單時在備註寫「低因」，課程內容完全一樣。"),
        FAQ("練習豆喝完怎麼辦？", "任何中淺焙的單品豆都能接著用。第二天會教你看懂豆袋上的日期與產地。"),
        FAQ("可以超商取貨嗎？", "可以。整組裝好是 24 × 18 × 15 公分，不到一公斤，四大超商都收。"),
    ),
    reviews=(
        ReviewContent(
            "ahao",
            5,
            joined("""
            悶蒸那堂課讓我知道自己過去五年都太急。現在六點半起床，只為了那三分鐘。"""),
        ),
        ReviewContent(
            "wenjie",
            5,
            joined("""
            老師要我們把失敗的那杯也喝完、寫下味道，兩天後我就能自己判斷是太細還是太燙。"""),
        ),
        ReviewContent(
            "peishan",
            4,
            joined("""
            濾杯很美，分享壺的刻度清楚。希望練習豆能再多一包，不小心兩天就喝光了。"""),
        ),
    ),
    outcomes=(
        "看懂豆袋，買到適合自己的豆子",
        "調整研磨、水溫與比例，修正過酸或過苦",
        "穩定的三段式注水",
        "一張寫著你自己味道的沖煮卡",
    ),
    en=Summary("A morning of drip coffee", "Seven days to a clean cup, with dripper, server and beans by post."),
    hans=Summary("一杯手冲的早晨", "七天，学会用水、时间与耐心，替自己冲一杯干净的咖啡。"),
)
