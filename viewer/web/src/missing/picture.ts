// Whether bytes are a picture of pixels, by what they are and not by what is said of them, and how large it is: a small file may
// hold a picture that takes gigabytes.

/** Larger ones are not shown. */
const MAX_PIXELS = 20_000_000;
const MAX_SIDE = 16_384;

export interface Picture {
  type: "image/png" | "image/jpeg" | "image/webp" | "image/gif";
  width: number;
  height: number;
}

/** What a picture is; null for anything else, and for one that is too large. */
export function pictureIn(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const picture = png(view) ?? gif(view) ?? webp(view) ?? jpeg(view);
    if (!picture) return null;
    const { width, height } = picture;
    const isShown = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS;
    return isShown ? picture : null;
  } catch {
    // It is cut off.
    return null;
  }
}

/** A blob of the picture in base64; null where it is none. */
export function blobOf(base64: string): Blob | null {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return null;
  }
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const picture = pictureIn(bytes);
  return picture && new Blob([bytes], { type: picture.type });
}

const word = (view: DataView, at: number) => String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

function png(view: DataView): Picture | null {
  if (view.getUint32(0) !== 0x89504e47 || word(view, 12) !== "IHDR") return null;
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(view: DataView): Picture | null {
  return word(view, 0) === "GIF8" ? { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) } : null;
}

function webp(view: DataView): Picture | null {
  if (word(view, 0) !== "RIFF" || word(view, 8) !== "WEBP") return null;
  const type = "image/webp";
  switch (word(view, 12)) {
    case "VP8 ":
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X": {
      const side = (at: number) => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
      return { type, width: side(24), height: side(27) };
    }
    default:
      return null;
  }
}

/** Its size stands in the first frame header, behind segments of any length. */
function jpeg(view: DataView): Picture | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
