"""Conversations on the course boards: questions, experiences, works, chat and notices."""

from launch.demo.content import PostContent, TopicContent

Post = PostContent

UKULELE_TOPICS = (
    TopicContent(
        "ukulele",
        "notice",
        "【公告】開課第一週：先從自我介紹開始",
        12,
        (
            Post(
                "yuan",
                "歡迎第一班的 24 位同學！請用三句話介紹自己：在哪個城市、為什麼想學、最想彈的第一首歌。"
                "琴還在路上的人也可以先來聊天。",
                0,
                18,
            ),
            Post("meiling", "我在台中，四十二歲才第一次買樂器。想在女兒睡前彈〈小星星〉。", 2, 11),
            Post("ahao", "高雄的公車司機。乘客常在後面睡著，我想學一首會讓人笑的歌。", 3, 15),
            Post("xinyi", "台北，幼兒園老師。目標是早安歌不用再放音響！", 5, 9),
            Post("guoming", "新竹，跟三年級的兒子共用一個帳號。他說要當我的老師。", 9, 13),
        ),
        is_pinned=True,
    ),
    TopicContent(
        "ukulele",
        "question",
        "C 和弦彈起來第二弦悶悶的，是琴的問題嗎？",
        11,
        (
            Post("xiaochen", "第一天的 C 只按第一弦第三格，可是我的第二弦（E）都沒聲音。調音器有反應，所以弦應該沒壞？", 0, 3),
            Post("xinyi", "我也是！後來發現是無名指指腹太低，壓到旁邊的 E 弦。指甲剪短一點就好了。", 1, 6),
            Post(
                "yuan",
                "心怡說得對。你可以做個小測試：左手完全放開，單撥第二弦，如果聲音是亮的，琴就沒問題。"
                "接著把無名指放回去，慢慢立直，聽到 E 重新亮起來的那個角度，"
                "就是你的角度。",
                3,
                14,
                is_answer=True,
            ),
            Post("xiaochen", "亮了！原來是指尖倒向地板那邊。謝謝老師和心怡。", 20, 4),
        ),
        lesson="day-1",
    ),
    TopicContent(
        "ukulele",
        "question",
        "調好音隔天又走音，正常嗎？",
        10,
        (
            Post("meiling", "昨天晚上調到全綠，今天早上四根弦都偏低，A 弦差最多。要不要退換？", 0, 2),
            Post(
                "laowu",
                "美玲你好，我是倉庫老吳。這批琴出貨前三天才上弦，頭兩星期會一直鬆，不是瑕疵，放心。真的要換隨時跟我說。",
                2,
                12,
            ),
            Post(
                "yuan",
                "可以幫弦暖身：每根弦在第十二格附近輕輕往上拉一公分，放手，再調回來，重複三次。新弦會快一點安定下來。",
                4,
                10,
                is_answer=True,
            ),
        ),
        lesson="day-2",
    ),
    TopicContent(
        "ukulele",
        "question",
        "換 F 的時候右手一定會停",
        7,
        (
            Post("ahao", "Am 換 F 還行，F 換 C 我右手就當機。錄起來聽，每次都多一拍。有什麼偏方？", 0, 5),
            Post("xiaozhou", "我是把節拍器調到 50，真的慢到很丟臉，但就不會停了。", 1, 7),
            Post("jiahui", "第一期的學姊路過：最後半拍就把左手放開，讓空弦響。我當初就是捨不得放才來不及。", 6, 16),
            Post(
                "yuan",
                "佳慧這句就是第六天的重點。志豪等紅燈時可以練：右手拍方向盤不停，左手在大腿上換形狀。安全第一，綠燈請專心開車。",
                8,
                21,
                is_answer=True,
            ),
            Post("ahao", "今天一分鐘換到 22 次了。乘客問我為什麼一直拍方向盤。", 30, 19),
        ),
        lesson="day-6",
    ),
    TopicContent(
        "ukulele",
        "experience",
        "【心得】第九天，女兒說再唱一遍",
        4,
        (
            Post(
                "meiling",
                "本來以為她會嫌我彈得慢。結果她窩在棉被裡說，媽媽再唱一遍。\n\n"
                "我換 G7 還是會漏掉第一弦，但她完全不在意。原來練到七十分就可以送人了。",
                0,
                34,
            ),
            Post("yating", "看到眼眶濕濕的。七十分就可以送人，這句我要抄下來。", 2, 12),
            Post("yuan", "這就是這門課存在的理由。G7 的第一弦，明天我們一起救它。", 5, 17),
            Post("lianyi", "我彈給太太聽，她說終於不是在修水管的聲音。", 9, 23),
        ),
    ),
    TopicContent(
        "ukulele",
        "work",
        "【作品】四和弦循環，加上一段亂哼",
        2,
        (
            Post("xiaozhou", "照第十二天說的，在 C、G、Am、F 上面隨便哼，結果室友說像廣告歌。錄了四十秒，歡迎拍磚。", 0, 14),
            Post("xinyi", "第二圈往上走那句好好聽！可以借我當收玩具的歌嗎？", 3, 8),
            Post("xiaozhou", "可以！版權費是一顆貼紙。", 4, 10),
            Post("yuan", "第 18 秒從 Am 進 F，你自然地把音量收小了，這種直覺很珍貴。下一步試試讓最後一個 F 停久一點。", 8, 15),
        ),
        picture="pictures/note-balcony.webp",
    ),
    TopicContent(
        "ukulele",
        "chat",
        "大家都在幾點練琴？鄰居沒有敲牆嗎？",
        3,
        (
            Post("yating", "我都早上十點練，因為失業。上班族都怎麼辦？", 0, 6),
            Post("xiaochen", "晚上九點，把毛巾塞在音孔裡，聲音小一半，手感差不多。", 1, 13),
            Post("guoming", "兒子寫完功課後三十分鐘。他負責計時，很嚴格。", 2, 9),
            Post("afang", "毛巾這招好。記得拿出來，上次有人隔天以為琴壞了。", 5, 20),
        ),
    ),
    TopicContent(
        "ukulele",
        "experience",
        "【心得】為什麼我推薦給三個同事",
        20,
        (
            Post(
                "jiahui",
                "大夜班下班回家通常睡不著，第一期那個月我改成彈二十分鐘。剛開始只會 C 和 Am,"
                "輪流刷著刷著，心跳就慢下來了。\n\n現在病房有人生日，學妹會問：姊，"
                "你的小吉他有帶嗎？",
                0,
                41,
            ),
            Post("visitor", "想請問完全沒有節奏感的人也可以嗎？", 30, 1),
            Post("jiahui", "可以，我到第十天都還在用嘴巴數拍子。先看免費的第一天，彈得出聲音再決定。", 33, 8),
        ),
    ),
    TopicContent(
        "ukulele",
        "question",
        "左手指尖起水泡，要停嗎？",
        6,
        (
            Post("guoming", "兒子沒事，我的中指起了一個小水泡。想繼續又怕破。", 0, 2),
            Post(
                "jiahui",
                "護理師說：不要戳破，休息一兩天，這段時間練右手的節奏就好。之後每次練十分鐘、休息五分鐘，比一口氣練三十分鐘好。",
                2,
                22,
                is_answer=True,
            ),
            Post("guoming", "那這兩天換兒子教我悶弦刷法。", 4, 7),
        ),
        lesson="day-5",
    ),
    TopicContent(
        "ukulele",
        "question",
        "海島刷法的第三拍，手到底要不要動？",
        1,
        (
            Post("lianyi", "我照口訣唸得出來，可是手在第三拍會停住，後面的上刷就遲到。", 0, 4),
            Post("ahao", "我想成踩離合器：腳有動，車沒動。手照揮，不碰弦。", 1, 11),
            Post(
                "yuan",
                "志豪的比喻要收進講義了。連義師傅可以先在空中做二十次，完全不碰弦，讓手臂習慣一直擺。",
                3,
                9,
                is_answer=True,
            ),
        ),
        lesson="day-13",
    ),
)

