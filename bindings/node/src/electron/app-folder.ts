// Where the app's files lie often names the user. This takes the app's folder out of texts, however they spell it: browsers
// and Node.js percent-encode different characters, Windows has two slashes and a letter of either case, and a query has the
// address encoded once more.

/** A path of fewer parts is a word that pages may have for something else. */
const MIN_PATH_PARTS = 3;

/** Whether a page's address is in the folder, which is given as an address without a slash at its end. */
export const isInFolder = (address: string, folder: string): boolean => plain(address).startsWith(plain(folder));

/** Replaces the folder in JSON. `pageAddress`, of a page in the folder, shows how its browser spells it. */
export function folderHider(folder: string, replacement: string, pageAddress: string): (json: string) => string {
  const spelled = spellings(folder, pageAddress);
  return (json) => spelled.reduce((text, form) => (text.includes(form) ? text.split(form).join(replacement) : text), json);
}

/** Each way in which JSON has the folder; one that begins another one stands behind it. */
function spellings(folder: string, pageAddress: string): string[] {
  const ofPage = pageAddress.split("/").slice(0, folder.split("/").length).join("/");
  const addresses = [folder, plain(folder), ...(isInFolder(ofPage, folder) ? [ofPage] : [])].flatMap(withEitherCase);
  const paths = addresses.map((address) => address.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, ""));
  const isLong = plain(folder).split("/").length - MIN_PATH_PARTS >= MIN_PATH_PARTS;
  const withBackslashes = paths.filter((path) => !path.startsWith("/")).map((path) => path.replace(/\//g, "\\"));
  const forms = [
    ...addresses,
    ...addresses.map(encodeURIComponent),
    ...(isLong ? [...paths, ...withBackslashes, ...paths.map(encodeURIComponent)] : []),
  ];
  // As they stand in a text of JSON.
  return [...new Set(forms.map((form) => JSON.stringify(form).slice(1, -1)))].sort((a, b) => b.length - a.length);
}

/** An address without its percent signs, and with the letter of a Windows drive as a capital. */
function plain(address: string): string {
  const path = address.replace(/^(file:\/\/\/)([a-z])(?=:)/, (_all, start: string, letter: string) => start + letter.toUpperCase());
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The address with the letter of its Windows drive in each case. */
function withEitherCase(address: string): string[] {
  const parts = /^(file:\/\/\/)([A-Za-z])(:.*)$/.exec(address);
  if (!parts) return [address];
  const [, start, letter = "", rest] = parts;
  return [letter.toUpperCase(), letter.toLowerCase()].map((either) => `${start}${either}${rest}`);
}
