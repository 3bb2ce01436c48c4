/** A file beside this one, bundled into one function that uses nothing outside itself: scripts/build-preload.mjs makes it. */
declare module "injected:*" {
  const script: (event: string) => void;
  export default script;
}
