// What the native library knows, too, and writes for TypeScript: what it tells a page's recorder to do, its limit for an event, and how
// it recognizes what the recorder says of itself.
export * from "../../../shared/page";
export * from "../../../shared/page-config";
export * from "../../../shared/privacy";
export * from "../../../shared/request-limits";
export * from "../../../shared/secret-names";
