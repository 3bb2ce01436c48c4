// What session_replay_imgui.h finds in frames of Dear ImGui: a table of them, drawn by nobody.
#include "../c/check_plain.h"

#include <session_replay_imgui.h>

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>

static char password[64], other[64];

/// One frame of a window at (10, 10), with these widgets in it.
static void frame(const std::function<void()> &widgets, const char *title = "Window") {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos(ImVec2(10, 10));
    ImGui::SetNextWindowSize(ImVec2(300, 200));
    ImGui::Begin(title);
    widgets();
    ImGui::End();
    ImGui::Render();
}

static bool covers(const sr_mask &mask, const ImVec4 &place) {
    return float(mask.rect.x) <= place.x && float(mask.rect.y) <= place.y && float(mask.rect.x + mask.rect.width) >= place.z &&
           float(mask.rect.y + mask.rect.height) >= place.w;
}

/// Whether nothing of this place is seen through the masks.
static bool is_hidden(const ImVec4 &place) {
    bool is = false;
    for (const sr_mask &mask : sr_imgui::masks()) {
        is = mask.kind == SR_MASK_HIDE ? is || covers(mask, place) : is && !covers(mask, place);
    }
    return is;
}

static ImVec4 field() {
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    return ImVec4(low.x + 1, low.y + 1, low.x + ImGui::CalcItemWidth() - 1, high.y - 1);
}

static ImVec4 last;
static void plain_password() {
    ImGui::InputText("Password", password, sizeof password, ImGuiInputTextFlags_Password);
    last = field();
}
static void shown_password() {
    ImGui::InputText("Password", password, sizeof password);
    last = field();
}
static void text() {
    ImGui::InputText("Name", other, sizeof other);
    last = field();
}

/// Two frames: Dear ImGui shows a new window in its second one.
static bool hides(const std::function<void()> &widgets, const char *title = "Window") {
    frame(widgets, title);
    frame(widgets, title);
    return is_hidden(last);
}

static void styled(const std::function<void()> &change) {
    const ImGuiStyle before = ImGui::GetStyle();
    change();
    std::strcpy(password, "secret");
    CHECK(hides(plain_password));
    std::strcpy(password, "s");
    CHECK(hides(plain_password));
    ImGui::GetStyle() = before;
}

static void passwords() {
    std::strcpy(password, "secret");
    CHECK(hides(plain_password));
    std::memset(password, 'x', sizeof password - 1); // Longer than the field.
    CHECK(hides(plain_password));
    styled([] { ImGui::GetStyle().FrameRounding = 6; });
    styled([] { ImGui::GetStyle().FrameBorderSize = 1; });
    styled([] { ImGui::GetStyle().AntiAliasedFill = ImGui::GetStyle().AntiAliasedLines = false; });
    styled([] { ImGui::GetStyle().Alpha = 0.4f; });
    styled([] { ImGui::GetStyle().Colors[ImGuiCol_FrameBg] = ImVec4(0.9f, 0.2f, 0.1f, 1); });
    styled([] { ImGui::GetStyle().WindowPadding = ImVec2(0, 0); });
    styled([] { ImGui::GetIO().FontGlobalScale = 2; });
    ImGui::GetIO().FontGlobalScale = 1;
    std::strcpy(password, "secret");
    // All of it is selected: a rectangle in the field that is smaller than it.
    CHECK(hides([] {
        ImGui::SetKeyboardFocusHere();
        ImGui::InputText("Password", password, sizeof password, ImGuiInputTextFlags_Password | ImGuiInputTextFlags_AutoSelectAll);
        last = field();
    }));
    // Without a frame, and in a child window.
    CHECK(hides([] {
        ImGui::PushStyleColor(ImGuiCol_FrameBg, ImVec4(0, 0, 0, 0));
        plain_password();
        ImGui::PopStyleColor();
        last.x += 8, last.z = last.x + 30;
    }));
    CHECK(hides([] {
        ImGui::BeginChild("child", ImVec2(200, 80), true);
        plain_password();
        ImGui::EndChild();
    }));
    // A button shows what it holds: it stays one, and another field at another place is none.
    CHECK(hides(plain_password, "Other") && hides(shown_password, "Other"));
    CHECK(!hides([] {
        ImGui::Dummy(ImVec2(1, 40));
        shown_password();
    }, "Other"));
    CHECK(!hides(text, "Third"));
}

static void no_passwords() {
    for (const char *label : {"Name*", "* Save", "file.txt *", "2 * 3"}) {
        CHECK(!hides([label] {
            ImGui::Button(label);
            const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
            last = ImVec4(low.x + 2, low.y + 2, high.x - 2, high.y - 2);
        }, "Buttons"));
        CHECK(sr_imgui::masks().empty());
    }
}

