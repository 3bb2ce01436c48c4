// How each package manager brings packages that are missing: those of this system, and those of another one. Pure decisions.
import type { PackageManager } from "./package-manager.js";
import type { System } from "./system.js";

const AGAIN: Readonly<Record<PackageManager, string>> = {
  npm: "remove node_modules and package-lock.json, and run `npm install` on this system, without --omit=optional",
  pnpm: "remove node_modules, and run `pnpm install` on this system, without --no-optional",
  Yarn: "remove node_modules, and run `yarn install` on this system",
  "Yarn 1": "remove node_modules, and run `yarn install` on this system, without --ignore-optional",
  bun: "remove node_modules, and run `bun install` on this system, without --omit=optional",
};

/** How an optional package of this system comes that was left out, as a clause. */
export const howToInstallAll = (manager: PackageManager): string => AGAIN[manager];

/** How packages for another system come, as sentences. */
export function howToInstallFor(system: System, packages: readonly string[], manager: PackageManager): string {
  const { platform, arch, libc } = system;
  const settings = `{ os: [current, ${platform}], cpu: [current, ${arch}]${libc === undefined ? "" : `, libc: [current, ${libc}]`} }`;
  const only = (name: string) => `${name} installs the packages of its own system only.`;
  switch (manager) {
    case "pnpm":
      return `${only("pnpm")} Write \`supportedArchitectures: ${settings}\` into pnpm-workspace.yaml, and run \`pnpm install\`.`;
    case "Yarn":
      return `${only("Yarn")} Write \`supportedArchitectures: ${settings}\` into .yarnrc.yml, and run \`yarn install\`.`;
    case "Yarn 1":
      return `${only("Yarn")} Run \`yarn install --force --ignore-platform\`, which brings those of all systems.`;
    case "bun":
      return `${only("bun")} Run \`bun install --os=${platform} --cpu=${arch}\` and copy, then \`bun install\` for this system again.`;
    case "npm":
      // All at once: npm removes what an earlier `--no-save` brought.
      return `${only("npm")} Run \`npm install --no-save --force ${packages.join(" ")}\`.`;
  }
}
