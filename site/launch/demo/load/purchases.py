"""Who bought what, when, by which link, and what became of it: the plan that orders.py carries out."""

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True)
class Door:
    """Where parcels go. `parts` as in kit.addresses; a store has chain, code and name instead."""

    country: str
    region: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    postal_code: str = ""
    chain: str = ""
    store_code: str = ""
    store_name: str = ""

    @property
    def parts(self) -> dict[str, str]:
        names = ("country", "region", "city", "district", "street", "postal_code")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Purchase:
    """An order. Days are days ago; `via` is a referral link's code.

    `shipped`, `arrived` (at the store), `delivered`, `refunded`, `disputed` say what followed; `returned` is (asked,
    received): the kit comes back, its share is refunded and the course stays. `ends`: paid, or how it never was.
    `printed`: the packing slip is out, the parcel still here.
    """

    who: str
    offer: str
    ago: int
    clock: str = "10:00"
    via: str = ""
    name: str = ""
    shipped: int | None = None
    arrived: int | None = None
    delivered: int | None = None
    returned: tuple[int, int] | None = None
    refunded: int | None = None
    disputed: int | None = None
    ends: str = "paid"
    printed: bool = False


def _guest(name: str, email: str, offer: str, ago: int, clock: str = "10:00", **more: object) -> Purchase:
    return Purchase(f"{email}@mail.test", offer, ago, clock, name=name, **more)  # type: ignore[arg-type]


PURCHASES = (
    # The first class, finished.
    Purchase("jiahui", "ukulele", 66, "20:10", shipped=64, delivered=61),
    Purchase("yating", "ukulele", 64, "21:30", shipped=63, delivered=60),
    # Class 1, learning.
    Purchase("meiling", "ukulele", 22, "21:05", via="jiahui-wx", shipped=20, delivered=17),
    Purchase("ahao", "ukulele", 21, "14:20", shipped=20, delivered=17),
    Purchase("xiaochen", "ukulele", 20, "22:15", via="demo", shipped=18, delivered=16),
    Purchase("xiaozhou", "ukulele", 19, "16:40", via="jiahui-poster", shipped=18, delivered=14),
    Purchase("lianyi", "ukulele", 18, "11:25", shipped=17, delivered=15),
    Purchase("xinyi", "ukulele", 17, "12:35", via="demo", shipped=16, delivered=14),
    Purchase("guoming", "ukulele", 16, "19:50", shipped=15, delivered=12),
    _guest("王曉慧", "hsiaohui", "ukulele", 18, "13:10", via="demo", shipped=16, delivered=14, returned=(9, 5)),
    _guest("李建宏", "jianhong", "ukulele", 15, "18:20", via="demo", refunded=14),
    _guest("張嘉豪", "jiahao", "ukulele", 16, "15:45", via="demo", shipped=14, delivered=12, disputed=2),
    # Class 2, sold today.
    _guest("林怡君", "yijun", "ukulele", 4, "21:15", via="meiling-line", shipped=2),
    _guest("陳柏翰", "bohan", "ukulele", 3, "09:40", printed=True),
    _guest("吳宗翰", "zonghan", "ukulele", 2, "20:05", via="demo"),
    _guest("陳佳慧", "jiahui+gift", "ukulele", 2, "23:10", via="demo"),
    _guest("蔡佩君", "peijun", "ukulele", 1, "15:30", ends="review"),
    _guest("鄭雅文", "yawen", "ukulele", 1, "13:05", via="demo", ends="expired"),
    _guest("曾怡萱", "yixuan", "coffee", 1, "11:20", ends="cancelled"),
    _guest("郭俊宏", "junhong", "ukulele", 0, "-150", ends="delayed"),
    _guest("許家瑜", "jiayu", "ukulele", 0, "-6", via="meiling-line", ends="awaiting"),
    _guest("周孟潔", "mengjie", "ukulele-seat", 2, "08:55"),
    _guest("洪偉哲", "weizhe", "ukulele-weekend", 9, "10:10"),
    _guest("簡雅玲", "yaling", "ukulele-weekend", 8, "17:45"),
    Purchase("xiaochen", "ukulele-strings", 4, "22:40", shipped=3, arrived=1),
    # Coffee.
    Purchase("wenjie", "coffee", 16, "07:35", shipped=15, arrived=13, delivered=12),
    Purchase("peishan", "coffee", 15, "23:20", shipped=14, arrived=12, delivered=11),
    Purchase("ahao", "coffee", 14, "05:15", shipped=13, delivered=10),
    _guest("黃子晴", "ziqing", "coffee", 3, "12:25", via="wenjie-coffee"),
    _guest("彭詩涵", "shihan", "coffee-evening", 7, "22:00", shipped=4),
    _guest("高振宇", "zhenyu", "coffee-evening", 6, "19:30", shipped=4),
    # Calligraphy.
    Purchase("lianyi", "calligraphy", 16, "09:25", shipped=15, arrived=13, delivered=12),
    Purchase("peishan", "calligraphy", 15, "23:45", shipped=14, arrived=12, delivered=11),
    Purchase("wenjie", "calligraphy", 14, "21:50", shipped=13, arrived=11, delivered=10),
    _guest("葉舒涵", "shuhan", "calligraphy", 4, "16:00", shipped=3, arrived=1),
    _guest("盧冠廷", "guanting", "calligraphy-family", 7, "20:45"),
    _guest("方思穎", "siying", "calligraphy-family", 5, "11:15"),
)

