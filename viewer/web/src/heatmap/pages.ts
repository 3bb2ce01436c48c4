// Interactions by the page that they happened on.

import type { Interaction } from "../api/types";

export interface Spot {
  x: number;
  y: number;
  count: number;
}

/** What is known of one page in one size of its window. */
export interface HeatmapPage {
  url: string;
  viewportWidth: number;
  viewportHeight: number;
  spots: Spot[];
  /** Clicks, all together. */
  clicks: number;
  /** How far down it was seen, in pixels, once for each time that it was left; the deepest first. */
  depths: number[];
}

/** The pages, the one with the most clicks first. */
export function pagesOf(interactions: readonly Interaction[]): HeatmapPage[] {
  const pages = new Map<string, HeatmapPage>();
  for (const interaction of interactions) {
    const { pageUrl: url, viewportWidth, viewportHeight } = interaction;
    const key = keyOf({ url, viewportWidth, viewportHeight });
    const page = pages.get(key) ?? { url, viewportWidth, viewportHeight, spots: [], clicks: 0, depths: [] };
    pages.set(key, page);
    if (interaction.type === "click") {
      page.spots.push({ x: interaction.x, y: interaction.y, count: interaction.count });
      page.clicks += interaction.count;
    } else {
      page.depths.push(interaction.maxScrollHeight);
    }
  }
  for (const page of pages.values()) page.depths.sort((a, b) => b - a);
  return [...pages.values()].sort((a, b) => b.clicks - a.clicks || b.depths.length - a.depths.length);
}

export function keyOf({ url, viewportWidth, viewportHeight }: Pick<HeatmapPage, "url" | "viewportWidth" | "viewportHeight">): string {
  return `${viewportWidth}x${viewportHeight} ${url}`;
}

/** How far down the page half of those who left it had seen. */
export function medianDepth({ depths }: HeatmapPage): number | null {
  return depths[Math.floor(depths.length / 2)] ?? null;
}
