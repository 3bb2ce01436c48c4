// What the native library knows, too, and writes for TypeScript: its privacy configuration, its limit for an event, and how
// it recognizes what the recorder says of itself.
export * from "../../../shared/page";
export * from "../../../shared/privacy";
