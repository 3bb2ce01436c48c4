export * from "../dist/segment/index.js";
