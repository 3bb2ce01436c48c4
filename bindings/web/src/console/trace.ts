// Where a message comes from: the frames of a stack, in the way of rrweb's console plugin.

import { cutMasked } from "../privacy/secrets";

const MAX_FRAMES = 20;
const MAX_FRAME_LENGTH = 500;
const MAX_STACK_LENGTH = MAX_FRAMES * MAX_FRAME_LENGTH;

/** Frames that browsers without `captureStackTrace` name, and that are ours: the wrapper, and who asks here. */
const OWN_FRAMES = 3;

type V8Error = ErrorConstructor & {
  captureStackTrace?: (target: object, below: unknown) => void;
  prepareStackTrace?: unknown;
};

/** The frames below `caller`. A page that formats stacks by itself is not asked to. */
export function traceBelow(caller: unknown): string[] {
  const { captureStackTrace, prepareStackTrace } = Error as V8Error;
  if (typeof prepareStackTrace === "function") return [];
  if (!captureStackTrace) return framesOf(new Error().stack).slice(OWN_FRAMES);
  const target: { stack?: unknown } = {};
  captureStackTrace(target, caller);
  return framesOf(target.stack);
}

/** The frames of an error, whatever was thrown. */
export const traceOf = (error: unknown): string[] => (error instanceof Error ? framesOf(error.stack) : []);

/** "function (file:line:column)", or the place alone, a line each. */
export function framesOf(stack: unknown): string[] {
  if (typeof stack !== "string") return [];
  // Where it is cut, the last line is half a frame.
  const isLonger = stack.length > MAX_STACK_LENGTH;
  const lines = stack.slice(0, MAX_STACK_LENGTH).split("\n").slice(0, isLonger ? -1 : undefined);
  const frames = lines.flatMap((line) => v8Frame(line) ?? otherFrame(line) ?? []);
  return frames.slice(0, MAX_FRAMES).map((frame) => cutMasked(frame, MAX_FRAME_LENGTH));
}

function v8Frame(line: string): string | null {
  const found = /^\s+at (.+)$/.exec(line);
  return found?.[1] ?? null;
}

/** Firefox's and Safari's. */
function otherFrame(line: string): string | null {
  const found = /^([^@\s]*)@(\S+:\d+:\d+)$/.exec(line);
  if (!found) return null;
  return found[1] ? `${found[1]} (${found[2]})` : (found[2] as string);
}
