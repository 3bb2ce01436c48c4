// Addresses inside of longer texts, such as stacks and messages: each told as it may be.

/** Whatever names a host, or a file, up to what can't be part of an address: texts of JSON are searched as they are. */
const ADDRESS = /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"<>\\`]{1,4000}/gi;
/** What follows an address in a sentence or a frame of a stack. */
const REST = /[)\]}>.,;:!?'…]+$/;
const LINE_AND_COLUMN = /:\d+:\d+$/;
const LINE = /:\d+$/;

/** The text with each address in it as `told` has it; line and column behind one stay. */
export function withAddressesTold(text: string, told: (href: string) => string): string {
  return text.replace(ADDRESS, (found) => {
    const rest = REST.exec(found)?.[0] ?? "";
    const address = found.slice(0, found.length - rest.length);
    // A line alone may as well be a port: then the whole is tried first.
    const places = LINE_AND_COLUMN.test(address) ? [LINE_AND_COLUMN] : [null, LINE];
    for (const place of places) {
      const end = (place && place.exec(address)?.[0]) ?? "";
      const href = address.slice(0, address.length - end.length);
      const as = told(href);
      if (as !== href) return as + end + rest;
    }
    return found;
  });
}
