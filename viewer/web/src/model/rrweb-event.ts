// rrweb's events, as far as they are read here. Numbers and names are rrweb's.

export const enum EventType {
  FullSnapshot = 2,
  Incremental = 3,
  Meta = 4,
  Custom = 5,
  Plugin = 6,
}

/** Kinds of incremental events. */
export const enum Source {
  Mutation = 0,
  MouseMove = 1,
  MouseInteraction = 2,
  Scroll = 3,
  ViewportResize = 4,
  Input = 5,
  TouchMove = 6,
  MediaInteraction = 7,
  StyleSheetRule = 8,
  CanvasMutation = 9,
  Font = 10,
  Drag = 12,
  StyleDeclaration = 13,
  Selection = 14,
  AdoptedStyleSheet = 15,
}

export const enum NodeType {
  Document = 0,
  DocumentType = 1,
  Element = 2,
  Text = 3,
  Cdata = 4,
  Comment = 5,
}

export interface RrwebEvent {
  type: EventType;
  timestamp: number;
  data: Record<string, unknown> & { source?: Source };
}
