/// Who is let in to which operation: `anyone`, `account` (signed in), `volunteer`, or the built-in roles.
enum AccessTable {
    static let rows = """
        acceptCorrection administrator stationManager
        acceptDemandTicket volunteer
        acceptExpertInvitation volunteer
        acceptFeedback administrator stationManager dispatcher
        acceptMemberCheckIn administrator stationManager
        acceptUnitCheckIn administrator stationManager
        acceptVolunteerClaim administrator stationManager
        activateUnitBond account
        addQualification volunteer
        addTeamMember administrator stationManager
        agreeUnitProject account
        answerFeedback administrator stationManager dispatcher
        applyForStar volunteer
        appointGridWorker administrator stationManager
        approveJoinRequest account
        approveStarApplication administrator stationManager
        approveTeamChange account
        cancelActivity administrator stationManager
        cancelChildJoinRequest account
        cancelChildSignUp account
        cancelClosure account
        cancelDemandTicket account
        cancelJoinRequest volunteer
        cancelSignUp volunteer
        changePassword account
        checkIn volunteer
        checkInChild account
        checkOut volunteer
        checkOutChild account
        chooseMainTeam volunteer
        claimCommunityPost volunteer
        claimVolunteer account
        closeCommunityPost administrator stationManager
        completeDemandTicket volunteer
        completeUnitProject account
        confirmPartyUnitMember account
        confirmPostService administrator stationManager
        confirmSignUp administrator stationManager
        consentAsGuardian account
        correctIdentity administrator stationManager
        correctServiceRecord administrator stationManager
        createChatGroup administrator stationManager
        createCommunityNeed administrator stationManager
        createCommunityPost administrator stationManager
        createDemandTicket account
        createFeedback account
        createGrant administrator securityAdministrator
        createGrid administrator stationManager
        createGridPlace administrator stationManager
        createImport administrator
        createPartyUnit administrator stationManager
        createPhoneCode anyone
        createRole securityAdministrator
        createServiceToken securityAdministrator
        createStaff administrator securityAdministrator
        createStation administrator stationManager
        createTeam administrator stationManager
        createUnitResource account
        createUpload account
        decideVerification administrator stationManager
        declarePartyMembership volunteer
        declineDemandTicket volunteer
        declineExpertInvitation volunteer
        deleteGrant administrator securityAdministrator
        deleteGridPlace administrator stationManager
        deleteRole securityAdministrator
        dispatchDemandTicket administrator stationManager dispatcher
        dissolveChatGroup administrator stationManager
        dropUnitProject account
        endAllSessions account
        endGridWorker administrator stationManager
        endMemberCheckIn administrator stationManager
        endMyMemberCheckIn volunteer
        endSession account
        endStaffSessions administrator securityAdministrator
        endUnitBond account
        endUnitCheckIn account
        expelTeamMember account
        exportMyData account
        findPartyUnitChoices volunteer
        getAccountMerge administrator
        getActivity anyone
        getChatGroup administrator stationManager
        getCheckInCode administrator stationManager
        getChild account
        getChildProfile account
        getCommunityNeed account
        getCommunityPost account
        getContract anyone
        getCorrection administrator stationManager
        getCorrectionEvidence administrator stationManager
        getDemandTicket account
        getFeedback anyone
        getGrid anyone
        getGridPlace anyone
        getHealth anyone
        getImport administrator
        getMe account
        getMetrics anyone
        getMyAwardProof volunteer
        getMyClosure account
        getMyExpertListing volunteer
        getMyHonours volunteer
        getMyParticulars volunteer
        getMyPartyMembership volunteer
        getMyProfile volunteer
        getMyQualificationProof volunteer
        getMyStarLevel volunteer
        getMyVolunteer volunteer
        getMyWaysIn account
        getOverview anyone
        getPartyUnit account
        getPolicy anyone
        getPolicyVersion anyone
        getReadiness anyone
        getRetention administrator auditor
        getRole administrator securityAdministrator
        getSignUp volunteer
        getStaff administrator securityAdministrator
        getStarLevel administrator stationManager
        getStation anyone
        getTeam anyone
        getTeamChange account
        getUnitBond account
        getUnitProject account
        getUnitResource account
        getUpload anyone
        getVolunteer administrator stationManager
        getVolunteerProfile administrator stationManager
        giveConsent account
        inviteExpert administrator stationManager
        inviteGuardian volunteer
        leaveTeam volunteer
        linkMyPhone account
        linkMyWeChat account
        linkUnitRepresentative administrator stationManager
        listAccountMerges administrator
        listActivities anyone
        listAuditEntries auditor
        listAwardRecords administrator stationManager
        listBondsOfUnit account
        listChatGroups administrator stationManager
        listCheckInsOfUnit account
        listChildJoinRequests account
        listChildren account
        listChildServiceRecords account
        listChildSignUps account
        listChildTeams account
        listCommunityNeeds account
        listCommunityPosts administrator stationManager
        listCorrections administrator stationManager
        listDataSharings administrator
        listDemandTickets administrator stationManager dispatcher
        listEvaluationsOfUnit account
        listExpertInvitations administrator stationManager
        listFeedback anyone
        listFeedbackTasks administrator stationManager dispatcher
        listFeedbackToUnit account
        listGridPlaces anyone
        listGrids anyone
        listGridWorkers administrator stationManager
        listGuardianRequests account
        listImportProblems administrator
        listImports administrator
        listMemberCheckIns administrator stationManager
        listMyAwardRecords volunteer
        listMyCommunityPosts volunteer
        listMyConsents account
        listMyCorrections account
        listMyDemandTickets account
        listMyExpertInvitations volunteer
        listMyFeedback account
        listMyGuardians volunteer
        listMyJoinRequests volunteer
        listMyMemberCheckIns volunteer
        listMyPartyUnits account
        listMyPostClaims volunteer
        listMyQualifications volunteer
        listMyServiceRecords volunteer
        listMySignUps volunteer
        listMyTeams volunteer
        listMyTrainingRecords volunteer
        listMyVolunteerClaims account
        listPartyUnitMembers account
        listPartyUnits administrator stationManager
        listPolicies anyone
        listPostClaims administrator stationManager
        listPostServices account
        listProjectsOfUnit account
        listPublicChatGroups anyone
        listQualifications administrator stationManager
        listRoles administrator securityAdministrator
        listServiceRecords administrator stationManager
        listServiceTokens securityAdministrator
        listSessions account
        listSignUps administrator stationManager
        listStaff administrator securityAdministrator
        listStaffSessions administrator securityAdministrator
        listStarApplications administrator stationManager
        listStationGrants administrator securityAdministrator
        listStations anyone
        listTeamChanges account
        listTeamJoinRequests account
        listTeamMemberEvents account
        listTeamMembers anyone
        listTeams anyone
        listTrainingRecords administrator stationManager
        listUnitBonds administrator stationManager
        listUnitCheckIns administrator stationManager
        listUnitEvaluations administrator stationManager
        listUnitFeedback administrator stationManager
        listUnitProjects administrator stationManager
        listUnitRepresentatives administrator stationManager
        listUnitResources account
        listVerifications administrator stationManager
        listVolunteerClaims administrator stationManager
        listVolunteers administrator stationManager
        logDataSharing administrator
        makeUnitEvaluation account
        markAbsent administrator stationManager
        mergeAccounts administrator
        previewAccountMerge administrator
        proposeMemberCheckIn volunteer
        proposeTeamChange account
        proposeUnitBond account
        proposeUnitCheckIn account
        proposeUnitProject account
        publishActivity administrator stationManager
        publishPolicy administrator
        rateDemandTicket account
        rateFeedback account
        recordAwards administrator stationManager
        recordTraining administrator stationManager
        refuseAsGuardian account
        refuseAwardRecord administrator stationManager
        refuseCorrection administrator stationManager
        refuseDemandTicket administrator stationManager dispatcher
        refuseFeedback administrator stationManager dispatcher
        refuseJoinRequest account
        refuseMemberCheckIn administrator stationManager
        refusePartyUnitMember account
        refusePostService administrator stationManager
        refuseQualification administrator stationManager
        refuseStarApplication administrator stationManager
        refuseTeamChange account
        refuseUnitCheckIn administrator stationManager
        refuseVolunteerClaim administrator stationManager
        registerChild account
        registerVolunteer account
        removeMyAwardRecord volunteer
        removeMyQualification volunteer
        removeTeamMember administrator stationManager
        reportPostService volunteer
        requestClosure account
        requestCorrection volunteer
        requestMyVerification volunteer
        requestTeamForChild account
        requestToJoinTeam volunteer
        resetStaffPassword administrator securityAdministrator
        resignPostClaim volunteer
        retireGrid administrator stationManager
        reverseAccountMerge administrator
        revokeServiceToken securityAdministrator
        revokeStarAward administrator stationManager
        searchExperts administrator stationManager
        searchVolunteers administrator stationManager
        sendUnitFeedback administrator stationManager
        setFeedbackVisibility administrator stationManager dispatcher
        setMyParticulars volunteer
        setPracticeStatus administrator stationManager
        setTeamMemberRole account
        signInAsStaff anyone
        signInByPhone anyone
        signInByWeChat anyone
        signInByWeChatPhone anyone
        signUp volunteer
        signUpChild account
        startUnitProject account
        submitAwardRecord volunteer
        takeChildFromTeam account
        transferFeedback administrator stationManager dispatcher
        unlinkMyFormerPhones account
        unlinkMyPhone account
        unlinkMyWeChat account
        unlinkUnitRepresentative administrator stationManager
        updateActivity administrator stationManager
        updateChatGroup administrator stationManager
        updateChatGroupMemberCounts administrator stationManager
        updateChild account
        updateChildProfile account
        updateCommunityPost administrator stationManager
        updateGrid administrator stationManager
        updateGridPlace administrator stationManager
        updateMyExpertListing volunteer
        updateMyProfile volunteer
        updateMyVolunteer volunteer
        updatePartyUnit administrator stationManager
        updateRole securityAdministrator
        updateStation administrator stationManager
        updateTeam account
        verifyAwardRecord administrator stationManager
        verifyQualification administrator stationManager
        viewAwardProof administrator stationManager
        viewDemandContact administrator stationManager dispatcher
        viewEmergencyContact administrator
        viewExpertPhone administrator stationManager
        viewQualification administrator stationManager
        viewQualificationProof administrator stationManager
        viewVolunteerIdentity administrator
        viewVolunteerProfile administrator stationManager
        withdrawAwardRecord administrator stationManager
        withdrawCommunityNeed administrator stationManager
        withdrawConsent account
        withdrawCorrection account
        withdrawExpertInvitation administrator stationManager
        withdrawGuardianConsent account
        withdrawMyExpertListing volunteer
        withdrawPartyMembership volunteer
        withdrawTeamChange account
        withdrawTrainingRecord administrator stationManager
        withdrawUnitResource account
        """
}
