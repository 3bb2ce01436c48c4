export * from "../../dist/electron/main.js";
