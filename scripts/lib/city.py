"""Synthetic people and texts for scripts/replay: nothing here belongs to anybody."""
import datetime
import struct
import zlib

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何", ["志远", "建国", "小红", "丽华", "伟", "敏", "文明", "思源", "雨桐", "家豪"]
# What a message is about, by the first of these words in it.
WORDS = [
    ("hygiene", "垃圾 卫生 脏 臭 污染 异味"), ("traffic", "公交 红绿灯 堵 停车 车位 斑马线 地铁 交通"),
    ("hazard", "消防 安全 隐患 坍塌 危"), ("facility", "路灯 井盖 路面 护栏 水管 停水 停电 电梯 燃气"),
    ("street", "摆摊 占道 违建 广告"), ("green", "绿化 树 公园 河"), ("order", "噪音 扰民 噪声 广场舞"),
    ("community", "小区 物业 业委会 业主 社区"), ("suggestion", "建议 希望 请求"),
]


def identity_number(index):
    """A valid GB 11643 number with one of the sequence codes 996 to 999, which name nobody: adults born 1960 to 1999.

    Different for the first 876,000 people: 15 areas of 58,400 each.
    """
    day = datetime.date(1960, 1, 1) + datetime.timedelta(days=index // 4 % 14_600)
    body = f"{510104 + index // 58_400 % 15}{day:%Y%m%d}{996 + index % 4}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS)) % 11]


def name(index):
    return SURNAMES[index % len(SURNAMES)] + GIVEN[index // len(SURNAMES) % len(GIVEN)]


def phone(index):
    """Different in the first three or last four digits, which is all a log shows, from the 50,000 before and behind it."""
    return f"{['139', '138', '137', '136', '135'][index // 10_000 % 5]}{index // 50_000:04d}{index % 10_000:04d}"


def category(text):
    return next((code for code, words in WORDS if any(word in text for word in words.split())), "other")


def clean(text, most):
    """Without the control characters that the contract refuses, and not longer than it allows."""
    kept = "".join(character for character in text if character in "\n\t" or ord(character) >= 32 and ord(character) != 127)
    return kept.strip()[:most]


def picture():
    """A PNG of one pixel, with a text chunk for the server to throw away."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"tEXt", b"Author\x00nobody") + pixels + chunk(b"IEND", b"")


def form(data, boundary="wenming-replay"):
    """The body of an upload and its content type."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
