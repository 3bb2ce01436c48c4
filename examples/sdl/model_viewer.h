// A small app of SDL2, OpenGL and Dear ImGui: a model that is turned with sliders, and a sign-in with a password.
#ifndef MODEL_VIEWER_H
#define MODEL_VIEWER_H

#include <session_replay_imgui.h>

#include <SDL_opengl.h>

#include <cmath>

class ModelViewer {
public:
    /// Where the widgets that are used are, for a test.
    struct Places {
        ImVec4 name, password, again, show, turn, sign_in;
    };

    Places places{};
    char user[64] = "", password[64] = "";
    bool shows_password = false, shows_demo = false, is_signed_in = false;

    /// What the panels say, and hold: between ImGui::NewFrame() and ImGui::Render().
    void panels() {
        model_panel();
        sign_in_panel();
        if (shows_demo) {
            ImGui::ShowDemoWindow(&shows_demo);
            if (!has_shown_demo_) {
                ImGui::SetWindowPos("Dear ImGui Demo", ImVec2(330, 20));
                ImGui::SetWindowSize("Dear ImGui Demo", ImVec2(420, 480));
            }
            has_shown_demo_ = true;
        }
    }

    /// The model, drawn with OpenGL alone.
    void draw(int width, int height) const {
        static const float sky[3] = {0.10f, 0.13f, 0.20f};
        glViewport(0, 0, width, height);
        glClearColor(sky[0], sky[1], sky[2], 1);
        glClear(GL_COLOR_BUFFER_BIT);
        glMatrixMode(GL_PROJECTION);
        glLoadIdentity();
        glScalef(float(height) / float(width), 1, 1);
        glMatrixMode(GL_MODELVIEW);
        glLoadIdentity();
        glTranslatef(0.45f, 0.05f, 0);
        glRotatef(turn_, 0, 0, 1);
        glScalef(zoom_, zoom_, 1);
        glPolygonMode(GL_FRONT_AND_BACK, is_wire_ ? GL_LINE : GL_FILL);
        for (int blade = 0; blade < blades_; ++blade) {
            const float at = float(blade) * 6.2831853f / float(blades_), tone = 0.35f + 0.65f * float(blade) / float(blades_);
            glBegin(GL_TRIANGLES);
            glColor3f(tone, 0.55f * tone + 0.2f, 1 - tone);
            glVertex2f(0, 0);
            glVertex2f(0.7f * std::cos(at), 0.7f * std::sin(at));
            glColor3f(1, 1, 1);
            glVertex2f(0.6f * std::cos(at + 0.5f), 0.6f * std::sin(at + 0.5f));
            glEnd();
        }
        glPolygonMode(GL_FRONT_AND_BACK, GL_FILL);
    }

    float turn() const { return turn_; }

private:
    /// Left, top, width, height: of a field without its label, which stands behind it.
    static ImVec4 last_item(bool is_field = true) {
        const ImVec2 low = ImGui::GetItemRectMin(), size = ImGui::GetItemRectSize();
        return ImVec4(low.x, low.y, is_field ? ImGui::CalcItemWidth() : size.x, size.y);
    }

    void model_panel() {
        ImGui::SetNextWindowPos(ImVec2(20, 20), ImGuiCond_Once);
        ImGui::SetNextWindowSize(ImVec2(290, 240), ImGuiCond_Once);
        ImGui::Begin("Model");
        ImGui::SliderFloat("Turn", &turn_, 0, 360, "%.0f degrees");
        places.turn = last_item();
        ImGui::SliderFloat("Zoom", &zoom_, 0.3f, 1.5f);
        ImGui::SliderInt("Blades", &blades_, 3, 16);
        ImGui::Checkbox("Wire frame", &is_wire_);
        ImGui::Checkbox("ImGui's demo window", &shows_demo);
        float curve[60];
        for (int at = 0; at < 60; ++at) {
            curve[at] = std::sin(float(at) / 9 + turn_ / 57.3f);
        }
        ImGui::PlotLines("Strain", curve, 60, 0, nullptr, -1.1f, 1.1f, ImVec2(0, 60));
        ImGui::End();
    }

    void sign_in_panel() {
        ImGui::SetNextWindowPos(ImVec2(20, 280), ImGuiCond_Once);
        ImGui::SetNextWindowSize(ImVec2(290, 190), ImGuiCond_Once);
        ImGui::Begin("Account");
        sr_imgui::InputText("Name", user, sizeof user);
        places.name = last_item();
        // Not named: the helper finds it. Its sibling can show what it holds, so it is named.
        ImGui::InputText("Password", password, sizeof password, ImGuiInputTextFlags_Password);
        places.password = last_item();
        sr_imgui::InputText("Again", again_, sizeof again_, shows_password ? 0 : ImGuiInputTextFlags_Password);
        places.again = last_item();
        ImGui::Checkbox("Show", &shows_password);
        places.show = last_item(false);
        is_signed_in |= ImGui::Button("Sign in");
        places.sign_in = last_item(false);
        ImGui::TextUnformatted(is_signed_in ? "Signed in, welcome back" : "Not signed in");
        ImGui::End();
    }

    char again_[64] = "";
    float turn_ = 20, zoom_ = 0.9f;
    int blades_ = 7;
    bool is_wire_ = false, has_shown_demo_ = false;
};

#endif
