// What a recording shows and does not hold: images and style sheets that it only names, and canvases without pictures.

import type { Fields } from "../model/json";
import type { LeftOut } from "../offline/offline";
import { pictureDrawn, pictureOfUrl } from "./drawing";
import { CanvasFrames } from "./frames";

/** Most of each kind that are told apart. */
const MAX_COUNTED = 10_000;

export interface Tally {
  count: number;
  /** The first event that has one, by its number in the order of arrival. */
  first: number;
}

export class Missing implements LeftOut {
  readonly frames = new CanvasFrames();
  private readonly images = new Named();
  private readonly sheets = new Named();
  private readonly canvases = new Named();
  /** Canvases on which commands draw, which are never run. */
  private readonly drawn = new Set<unknown>();
  private number = 0;
  private timestamp = 0;

  /** From now on, what is heard of stands in this event. */
  begin(number: number, timestamp: number): void {
    this.number = number;
    this.timestamp = timestamp;
  }

  image(id: unknown, url: string): void {
    this.images.add(url, id, this.number);
  }

  styleSheet(id: unknown, url: string): void {
    this.sheets.add(url, id, this.number);
  }

  canvas(id: unknown, picture: unknown): void {
    this.canvases.add(id, id, this.number);
    const base64 = typeof picture === "string" ? pictureOfUrl(picture) : null;
    if (base64 !== null) this.frames.add(id, this.timestamp, base64);
  }

  drawing(change: Fields): void {
    const base64 = pictureDrawn(change);
    if (base64 !== null) this.frames.add(change["id"], this.timestamp, base64);
    else if (this.drawn.size < MAX_COUNTED) this.drawn.add(change["id"]);
  }

  /** Whether there is nothing to be drawn in the place of something else. */
  get isNothing(): boolean {
    return this.images.size === 0 && this.canvases.size === 0;
  }

  /** The ids of images and canvases, of some where there are very many. */
  *ids(): Iterable<unknown> {
    yield* this.canvases.ids;
    yield* this.images.ids;
  }

  get imagesMissing(): Tally {
    return this.images.tally();
  }

  get sheetsMissing(): Tally {
    return this.sheets.tally();
  }

  /** Those of which no picture is held. */
  get canvasesMissing(): Tally {
    return this.canvases.tally((id) => !this.frames.has(id));
  }

  /** Whether one of those is drawn by commands. */
  get hasCommands(): boolean {
    return [...this.drawn].some((id) => !this.frames.has(id));
  }
}

/** Things of one kind, each counted once. */
class Named {
  private readonly events = new Map<unknown, number>();
  readonly ids = new Set<unknown>();
  private static readonly MAX_IDS = 500;

  add(name: unknown, id: unknown, number: number): void {
    const known = this.events.get(name);
    if (known === undefined && this.events.size >= MAX_COUNTED) return;
    this.events.set(name, Math.min(known ?? number, number));
    if (this.ids.size < Named.MAX_IDS) this.ids.add(id);
  }

  get size(): number {
    return this.events.size;
  }

  tally(is: (name: unknown) => boolean = () => true): Tally {
    let [count, first] = [0, Infinity];
    for (const [name, number] of this.events) {
      if (!is(name)) continue;
      count += 1;
      first = Math.min(first, number);
    }
    return { count, first: count > 0 ? first : -1 };
  }
}
