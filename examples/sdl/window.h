// A window of SDL with OpenGL and Dear ImGui, as an app has it.
#ifndef MODEL_VIEWER_WINDOW_H
#define MODEL_VIEWER_WINDOW_H

#include <imgui.h>

#include <SDL.h>

#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl.h>

#include <cstdio>

class GlWindow {
public:
    SDL_Window *window = nullptr;
    SDL_GLContext context = nullptr;

    GlWindow(const char *title, int x, int y, int width, int height) {
        SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
        window = SDL_CreateWindow(title, x, y, width, height, SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
        context = window ? SDL_GL_CreateContext(window) : nullptr;
        if (!context) {
            std::fprintf(stderr, "SDL makes no window with OpenGL: %s\n", SDL_GetError());
            return;
        }
        SDL_GL_SetSwapInterval(1);
        IMGUI_CHECKVERSION();
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui_ImplSDL2_InitForOpenGL(window, context);
        ImGui_ImplOpenGL3_Init("#version 120");
    }

    ~GlWindow() {
        if (context) {
            ImGui_ImplOpenGL3_Shutdown();
            ImGui_ImplSDL2_Shutdown();
            ImGui::DestroyContext();
            SDL_GL_DeleteContext(context);
        }
        SDL_DestroyWindow(window);
    }

    GlWindow(const GlWindow &) = delete;
    GlWindow &operator=(const GlWindow &) = delete;

    static void begin_frame() {
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplSDL2_NewFrame();
        ImGui::NewFrame();
    }
};

#endif