COFFEE_TOPICS = (
    TopicContent(
        "coffee",
        "question",
        "水流完只要一分二十秒，喝起來很酸",
        5,
        (
            Post("wenjie", "照比例 15 克配 225 克，悶蒸也有等，但一下就流光了，味道尖尖的。", 0, 3),
            Post(
                "boyan",
                "先看時鐘是對的。一分二十秒代表粉太粗，請磨細兩格再試；如果是店家代磨，改用更小的水流、多分兩段也能補回來。",
                2,
                9,
                is_answer=True,
            ),
            Post("wenjie", "磨細之後兩分三十五秒，居然有蜂蜜的味道！", 26, 7),
        ),
        lesson="day-3",
    ),
    TopicContent(
        "coffee",
        "experience",
        "【心得】把失敗的那杯喝完",
        3,
        (
            Post(
                "peishan",
                "第三天沖了三杯，最細的那杯澀到舌頭打結。還是喝完了，寫下「像沒泡開的普洱」。\n\n"
                "今天沖到類似的味道，馬上知道是太細。原來失敗是最便宜的課本。",
                0,
                19,
            ),
            Post("boyan", "這句話可以掛在店裡嗎？我付你一包豆子。", 4, 12),
            Post("ahao", "我那杯像輪胎。開了二十年車，終於知道輪胎什麼味道。", 6, 25),
        ),
    ),
    TopicContent(
        "coffee",
        "chat",
        "曬一下你們的早晨",
        1,
        (
            Post("ahao", "首班車發車前二十分鐘，調度站的窗台。濾杯架在便當盒上。", 0, 16),
            Post("peishan", "窗邊一株龜背芋，它每天看我悶蒸三十秒。", 2, 9),
            Post("boyan", "便當盒當濾杯架，比我店裡的有個性。", 3, 11),
        ),
        picture="pictures/note-morning.webp",
    ),
)

