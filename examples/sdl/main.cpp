// A small app of SDL2, OpenGL and Dear ImGui that records itself: ./model-viewer http://127.0.0.1:8787 (the viewer's address)
#include "model_viewer.h"
#include "window.h"

#include <session_replay.hpp>
#include <session_replay_sdl.h>

#include <ctime>
#include <string>

int main(int count, char **arguments) {
    sr::Options options;
    options.device_id = "sdl-app";
    options.session_id = std::int64_t(std::time(nullptr)) * 1000; // the analytics session
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = std::string(count > 1 ? arguments[1] : "http://127.0.0.1:8787") + "/sessions/v2/track";
    auto replay = sr::SessionReplay::start("my-api-key", options);
    if (!replay) {
        std::fprintf(stderr, "%s\n", replay.error().message.c_str());
    }

    SDL_Init(SDL_INIT_VIDEO);
    GlWindow gl("Model viewer", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, 800, 520);
    if (!gl.context) {
        return 1;
    }
    sr_sdl_attach(gl.window);

    ModelViewer viewer;
    for (bool is_running = true; is_running;) {
        SDL_Event event;
        // It draws when something happens, and once more where the replay has not seen what was drawn last.
        SDL_WaitEventTimeout(nullptr, sr_sdl_wait_ms());
        while (SDL_PollEvent(&event)) {
            ImGui_ImplSDL2_ProcessEvent(&event);
            is_running &= event.type != SDL_QUIT;
        }
        GlWindow::begin_frame();
        viewer.panels();
        ImGui::Render();
        int width, height;
        SDL_GL_GetDrawableSize(gl.window, &width, &height);
        viewer.draw(width, height);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());

        if (sr_sdl_wants_frame(gl.window)) {
            const std::vector<sr_mask> &masks = sr_imgui::masks();
            sr_sdl_mask(gl.window, masks.data(), masks.size(), 0);
        }
        sr_sdl_frame(gl.window);
        SDL_GL_SwapWindow(gl.window);
    }
    sr_sdl_detach(gl.window);
    return 0;
}
