// Reads the head of a native library's file, before the system's loader does: loaders say little about a file for another
// CPU, and a file that is cut short ends the process (SIGBUS).
import { readHead, readPart } from "../locating/file-head.js";
import { kindOf } from "../locating/is-there.js";
import type { System } from "../locating/system.js";
import { REINSTALL } from "./load-failure.js";
import { lossIn, segmentsOf, type Loss } from "./lost-parts.js";

type Format = "ELF" | "Mach-O" | "PE";

export interface BinaryHeader {
  format: Format;
  /** The CPUs that it is built for, by Node.js's names. Empty: unknown ones. */
  archs: string[];
  /** Whether the file ends before what its head names. */
  isCutShort: boolean;
}

const ELF_ARCHS: Record<number, string> = {
  3: "ia32",
  8: "mips",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};
const PE_ARCHS: Record<number, string> = { 0x14c: "ia32", 0x1c4: "arm", 0x8664: "x64", 0xaa64: "arm64" };
const MACH_ARCHS: Record<number, string> = { 7: "ia32", 0x01000007: "x64", 0x0100000c: "arm64" };

const named = (archs: Record<number, string>, numbers: number[]): string[] =>
  numbers.flatMap((number) => archs[number] ?? []);

/** What the head of a file says; `undefined`: it is no native library. */
export function parseHeader(head: Buffer, fileSize: number): BinaryHeader | undefined {
  try {
    return parseElf(head, fileSize) ?? parsePe(head) ?? parseMachO(head);
  } catch {
    // It ends within its own head.
    return undefined;
  }
}

function parseElf(head: Buffer, fileSize: number): BinaryHeader | undefined {
  if (head.toString("latin1", 0, 4) !== "\x7fELF") return undefined;
  const isBigEndian = head[5] === 2;
  if (isBigEndian) return { format: "ELF", archs: named(ELF_ARCHS, [head.readUInt16BE(18)]), isCutShort: false };
  const archs = named(ELF_ARCHS, [head.readUInt16LE(18)]);
  if (head[4] !== 2) return { format: "ELF", archs, isCutShort: false };
  const { segments, end } = segmentsOf(head);
  const isCutShort = Math.max(end, ...segments.map(({ part: [offset, length] }) => offset + length)) > fileSize;
  return { format: "ELF", archs, isCutShort };
}

function parsePe(head: Buffer): BinaryHeader | undefined {
  if (head.toString("latin1", 0, 2) !== "MZ") return undefined;
  const start = head.readUInt32LE(0x3c);
  if (head.toString("latin1", start, start + 4) !== "PE\0\0") return undefined;
  return { format: "PE", archs: named(PE_ARCHS, [head.readUInt16LE(start + 4)]), isCutShort: false };
}

function parseMachO(head: Buffer): BinaryHeader | undefined {
  const [little, big] = [head.readUInt32LE(0), head.readUInt32BE(0)];
  if (little === 0xfeedfacf || little === 0xfeedface) {
    return { format: "Mach-O", archs: named(MACH_ARCHS, [head.readUInt32LE(4)]), isCutShort: false };
  }
  if (big !== 0xcafebabe) return undefined;
  // A universal file: one part for each CPU.
  const count = Math.min(head.readUInt32BE(4), 20);
  const cpus = Array.from({ length: count }, (_none, part) => head.readUInt32BE(8 + 20 * part));
  return { format: "Mach-O", archs: named(MACH_ARCHS, cpus), isCutShort: false };
}

const FORMATS: Partial<Record<string, Format>> = { win32: "PE", darwin: "Mach-O" };
const SYSTEMS: Record<Format, string> = { ELF: "Linux", "Mach-O": "macOS", PE: "Windows" };

const CUT_SHORT = "the file is cut short; install it again";

/** Why this system can't load the file, as far as its head tells. */
export function problemOf(header: BinaryHeader | undefined, { platform, arch }: System, renew = REINSTALL): string | undefined {
  if (header === undefined) return "it is no native library: the file is damaged, or another one; install it again";
  const { format, archs, isCutShort } = header;
  if (format !== (FORMATS[platform] ?? "ELF")) {
    return `it is built for ${SYSTEMS[format]}, and this process runs on ${platform}; ${renew}`;
  }
  if (archs.length > 0 && !archs.includes(arch)) {
    return `it is built for the CPU ${archs.join(" and ")}, and this process is for ${arch}; ${renew}`;
  }
  return isCutShort ? CUT_SHORT : undefined;
}

const LOSSES: Record<Loss, string> = { "cut short": CUT_SHORT, empty: "the file is damaged, since parts of it are empty; install it again" };

/** The same, of a file. What can't be read is left to the loader, which says why. */
export function problemOfFile(path: string, system: System, renew: string): string | undefined {
  const kind = kindOf(path);
  if (kind === "folder") return "it is a folder: name the file in it";
  if (kind === "other") return "it is no file, but a device or a pipe: name the library's file";
  const read = readHead(path);
  if (read === undefined) return undefined;
  const known = problemOf(parseHeader(read.head, read.fileSize), system, renew);
  if (known !== undefined) return known;
  const loss = lossIn(read.head, (offset, length) => readPart(path, offset, length));
  return loss && LOSSES[loss];
}
