// Finds what is to be masked in a frame of Dear ImGui (1.80 and later), whatever draws it: a header alone, C++11.
// docs/guide/sdl.md, section "Dear ImGui", shows a program.
//
// Dear ImGui keeps no list of its widgets, so they are found in what it draws. A password field is a frame in which nothing but
// asterisks is drawn. Once found it stays one: also when a button shows what it holds, at the same place in its window. Where the mask
// level is not "light", each frame in the color of fields is masked: text fields, sliders, combo boxes; not check boxes.
// Fields that are drawn in another way are named: sr_imgui::InputText(), or sr_imgui::mask_last_item() behind any widget.
//
// Threads: the one that uses this Dear ImGui.
#ifndef SESSION_REPLAY_IMGUI_H
#define SESSION_REPLAY_IMGUI_H

#include <session_replay.h>

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace sr_imgui {
namespace detail {

struct Box {
    float left, top, right, bottom;

    bool contains(float x, float y) const { return x >= left && x <= right && y >= top && y <= bottom; }
    float area() const { return (right - left) * (bottom - top); }
    void add(const Box &other) {
        left = std::min(left, other.left), top = std::min(top, other.top);
        right = std::max(right, other.right), bottom = std::max(bottom, other.bottom);
    }
    bool touches(const Box &other) const {
        return other.left <= right + 1 && other.right >= left - 1 && other.top <= bottom + 1 && other.bottom >= top - 1;
    }
    bool is_near(const Box &other) const {
        return std::fabs(left - other.left) < 1 && std::fabs(top - other.top) < 1 && std::fabs(right - other.right) < 1 &&
               std::fabs(bottom - other.bottom) < 1;
    }
    Box from(const Box &origin) const { return {left - origin.left, top - origin.top, right - origin.left, bottom - origin.top}; }
};

/// What is drawn of one color in one piece: the frame of a field, the background of a window.
struct Shape {
    Box box;
    ImU32 color; ///< Without its alpha, which fades at the edges.
    int stars;   ///< Triangles of asterisks in it.
    int others;  ///< And of other characters.
    Box first;   ///< The first character in it, in the font's texture.
    int repeats; ///< Triangles of that one.
    ImU32 alpha; ///< At most.
};

/// A triangle, and whether it is filled with one color or, as characters are, from the font's texture.
struct Triangle {
    Box box, texture;
    ImU32 color;
    bool is_filled;
};

struct Named {
    const ImDrawList *list;
    Box box;
    bool is_password;
};

/// A field that has been found to be a password: in whose list, and where from the first thing in it.
struct Password {
    std::string owner;
    Box box;
};

struct State {
    int frame = -1;
    std::vector<Named> named; ///< In this frame.
    std::vector<Password> passwords;
    std::set<ImGuiID> ids;
    std::vector<sr_mask> masks;
};

inline State &state() {
    static State only;
    return only;
}

constexpr std::size_t max_passwords = 4096, max_ids = 4096;
constexpr ImU32 rgb = ~static_cast<ImU32>(IM_COL32_A_MASK);

inline Triangle triangle(const ImDrawList &list, const ImDrawCmd &cmd, unsigned at, const ImVec2 &white) {
    Triangle out{{1e9f, 1e9f, -1e9f, -1e9f}, {1e9f, 1e9f, -1e9f, -1e9f}, 0, true};
    for (unsigned corner = 0; corner < 3; ++corner) {
        const int index = static_cast<int>(cmd.VtxOffset) + list.IdxBuffer[static_cast<int>(cmd.IdxOffset + at + corner)];
        const ImDrawVert &vertex = list.VtxBuffer[index];
        out.box.add({vertex.pos.x, vertex.pos.y, vertex.pos.x, vertex.pos.y});
        out.texture.add({vertex.uv.x, vertex.uv.y, vertex.uv.x, vertex.uv.y});
        out.is_filled = out.is_filled && vertex.uv.x == white.x && vertex.uv.y == white.y;
        out.color = vertex.col;
    }
    return out;
}

/// Calls `visit(triangle, clip)` for all that a list draws, in its order.
template <class Visit> void each_triangle(const ImDrawList &list, const Visit &visit) {
    const ImVec2 white = ImGui::GetIO().Fonts->TexUvWhitePixel;
    const ImU32 frame = ImGui::GetColorU32(ImGuiCol_FrameBg) & rgb, text = ImGui::GetColorU32(ImGuiCol_Text) & rgb;
    for (const ImDrawCmd &cmd : list.CmdBuffer) {
        for (unsigned at = 0; !cmd.UserCallback && at + 2 < cmd.ElemCount; at += 3) {
            Triangle piece = triangle(list, cmd, at, white);
            // From 1.93 on, round corners come from the texture, too.
            piece.is_filled = piece.is_filled || ((piece.color & rgb) == frame && frame != text);
            visit(piece, cmd.ClipRect);
        }
    }
}

/// Where the fonts' asterisks lie in their texture: no other character lies there.
inline std::vector<Box> asterisks() {
    std::vector<Box> found;
    for (ImFont *font : ImGui::GetIO().Fonts->Fonts) {
#if IMGUI_VERSION_NUM >= 19200
        const ImFontGlyph *glyph = font->GetFontBaked(ImGui::GetFontSize())->FindGlyphNoFallback('*');
#else
        const ImFontGlyph *glyph = font->FindGlyphNoFallback('*');
#endif
        if (glyph) {
            found.push_back({glyph->U0 - 1e-6f, glyph->V0 - 1e-6f, glyph->U1 + 1e-6f, glyph->V1 + 1e-6f});
        }
    }
    return found;
}

/// At its field's edge a character is cut off, in the texture too.
inline bool lies_in(const Box &part, const Box &whole) {
    return whole.contains(part.left, part.top) && whole.contains(part.right, part.bottom);
}

/// The widest one that holds this point and is not higher than a field. What is selected in a field is none: its width says how
/// long the text is.
inline Shape *field_at(std::vector<Shape> &shapes, float x, float y, float max_height) {
    const ImU32 frame = ImGui::GetColorU32(ImGuiCol_FrameBg) & rgb, selected = ImGui::GetColorU32(ImGuiCol_TextSelectedBg) & rgb;
    Shape *found = nullptr;
    for (Shape &shape : shapes) {
        const bool is_selection = shape.color == selected && selected != frame;
        const bool may_be = !is_selection && shape.box.contains(x, y) && shape.box.bottom - shape.box.top <= max_height;
        if (may_be && (!found || shape.box.area() > found->box.area())) {
            found = &shape;
        }
    }
    return found;
}

/// What one list draws: its shapes, and asterisks that lie in none.
class Drawing {
public:
    Drawing(const ImDrawList &list, const std::vector<Box> &stars) : stars_(stars), max_height_(2 * ImGui::GetFrameHeight()) {
        bool is_going_on = false;
        each_triangle(list, [&](const Triangle &piece, const ImVec4 &clip) {
            if (piece.is_filled) {
                fill(piece, is_going_on);
            } else {
                write(piece, clip);
            }
            is_going_on = piece.is_filled;
        });
        end_run();
    }

    std::vector<Shape> shapes;
    std::vector<Box> loose; ///< Of passwords without a frame.

private:
    void fill(const Triangle &piece, bool is_going_on) {
        end_run();
        if (is_going_on && shapes.back().color == (piece.color & rgb) && shapes.back().box.touches(piece.box)) {
            shapes.back().box.add(piece.box);
            shapes.back().alpha = std::max(shapes.back().alpha, piece.color & IM_COL32_A_MASK);
        } else {
            shapes.push_back({piece.box, piece.color & rgb, 0, 0, piece.texture, 0, piece.color & IM_COL32_A_MASK});
        }
    }

    void write(const Triangle &piece, const ImVec4 &clip) {
        const float x = (piece.box.left + piece.box.right) / 2, y = (piece.box.top + piece.box.bottom) / 2;
        const bool is_star = std::any_of(stars_.begin(), stars_.end(), [&](const Box &star) {
            return lies_in(piece.texture, star);
        });
        if (Shape *field = field_at(shapes, x, y, std::max(max_height_, 8 * (piece.box.bottom - piece.box.top)))) {
            if (field->stars + field->others == 0) {
                field->first = piece.texture;
            }
            ++(is_star ? field->stars : field->others);
            field->repeats += lies_in(piece.texture, field->first);
        } else if (is_star) {
            run_.add({piece.box.left, piece.box.top - max_height_ / 4, clip.z, piece.box.bottom + max_height_ / 4});
            ++run_length_;
            return;
        }
        end_run();
    }

    /// Two asterisks and more, of two triangles each. How many is to be seen no more than what they stand for.
    void end_run() {
        if (run_length_ >= 4) {
            loose.push_back(run_);
        }
        run_ = {1e9f, 1e9f, -1e9f, -1e9f};
        run_length_ = 0;
    }

    const std::vector<Box> &stars_;
    float max_height_;
    Box run_{1e9f, 1e9f, -1e9f, -1e9f};
    int run_length_ = 0;
};

inline bool is_password(const Shape &shape) {
#if IMGUI_VERSION_NUM >= 19200
    // A font has other characters in its texture for each size: three times the same one, and no other, are asterisks of another size.
    if (shape.others >= 6 && shape.repeats == shape.others) {
        return true;
    }
#endif
    return shape.stars >= 4 || (shape.stars > 0 && shape.others == 0);
}

/// Whether it was one before; remembers those that are.
inline bool is_known_password(const Shape &shape, const std::string &owner, const Box &origin) {
    std::vector<Password> &known = state().passwords;
    const Box box = shape.box.from(origin);
    if (is_password(shape)) {
        const bool is_there = std::any_of(known.begin(), known.end(), [&](const Password &it) { return it.owner == owner && it.box.is_near(box); });
        if (!is_there && known.size() < max_passwords) {
            known.push_back({owner, box});
        }
        return true;
    }
    return std::any_of(known.begin(), known.end(), [&](const Password &it) { return it.owner == owner && it.box.is_near(box); });
}

/// A frame in the color of fields; check boxes and radio buttons are as wide as high. What is less transparent is none: usually
/// title bars differ from fields by that alone.
inline bool is_field(const Shape &shape) {
    const float width = shape.box.right - shape.box.left, height = shape.box.bottom - shape.box.top;
    const ImU32 frame = ImGui::GetColorU32(ImGuiCol_FrameBg);
    return shape.color == (frame & rgb) && shape.alpha <= (frame & IM_COL32_A_MASK) && width > height * 1.25f && height > ImGui::GetFontSize() / 2;
}

/// The background of a list, where it is a plain rectangle through which nothing is seen.
inline bool covers(const ImDrawList &list, Box &box) {
    if (list.CmdBuffer.empty() || list.CmdBuffer[0].UserCallback || list.CmdBuffer[0].ElemCount < 6) {
        return false;
    }
    const ImDrawCmd &cmd = list.CmdBuffer[0];
    const ImVec2 white = ImGui::GetIO().Fonts->TexUvWhitePixel;
    const int at = static_cast<int>(cmd.IdxOffset);
    const auto index = [&](int corner) { return list.IdxBuffer[at + corner]; };
    const Triangle one = triangle(list, cmd, 0, white), other = triangle(list, cmd, 3, white);
    const bool is_rectangle = index(3) == index(0) && index(4) == index(2) && one.box.is_near(other.box) && one.is_filled && other.is_filled;
    box = {std::max(one.box.left, cmd.ClipRect.x), std::max(one.box.top, cmd.ClipRect.y), std::min(one.box.right, cmd.ClipRect.z),
           std::min(one.box.bottom, cmd.ClipRect.w)};
    return is_rectangle && (one.color & IM_COL32_A_MASK) == IM_COL32_A_MASK && box.right > box.left && box.bottom > box.top;
}

inline void put(std::uint32_t kind, const Box &box, const ImVec2 &origin) {
    const bool is_hidden = kind == SR_MASK_HIDE;
    const auto low = [&](float value) { return static_cast<std::int32_t>(is_hidden ? std::floor(value) : std::ceil(value)); };
    const auto high = [&](float value) { return static_cast<std::int32_t>(is_hidden ? std::ceil(value) : std::floor(value)); };
    sr_mask mask{};
    mask.size = sizeof mask;
    mask.kind = kind;
    mask.rect.x = low(box.left - origin.x);
    mask.rect.y = low(box.top - origin.y);
    mask.rect.width = high(box.right - origin.x) - mask.rect.x;
    mask.rect.height = high(box.bottom - origin.y) - mask.rect.y;
    state().masks.push_back(mask);
}

/// While the level is not known, it is not "light".
inline bool is_light() {
    return sr_mask_level() == SR_MASK_LEVEL_LIGHT;
}

inline std::vector<Named> &named() {
    State &all = state();
    if (all.frame != ImGui::GetFrameCount()) {
        all.frame = ImGui::GetFrameCount();
        all.named.clear();
    }
    return all.named;
}

/// Of a field, whose label stands behind it, only as much as is the field.
inline void name_last_item(bool is_password, float width = 1e9f) {
    const ImDrawList *list = ImGui::GetWindowDrawList();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const ImVec2 clip_low = list->GetClipRectMin(), clip_high = list->GetClipRectMax();
    const Box box{std::max(low.x, clip_low.x), std::max(low.y, clip_low.y), std::min(std::min(high.x, low.x + width), clip_high.x),
                  std::min(high.y, clip_high.y)};
    if (box.right > box.left && box.bottom > box.top) {
        named().push_back({list, box, is_password});
    }
}

/// Whether the field has been a password: then it is one, whatever its flags say now.
inline bool remember(const char *label, ImGuiInputTextFlags flags) {
    std::set<ImGuiID> &ids = state().ids;
    const ImGuiID id = ImGui::GetID(label);
    if ((flags & ImGuiInputTextFlags_Password) && ids.size() < max_ids) {
        ids.insert(id);
    }
    return (flags & ImGuiInputTextFlags_Password) || ids.size() == max_ids || ids.count(id) > 0;
}

inline void mask_list(const ImDrawList &list, const ImVec2 &origin, const std::vector<Box> &stars, bool is_light) {
    Box cover;
    if (!state().masks.empty() && covers(list, cover)) {
        put(SR_MASK_ON_TOP, cover, origin);
    }
    Drawing drawing(list, stars);
    const std::string owner = list._OwnerName ? list._OwnerName : "";
    for (const Shape &shape : drawing.shapes) {
        // With more passwords than can be remembered each frame with a text in it may have been one, whatever its color.
        const bool may_be_known = state().passwords.size() >= max_passwords && shape.stars + shape.others > 0;
        if (is_known_password(shape, owner, drawing.shapes.front().box) || may_be_known || (!is_light && is_field(shape))) {
            put(SR_MASK_HIDE, shape.box, origin);
        }
    }
    for (const Box &box : drawing.loose) {
        put(SR_MASK_HIDE, box, origin);
    }
    for (const Named &one : named()) {
        if (one.list == &list && (one.is_password || !is_light)) {
            put(SR_MASK_HIDE, one.box, origin);
        }
    }
}

} // namespace detail

/// What is to be masked of the frame that ImGui::Render() has finished, in ImGui's own coordinates from the upper left corner of
/// its display: for sr_sdl_mask(), or scaled by FramebufferScale for sr_frame.masks. It is valid until the next call. Ask for it when a frame
/// is wanted.
inline const std::vector<sr_mask> &masks(const ImDrawData *data = ImGui::GetDrawData()) {
    std::vector<sr_mask> &masks = detail::state().masks;
    masks.clear();
    if (data && data->Valid) {
        const std::vector<detail::Box> stars = detail::asterisks();
        const bool is_light = detail::is_light();
#if IMGUI_VERSION_NUM >= 19200
        const int count = data->CmdLists.Size;
#else
        const int count = data->CmdListsCount;
#endif
        for (int at = 0; at < count; ++at) {
            detail::mask_list(*data->CmdLists[at], data->DisplayPos, stars, is_light);
        }
    }
    return masks;
}

/// Masks the widget before, in this frame, whatever the level: a label with a token, a field of your own.
inline void mask_last_item() { detail::name_last_item(true); }

/// ImGui::InputText(), and masks it: with ImGuiInputTextFlags_Password always and from then on, others but in the level "light".
inline bool InputText(const char *label, char *text, std::size_t size, ImGuiInputTextFlags flags = 0, ImGuiInputTextCallback callback = nullptr,
                      void *user_data = nullptr) {
    const bool is_password = detail::remember(label, flags);
    const float width = ImGui::CalcItemWidth();
    const bool is_changed = ImGui::InputText(label, text, size, flags, callback, user_data);
    detail::name_last_item(is_password, width);
    return is_changed;
}

/// The same for ImGui::InputTextWithHint().
inline bool InputTextWithHint(const char *label, const char *hint, char *text, std::size_t size, ImGuiInputTextFlags flags = 0,
                              ImGuiInputTextCallback callback = nullptr, void *user_data = nullptr) {
    const bool is_password = detail::remember(label, flags);
    const float width = ImGui::CalcItemWidth();
    const bool is_changed = ImGui::InputTextWithHint(label, hint, text, size, flags, callback, user_data);
    detail::name_last_item(is_password, width);
    return is_changed;
}

} // namespace sr_imgui

#endif
