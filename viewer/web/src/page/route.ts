// Which page is asked for: the list, or one session (optionally at a time).

import { path, type Identity } from "../api/client";

export interface Route extends Identity {
  /** `?t=`: milliseconds from the beginning. */
  t: number;
}

export function current(): Route | null {
  const match = /^\/sessions\/([^/]+)\/([^/]+)\/?$/.exec(location.pathname);
  if (!match?.[1] || !match[2]) return null;
  try {
    return {
      device: decodeURIComponent(match[1]),
      session: decodeURIComponent(match[2]),
      t: Math.max(0, Number(new URLSearchParams(location.search).get("t")) || 0),
    };
  } catch {
    return null;
  }
}

export function open(identity: Identity | null): void {
  history.pushState(null, "", identity ? path(identity) : "/");
  dispatchEvent(new PopStateEvent("popstate"));
}

/** Lets plain clicks on our own links change the page without loading it. */
export function takeLinks(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-link]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
  });
}
