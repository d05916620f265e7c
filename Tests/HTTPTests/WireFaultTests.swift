import HTTP
import Testing

@Suite("Faults of the wire") struct WireFaultTests {
    @Test(arguments: WireFault.allCases)
    func `each says what is wrong in either language, with the status of an error`(_ fault: WireFault) {
        #expect(fault.status.code >= 400)
        #expect(fault.detail.zh.last == "。" && fault.detail.zh.unicodeScalars.contains { $0.value >= 0x4E00 })
        #expect(fault.detail.en.last == "." && fault.detail.en.utf8.allSatisfy { $0 < 0x80 })
        #expect(WireFault.allCases.count { $0.detail == fault.detail } == 1)
    }
}
