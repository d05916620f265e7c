import Support

/// A body for each operation on one thing, good enough to come past the checks that need no database. Those not named take
/// `{"reason": …}` where they take a body at all.
enum AccessBodies {
    static let reason = #"{"reason": "情况不符"}"#

    private static let activity = """
        "title": "河道清洁", "summary": "捡垃圾", "category": "06", "riskNotice": "路滑", "address": "合江亭",
        "startsAt": "2027-06-01T09:00:00+08:00", "endsAt": "2027-06-01T11:00:00+08:00", "capacity": 10,
        "personInCharge": "王小明"
        """
    private static let post = """
        "title": "楼栋联络员", "duties": "上门走访", "category": "01", "places": 5, "beginsOn": "2027-03-01",
        "endsOn": "2027-12-31", "riskNotice": "注意安全"
        """
    private static let unit = """
        {"name": "锦江区水务局", "kind": "agency", "seatId": 6, "contactName": "赵联络", "contactPhone": "13900009999"}
        """
    private static let entry = #"{"title": "修路灯", "detail": "三盏不亮", "category": "01"}"#
    private static let place = #"{"kind": "shop", "name": "小卖部", "address": "春熙路1号"}"#
    private static let draft = #""name": "邻里二队", "leaderId": 1"#

    static let byOperation: [String: String] = [
        "createStaff": #"{"staffName": "new1", "name": "李主任", "role": "dispatcher", "stationId": 6}"#,
        "createGrant": #"{"role": "stationManager", "stationId": 6}"#,
        "resetStaffPassword": "{}",
        "updateRole": #"{"title": "值班员", "permissions": ["dispatchTickets"]}"#,
        "createRole": #"{"name": "other", "title": "值班员", "permissions": ["dispatchTickets"]}"#,
        "createServiceToken": """
        {"name": "大屏", "permissions": ["dispatchTickets"], "stationId": 6, "expiresAt": "2027-06-01T00:00:00+08:00"}
        """,
        "createStation": #"{"parentId": 6, "kind": "point", "name": "总府路文明实践点"}"#,
        "updateStation": #"{"name": "总府路社区新时代文明实践站"}"#,
        "decideVerification": #"{"result": "verified", "reason": "已核对证件"}"#,
        "correctIdentity": """
        {"name": "李志愿", "identityKind": "residentIdentityCard", "identityNumber": "\(TestClient.identityNumber(9))",
         "reason": "录入有误"}
        """,
        "consentAsGuardian": #"{"relation": "parent", "documentVersion": "1", "separateConsent": true}"#,
        "updateChild": #"{"residenceCode": "510104", "categories": [], "skills": []}"#,
        "updateChildProfile": #"{"languages": [], "availability": []}"#, "requestTeamForChild": #"{"teamId": 1}"#,
        "signUpChild": #"{"activityId": 1, "companionName": "李家长"}"#,
        "updateTeam": #"{"kind": "ordinary", "categories": []}"#,
        "setTeamMemberRole": #"{"role": "deputy"}"#,
        "requestToJoinTeam": "{}", "signUp": "{}",
        "createTeam": #"{"stationId": 6, \#(draft)}"#,
        "proposeTeamChange": #"{"kind": "rename", "teamId": 1, "name": "邻里三队"}"#,
        "publishActivity": #"{"stationId": 6, \#(activity)}"#, "updateActivity": "{\(activity)}",
        "cancelSignUp": "{}", "cancelChildSignUp": "{}",
        "checkIn": #"{"code": "123456"}"#, "checkOut": #"{"code": "123456"}"#, "checkInChild": #"{"code": "123456"}"#,
        "checkOutChild": #"{"code": "123456"}"#, "confirmSignUp": #"{"minutes": 60, "reason": "按实际时长"}"#,
        "correctServiceRecord": #"{"minutes": 50, "reason": "多记了时长"}"#,
        "setPracticeStatus": #"{"isPracticeVolunteer": true, "stationId": 6, "reason": "常来服务"}"#,
        "recordTraining": """
        {"stationId": 6, "name": "急救培训", "content": "心肺复苏", "minutes": 60, "organiser": "社区", "date": "2026-01-03",
         "volunteerIds": [1]}
        """,
        "recordAwards": #"{"stationId": 6, "name": "优秀", "grantedOn": "2026-01-03", "volunteerIds": [1]}"#,
        "refuseAwardRecord": #"{"ground": "proofUnreadable", "reason": "照片看不清"}"#,
        "inviteExpert": #"{"stationId": 6, "message": "请来义诊", "wishedAt": "2027-06-01T09:00:00+08:00"}"#,
        "declineExpertInvitation": "{}",
        "dispatchDemandTicket": #"{"volunteerId": 1}"#,
        "completeDemandTicket": #"{"report": "已修好", "serviceMinutes": 30}"#,
        "rateDemandTicket": #"{"stars": 5}"#, "rateFeedback": #"{"stars": 5}"#,
        "answerFeedback": #"{"reply": "已处理"}"#, "refuseFeedback": #"{"reply": "不属实"}"#,
        "transferFeedback": #"{"stationId": 5, "reason": "不在辖区"}"#,
        "setFeedbackVisibility": #"{"isHidden": true, "reason": "涉及隐私"}"#,
        "publishPolicy": """
        {"titleZh": "隐私政策", "textZh": "全文", "purposes": [{"code": "account", "labelZh": "账号", "isRequired": true}]}
        """,
        "createPartyUnit": unit, "updatePartyUnit": unit, "createUnitResource": entry, "createCommunityNeed": entry,
        "linkUnitRepresentative": #"{"phone": "13900000002"}"#,
        "createCommunityPost": #"{"stationId": 6, \#(post)}"#, "updateCommunityPost": "{\(post)}",
        "reportPostService": #"{"minutes": 60}"#, "completeUnitProject": #"{"report": "修好了"}"#,
        "sendUnitFeedback": #"{"unitId": 1, "stationId": 6, "year": 2026, "quarter": 3}"#,
        "createGrid": #"{"stationId": 6, "code": "W2", "name": "二号网格", "kind": "general"}"#,
        "updateGrid": #"{"name": "一号网格", "kind": "general"}"#, "createGridPlace": place, "updateGridPlace": place,
        "appointGridWorker": #"{"volunteerId": 1, "role": "partTime"}"#,
        "createChatGroup": #"{"stationId": 6, "name": "居民群", "kind": "residents"}"#,
        "updateChatGroup": #"{"name": "业主群", "kind": "owners"}"#,
        "updateChatGroupMemberCounts":
            #"{"countedAt": "2026-12-01T00:00:00+08:00", "items": [{"id": 1, "memberCount": 9}]}"#,
    ]
}
