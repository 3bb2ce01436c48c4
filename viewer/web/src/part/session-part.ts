// What a session's page is made of: each part shows one thing about the session, and knows no other part.

import type { Details, Identity } from "../api/types";
import type { Recording } from "../recording/recording";
import type { Scene } from "../scene/scene";
import type { Scale } from "../timeline/scale";

export interface SessionPart {
  readonly element: HTMLElement;
  /** What its heading says; without it, the element's `aria-label`. */
  readonly title?: string;
  /** Something arrived, or the details have changed. */
  update?(): void;
  /** The moment that is shown, in milliseconds from the beginning; called ten times a second. */
  at?(ms: number): void;
  /** A key was pressed that the page itself does nothing with. */
  press?(key: string): void;
  /** The server knows more of the session than it did. */
  refresh?(): void;
  /** The page is left. */
  destroy?(): void;
}

/** What a part may know and do. */
export interface SessionContext {
  readonly identity: Identity;
  readonly recording: Recording;
  /** What the server says of the session; null: nothing yet. */
  details(): Details | null;
  /** What is shown now; null: nothing. */
  scene(): Scene | null;
  /** Where moments lie on an axis: its gaps are squeezed. Another one whenever the recording has grown. */
  scale(): Scale;
  /** Milliseconds from the beginning. */
  now(): number;
  /** Moves to so many milliseconds from the beginning. */
  seek(ms: number): void;
  /** Follows what is being recorded, and is at no moment of its own. */
  isFollowing(): boolean;
}
