import App
import Testing

@Suite("Numbers in texts for everybody") struct MaskedNumbersTests {
    @Test(arguments: [
        ("电话13800138000。", "电话13*********。"),
        ("138-0013-8000或139 1234 5678", "13*-****-****或13* **** ****"),
        ("０２８－８５１２－３４５６", "０２*－****－****"),
        ("028-85123456", "02*-********"),
        ("身份证510107199001011234", "身份证51****************"),
        ("51010719900101123X，", "51****************，"),
        ("510107 19900101 123x", "51**** ******** ****"),
        ("6222 0202 0001 2345 678", "62** **** **** **** ***"),
        ("2026-11-29 13800138000", "2026-11-29 13*********"),
    ])
    func `telephones, identity and bank numbers are hidden, also in groups`(_ text: String, _ shown: String) {
        #expect(Masking.numbers(text) == shown)
    }

    @Test(arguments: [
        "2026-11-29 10:30至2026.12.01", "2024-2025年度", "补助一百二十三万四千元", "5-2-1203号", "每月3000-5000元", "（2025）123号",
        "10 20 30 40 50 60 70", "邮编610000，共120户", "1. 2. 3.", "", "-- 12 --",
    ])
    func `dates, amounts, addresses and words stay`(_ text: String) {
        #expect(Masking.numbers(text) == text)
    }
}
