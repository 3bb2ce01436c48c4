// The programs of these tests, built for either version of GTK, and the environment that they run in.
import { buildWithCMake, hasPackages } from "../support/cmake.mjs";

const PACKAGES = { 4: ["gtk4", "webkitgtk-6.0"], 3: ["gtk+-3.0", "webkit2gtk-4.1"] };

/** The versions of GTK that are installed, with their WebKitGTK. */
export const versions = [4, 3].filter((version) => hasPackages(...PACKAGES[version]));

/** Builds the programs; answers with the folder they are in. */
export const build = (version, sanitize) =>
  buildWithCMake("tests/gtk", `gtk${version}${sanitize ? "-sanitize" : ""}`, [
    `-DSR_SANITIZE=${sanitize ? "ON" : "OFF"}`,
    `-DSESSION_REPLAY_GTK=${version}`,
    "-DSESSION_REPLAY_GTK_WEBKIT=ON",
  ]);

/** A warning of GTK ends a program, as does one of GLib. */
export const gtkEnvironment = (more = {}) => ({
  GDK_BACKEND: "x11",
  GTK_THEME: "Adwaita",
  GTK_A11Y: "none",
  NO_AT_BRIDGE: "1",
  GSETTINGS_BACKEND: "memory",
  GSK_RENDERER: "cairo",
  LIBGL_ALWAYS_SOFTWARE: "1",
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  G_DEBUG: "fatal-criticals",
  ...more,
});
