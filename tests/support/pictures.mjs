// Pictures of an app and of its replay, compared in a page of Chromium.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** `SR_PICTURES=folder` keeps the pictures of the app and of the replay. */
export function keepPicture(name, png) {
  if (process.env.SR_PICTURES) writeFileSync(join(process.env.SR_PICTURES, `${name}.png`), png);
}

const address = (png) => `data:image/png;base64,${png.toString("base64")}`;

/**
 * How far two pictures are from each other in this part of them, `[x, y, width, height]`, as the root of the mean square error:
 * 0 for the same, 1 for black and white.
 */
export function rmse(page, pictures, place) {
  return page.evaluate(
    async ([sources, [left, top, wide, high]]) => {
      const pixels = async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const context = new OffscreenCanvas(wide, high).getContext("2d");
        context.drawImage(image, -left, -top);
        return context.getImageData(0, 0, wide, high).data;
      };
      const [a, b] = await Promise.all(sources.map(pixels));
      let sum = 0;
      for (let at = 0; at < a.length; at++) sum += at % 4 === 3 ? 0 : ((a[at] - b[at]) / 255) ** 2;
      return Math.sqrt(sum / ((a.length / 4) * 3));
    },
    [pictures.map(address), place],
  );
}

/**
 * How far the pixels in this part of a picture are from the one in its middle, at most, of 255: what is masked is of one
 * colour. Leave some pixels at its edges out, where an encoder takes a little of the colours beside it.
 */
export function unevenness(page, png, place) {
  return page.evaluate(
    async ([source, [left, top, wide, high]]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const context = new OffscreenCanvas(wide, high).getContext("2d");
      context.drawImage(image, -left, -top);
      const { data } = context.getImageData(0, 0, wide, high);
      const middle = (Math.floor(high / 2) * wide + Math.floor(wide / 2)) * 4;
      let worst = 0;
      for (let at = 0; at < data.length; at++) worst = Math.max(worst, Math.abs(data[at] - data[middle + (at % 4)]));
      return worst;
    },
    [address(png), place],
  );
}

/** The colors of a picture at these points, as `[red, green, blue]`. */
export function colorsAt(page, png, points) {
  return page.evaluate(
    async ([source, places]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      return places.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
    },
    [address(png), points],
  );
}
