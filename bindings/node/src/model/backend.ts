// How the native library is to be loaded and called.

/** The packages that can call into the library. */
export type Backend = "koffi" | "ffi-napi";

export const BACKENDS: readonly Backend[] = ["koffi", "ffi-napi"];

/** How the library is to be loaded. */
export interface LoadOptions {
  backend?: Backend | undefined;
  libraryPath?: string | undefined;
}

/** What decides whether an event can be refused for what it is. */
export interface EventLimits {
  maxEventBytes: number;
  validateOnRecord: boolean;
}
