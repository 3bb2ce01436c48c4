// JSON that the library returned.

/** `undefined` where it returned nothing. */
export const parseJson = <T>(json: string | null | undefined): T | undefined =>
  json == null ? undefined : (JSON.parse(json) as T);
