export * from "../dist/amplitude/index.js";
