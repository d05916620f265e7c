import App
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
}
