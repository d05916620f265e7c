package import HTTP
import SQLite

/// One version of a document people agree to (个人信息保护政策、用户协议、儿童个人信息保护规则、志愿服务须知). Published once, never
/// changed; a change is a version of its own, which asks everybody again (个人信息保护法 art. 14, 17).
package struct Policy: Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case privacy, terms
        /// The special rules for children under 14 (个人信息保护法 art. 31).
        case minors
        case volunteering
    }

    /// One thing the data is used for. Whoever refuses one that is not required loses nothing else (art. 16).
    package struct Purpose: Codable, Sendable, Equatable {
        package var code: String
        package var labelZh: String
        package var labelEn: String?
        package var isRequired: Bool
    }

    package static let textMax = 60_000
    package static let purposesMax = 30
    /// Bytes of a request that publishes one: two texts of `textMax` characters.
    package static let bodyMax = 1_048_576

    package var id: ID<Policy>
    package var kind: Kind
    package var version: Int
    package var effectiveAt: Timestamp
    package var title: Wording
    package var text: Wording
    /// Whether there is an English text; without one English readers get the Chinese.
    package var isTranslated: Bool
    package var purposes: [Purpose]
    package var publishedAt: Timestamp

    /// As one reader sees it.
    package struct View: Encodable, Sendable {
        package struct Purpose: Encodable, Sendable {
            package var code: String
            package var label: String
            package var isRequired: Bool
        }

        package var kind: Kind
        package var version: Int
        package var effectiveAt: Timestamp
        package var publishedAt: Timestamp
        /// What `title`, `text` and the labels are written in.
        package var language: String
        package var title: String
        package var text: String
        package var purposes: [Purpose]
    }

    /// In a list: without the text.
    package struct Listed: Encodable, Sendable {
        package var kind: Kind
        package var version: Int
        package var effectiveAt: Timestamp
        package var title: String
        /// False for a version that is announced and not yet in force.
        package var isCurrent: Bool
    }

    package func view(_ language: Language) -> View {
        let shown: Language = isTranslated ? language : .zh
        return View(
            kind: kind, version: version, effectiveAt: effectiveAt, publishedAt: publishedAt, language: shown.rawValue,
            title: title[shown], text: text[shown], purposes: purposes.map { $0.view(shown) })
    }

    package struct Draft: RequestBody {
        package var titleZh: String
        package var textZh: String
        package var titleEn: String?
        package var textEn: String?
        /// Now unless said otherwise.
        package var effectiveAt: Timestamp?
        package var purposes: [Purpose]

        package func check(_ faults: inout Faults) {
            faults.text("/titleZh", titleZh, 2...100)
            faults.text("/textZh", textZh, 1...Policy.textMax)
            faults.text("/titleEn", titleEn, 2...100)
            faults.text("/textEn", textEn, 1...Policy.textMax)
            if (titleEn == nil) != (textEn == nil) {
                faults.add("/textEn", "英文标题与正文须同时填写", "goes together with an English title")
            }
            if !(1...Policy.purposesMax).contains(purposes.count) {
                faults.add(
                    "/purposes", "应有 1–\(Policy.purposesMax) 项", "must have 1 to \(Policy.purposesMax) items")
            }
            if Set(purposes.map(\.code)).count != purposes.count {
                faults.add("/purposes", "代码不能重复", "must not repeat a code")
            }
            for (index, purpose) in purposes.prefix(Policy.purposesMax).enumerated() {
                purpose.check(&faults, below: "/purposes/\(index)")
            }
        }
    }
}

extension Policy.Purpose {
    func view(_ language: Language) -> Policy.View.Purpose {
        .init(code: code, label: language == .zh ? labelZh : labelEn ?? labelZh, isRequired: isRequired)
    }

    func check(_ faults: inout Faults, below pointer: String) {
        let isPlain = code.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 }
        if !isPlain || !(2...40).contains(code.utf8.count) {
            faults.add("\(pointer)/code", "应为 2–40 个字母或数字", "must be 2 to 40 letters or digits")
        }
        faults.text("\(pointer)/labelZh", labelZh, 2...200)
        faults.text("\(pointer)/labelEn", labelEn, 2...200)
    }
}
