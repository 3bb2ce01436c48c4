// The programs that are run, as texts.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const fixturePath = (name) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

export const fixture = (name) => readFileSync(fixturePath(name), "utf8");

/** Several of them, by their names. */
export const fixtures = (...names) => Object.fromEntries(names.map((name) => [name, fixture(name)]));