CALLIGRAPHY_TOPICS = (
    TopicContent(
        "calligraphy",
        "question",
        "捺腳一直糊成一團",
        4,
        (
            Post("lianyi", "手大概習慣拿扳手，一按下去就整坨墨。是沾太多還是按太重？", 0, 5),
            Post(
                "moyun",
                "先看紙背：如果全濕了是墨太多，請在硯邊多舔兩次；如果只有捺腳濕，是停太久。按到最寬時心裡唸一個字就走。",
                3,
                10,
                is_answer=True,
            ),
            Post("lianyi", "是墨太多。舔了兩次，腳長出來了！", 22, 14),
        ),
        lesson="day-3",
    ),
    TopicContent(
        "calligraphy",
        "work",
        "【作品】貼在爸媽家門口的福",
        2,
        (
            Post("peishan", "寫了七張，這張的田字終於裝滿了。媽媽把去年超市送的那張撕下來換上。", 0, 28),
            Post("moyun", "示部讓得很好，右邊坐得安穩。最喜歡你最後一橫的慢。", 5, 13),
            Post("wenjie", "我的還在晾乾，貓已經踩過一次，算是蓋章。", 7, 22),
        ),
        picture="pictures/note-fu.webp",
    ),
    TopicContent(
        "calligraphy",
        "experience",
        "【心得】十五分鐘裡沒有通知聲",
        1,
        (
            Post(
                "wenjie",
                "月底結帳最忙，本來想請假。後來還是坐下來磨墨，磨到第二分鐘，肩膀自己掉下來。\n\n"
                "寫了十二個「中」，每個都歪，但睡得很好。",
                0,
                17,
            ),
            Post("moyun", "歪的方向一致嗎？一致的話只是坐歪了，明天把椅子轉正就好。", 4, 9),
        ),
    ),
)

TOPICS = UKULELE_TOPICS + COFFEE_TOPICS + CALLIGRAPHY_TOPICS
