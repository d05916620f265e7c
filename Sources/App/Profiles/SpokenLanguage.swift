import SQLite

/// A language or Chinese dialect somebody can help in (语言), by its BCP 47 tag: ISO 639-1 where there is one, else ISO
/// 639-3. 四川话 has no code of its own and is a private use tag of Mandarin; 手语 is Chinese Sign Language.
package enum SpokenLanguage: String, Codable, Sendable, CaseIterable {
    case mandarin = "cmn"
    case sichuanese = "cmn-x-sichuan"
    case cantonese = "yue"
    case wu = "wuu"
    case minnan = "nan"
    case hakka = "hak"
    case xiang = "hsn"
    case gan = "gan"
    case jin = "cjy"
    case chineseSign = "csl"
    case tibetan = "bo"
    case yi = "ii"
    case uyghur = "ug"
    case mongolian = "mn"
    case zhuang = "za"
    case kazakh = "kk"
    case english = "en"
    case japanese = "ja"
    case korean = "ko"
    case french = "fr"
    case german = "de"
    case russian = "ru"
    case spanish = "es"
    case portuguese = "pt"
    case arabic = "ar"
    case italian = "it"
    case thai = "th"
    case vietnamese = "vi"
    case hindi = "hi"
    case indonesian = "id"

    /// One column: tags hold no comma.
    package static func text(_ languages: [SpokenLanguage]) -> String {
        languages.map(\.rawValue).joined(separator: ",")
    }

    package static func list(_ text: String) -> [SpokenLanguage] {
        text.split(separator: ",").compactMap { SpokenLanguage(rawValue: String($0)) }
    }
}
