import App
import Testing

@Suite("Phone numbers") struct PhoneNumberTests {
    /// `vectors/mobile.json`, and what comes out of an address book.
    @Test(arguments: [
        ("13900000001", "+8613900000001"), ("19200000002", "+8619200000002"), ("16600000003", "+8616600000003"),
        ("+86 177 0000 0004", "+8617700000004"), ("86-15000000005", "+8615000000005"),
        ("１３９００００００06", "+8613900000006"), ("＋８６　１３９００００００07", "+8613900000007"),
        ("0086 139 0000 0008", "+8613900000008"), ("\u{202D}139 0000 0009\u{202C}", "+8613900000009"),
        ("139\u{A0}0000\u{A0}0010", "+8613900000010"), ("+85260000001", "+85260000001"),
        ("+85366000001", "+85366000001"),
        ("+886900000001", "+886900000001"), ("+12025550123", "+12025550123"), ("+4915112345678", "+4915112345678"),
    ])
    func `numbers as people write them become E.164`(input: String, number: String) {
        #expect(PhoneNumber(input)?.text == number)
    }

    @Test(arguments: [
        "12900000001", "1390000000", "139000000011", "10086", "02885558888", "1390000000O", "", "+", "+86",
        "+8612900000001", "+86139000000011", "8613900000", "008613900", "+852100000001", "+85210000001", "+8525123456",
        "+85326000001", "+886212345678", "+0123456789", "+1234567", "+1234567890123456", "13900000001x",
        "139 0000 0001;",
        "一三九零零零零零零零一", "++8613900000001", "86+13900000001", "٠١٢٣٤٥٦٧٨٩٠",
    ])
    func `what no person's phone has is refused`(input: String) { #expect(PhoneNumber(input) == nil) }

    @Test func `an endless input is refused without being read`() {
        #expect(PhoneNumber("139" + String(repeating: " ", count: 1_000_000) + "00000001") == nil)
    }

    /// `vectors/mobile.json`
    @Test(arguments: [
        ("13900000001", "139****0001"), ("+85260000001", "+852****0001"), ("+12025550123", "+1****0123"),
        ("+4915112345678", "+49****5678"), ("+3545551234", "+354****1234"),
    ])
    func `a masked number keeps where it belongs and its end`(input: String, masked: String) throws {
        #expect(Masking.phone(try #require(PhoneNumber(input))) == masked)
    }
}

@Suite("Masks") struct MaskingTests {
    @Test(arguments: [
        ("王芳", "王*"), ("王小明", "王*明"), ("王芳明芳", "王**芳"), ("欧阳", "欧*"), ("欧阳修", "欧阳*"), ("欧阳明日", "欧阳**"), ("王", "*"),
        ("", "*"),
        ("买买提·吐尔逊", "买******"), ("Ann Lee", "A******"),
    ])
    func `of a name the surname stays and at most its end`(name: String, masked: String) {
        #expect(Masking.name(name) == masked)
    }

    @Test(arguments: [
        ("510104199003079992", "5101**********9992", "5****************2"),
        ("CAN110081080302", "CAN1*******0302", "C*************2"), ("E12345678", "*********", "E*******8"),
        ("E123", "****", "****"), ("", "", ""),
    ])
    func `of an identity number staff see the ends and others hardly that`(
        number: String, staff: String, anyone: String
    ) {
        #expect(Masking.identityNumber(number) == staff)
        #expect(Masking.identityNumber(number, for: .anyone) == anyone)
    }
}

@Suite("Names") struct PersonNameTests {
    @Test(arguments: [
        "王芳", "欧阳明日", "买买提·吐尔逊", "𠮷田", "李〇", "阿卜杜热西提·阿卜杜热合曼", "Anna-Maria O'Neill", "John Smith Jr", "Nguyễn Văn A",
        "བཀྲ་ཤིས".replacing("་", with: " "),
    ])
    func `names are taken as people bear them`(name: String) { #expect(PersonName.isValid(name)) }

    @Test(arguments: [
        "", "王", "王1", "王芳😀", "王\n芳", "王\u{0}芳", "·王芳", "王芳·", "王··芳", "王 ", " 王", "王,芳", "王(芳)", "王\u{200B}芳", "🅰🅱",
        "ⓐⓑ", "王\u{FE0F}芳", "\u{301}王芳", "\u{E000}王", "１２", String(repeating: "王", count: 31),
        "王" + String(repeating: "\u{301}", count: 400) + "芳",
    ])
    func `what is no name is refused`(name: String) { #expect(!PersonName.isValid(name)) }
}
