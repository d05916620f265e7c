package import HTTP
package import SQLite

/// Where the database knows something of a person: one row for each table and the way it refers to them. The copy of
/// one's data and the closing of an account both run down this list, and a test holds it against the schema's foreign
/// keys, so that no later table is forgotten by either.
package struct PersonalData: Sendable {
    /// Whose data: an account and the volunteer it is.
    package struct Person: Sendable {
        package var account: ID<Account>
        package var volunteer: ID<Volunteer>?

        package init(account: ID<Account>, volunteer: ID<Volunteer>?) {
            self.account = account
            self.volunteer = volunteer
        }
    }

    /// What closing the account does to the rows.
    package enum Closing: Sendable {
        case deleted
        /// The rows stay without the person: the columns set, given UTC seconds.
        case rewritten(@Sendable (Int64) -> SQL)
        /// The rows stay as they are.
        case kept(Keeping)
        /// By code of its own, or by another row of this list.
        case elsewhere
    }

    package var section: StaticString
    package var table: StaticString
    /// The foreign key by which the rows are the person's; nil where they hang on another row of the list.
    package var reference: StaticString?
    /// What the copy tells, in order. Hashes and secrets are nobody's copy.
    package var columns: [StaticString]
    /// Unique among one person's rows, and what pages go by.
    package var key: StaticString
    package var closing: Closing
    package var condition: @Sendable (Person) -> SQL?
    /// In place of the condition, for so many rows after a key, where finding all of them for each page would be slow.
    var pageCondition: (@Sendable (Person, _ after: Value?, _ limit: Int) -> SQL)?

    init(
        _ section: StaticString, _ table: StaticString, account column: StaticString, key: StaticString = "id",
        _ columns: [StaticString], closing: Closing, where condition: (@Sendable (Person) -> SQL?)? = nil,
        page pageCondition: (@Sendable (Person, Value?, Int) -> SQL)? = nil
    ) {
        self.section = section
        self.table = table
        reference = column
        self.columns = columns
        self.key = key
        self.closing = closing
        self.condition = condition ?? { "\(raw: column) = \($0.account)" }
        self.pageCondition = pageCondition
    }

    init(
        _ section: StaticString, _ table: StaticString, volunteer column: StaticString, key: StaticString = "id",
        _ columns: [StaticString], closing: Closing
    ) {
        self.section = section
        self.table = table
        reference = column
        self.columns = columns
        self.key = key
        self.closing = closing
        condition = { person in person.volunteer.map { "\(raw: column) = \($0)" } }
    }

    init(
        _ section: StaticString, _ table: StaticString, key: StaticString = "id", _ columns: [StaticString],
        closing: Closing, where condition: @escaping @Sendable (Person) -> SQL?
    ) {
        self.section = section
        self.table = table
        reference = nil
        self.columns = columns
        self.key = key
        self.closing = closing
        self.condition = condition
    }
}

/// What outlives an account, and by which rule.
package enum Keeping: String, Sendable, CaseIterable {
    case serviceRecords, honours, auditLog, consents, messages, closure, publicWork

    package var what: Wording {
        switch self {
        case .serviceRecords:
            Wording(
                zh: "志愿服务记录与报名签到记录（仅以志愿者编号标识）", en: "service records and attendance, under the volunteer number alone")
        case .honours:
            Wording(zh: "培训、表彰与星级记录（仅以志愿者编号标识）", en: "training, awards and stars, under the volunteer number alone")
        case .auditLog: Wording(zh: "操作日志", en: "the audit log")
        case .consents: Wording(zh: "同意与撤回的记录", en: "what was agreed to and withdrawn")
        case .messages:
            Wording(zh: "反映与需求的正文及处理过程，不再关联个人", en: "the texts of messages and requests, without the person")
        case .closure:
            Wording(zh: "注销时间与更正申请的处理结果", en: "when the account was closed, and how corrections were decided")
        case .publicWork: Wording(zh: "履行职务时形成的工作记录", en: "what was done in office or for a team")
        }
    }

    package var why: Wording {
        switch self {
        case .serviceRecords, .honours:
            Wording(zh: "志愿服务组织须如实记录并长期可查", en: "organisations must keep true records that can be looked up")
        case .auditLog: Wording(zh: "网络日志留存不少于六个月", en: "logs must be kept for six months at least")
        case .consents:
            Wording(zh: "证明处理行为合法，保存至诉讼时效届满", en: "proof that the processing was lawful, until claims lapse")
        case .messages: Wording(zh: "已匿名化，不属于个人信息", en: "made anonymous, and so no personal information")
        case .closure: Wording(zh: "证明已依法履行删除与更正义务", en: "proof that the duties to delete and correct were met")
        case .publicWork: Wording(zh: "公务与公益活动记录不属于个人账号内容", en: "the record of public work is not the account's")
        }
    }

    package var law: String {
        switch self {
        case .serviceRecords, .honours: "志愿服务条例第十九条；志愿服务记录与证明出具办法（试行）第四条、第七条至第十条"
        case .auditLog: "网络安全法（2025 年修正）关于留存网络日志不少于六个月的规定"
        case .consents: "个人信息保护法第十四条；民法典第一百八十八条"
        case .messages: "个人信息保护法第四条、第七十三条"
        case .closure: "个人信息保护法第四十六条、第四十七条"
        case .publicWork: "政府信息公开条例；档案法"
        }
    }

    /// Days after which retention lets it go; nil where the law gives no end.
    package func days(_ configuration: Configuration) -> Int? {
        switch self {
        case .auditLog: configuration.auditDays
        case .consents: RetentionRule.consentDays
        case .serviceRecords, .honours, .messages, .closure, .publicWork: nil
        }
    }
}
