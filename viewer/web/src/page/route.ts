// Which page is asked for: the list, or one session (optionally at a time).

import { sessionPath } from "../api/client";
import type { Identity } from "../api/types";

export interface Route extends Identity {
  /** `?t=`: milliseconds from the beginning of the replay. */
  t: number;
  /** `?at=`: milliseconds since 1970, which count instead where they are given. A replay may begin later than its session. */
  at: number | null;
}

/** Where to begin in a replay that begins at `start`, in milliseconds since 1970. */
export function beginning(route: Route, start: number): number {
  return route.at === null ? route.t : Math.max(0, route.at - start);
}

/** null: the list. */
export function currentRoute(): Route | null {
  const match = /^\/sessions\/([^/]+)\/([^/]+)\/?$/.exec(location.pathname);
  if (!match?.[1] || !match[2]) return null;
  const query = new URLSearchParams(location.search);
  try {
    return {
      device: decodeURIComponent(match[1]),
      session: decodeURIComponent(match[2]),
      t: Math.max(0, Number(query.get("t")) || 0),
      at: Number(query.get("at")) || null,
    };
  } catch {
    return null;
  }
}

/** Goes to a session's page, or to the list. */
export function navigate(identity: Identity | null): void {
  navigateTo(identity ? sessionPath(identity) : "/");
}

/** Lets plain clicks on our own links change the page without loading it. */
export function handleLinks(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-link]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigateTo(link.href);
  });
}

/** The search goes along: a link that says none keeps it. */
function navigateTo(href: string): void {
  const url = new URL(href, location.href);
  const query = new URLSearchParams(location.search).get("q");
  if (query && !url.searchParams.has("q")) url.searchParams.set("q", query);
  history.pushState(null, "", url);
  dispatchEvent(new PopStateEvent("popstate"));
}
