export * from "../dist/packaging/index.js";
