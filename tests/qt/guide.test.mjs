// The Qt program of the guide, as it stands there.
import { testProgram } from "../support/guide.mjs";

const environment = { QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "" };
testProgram("Qt", { file: "qt.cpp", toolkit: "qt", targets: ["SessionReplay::Qt"], text: "Customer", environment });
