// Generated from src/companions/secret_names.rs: run `SR_GENERATED=write cargo test --lib generated`.
// Names that stand for a secret: of a header, of a parameter, of a member of JSON. In small letters, without signs.

/** What such a name holds. */
export const SECRET_NAME_PARTS = [
  "accesskey",
  "apikey",
  "authenticat",
  "authkey",
  "authorisation",
  "authorization",
  "cookie",
  "connectsid",
  "credential",
  "csrf",
  "functionskey",
  "jwt",
  "passcode",
  "passphrase",
  "passw",
  "privatekey",
  "pwd",
  "secret",
  "sessid",
  "sessionid",
  "signature",
  "signingkey",
  "subscriptionkey",
  "token",
  "xsrf",
] as const;

/** What one is: short words, which others hold by chance. */
export const SECRET_NAMES = [
  "auth",
  "bearer",
  "cvc",
  "cvv",
  "otp",
  "pass",
  "pin",
  "sid",
  "sig",
  "xauth",
  "xsession",
] as const;

/** What one is in the query of a URL alone. */
export const SECRET_PARAMETERS = [
  "code",
  "key",
] as const;

/** Headers whose names sound like those of secrets, and whose values are none. */
export const OPEN_HEADERS = [
  "access-control-allow-credentials",
  "www-authenticate",
] as const;
