// C's structs as bytes, for a backend that knows none: the structs one behind the other, then their texts.
import { placesOf, type Layout, type Values } from "./view-layout.js";

export class StructBytes<Name extends string> {
  readonly #members: [name: Name, type: Layout[Name], at: number][];
  readonly #bytesEach: number;

  constructor(layout: Layout<Name>) {
    const { at, bytes } = placesOf(layout);
    this.#members = (Object.entries(layout) as [Name, Layout[Name]][]).map(([name, type]) => [name, type, at[name] as number]);
    this.#bytesEach = bytes;
  }

  /** The bytes of all of them. Pointers lead into the same memory, so keep it as long as C reads it. */
  of(structs: readonly Values<Name>[], addressOf: (bytes: Buffer) => bigint): Buffer {
    const length = this.#bytesEach * structs.length;
    // Not of the shared pool: nothing else lies in the memory that C is told of.
    const bytes = Buffer.alloc(Math.max(1, length + this.#textBytes(structs)));
    const address = addressOf(bytes);
    let textAt = length;
    structs.forEach((values, place) => {
      const start = place * this.#bytesEach;
      for (const [name, type, at] of this.#members) {
        const value = values[name];
        if (type !== "text") writeNumber(bytes, type, start + at, value as number | bigint | null);
        else if (value !== null) {
          bytes.writeBigUInt64LE(address + BigInt(textAt), start + at);
          textAt += bytes.write(value as string, textAt) + 1;
        }
      }
    });
    return bytes;
  }

  #textBytes(structs: readonly Values<Name>[]): number {
    let sum = 0;
    for (const values of structs)
      for (const [name, type] of this.#members) if (type === "text" && values[name] !== null) sum += Buffer.byteLength(values[name] as string) + 1;
    return sum;
  }
}

function writeNumber(bytes: Buffer, type: Exclude<Layout[string], "text">, at: number, given: number | bigint | null): void {
  if (type === "uint64" || type === "pointer") return void bytes.writeBigUInt64LE(BigInt(given ?? 0), at);
  if (type === "int64") return void bytes.writeBigInt64LE(BigInt(given ?? 0), at);
  const value = Number(given);
  switch (type) {
    case "uint32":
      return void bytes.writeUInt32LE(value, at);
    case "int32":
      return void bytes.writeInt32LE(value, at);
    case "float":
      return void bytes.writeFloatLE(value, at);
    case "double":
      return void bytes.writeDoubleLE(value, at);
  }
}
