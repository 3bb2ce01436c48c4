// The example's app, used by a script: tests/sdl/sdl.test.mjs moves the pointer and types, and says here what only the app can do.
//   drive SERVER SESSION FOLDER LEVEL      the level of masking: light, medium, conservative
// Commands on standard input, one a line: "moment NAME" (a custom event, once what is seen is recorded), "title TEXT", "move X Y",
// "resize W H", "minimize", "restore", "second", "close", "demo", "detach", "attach", "end". Each is answered with a line.
#include "model_viewer.h"
#include "window.h"

#include <session_replay.hpp>
#include <session_replay_sdl.h>

#include <atomic>
#include <cstring>
#include <iostream>
#include <mutex>
#include <queue>
#include <sstream>
#include <string>
#include <thread>

static std::mutex mutex;
static std::queue<std::string> commands;

static void read_commands() {
    for (std::string line; std::getline(std::cin, line);) {
        const std::lock_guard<std::mutex> guard(mutex);
        commands.push(line);
    }
}

static std::string next_command() {
    const std::lock_guard<std::mutex> guard(mutex);
    std::string line;
    if (!commands.empty()) {
        line = commands.front();
        commands.pop();
    }
    return line;
}

static void print(const char *name, const ImVec4 &place) {
    std::printf(",\"%s\":[%.0f,%.0f,%.0f,%.0f]", name, double(place.x), double(place.y), double(place.z), double(place.w));
}

static void print(const char *name, SDL_Window *window) {
    int x = 0, y = 0, width = 0, height = 0;
    if (window) {
        SDL_GetWindowPosition(window, &x, &y);
        SDL_GetWindowSize(window, &width, &height);
    }
    std::printf(",\"%s\":[%d,%d,%d,%d]", name, x, y, width, height);
}

/// A second window, drawn by SDL_Renderer.
struct Second {
    SDL_Window *window = nullptr;
    SDL_Renderer *renderer = nullptr;

    void open() {
        window = SDL_CreateWindow("Palette", 560, 330, 240, 160, SDL_WINDOW_RESIZABLE);
        renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
        sr_sdl_attach(window);
    }

    void close() {
        SDL_DestroyRenderer(renderer);
        SDL_DestroyWindow(window); // It is not detached: that is found.
        window = nullptr;
        renderer = nullptr;
    }

    void draw() const {
        if (!window) {
            return;
        }
        SDL_SetRenderDrawColor(renderer, 240, 236, 220, 255);
        SDL_RenderClear(renderer);
        for (int at = 0; at < 4; ++at) {
            const SDL_Rect square = {20 + at * 52, 30, 44, 90};
            SDL_SetRenderDrawColor(renderer, Uint8(60 * at), Uint8(220 - 50 * at), Uint8(80 + 40 * at), 255);
            SDL_RenderFillRect(renderer, &square);
        }
        sr_sdl_frame(window);
        SDL_RenderPresent(renderer);
    }
};

class App {
public:
    explicit App(GlWindow &gl) : gl_(gl) {}

    bool run() {
        SDL_Event event;
        while (SDL_PollEvent(&event)) {
            ImGui_ImplSDL2_ProcessEvent(&event);
        }
        draw();
        second_.draw();
        const std::string line = next_command();
        return line.empty() || obey(line);
    }

private:
    void draw() {
        GlWindow::begin_frame();
        viewer_.panels();
        open_passwords_of_demo();
        ImGui::Render();
        int width, height;
        SDL_GL_MakeCurrent(gl_.window, gl_.context);
        SDL_GL_GetDrawableSize(gl_.window, &width, &height);
        viewer_.draw(width, height);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        if (sr_sdl_wants_frame(gl_.window)) {
            const std::vector<sr_mask> &masks = sr_imgui::masks();
            sr_sdl_mask(gl_.window, masks.data(), masks.size(), 0);
        }
        sr_sdl_frame(gl_.window);
        SDL_GL_SwapWindow(gl_.window);
    }

