// The search stands in the address, so that it survives a reload and can be sent to somebody.

export function queryOfAddress(): string {
  return new URLSearchParams(location.search).get("q") ?? "";
}

/** Writes it into the address of what is shown now; typing makes no history. */
export function setQueryOfAddress(query: string): void {
  history.replaceState(history.state, "", withQuery(location.href, query));
}

/** An address of the page, with this search. */
export function withQuery(href: string, query: string): string {
  const url = new URL(href, location.href);
  if (query.trim()) url.searchParams.set("q", query);
  else url.searchParams.delete("q");
  return url.pathname + url.search + url.hash;
}
