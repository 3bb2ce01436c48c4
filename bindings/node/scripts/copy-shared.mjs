// Copies what is generated from the library (../shared) into src/model, as the folder shared: the package is compiled from one folder.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const shared = fileURLToPath(new URL("../../shared", import.meta.url));
const copy = fileURLToPath(new URL("../src/model/shared", import.meta.url));
rmSync(copy, { recursive: true, force: true });
cpSync(shared, copy, { recursive: true });
