// Segment's session plugin writes the session id into the event after every source middleware, and nothing tells a
// middleware when the event leaves. So the property that will be written is watched: an accessor, which becomes a plain
// property with the first write. It needs no timer, which hidden pages delay or stop, and holds no event back.
import { isObject } from "../model/values.js";
import { ACTIONS, actionsSessionId, type SegmentEvent } from "./event.js";

/** Calls `written` once, when somebody has written `integrations["Actions Amplitude"].session_id` into the event. */
export function onSessionWritten(event: SegmentEvent, written: () => void): void {
  let isWritten = false;
  const onWritten = (): void => {
    if (isWritten) return;
    const id = actionsSessionId(event);
    if (id === undefined || id === null) return watch();
    isWritten = true;
    written();
  };
  /** Each of the three may be written, whole or in parts; what is watched already stays watched. */
  const watch = (): void => {
    const { integrations } = event;
    const destination = isObject(integrations) ? integrations[ACTIONS] : undefined;
    watchProperty(destination, "session_id", onWritten);
    watchProperty(integrations, ACTIONS, onWritten);
    watchProperty(event, "integrations", onWritten);
  };
  watch();
}

/** Calls `onWritten` after the next write. Until then the property is as it was. What can't be watched is left alone. */
function watchProperty(object: unknown, name: string, onWritten: () => void): void {
  if (!isObject(object)) return;
  const before = Object.getOwnPropertyDescriptor(object, name);
  const canWatch = before ? before.configurable && before.writable : Object.isExtensible(object);
  if (!canWatch) return;
  Object.defineProperty(object, name, {
    configurable: true,
    // What is not there yet is not to be listed either.
    enumerable: before?.enumerable ?? false,
    get: () => before?.value as unknown,
    set(this: object, value: unknown) {
      // An object that has this one for its prototype writes into itself.
      const enumerable = before?.enumerable ?? true;
      Object.defineProperty(this, name, { value, configurable: true, enumerable, writable: true });
      if (this === object) onWritten();
    },
  });
}
