import App
import HTTP
import Testing

@Suite("Texts") struct TextTests {
    @Test func `the most is counted in code points, the least in what people see`() {
        #expect(Text.fits("👨‍👩‍👧‍👦家", 2...8))
        #expect(!Text.fits("👨‍👩‍👧‍👦家", 2...7))
        #expect(!Text.fits("👨‍👩‍👧‍👦", 2...60))
        #expect(!Text.fits("\r\n\r\n", 1...3))
        #expect(!Text.fits("", 1...5))
        #expect(!Text.fits("六个字太长了", 1...5))
        #expect(!Text.fits("e" + String(repeating: "\u{301}", count: 1_000), 1...5))
        #expect(Text.fits("任意", 0...Int.max))
    }

    @Test func `only line breaks and tabs pass among controls`() {
        #expect(!Text.hasControl("一\r\n二\t三 😀"))
        for code in [0, 7, 8, 11, 12, 27, 31, 127, 0x85] as [UInt32] {
            #expect(Text.hasControl("a\(Unicode.Scalar(code).map(String.init) ?? "")"))
        }
    }

    /// Each two by two, as a title of two characters would be.
    static let invisible: [Unicode.Scalar] = [
        " ", "\u{3000}", "\u{A0}", "\u{AD}", "\u{34F}", "\u{61C}", "\u{115F}", "\u{1160}", "\u{17B4}", "\u{180E}",
        "\u{200B}",
        "\u{200C}", "\u{200D}", "\u{200E}", "\u{202E}", "\u{2060}", "\u{2062}", "\u{2066}", "\u{2800}", "\u{3164}",
        "\u{FE0F}",
        "\u{FEFF}", "\u{FFA0}", "\u{E0020}", "\u{E0100}",
    ]

    @Test(arguments: invisible) func `a text of which nothing is seen is blank`(_ scalar: Unicode.Scalar) {
        let text = String(scalar) + " " + String(scalar)
        #expect(Text.isBlank(text))
        #expect(!Text.isBlank(text + "河" + text))
        var faults = Faults()
        faults.text("/title", text, 2...60)
        #expect(faults.all.map(\.detail.zh).contains { ["不能为空白", "长度应为 2–60 个字符"].contains($0) })
        #expect(!PersonName.isValid("\(scalar)\(scalar)"))
        #expect(!PersonName.isValid("李\(scalar)"))
    }

    @Test func `what is seen may have invisible parts`() {
        for text in ["👨‍👩‍👧", "❤️", "می‌خواهم", "क्‍ष", "葛󠄀", "a\u{301}", "·", "。", "0"] {
            #expect(!Text.isBlank(text), "\(text)")
        }
        #expect(PersonName.isValid("李志愿") && PersonName.isValid("阿卜杜拉·买买提") && PersonName.isValid("홍길동"))
    }
}
