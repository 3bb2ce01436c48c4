// rrweb's events, as far as they are read or written here. Numbers and names are rrweb's.

export const enum EventType {
  DomContentLoaded = 0,
  Load = 1,
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
  Input = 5,
  TouchMove = 6,
  MediaInteraction = 7,
  StyleSheetRule = 8,
  CanvasMutation = 9,
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

export interface FullSnapshotEvent {
  type: EventType.FullSnapshot;
  timestamp: number;
  data: { node: SerializedNode };
}

export interface IncrementalEvent {
  type: EventType.Incremental;
  timestamp: number;
  data: MutationData | InputData | StyleSheetRuleData | AdoptedStyleSheetData;
}

export interface OtherEvent {
  type: Exclude<EventType, EventType.FullSnapshot | EventType.Incremental>;
  timestamp: number;
  data: unknown;
}

/** What is recorded beside the document: an event of the application's, or of a plugin of rrweb's. */
export type CompanionEvent =
  | { type: EventType.Custom; data: { tag: string; payload: unknown } }
  | { type: EventType.Plugin; data: { plugin: string; payload: unknown } };

export type RrwebEvent = FullSnapshotEvent | IncrementalEvent | OtherEvent;

export type Attributes = Record<string, unknown>;

export interface SerializedNode {
  id: number;
  type: NodeType;
  tagName?: string;
  attributes?: Attributes;
  textContent?: string;
  isShadow?: boolean;
  childNodes?: SerializedNode[];
}

export interface MutationData {
  source: Source.Mutation;
  texts: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Attributes }[];
  adds: { parentId: number; nextId: number | null; node: SerializedNode }[];
  removes: unknown[];
  /** Adds the document of a frame. */
  isAttachIframe?: boolean;
}

export interface InputData {
  source: Source.Input;
  id: number;
  text: string;
  isChecked: boolean;
}

export interface StyleSheetRuleData {
  source: Source.StyleSheetRule;
  id: number;
}

export interface AdoptedStyleSheetData {
  source: Source.AdoptedStyleSheet;
  /** Number of the component, or of the document, that has adopted the sheets. */
  id: number;
  styleIds: number[];
  /** The rules of sheets that were not sent before. */
  styles?: { styleId: number; rules: { rule: string; index: number }[] }[];
}
