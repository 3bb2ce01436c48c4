// What is drawn on canvases, a few times a second: as a picture of each that has changed, in rrweb's event for canvases. rrweb's own
// way goes on while it is paused, and changes how the page's WebGL draws.

import { getElementsByTagName } from "../dom/native-dom";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import { asOwnWork } from "../page-world/own-work";
import { ByteBudget } from "../send/byte-budget";

export interface CanvasHost {
  /** All canvases that rrweb knows, in shadow trees and frames, too. */
  known(): HTMLCanvasElement[];
  idOf(node: Node): number;
  /** Whether what is on it must not be shown. */
  isWithheld(canvas: Element): boolean;
  emit(event: RrwebEvent): void;
  /** Runs what the browser calls: what it throws is not the page's, and neither is what is logged meanwhile. */
  guard(work: () => void): void;
  note(problem: string): void;
}

/** Larger canvases are made smaller. */
const MAX_PIXELS = 1_000_000;
const QUALITY = 0.6;
const BURST_BYTES = 2_000_000;
const BYTES_PER_SECOND = 200_000;
const MAX_CANVASES = 20;

export class CanvasSampler {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private sent = new WeakMap<HTMLCanvasElement, string>();
  private readonly busy = new WeakSet<HTMLCanvasElement>();
  private readonly unreadable = new WeakSet<HTMLCanvasElement>();
  private canvases: HTMLCanvasElement[] = [];
  private readonly budget = new ByteBudget(BURST_BYTES, BYTES_PER_SECOND);

  constructor(private readonly host: CanvasHost) {}

  /** With each full snapshot, in which canvases are empty; 0: none is recorded. */
  start(perSecond: number): void {
    this.stop();
    if (perSecond === 0 || typeof OffscreenCanvas === "undefined") return;
    this.isRunning = true;
    this.sent = new WeakMap();
    this.canvases = this.host.known();
    this.next(0, 1_000 / perSecond);
  }

  stop(): void {
    this.isRunning = false;
    clearTimeout(this.timer);
  }

  private next(wait: number, interval: number): void {
    this.timer = setTimeout(() => {
      // After what the page draws in this frame: WebGL keeps it no longer. A hidden page has no frames.
      requestAnimationFrame(() => {
        if (!this.isRunning) return;
        clearTimeout(this.timer);
        this.host.guard(() => this.sampleAll());
        this.next(interval, interval);
      });
    }, wait);
  }

  private sampleAll(): void {
    const all = new Set([...this.canvases, ...(getElementsByTagName.call(document, "canvas") as Iterable<HTMLCanvasElement>)]);
    for (const canvas of [...all].filter((canvas) => this.isDue(canvas)).slice(0, MAX_CANVASES)) void this.sample(canvas);
  }

  private isDue(canvas: HTMLCanvasElement): boolean {
    if (canvas.width === 0 || canvas.height === 0 || this.busy.has(canvas) || this.unreadable.has(canvas)) return false;
    return this.mayShow(canvas);
  }

  private async sample(canvas: HTMLCanvasElement): Promise<void> {
    this.busy.add(canvas);
    const { sent } = this;
    try {
      const { width, height } = canvas;
      const picture = await pictureOf(canvas, width, height);
      this.host.guard(() => {
        // Meanwhile the page may have changed, or be recorded anew.
        const isCurrent = this.isRunning && sent === this.sent && this.mayShow(canvas);
        if (!isCurrent || sent.get(canvas) === picture || !this.budget.take(picture.length)) return;
        sent.set(canvas, picture);
        this.host.emit(drawn(this.host.idOf(canvas), picture, width, height));
      });
    } catch (error) {
      this.host.guard(() => this.onUnread(canvas, error));
    } finally {
      this.busy.delete(canvas);
    }
  }

  private onUnread(canvas: HTMLCanvasElement, error: unknown): void {
    // It shows what is of another origin, and can't be read by anybody. For whatever else it is read again next time.
    const isForeign = (error as { name?: unknown } | null)?.name === "SecurityError";
    if (isForeign) this.unreadable.add(canvas);
    this.host.note(`a canvas can't be read, and ${isForeign ? "is not recorded" : "is tried again"}: ${String(error)}`);
  }

  private mayShow(canvas: HTMLCanvasElement): boolean {
    return canvas.isConnected && this.host.idOf(canvas) > 0 && !this.host.isWithheld(canvas);
  }
}

/** As WebP, in base64. The canvas is read before this returns; the rest is done off the page's thread where the browser can. */
async function pictureOf(canvas: HTMLCanvasElement, width: number, height: number): Promise<string> {
  const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const bitmap = await createImageBitmap(canvas, { resizeWidth: w, resizeHeight: h });
  const blob = await asOwnWork(() => {
    const copy = new OffscreenCanvas(w, h);
    copy.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    return copy.convertToBlob({ type: "image/webp", quality: QUALITY });
  });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  return btoa(parts.join(""));
}

/** rrweb's event: the canvas is cleared, and the picture drawn on it. */
function drawn(id: number, base64: string, width: number, height: number): RrwebEvent {
  const blob = { rr_type: "Blob", data: [{ rr_type: "ArrayBuffer", base64 }], type: "image/webp" };
  const commands = [
    { property: "clearRect", args: [0, 0, width, height] },
    { property: "drawImage", args: [{ rr_type: "ImageBitmap", args: [blob] }, 0, 0, width, height] },
  ];
  const data = { source: Source.CanvasMutation, id, type: 0, commands };
  return { type: EventType.Incremental, timestamp: Date.now(), data } as unknown as RrwebEvent;
}
