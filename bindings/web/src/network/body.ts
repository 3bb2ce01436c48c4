// What of a body is recorded: the members that the lists allow, of bounded size. Uploads are told by name and size alone.

import { AHEAD_LENGTH, MAX_READ_BYTES } from "../model/shared";
import { isSecretName } from "../privacy/secret-names";
import { FIXED_MASK, maskSecrets } from "../privacy/secrets";
import { toJson } from "../send/json";
import type { BodyRules } from "./config";
import { prune } from "./prune";

/** As the browser SDK's, and two that it has not: see the guide. */
export const BODY_STATUSES = [
  "captured",
  "truncated",
  "skipped_binary",
  "skipped_large",
  "skipped_stream",
  "skipped_unparsed",
  "error",
] as const;
export type BodyStatus = (typeof BODY_STATUSES)[number];

export interface CapturedBody {
  value?: string;
  status: BodyStatus;
}

const encoder = new TextEncoder();
const { encodeInto } = TextEncoder.prototype;
const MAX_PARTS = 100;

/** How many bytes of a body have to be read to apply the rules, and to know a secret where it is cut. */
export const bytesToRead = ({ paths, maxBytes }: BodyRules): number =>
  paths ? MAX_READ_BYTES : Math.min(maxBytes + AHEAD_LENGTH, MAX_READ_BYTES);

/** `isWhole`: whether the text is the whole body, or its beginning. */
export function captureText(text: string, isWhole: boolean, { paths, maxBytes }: BodyRules): CapturedBody {
  if (!paths) return cut(text, isWhole, maxBytes);
  // Without all of it nobody knows what the lists would leave.
  if (!isWhole) return { status: "skipped_large" };
  const left = pruned(text, paths);
  return left === null ? { status: "skipped_unparsed" } : cut(left, true, maxBytes);
}

/** null: no JSON that has members, so the lists can't be applied. */
function pruned(text: string, { allowlist, excludelist }: NonNullable<BodyRules["paths"]>): string | null {
  if (text === "") return "";
  try {
    const json = JSON.parse(text) as unknown;
    if (typeof json !== "object" || json === null) return null;
    prune(json, allowlist, excludelist);
    return toJson(json);
  } catch {
    return null;
  }
}

/** The longest beginning of no more than `maxBytes` in UTF-8, cut once its secrets are masked: half of one may not look like one. */
function cut(text: string, isWhole: boolean, maxBytes: number): CapturedBody {
  const all = beginningOf(text, maxBytes);
  if (isWhole && all.length === text.length) return { value: all, status: "captured" };
  const read = text.slice(0, maxBytes + AHEAD_LENGTH);
  const masked = maskSecrets(read);
  const value = beginningOf(masked, maxBytes);
  const isAll = isWhole && read.length === text.length && value.length === masked.length;
  return { value, status: isAll ? "captured" : "truncated" };
}

function beginningOf(text: string, maxBytes: number): string {
  const { read } = encodeInto.call(encoder, text.slice(0, maxBytes), new Uint8Array(maxBytes));
  return text.slice(0, read);
}

/** What is recorded of the body that a script sends; undefined: nothing. */
export function captureSent(body: unknown, rules: BodyRules | null): string | undefined {
  if (!rules || body === null || body === undefined) return undefined;
  const upload = uploadText(body);
  if (upload !== undefined) return upload;
  const text = textOf(body);
  if (text === undefined) return undefined;
  const limit = bytesToRead(rules);
  return captureText(text.slice(0, limit), text.length <= limit, rules).value;
}

function textOf(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  if (body instanceof URLSearchParams) return URLSearchParams.prototype.toString.call(body);
  return body instanceof FormData ? formText(body) : undefined;
}

/** As addresses have forms: a value must not end where its own `&` stands, since behind that nobody knows its name. */
function formText(form: FormData): string {
  const parts: string[] = [];
  FormData.prototype.forEach.call(form, (value, key) => {
    if (parts.length < MAX_PARTS) parts.push(`${formEncoded(key)}=${partText(key, value)}`);
  });
  return parts.join("&");
}

function partText(key: string, value: FormDataEntryValue): string {
  if (isSecretName(key)) return FIXED_MASK;
  return typeof value === "string" ? formEncoded(value.slice(0, MAX_READ_BYTES)) : (uploadText(value) ?? "");
}

const formEncoded = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);

/** Names and sizes of what is no text; undefined: something else. */
function uploadText(body: unknown): string | undefined {
  if (body instanceof File) return `[File ${body.name}, ${body.type || "no type"}, ${body.size} bytes]`;
  if (body instanceof Blob) return `[Blob ${body.type || "no type"}, ${body.size} bytes]`;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return `[${body.byteLength} bytes]`;
  if (body instanceof ReadableStream) return "[ReadableStream]";
  if (body instanceof Document) return "[Document]";
  return undefined;
}

/** How large it is in bytes, where that is known. */
export function sizeOf(body: unknown): number | undefined {
  if (body === null || body === undefined) return 0;
  if (body instanceof Blob) return body.size;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  const text = body instanceof FormData ? undefined : textOf(body);
  return text === undefined ? undefined : encoder.encode(text).length;
}
