// Files of full length that hold nothing where each library has something: a crash of the system, or a copy that broke off, left
// zeros there. The system's loader would end the process.

/** Reads `length` bytes of the file, or less where it ends before. */
export type ReadAt = (offset: number, length: number) => Buffer;

const PT_DYNAMIC = 2;
/** What is wrong with such a part: it lies past the file's end, or holds zeros only. */
export type Loss = "cut short" | "empty";

/** More than this is not read of one part. */
const MAX_BYTES = 4096;

/**
 * What an ELF file of 64 bits (little-endian) lacks of the dynamic section, which the loader starts from, and of the last section
 * header, which linkers put at the end. Zeros elsewhere are not seen: nothing but reading the whole file against a checksum would.
 */
export function lossIn(head: Buffer, readAt: ReadAt): Loss | undefined {
  try {
    const isElf64 = head.toString("latin1", 0, 4) === "\x7fELF" && head[4] === 2 && head[5] === 1;
    if (!isElf64) return undefined;
    for (const [offset, length] of [...dynamicSection(head), ...lastSectionHeader(head)]) {
      const bytes = readAt(offset, length);
      if (bytes.length < length) return "cut short";
      if (bytes.every((byte) => byte === 0)) return "empty";
    }
    return undefined;
  } catch {
    // It ends within its own head, which is told in another way.
    return undefined;
  }
}

type Part = [offset: number, length: number];

/** The segments of such a file, as far as its head names them, and where the table of them ends. */
export function segmentsOf(head: Buffer): { segments: { type: number; part: Part }[]; end: number } {
  const [start, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  const end = start + size * count;
  const segments: { type: number; part: Part }[] = [];
  for (let at = start; at < end && at + size <= head.length; at += size) {
    const part: Part = [Number(head.readBigUInt64LE(at + 8)), Number(head.readBigUInt64LE(at + 32))];
    segments.push({ type: head.readUInt32LE(at), part });
  }
  return { segments, end };
}

function dynamicSection(head: Buffer): Part[] {
  const dynamic = segmentsOf(head).segments.find(({ type }) => type === PT_DYNAMIC);
  return dynamic === undefined ? [] : [[dynamic.part[0], Math.min(MAX_BYTES, dynamic.part[1])]];
}

/** The first one is zeros in each file; a file may have none at all. */
function lastSectionHeader(head: Buffer): Part[] {
  const [start, size, count] = [Number(head.readBigUInt64LE(40)), head.readUInt16LE(58), head.readUInt16LE(60)];
  return start > 0 && count > 1 ? [[start + size * (count - 1), size]] : [];
}
