// The GTK program of the guide, as it stands there.
import { hasPackages } from "../support/cmake.mjs";
import { testProgram } from "../support/guide.mjs";

const environment = { GDK_BACKEND: "x11", GTK_A11Y: "none", GSETTINGS_BACKEND: "memory", GSK_RENDERER: "cairo" };
const skip = !hasPackages("gtk4") && "GTK 4 is not installed: `scripts/install-tools.sh gtk` installs it";
testProgram("GTK", { file: "gtk.c", toolkit: "gtk", targets: ["SessionReplay::Gtk"], text: "Password", environment, skip });
