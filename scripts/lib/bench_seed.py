"""Fills a migrated database for scripts/bench: bench_seed.py DATABASE. The same rows every time.

3,000 stations, 100,000 volunteers with a living session each, 20,000 activities of 1,000 places, none overlapping another.
The token of volunteer N is N in 8 hexadecimal digits, repeated and cut to 36 characters: what bench_signup.lua sends.
"""
import hashlib
import random
import sqlite3
import sys

NOW = 1_767_225_600  # 2026-01-01
FAR = 4_102_444_800
KINDS = ["理论宣讲", "文化文艺", "助老爱幼", "环境保护", "交通文明劝导", "科普教育", "卫生健康", "法律援助"]


def token(number):
    return (f"{number:08x}" * 5)[:36]


def keys(number):
    """The key and the hash of a session's row."""
    digest = hashlib.sha256(token(number).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True), digest


def stations(dice):
    yield (1, None, "/1/", None, "city", "bench-1", "市中心", 104.0, 30.6)
    yield (2, 1, "/1/2/", 2, "center", "bench-2", "区中心", 104.0, 30.6)
    for number in range(3, 3001):
        place = (103.9 + dice.random() * 0.6, 30.4 + dice.random() * 0.5)
        yield (number, 2, f"/1/2/{number}/", 2, "institute", f"bench-{number}", f"第{number}新时代文明实践所", *place)


def activities(dice):
    for number in range(1, 20_001):
        kind, starts = dice.choice(KINDS), FAR - 400_000_000 + number * 3_600
        yield (
            number, dice.randint(3, 3000), f"{kind}志愿服务活动第{number}期",
            f"邀请居民和志愿者一起参加{kind}，地点在社区广场，请提前十分钟到达并签到，活动结束后登记服务时长。", "01", "请注意安全",
            f"成都市锦江区春熙路街道第{number % 900 + 1}号", starts, starts + 3_600, starts, 14, "王小明", "published",
            bytes(32), 1, NOW, NOW)


def main():
    dice = random.Random(2026)
    database = sqlite3.connect(sys.argv[1])
    people = range(1, 100_001)
    with database:
        database.executemany(
            "INSERT INTO station (id, parent_id, path, district_id, kind, code, name, longitude, latitude,"
            " is_position_approximate, created_at, updated_at) VALUES (?,?,?,?,?,?,?,?,?,0,1,1)", stations(dice))
        database.executemany(
            "INSERT INTO account (id, phone, created_at) VALUES (?,?,?)", ((n, f"+86138{n:08d}", NOW) for n in people))
        database.executemany(
            "INSERT INTO volunteer (id, account_id, number, name, sex, birth_date, phone, residence_code, categories,"
            " skills, created_at, updated_at) VALUES (?,?,?,?,'male','1990-01-01',?,'510104','[]','[]',?,?)",
            ((n, n, f"51{n:010d}", "志愿者", f"+86138{n:08d}", NOW, NOW) for n in people))
        database.executemany(
            "INSERT INTO session (token_key, token_hash, id, account_id, method, device, address, created_at, last_used_at,"
            " expires_at, idle_seconds) VALUES (?,?,?,?,'phone','','127.0.0.1',?,?,?,?)",
            ((*keys(n), n, n, NOW, FAR - 1, FAR, FAR) for n in people))
        database.executemany(
            "INSERT INTO activity (id, station_id, title, summary, category, risk_notice, address, starts_at, ends_at,"
            " sign_up_closes_at, age_min, person_in_charge, state, code_secret, created_by, created_at, updated_at)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", activities(dice))
        database.execute("INSERT INTO activity_places (activity_id, capacity) SELECT id, 1000 FROM activity")
    database.execute("ANALYZE")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


main()