_STORES = (
    Door("TW", chain="711", store_code="123456", store_name="和平門市"),
    Door("TW", chain="family", store_code="014592", store_name="全家永康店"),
    Door("TW", chain="hilife", store_code="5521", store_name="萊爾富民生店"),
)
_HOMES = (
    Door("TW", "台北市", "大安區", street="和平東路一段 162 號"),
    Door("TW", "台中市", "西區", street="美村路一段 45 號 7 樓"),
    Door("TW", "高雄市", "鹽埕區", street="大勇路 18 號"),
    Door("TW", "桃園市", "中壢區", street="中大路 300 巷 3 號"),
    Door("TW", "花蓮縣", "花蓮市", street="中山路 88 號"),
    Door("TW", "台南市", "中西區", street="海安路二段 9 號"),
    Door("TW", "新北市", "板橋區", street="文化路一段 300 號 12 樓"),
)
DOORS = {"xiaozhou": Door("CN", "福建省", "厦门市", "思明区", "思明南路 422 号", "361005")}
BY_STORE = {"ukulele-strings", "coffee", "calligraphy", "calligraphy-family"}
NEVER_BY_STORE = {"ahao", "ziqing@mail.test", "siying@mail.test"}


def number_of(who: str) -> int:
    """Some number of this buyer's own, the same each time."""
    return crc32(who.encode())


def card_of(who: str) -> str:
    """A card number of this buyer's own: two buyers with one card would look like one person who refers themselves."""
    digits = f"{(4, 5, 35, 62)[number_of(who) % 4]}{number_of(who):014d}"[:15]
    odd = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[::2])
    return f"{digits}{-(odd + sum(map(int, digits[1::2]))) % 10}"


def door_of(purchase: Purchase) -> Door:
    """A store where the kit fits into one and the buyer likes that, else their own door."""
    number = number_of(purchase.who)
    if purchase.offer in BY_STORE and purchase.who not in NEVER_BY_STORE:
        return _STORES[number % len(_STORES)]
    return DOORS.get(purchase.who, _with_number(_HOMES[number % len(_HOMES)], number))


def _with_number(door: Door, number: int) -> Door:
    """No two buyers share a door, or the shop would take one for the other's referrer."""
    return Door(door.country, door.region, door.city, door.district, f"{door.street}之 {number % 997 + 1}")
