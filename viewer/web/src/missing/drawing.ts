// The picture of a whole canvas in rrweb's event for canvases, as recorders make it that sample canvases: the canvas is cleared, and
// a picture drawn over all of it. Nothing else that is drawn is looked at, and no command is run.

import { asList, type Fields, isFields } from "../model/json";

/** Events are not larger. */
const MAX_CHARS = 12_000_000;

/** The picture in base64; null where the change is another one. Whether it is a picture shows when it is decoded. */
export function pictureDrawn(change: Fields): string | null {
  const commands = Array.isArray(change["commands"]) ? change["commands"] : [change];
  const last = commands.at(-1);
  const isCleared = commands.slice(0, -1).some((command) => isFields(command) && command["property"] === "clearRect" && isAtOrigin(asList(command["args"])));
  if (!isCleared || !isFields(last) || last["property"] !== "drawImage") return null;
  const [image, ...place] = asList(last["args"]);
  // Nine arguments would show a part of it.
  if (!isFields(image) || !isAtOrigin(place) || place.length > 4) return null;
  return image["rr_type"] === "HTMLImageElement" ? pictureOfUrl(image["src"]) : pictureOfBitmap(image);
}

/** That of a `data:` URL of pixels. */
export function pictureOfUrl(url: unknown): string | null {
  if (typeof url !== "string" || url.length > MAX_CHARS) return null;
  return /^data:image\/(?:png|jpeg|webp|gif);base64,/.test(url.slice(0, 40)) ? url.slice(url.indexOf(",") + 1) : null;
}

/** `{rr_type: "ImageBitmap", args: [{rr_type: "Blob", data: [{rr_type: "ArrayBuffer", base64}]}]}`, or the blob itself. */
function pictureOfBitmap(image: Fields): string | null {
  const blob = image["rr_type"] === "ImageBitmap" ? asList(image["args"])[0] : image;
  if (!isFields(blob) || blob["rr_type"] !== "Blob") return null;
  const [part, ...more] = asList(blob["data"]);
  if (more.length > 0 || !isFields(part) || part["rr_type"] !== "ArrayBuffer") return null;
  const { base64 } = part;
  return typeof base64 === "string" && base64.length <= MAX_CHARS ? base64 : null;
}

const isAtOrigin = ([x, y]: unknown[]) => x === 0 && y === 0;