    /// Opens the part of the demo window that has password fields.
    void open_passwords_of_demo() {
        if (opens_demo_) {
            ImGui::Begin("Dear ImGui Demo");
            ImGui::GetStateStorage()->SetInt(ImGui::GetID("Widgets"), 1);
            ImGui::GetStateStorage()->SetInt(ImGui::GetID("Text Input"), 1);
            ImGui::PushID("Text Input");
            ImGui::GetStateStorage()->SetInt(ImGui::GetID("Password Input"), 1);
            ImGui::PopID();
            ImGui::End();
        }
    }

    bool obey(const std::string &line) {
        std::istringstream words(line);
        std::string verb, name;
        int x = 0, y = 0;
        words >> verb;
        if (verb == "moment") {
            words >> name;
            sr::record_custom("moment", "\"" + name + "\"");
        } else if (verb == "title") {
            std::getline(words >> std::ws, name);
            SDL_SetWindowTitle(gl_.window, name.c_str());
        } else if (verb == "move") {
            words >> x >> y;
            SDL_SetWindowPosition(gl_.window, x, y);
        } else if (verb == "resize") {
            words >> x >> y;
            SDL_SetWindowSize(gl_.window, x, y);
        } else if (verb == "minimize") {
            SDL_MinimizeWindow(gl_.window);
        } else if (verb == "restore") {
            SDL_RestoreWindow(gl_.window);
        } else if (verb == "second") {
            second_.open();
        } else if (verb == "close") {
            second_.close();
        } else if (verb == "demo") {
            viewer_.shows_demo = true;
            opens_demo_ = true;
        } else if (verb == "detach") {
            sr_sdl_detach(gl_.window);
        } else if (verb == "attach") {
            sr_sdl_attach(gl_.window);
        }
        answer(line);
        return verb != "end";
    }

    void answer(const std::string &line) const {
        std::printf("{\"did\":\"%s\",\"shows\":%s,\"signed_in\":%s,\"length\":%d,\"turn\":%.0f", line.c_str(), viewer_.shows_password ? "true" : "false",
                    viewer_.is_signed_in ? "true" : "false", int(std::strlen(viewer_.password)), double(viewer_.turn()));
        print("name", viewer_.places.name);
        print("password", viewer_.places.password);
        print("again", viewer_.places.again);
        print("show", viewer_.places.show);
        print("turn_at", viewer_.places.turn);
        print("sign_in", viewer_.places.sign_in);
        print("window", gl_.window);
        print("second", second_.window);
        std::printf("}\n");
        std::fflush(stdout);
    }

    GlWindow &gl_;
    ModelViewer viewer_;
    Second second_;
    bool opens_demo_ = false;
};

int main(int count, char **arguments) {
    if (count < 5) {
        return 2;
    }
    sr::Options options;
    options.device_id = "sdl-app";
    options.session_id = std::stoll(arguments[2]);
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.storage_dir = std::string(arguments[3]) + "/storage";
    options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    const std::string level = arguments[4];
    options.privacy_config.default_mask_level =
        level == "light" ? sr::MaskLevel::light : level == "conservative" ? sr::MaskLevel::conservative : sr::MaskLevel::medium;
    auto replay = sr::SessionReplay::start("api-key", options);
    if (!replay) {
        std::fprintf(stderr, "%s\n", replay.error().message.c_str());
        return 1;
    }
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_Init(SDL_INIT_VIDEO);
    {
        GlWindow gl("Model viewer", 60, 70, 800, 520);
        if (!gl.context) {
            return 1;
        }
        SDL_GL_SetSwapInterval(0);
        sr_sdl_attach(gl.window);
        std::thread(read_commands).detach();
        App app(gl);
        while (app.run()) {
            SDL_Delay(20);
        }
        sr_sdl_detach(gl.window);
    }
    (void)replay->shutdown(std::chrono::seconds(10));
    SDL_Quit();
    return 0;
}
