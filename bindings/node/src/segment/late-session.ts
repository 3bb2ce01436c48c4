// Segment's session plugin writes the session id into the event after every source middleware, and nobody tells a
// middleware when the event leaves. So the place where the id will be written hears of it: an accessor that becomes a plain
// property with the first write. It takes no timer, which a hidden page has slowly or never, and holds no event back.
import { ACTIONS, isObject, toldSessionId, type SegmentEvent } from "./event.js";

/** Calls `written` once, when somebody has written `integrations["Actions Amplitude"].session_id` into the event. */
export function onSessionWritten(event: SegmentEvent, written: () => void): void {
  let isWritten = false;
  const heard = (): void => {
    if (isWritten) return;
    const id = toldSessionId(event);
    if (id === undefined || id === null) return watch();
    isWritten = true;
    written();
  };
  /** Each of the three may be written, whole or in parts; what is watched already stays so. */
  const watch = (): void => {
    const { integrations } = event;
    const destination = isObject(integrations) ? integrations[ACTIONS] : undefined;
    onWrite(destination, "session_id", heard);
    onWrite(integrations, ACTIONS, heard);
    onWrite(event, "integrations", heard);
  };
  watch();
}

/** Calls `heard` after the next write. Until then the property is as it was. What can't be watched is left alone. */
function onWrite(object: unknown, name: string, heard: () => void): void {
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
      if (this === object) heard();
    },
  });
}
