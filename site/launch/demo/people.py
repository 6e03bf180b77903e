"""The people of the demo: three teachers, those who run the yard, and students."""

from launch.demo.content import PersonContent


def _person(handle: str, name: str, bio: str, email: str = "") -> PersonContent:
    return PersonContent(handle, name, bio, f"pictures/avatar-{handle}.webp", email)


TEACHERS = (
    _person(
        "yuan",
        "林予安",
        "花蓮人，烏克麗麗老師，教過兩千多位初學者。相信沒有手笨的人，只有切得不夠小的步驟。",
        "teacher@demo.test",
    ),
    _person("boyan", "許柏言", "台南巷子裡六個位子的咖啡店主人，每週三打烊後把吧台借給學生。", "teacher2@demo.test"),
    _person("moyun", "沈墨韻", "前編輯，現在教人慢慢寫字。祖父在廟口替人寫信四十年。"),
)

STAFF = (
    _person("shuyuan", "周書媛", "這座小院子的主人，負責開門、算帳和澆花。", "owner@demo.test"),
    _person("laowu", "吳國棟", "倉庫老吳。每個箱子都多塞一張氣泡紙，因為琴怕冷也怕撞。", "packer@demo.test"),
    _person("afang", "方淑芬", "退休國小老師，志工版主。先聽完，再說話。", "moderator@demo.test"),
)

STUDENTS = (
    _person("jiahui", "陳佳慧", "第一期畢業生，護理師。現在是家族聚會的固定樂手。", "referrer@demo.test"),
    _person("xiaochen", "陳小晨", "白天寫程式，晚上學彈琴。目標是彈唱給剛出生的姪女聽。", "student@demo.test"),
    _person("visitor", "李路", "路過看看，還在猶豫要學琴還是學咖啡。", "visitor@demo.test"),
    _person("meiling", "黃美玲", "四十二歲，兩個孩子的媽，人生第一把琴。"),
    _person("ahao", "蔡志豪", "公車司機，等紅燈時在方向盤上練切分音。"),
    _person("xiaozhou", "周子涵", "大三，宿舍裡彈琴會被室友點歌。"),
    _person("yating", "張雅婷", "辭職休息中，學會了烏克麗麗和睡午覺。"),
    _person("wenjie", "劉文傑", "什麼都想學一點的會計師，早上手沖，晚上寫字。"),
    _person("peishan", "吳佩珊", "平面設計師，喜歡紙、墨水和安靜的東西。"),
    _person("lianyi", "何連義", "剛退休的老師傅，手很粗，心很細。"),
    _person("xinyi", "鄭心怡", "幼兒園老師，想把每天的早安歌換成自己彈的。"),
    _person("guoming", "許國銘", "和國小三年級的兒子一起上課，進度被兒子超過中。"),
)

PEOPLE = TEACHERS + STAFF + STUDENTS
