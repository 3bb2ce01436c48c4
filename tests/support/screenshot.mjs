// What an X server without a screen shows: it keeps it in a file, as xwd does.
import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

/** The file that Xvfb keeps in its -fbdir, as a PNG. */
export function screenshot(file) {
  const dump = readFileSync(file);
  const word = (number) => dump.readUInt32BE(number * 4);
  const [width, height, bits, stride] = [word(4), word(5), word(11), word(12)];
  if (bits !== 32) throw new Error(`the screen has ${bits} bits a pixel, not 32`);
  const begin = word(0) + word(19) * 12;
  const rows = Buffer.alloc(height * (1 + width * 3)); // The byte before each row, 0: it is not filtered.
  for (let y = 0, to = 0; y < height; y++) {
    to++;
    for (let from = begin + y * stride, end = from + width * 4; from < end; from += 4, to += 3) {
      [rows[to], rows[to + 1], rows[to + 2]] = [dump[from + 2], dump[from + 1], dump[from]];
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // RGB, 8 bits each
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
