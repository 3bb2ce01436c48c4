// rrweb events for tests: small ones of our own.

export const SESSION = 1732300000000;

export const meta = (n = 0) => ({
  type: 4,
  timestamp: SESSION + n,
  data: { href: "https://example.com/", width: 800, height: 600 },
});

export const fullSnapshot = (n = 0) => ({
  type: 2,
  timestamp: SESSION + n,
  data: { node: { type: 0, childNodes: [{ type: 2, tagName: "html", childNodes: [] }], id: 1 }, initialOffset: { top: 0, left: 0 } },
});

/** An element of a snapshot. */
export const element = (tagName, id, childNodes = [], more = {}) => ({ type: 2, tagName, attributes: {}, childNodes, id, ...more });

/** A page as rrweb takes it down: its meta event, and its full snapshot with these nodes in the body (its id is 4). */
export function pageWith(nodes, document = (root) => ({ type: 0, childNodes: [root], id: 1 })) {
  const node = document(element("html", 2, [element("head", 3), element("body", 4, nodes)]));
  return [
    { type: 4, timestamp: SESSION, data: { href: "http://page/", width: 800, height: 600 } },
    { type: 2, timestamp: SESSION + 1, data: { node, initialOffset: { left: 0, top: 0 } } },
  ];
}

export const custom = (payload, n = 0) => ({ type: 5, timestamp: SESSION + n, data: { tag: "test", payload } });

/** What an event is on the wire: its known keys in their order. */
export function wire(event) {
  const { type, timestamp, delay, data } = typeof event === "string" ? JSON.parse(event) : event;
  return { type, timestamp, ...(delay === undefined ? {} : { delay }), data };
}

/** The payloads of the events that `custom` made. */
export const payloads = (events) => events.filter((event) => event.type === 5).map((event) => event.data.payload);
