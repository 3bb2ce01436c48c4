// What is recorded of a page beside its document: its addresses, what it logs, its requests, where users click. Each is an
// observer in a room of its own; the recorder knows them only by this.

import type { CompanionEvent, RrwebEvent } from "../model/rrweb-event";
import type { InteractionConfig, LoggingConfig } from "../model/shared";
import type { PageOptions } from "../model/page-options";

/** Records something of the page beside its document. None of its methods throws into the page. */
export interface PageObserver {
  /** What is to be recorded: called before the first `start`, and again whenever it changes. */
  configure(config: ObserverConfig): void;
  /** Recording has begun, or begins again, with a full snapshot. */
  start(): void;
  /** Nothing is recorded until the next `start`. */
  pause(): void;
}

export interface ObserverConfig {
  page: PageOptions;
  logging: LoggingConfig;
  interaction: InteractionConfig;
}

/** What the recorder offers its observers. */
export interface ObserverContext {
  /** Records an event, at this time if it has none; drops it while nothing is recorded. */
  emit(event: CompanionEvent, timestamp?: number): void;
  /** Tells the library something that is no part of the replay, unless the page is not to be recorded: then it is false. */
  tell(event: CompanionEvent): boolean;
  /** Has `listener` see each event of rrweb's, before anything in it is masked. */
  onEvent(listener: (event: RrwebEvent) => void): void;
  /** An address as it may be told: by `ugcFilterRules`. */
  address(href: string): string;
  /** A text of the page, in this element (null: in none), masked as the recording has it. */
  text(text: string, element: Element | null): string;
  /** Whether the element is left out of the recording, or inside of one that is. */
  isBlocked(element: Element): boolean;
  /** Whether the configuration masks the attributes of this name. */
  isMaskedAttribute(name: string): boolean;
  /** Whether what is in this element is masked or left out. */
  isWithheld(element: Element): boolean;
  /** The page's node with rrweb's number. */
  nodeOf(id: number): Node | null;
  /** rrweb's number of a node: less than 1 of one that is not recorded. */
  idOf(node: Node): number;
  /** Notes what went wrong, for `status()`. */
  note(problem: unknown): void;
}

export type MakeObserver = (context: ObserverContext) => PageObserver;
