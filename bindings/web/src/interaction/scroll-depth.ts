// How far down a page was seen, for one record of each visit to an address. Only the page itself counts, not what scrolls
// inside of it.

export interface ScrollRecord {
  maxScrollX: number;
  maxScrollY: number;
  maxScrollWidth: number;
  maxScrollHeight: number;
  viewportHeight: number;
  viewportWidth: number;
  pageUrl: string;
  timestamp: number;
  type: "scroll";
}

export class ScrollDepth {
  private x = 0;
  private y = 0;
  private width = viewportWidth();
  private height = viewportHeight();
  private timestamp = Date.now();

  /**
   * `left`: where the page before was left, if its address has changed without a load. Until the page scrolls, it may only
   * be about to be put elsewhere.
   */
  constructor(private left: { x: number; y: number } | null = null) {}

  /** Something has scrolled, perhaps the page. */
  update(): void {
    const [x, y] = [scrollX, scrollY];
    if (this.left && this.left.x === x && this.left.y === y) return;
    this.left = null;
    this.reach(x, y);
  }

  /** What is told of the visit to this address, which ends. */
  record(pageUrl: string): ScrollRecord {
    this.reach(scrollX, scrollY);
    return {
      maxScrollX: this.x,
      maxScrollY: this.y,
      maxScrollWidth: this.width,
      maxScrollHeight: this.height,
      viewportHeight: viewportHeight(),
      viewportWidth: viewportWidth(),
      pageUrl,
      timestamp: this.timestamp,
      type: "scroll",
    };
  }

  private reach(x: number, y: number): void {
    if (x > this.x) {
      this.x = x;
      this.width = Math.max(this.width, x + viewportWidth());
      this.timestamp = Date.now();
    }
    if (y > this.y) {
      this.y = y;
      this.height = Math.max(this.height, y + viewportHeight());
      this.timestamp = Date.now();
    }
  }
}

// As rrweb and the browser SDK find them.
export const viewportWidth = () => innerWidth || document.documentElement?.clientWidth || 0;
export const viewportHeight = () => innerHeight || document.documentElement?.clientHeight || 0;
