// Copies what stands once in the project to where the package has it: what is generated from the library (../shared) into
// src/model, as the folder shared, since the package is compiled from one folder; and the notices of what it holds.
import { copyFileSync, cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const copy = pathOf("../src/model/shared");
rmSync(copy, { recursive: true, force: true });
cpSync(pathOf("../../shared"), copy, { recursive: true });
copyFileSync(pathOf("../../../THIRD-PARTY-NOTICES.txt"), pathOf("../THIRD-PARTY-NOTICES.txt"));
