// URLs that load nothing: data that the recording holds itself, and places in its own document.

/** Browsers ignore these inside and before a URL. */
const IGNORED = /[\t\n\r]|^[\0-\x20]+/g;
const IMAGE = /^data:image\//i;
const RASTER = /^data:image\/(?!svg)/i;
const MEDIA = /^data:(audio|video)\/(?!.{0,20}mpegurl)/i;

const plain = (url: string) => url.replace(IGNORED, "");

export const isFragment = (url: string) => plain(url).startsWith("#");

export const isData = (url: string) => /^data:/i.test(plain(url));

/** A picture; as a document of its own an SVG could load others, so `raster` leaves it out. */
export const isPicture = (url: string, raster = false) => (raster ? RASTER : IMAGE).test(plain(url));

/** Sound or film, but not a playlist, which names others. */
export function isMedia(url: string): boolean {
  const data = plain(url);
  return MEDIA.test(data) && !/#EXTM3U|I0VYVE0zV|%23EXTM3U/i.test(data.slice(0, 500));
}

/** A list of pictures (`srcset`): each word is a picture, or says for which size one is. */
export const isPictureSet = (list: string) =>
  list
    .split(/[\t\n\f\r ]+/)
    .filter(Boolean)
    .every((word) => isPicture(word) || /^[\d.]+[wxh],?$/.test(word));

/** Whether a value that should be no URL is one that leads elsewhere. */
export const isExternal = (text: string) => /^([a-z][a-z\d+.-]*:)?[\\/]{2}|^(https?|wss?|ftp|blob|file|filesystem|javascript):/i.test(plain(text));
