/// One text in the languages a caller may read: Chinese by default, English on `Accept-Language: en`.
package struct Wording: Sendable, Equatable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    package subscript(language: Language) -> String { language == .zh ? zh : en }
}

package enum Language: String, Sendable { case zh, en }
