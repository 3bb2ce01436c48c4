// The program of the guide with SDL2 and Dear ImGui, as it stands there.
import { testProgram } from "../support/guide.mjs";

const targets = ["SessionReplay::Sdl", "imgui_backends"];
const environment = { LIBGL_ALWAYS_SOFTWARE: "1", SDL_VIDEODRIVER: "x11", SDL_AUDIODRIVER: "dummy" };
testProgram("SDL2 and Dear ImGui", { file: "sdl.cpp", toolkit: "sdl", targets, text: "data:image/webp", environment });
