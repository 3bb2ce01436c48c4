// The opt-out and the user that an Amplitude SDK keeps for its instance of a name, where other SDKs find it: in the identity store of
// @amplitude/analytics-connector, on the global object.

import { isObject } from "./values.js";

interface IdentityStore {
  getIdentity(): { optOut?: unknown; userProperties?: unknown };
  addIdentityListener(listener: (identity: { optOut?: unknown }) => void): void;
  removeIdentityListener(listener: (identity: { optOut?: unknown }) => void): void;
}

/** How often, and how many times, a store that is not there is looked for: an SDK makes it when its plugins have started. */
const LOOK_MS = 1_000;
const MAX_LOOKS = 30;

/** Follows that opt-out, for one instance at a time. What is malformed there says nothing. */
export class IdentityStoreFollower {
  #name: string | undefined;
  #store: IdentityStore | undefined;
  #isOptedOut = false;
  #looks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * `apply` is told of an opt-out, and that it was taken back. Where the store says from the start that the user has not opted
   * out, it is told nothing: the app may have said otherwise.
   */
  constructor(private readonly apply: (optOut: boolean) => void) {}

  /** Follows the instance of this name; anything but a name: none. */
  follow(name: unknown): void {
    const next = typeof name === "string" && name !== "" ? name : undefined;
    if (next !== this.#name) this.#leave();
    this.#name = next;
    this.#looks = 0;
    this.look();
  }

  /** Looks for the store again, where it was not there yet. */
  look(): void {
    if (this.#name === undefined) return;
    try {
      const store = storeOf(this.#name);
      if (store === undefined) return this.#lookLater();
      if (store !== this.#store) {
        this.#store?.removeIdentityListener(this.#onIdentity);
        store.addIdentityListener(this.#onIdentity);
        this.#store = store;
      }
      this.#onIdentity(store.getIdentity());
    } catch {
      // It is something else than a store.
    }
  }

  #lookLater(): void {
    if (this.#timer !== undefined || this.#looks++ >= MAX_LOOKS) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.look();
    }, LOOK_MS);
    // In a page it is a number. It keeps no process alive.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#store?.removeIdentityListener(this.#onIdentity);
    } catch {
      // As above.
    }
    this.#store = undefined;
    this.#isOptedOut = false;
  }

  readonly #onIdentity = (identity: { optOut?: unknown }): void => {
    const optOut = identity?.optOut === true;
    if (optOut === this.#isOptedOut) return;
    this.#isOptedOut = optOut;
    this.apply(optOut);
  };
}

/** The user's properties as that SDK knows them; `undefined`: none, or nothing that is an object. */
export function userPropertiesOf(name: unknown): { [key: string]: unknown } | undefined {
  if (typeof name !== "string" || name === "") return undefined;
  try {
    const properties = storeOf(name)?.getIdentity().userProperties;
    return isObject(properties) ? properties : undefined;
  } catch {
    // It is something else than a store.
    return undefined;
  }
}

function storeOf(name: string): IdentityStore | undefined {
  type Instances = { [name: string]: { identityStore?: IdentityStore } | undefined };
  const instances = (globalThis as { analyticsConnectorInstances?: Instances }).analyticsConnectorInstances;
  return instances !== undefined && Object.hasOwn(instances, name) ? instances[name]?.identityStore : undefined;
}
