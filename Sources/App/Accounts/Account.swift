/// A person as the platform knows them (账号), whichever way they come in: by phone, WeChat or staff password.
package struct Account: Sendable {}

/// One living sign-in (会话): an opaque bearer token, of which only the hash is kept.
package struct Session: Sendable {}
