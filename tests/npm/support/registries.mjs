// The environment in which each package manager asks one registry.
import { join } from "node:path";

/**
 * One registry and one cache for each of them, whatever their own default is. The others' caches are of one registry alone: Yarn keeps by a
 * registry's name, without its port, where it said that archives are.
 */
export const environmentOf = (registry, cache, own = join(cache, new URL(registry).port)) => ({
  npm_config_registry: registry,
  npm_config_cache: cache,
  pnpm_config_registry: registry,
  pnpm_config_store_dir: join(own, "pnpm"),
  BUN_CONFIG_REGISTRY: registry,
  BUN_INSTALL_CACHE_DIR: join(own, "bun"),
  YARN_NPM_REGISTRY_SERVER: registry,
  YARN_ENABLE_TELEMETRY: "0",
  // In CI it would refuse to write the lock file that a new project has yet to get.
  YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
  YARN_GLOBAL_FOLDER: join(own, "yarn"),
  YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
});
