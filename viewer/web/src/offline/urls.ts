// Addresses that load nothing: what a recording carries itself, and places in its own document.

/** Browsers ignore these inside and before an address. */
const IGNORED = /[\t\n\r]|^[\0-\x20]+/g;
const IMAGE = /^data:image\//i;
const RASTER = /^data:image\/(?!svg)/i;
const MEDIA = /^data:(audio|video)\/(?!.{0,20}mpegurl)/i;

const plain = (address: string) => address.replace(IGNORED, "");

export const isFragment = (address: string) => plain(address).startsWith("#");

export const isData = (address: string) => /^data:/i.test(plain(address));

/** A picture; as a document of its own an SVG could load others, so `raster` leaves it out. */
export const isPicture = (address: string, raster = false) => (raster ? RASTER : IMAGE).test(plain(address));

/** Sound or film, but not a list of addresses of such. */
export function isMedia(address: string): boolean {
  const data = plain(address);
  return MEDIA.test(data) && !/#EXTM3U|I0VYVE0zV|%23EXTM3U/i.test(data.slice(0, 500));
}

/** A list of pictures (`srcset`): each word is a picture, or says for which size one is. */
export const arePictures = (list: string) =>
  list
    .split(/[\t\n\f\r ]+/)
    .filter(Boolean)
    .every((word) => isPicture(word) || /^[\d.]+[wxh],?$/.test(word));

/** Whether an attribute that should hold no address holds one of somebody else. */
export const isElsewhere = (text: string) => /^([a-z][a-z\d+.-]*:)?[\\/]{2}|^(https?|wss?|ftp|blob|file|filesystem|javascript):/i.test(plain(text));