static void named() {
    std::strcpy(password, "");
    const auto wrapped = [](int flags) {
        return [flags] {
            sr_imgui::InputText("Again", password, sizeof password, flags);
            last = field();
        };
    };
    CHECK(hides(wrapped(ImGuiInputTextFlags_Password), "Named")); // Empty.
    std::strcpy(password, "secret");
    CHECK(hides(wrapped(0), "Named")); // It has been one.
    CHECK(hides([] {
        ImGui::TextUnformatted("token 123");
        sr_imgui::mask_last_item();
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        last = ImVec4(low.x, low.y, high.x, high.y);
    }, "Token"));
    CHECK(hides([] {
        sr_imgui::InputTextWithHint("Hint", "password", password, sizeof password, ImGuiInputTextFlags_Password);
        last = field();
    }, "Hint"));
}

/// A second window over the field, opaque or not.
static bool is_hidden_below(float alpha) {
    std::strcpy(password, "secret");
    for (int at = 0; at < 3; ++at) {
        ImGui::NewFrame();
        ImGui::SetNextWindowPos(ImVec2(10, 10));
        ImGui::SetNextWindowSize(ImVec2(300, 200));
        ImGui::Begin("Below", nullptr, ImGuiWindowFlags_NoBringToFrontOnFocus);
        plain_password();
        ImGui::End();
        ImGui::SetNextWindowPos(ImVec2(0, 0));
        ImGui::SetNextWindowSize(ImVec2(400, 300));
        ImGui::PushStyleColor(ImGuiCol_WindowBg, ImVec4(0.2f, 0.2f, 0.2f, alpha));
        ImGui::Begin("Above", nullptr, ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize);
        ImGui::TextUnformatted("a dialog");
        ImGui::End();
        ImGui::PopStyleColor();
        ImGui::Render();
    }
    return is_hidden(last);
}

/// One password more than can be remembered: from then on each frame with a text in it is masked, in any color.
static void too_many_passwords() {
    const auto colored = [] {
        ImGui::PushStyleColor(ImGuiCol_FrameBg, ImVec4(0.1f, 0.5f, 0.1f, 1));
        shown_password();
        ImGui::PopStyleColor();
    };
    std::strcpy(password, "secret");
    CHECK(!hides(colored, "Late"));
    for (int window = 0; sr_imgui::detail::state().passwords.size() < sr_imgui::detail::max_passwords; ++window) {
        CHECK(window < 1000);
        const std::string title = "Full " + std::to_string(window);
        hides([] {
            for (int at = 0; at < 8; ++at) {
                ImGui::PushID(at);
                plain_password();
                ImGui::PopID();
            }
        }, title.c_str());
    }
    CHECK(hides(plain_password, "Late") && hides(shown_password, "Late") && hides(colored, "Late"));
}

/// Captured: else the level is "conservative", whatever the options say.
static void start(const char *level) {
    char options[256];
    std::snprintf(options, sizeof options,
                  "{\"deviceId\": \"imgui-masks\", \"sessionId\": 1, \"sampleRate\": 1, \"enableRemoteConfig\": false, \"trackServerUrl\": \"http://127.0.0.1:9/\", \"privacyConfig\": {\"defaultMaskLevel\": \"%s\"}}", level);
    CHECK(sr_init("api-key", options) == SR_OK);
}

int main() {
    ImGui::CreateContext();
    ImGuiIO &io = ImGui::GetIO();
    io.DisplaySize = ImVec2(800, 600);
    io.DeltaTime = 0.02f;
    io.IniFilename = nullptr;
#if IMGUI_VERSION_NUM >= 19200
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
#else
    unsigned char *pixels;
    int width, height;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
#endif
    CHECK(sr_imgui::masks().empty());
    start("light");
    passwords();
    no_passwords();
    named();
    CHECK(is_hidden_below(0.9f) && !is_hidden_below(1));
    too_many_passwords();
    sr_imgui::detail::state().passwords.clear();
    sr_shutdown(0);
    start("medium");
    std::strcpy(other, "Grace Hopper");
    CHECK(hides(text, "Third"));
    CHECK(hides([] {
        static float turn = 20;
        ImGui::SliderFloat("Turn", &turn, 0, 360);
        last = field();
    }));
    CHECK(!hides([] {
        static bool is_on;
        ImGui::Checkbox("Wire frame", &is_on);
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        last = ImVec4(low.x + 2, low.y + 2, high.x - 2, high.y - 2);
    }));
    last = ImVec4(12, 12, 300, 26); // The title bar of the window that has the focus.
    CHECK(!hides([] { ImGui::SetWindowFocus(); }));
    ImGui::DestroyContext();
    sr_shutdown(0);
    std::puts("done");
    return 0;
}
