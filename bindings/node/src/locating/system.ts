// For which system a library has to be built: the name of that system, as npm packages and folders have it.
import { readHead } from "./file-head.js";

export type Libc = "glibc" | "musl";

export interface System {
  /** A string, since the types of hosts lead here, and not each has those of Node.js. */
  platform: string;
  arch: string;
  /** Which C library the process runs on; only Linux has a choice. */
  libc?: Libc | undefined;
}

/** As in `prebuilds/linux-x64-musl`, `session-replay-native-linux-x64-musl`. */
export const systemName = ({ platform, arch, libc }: System): string =>
  `${platform}-${arch}${libc === "musl" ? "-musl" : ""}`;

/** The C library that an executable was built for, by the dynamic loader that it names; `undefined`: it names none. */
export function libcOf(executableHead: Uint8Array): Libc | undefined {
  const text = Buffer.from(executableHead).toString("latin1");
  if (!text.startsWith("\x7fELF")) return undefined;
  if (text.includes("/ld-musl-")) return "musl";
  return /\/ld-linux|\/ld64\.so/.test(text) ? "glibc" : undefined;
}

let own: System | undefined;

/** The system of this process. */
export function thisSystem(): System {
  const { platform, arch, execPath } = process;
  return (own ??= { platform, arch, libc: platform === "linux" ? libcOf(readHead(execPath)?.head ?? new Uint8Array()) : undefined });
}
