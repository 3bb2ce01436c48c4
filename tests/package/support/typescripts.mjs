// The compilers that are installed, and how each can be told to look for modules.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../support/children.mjs";

export const here = fileURLToPath(new URL("..", import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

export const compilers = Object.keys(devDependencies)
  .filter((name) => name.startsWith("typescript-"))
  .map((name) => {
    const { version } = JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8"));
    return { version, major: Number.parseInt(version, 10), tsc: join(here, "node_modules", name, "bin/tsc") };
  });

/** TypeScript 7 has no `node10` any more, and 6 wants to be told that one knows. */
export const RESOLUTIONS = [
  {
    resolution: "node10",
    isKnownTo: ({ major }) => major < 7,
    module: "commonjs",
    more: ({ major }) => (major === 6 ? { ignoreDeprecations: "6.0" } : {}),
    extensions: { commonJs: "ts" },
  },
  { resolution: "node16", module: "node16", extensions: { esModule: "mts", commonJs: "cts" } },
  { resolution: "nodenext", module: "nodenext", extensions: { esModule: "mts", commonJs: "cts" } },
  { resolution: "bundler", module: "esnext", extensions: { esModule: "ts" } },
];

/** Every compiler with every way that it knows. */
export const cells = compilers.flatMap((compiler) =>
  RESOLUTIONS.filter(({ isKnownTo }) => isKnownTo?.(compiler) ?? true).map((how) => ({ compiler, how })),
);

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noEmit: true,
  skipLibCheck: false,
  // TypeScript's own, which take most of the time.
  skipDefaultLibCheck: true,
  target: "es2022",
};
/** Since TypeScript 5.6: an import for its effect has to be there, too. */
const checksSideEffects = (version) => {
  const [major, minor] = version.split(".").map(Number);
  return major > 5 || minor >= 6;
};

let projects = 0;

/** Compiles these hosts (`[name, file]`) in `folder`; answers with what the compiler said. */
export async function compile(folder, { compiler, how }, files, options) {
  const names = files.map(([host, name]) => {
    cpSync(join(here, "hosts", `${host}.ts`), join(folder, name));
    return name;
  });
  const compilerOptions = { ...STRICT, module: how.module, moduleResolution: how.resolution, ...how.more?.(compiler) };
  if (checksSideEffects(compiler.version)) compilerOptions.noUncheckedSideEffectImports = true;
  const project = join(folder, `tsconfig.${++projects}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files: names }));
  return command(process.execPath, [compiler.tsc, "--project", project]);
}
