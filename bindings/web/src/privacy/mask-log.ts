// Masks what a page logs and sends: passwords that were typed, and secrets by name and shape. Nothing else of it: whose the
// rest is, and what it shows of masked texts, can't be known.

import { passwords } from "./passwords";
import { isSecretHeader } from "./secret-names";
import { FIXED_MASK, maskAddress, maskSecrets } from "./secrets";

// Passwords first: what masks by names ends a value at the first `&`, quote or space, which a password may hold.
export const maskLogged = (text: string): string => maskSecrets(withoutPasswords(text));

export const maskLoggedAddress = (url: string): string => maskAddress(withoutPasswords(url));

/** A header's value; of one that is secret by its name, only that it was there. */
export const maskHeader = (name: string, value: string): string =>
  isSecretHeader(name) ? FIXED_MASK : maskLogged(value);

function withoutPasswords(text: string): string {
  passwords.refresh();
  return passwords.mask(text);
}
