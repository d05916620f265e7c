import App
import Testing

@Suite("Unified social credit codes") struct UnifiedSocialCreditCodeTests {
    /// `vectors/uscc.json`; the first is the worked example of the standard.
    private static let valid = [
        "91350100M000100Y43", "51510100XX0000019L", "52510104XX00000A2Y", "53510000XX00000C9L", "11510106XX00000D7M",
        "12510107XX00000E5U", "91510112MAXX00015W", "81510108XX00000F31",
    ]

    @Test(arguments: valid)
    func `a right code is taken with the organisation code inside it`(code: String) throws {
        let known = try #require(UnifiedSocialCreditCode(code))
        #expect(known.text == code)
        #expect(known.hasOrganisationCheck)
    }

    @Test(arguments: [
        "51510100XX0000019M", "51510100IX0000019L", "51510100XX0000019", "51510100xx0000019l", "51000000XX0000019R",
        "51510100XX0900010L", "", "中文中文中文", "51510100XX0000019L ", "5151A100XX0000019L",
    ])
    func `a wrong code is refused`(code: String) { #expect(UnifiedSocialCreditCode(code) == nil) }

    @Test func `a wrong organisation code inside is a warning only`() throws {
        let known = try #require(UnifiedSocialCreditCode("51510100XX0000011U"))
        #expect(!known.hasOrganisationCheck)
    }

    @Test(arguments: valid)
    func `one changed character never passes`(code: String) {
        let characters = Array(code)
        for index in characters.indices {
            for character in "0123456789ABCDEFGHJKLMNPQRTUWXY" where character != characters[index] {
                var changed = characters
                changed[index] = character
                #expect(UnifiedSocialCreditCode(String(changed)) == nil)
            }
        }
    }
}
