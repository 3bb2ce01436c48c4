// Values of JSON that may be anything.

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The list, or an empty one for whatever else it is. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
