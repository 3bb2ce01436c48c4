// For those who bundle or package an app: the files that it needs beside its bundle.
export { copyRuntimeFiles } from "./copy.js";
export { runtimeFiles } from "./runtime-files.js";
export type { Target } from "./target.js";

/** Tells TypeScript that there is no default export: a host in CommonJS would get `undefined` for one. */
export declare const __esModule: true;
