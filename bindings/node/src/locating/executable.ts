// Which executables are an app.

/** Whether an executable is a runtime for any program, by its name, and not an app: a single executable, a packaged one. */
export const isRuntime = (executable: string): boolean => /(^|[\\/])(node|nodejs|bun|deno|electron)[-v\d.]*(\.exe)?$/i.test(executable);
