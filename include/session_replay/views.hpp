// The whole app in one replay: windows, what is in them, and pages. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_VIEWS_HPP
#define SESSION_REPLAY_VIEWS_HPP

#include "../session_replay.h"
#include "result.hpp"
#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sr {

/// What a node is: ::sr_node_kind explains each.
enum class NodeKind : std::uint32_t {
    text = SR_NODE_TEXT,                ///< Text alone.
    image = SR_NODE_IMAGE,              ///< An image: Node::image.
    button = SR_NODE_BUTTON,            ///< A button.
    input = SR_NODE_INPUT,              ///< A field that text is typed into.
    password = SR_NODE_PASSWORD,        ///< A field for a password: what it holds is never kept.
    checkbox = SR_NODE_CHECKBOX,        ///< A box with a check.
    radio = SR_NODE_RADIO,              ///< One of several choices.
    list = SR_NODE_LIST,                ///< A list, a table or a tree.
    menu = SR_NODE_MENU,                ///< A menu or a menu bar.
    item = SR_NODE_ITEM,                ///< What is in a list or a menu; a tab.
    scroll_area = SR_NODE_SCROLL_AREA,  ///< An area that scrolls.
    custom = SR_NODE_CUSTOM,            ///< Anything else: a rectangle.
};

/// What the pointer does: ::sr_pointer explains each.
enum class Pointer : std::uint32_t {
    move = SR_POINTER_MOVE,                  ///< It moves.
    down = SR_POINTER_DOWN,                  ///< A button goes down.
    up = SR_POINTER_UP,                      ///< A button goes up.
    click = SR_POINTER_CLICK,                ///< A click.
    double_click = SR_POINTER_DOUBLE_CLICK,  ///< A double click.
    context_menu = SR_POINTER_CONTEXT_MENU,  ///< A context menu is asked for.
    touch_start = SR_POINTER_TOUCH_START,    ///< A finger touches.
    touch_move = SR_POINTER_TOUCH_MOVE,      ///< A finger moves.
    touch_end = SR_POINTER_TOUCH_END,        ///< A finger is lifted.
};

/// What the bytes of a pixel mean: ::sr_pixel_format explains each.
enum class PixelFormat : std::uint32_t {
    rgba = SR_PIXELS_RGBA,        ///< OpenGL's GL_RGBA, Qt's RGBA8888, SDL's RGBA32.
    bgra = SR_PIXELS_BGRA,        ///< Qt's RGB32, cairo, Win32 and Direct3D, little-endian.
    argb = SR_PIXELS_ARGB,        ///< The same, big-endian.
    abgr = SR_PIXELS_ABGR,        ///< SDL's ABGR32.
    rgb = SR_PIXELS_RGB,          ///< Three bytes.
    bgr = SR_PIXELS_BGR,          ///< Three bytes.
    rgb565 = SR_PIXELS_RGB565,    ///< Two bytes.
    encoded = SR_PIXELS_ENCODED,  ///< An image file of the type in Frame::mime.
};

/// A rectangle in pixels of a frame.
using Rect = sr_rect;

/// A part of a frame that is masked, or lies on top of such a part.
struct Mask {
    Rect rect{};          ///< Where it lies.
    bool on_top = false;  ///< It lies on top of the masks before it, and is seen.
};

/// What a view shows at a moment: ::sr_frame explains each member. It holds no pixels, it refers to them.
struct Frame {
    const void *pixels = nullptr;               ///< The first byte in memory.
    std::size_t length = 0;                     ///< How many bytes there are.
    std::uint32_t width = 0;                    ///< Pixels in a row.
    std::uint32_t height = 0;                   ///< Rows.
    PixelFormat format = PixelFormat::rgba;     ///< What the bytes of a pixel mean.
    std::uint32_t stride = 0;                   ///< Bytes from row to row; 0: the rows have no gap.
    double scale = 1;                           ///< Pixels in one unit of the view.
    bool bottom_up = false;                     ///< The last row lies first.
    std::vector<Rect> damage{};                 ///< Nothing outside of these changed; empty: anything may have.
    std::optional<std::vector<Mask>> masks{};   ///< All that is masked, in paint order; none: nobody says, and no frame is kept where mask_level() is the strictest.
    std::string mime{};                         ///< Of PixelFormat::encoded, like "image/png".
    std::int64_t timestamp_ms = 0;              ///< Milliseconds since 1970; 0: now.
};

/// A node of a view: ::sr_node explains each member.
struct Node {
    NodeKind kind = NodeKind::custom;  ///< What it is.
    float x = 0;                       ///< The left edge.
    float y = 0;                       ///< The upper edge.
    float width = 0;                   ///< Not negative.
    float height = 0;                  ///< Not negative.
    std::string text{};                ///< What it says or holds.
    std::uint64_t id = 0;              ///< Names it from one list to the next.
    std::uint32_t flags = 0;           ///< Any of ::sr_node_flag.
    std::uint32_t clip = 0;            ///< 1 + the place of an earlier node that cuts this one off.
    std::uint32_t color = 0;           ///< Of the text, 0xAARRGGBB.
    std::uint32_t background = 0;      ///< Behind it.
    std::uint32_t border = 0;          ///< Of its border.
    float font_size = 0;               ///< In pixels.
    std::string image{};               ///< A URL that begins with "data:image/".
};

/// Where a view lies: ::sr_view_info explains each member.
struct ViewPlace {
    double x = 0;                        ///< The left edge.
    double y = 0;                        ///< The upper edge.
    double width = 0;                    ///< Not negative.
    double height = 0;                   ///< Not negative.
    std::optional<std::string> title{};  ///< What its title bar says; none: it has no title bar.
    std::uint64_t parent = 0;            ///< The view that it lies in; 0: the desk.
    std::int32_t z = 0;                  ///< It lies above those with a lower one.
    std::uint32_t flags = 0;             ///< Any of ::sr_view_flag.
    std::uint32_t background = 0;        ///< 0xAARRGGBB.
};

/// Whether what is recorded now would be captured: sr_is_capturing.
inline bool is_capturing() noexcept { return sr_is_capturing(); }

/// The level of masking in force: sr_mask_level().
inline sr_masking_level mask_level() noexcept { return sr_mask_level(); }

/// Records an event of your own: sr_record_custom. An empty payload is null.
inline StatusCode record_custom(std::string_view tag, std::string_view payload_json = {}) {
    const std::string name = detail::c_text(tag), payload = detail::c_text(payload_json);
    return sr_record_custom(name.c_str(), payload.empty() ? nullptr : payload.c_str());
}

/// A view, from the first call that shows it to close() or the end of this object. Moves, and is not copied. Its calls are
/// safe from any thread at any time; moving and destroying it are not.
class View {
public:
    /// A view of this number, your own for it and not 0. Nothing is shown yet.
    explicit View(std::uint64_t id) noexcept : id_(id) {}
    /// Takes the view from the other one.
    View(View &&other) noexcept : id_(std::exchange(other.id_, 0)) {}
    /// Closes its own view, then takes that of the other one.
    View &operator=(View &&other) noexcept {
        if (this != &other) {
            end();
            id_ = std::exchange(other.id_, 0);
        }
        return *this;
    }
    View(const View &) = delete;
    View &operator=(const View &) = delete;
    /// As close().
    ~View() { end(); }

    /// Its number; 0 when it has been closed or moved from.
    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }

    /// Shows, moves, resizes, raises or hides it: sr_view_place.
    StatusCode place(const ViewPlace &place) const {
        const std::string title = detail::c_text(place.title.value_or(std::string()));
        sr_view_info info{};
        info.size = sizeof info;
        info.flags = place.flags;
        info.view = id_;
        info.parent = place.parent;
        info.x = place.x;
        info.y = place.y;
        info.width = place.width;
        info.height = place.height;
        info.z = place.z;
        info.background = place.background;
        info.title = place.title ? title.c_str() : nullptr;
        // Number 0 would be the desk; to close it is refused, and sr::last_error() says why.
        return id_ == 0 ? sr_view_close(0) : sr_view_place(&info);
    }

    /// Says what is seen in it, a list of sr::Node in paint order, like a std::vector: sr_view_nodes.
    template <class List> StatusCode show(const List &nodes) const {
        std::vector<sr_node> list;
        list.reserve(std::size(nodes));
        for (const Node &node : nodes) {
            list.push_back(to_c(node));
        }
        return sr_view_nodes(id_, list.data(), list.size());
    }

    /// Shows a frame in it, of which nothing is used after the call: sr_view_frame.
    StatusCode frame(const Frame &frame) const {
        std::vector<sr_mask> masks;
        for (const Mask &mask : frame.masks.value_or(std::vector<Mask>())) {
            sr_mask c{};
            c.size = sizeof c;
            c.kind = static_cast<std::uint32_t>(mask.on_top ? SR_MASK_ON_TOP : SR_MASK_HIDE);
            c.rect = mask.rect;
            masks.push_back(c);
        }
        const std::uint32_t bottom_up = frame.bottom_up ? static_cast<std::uint32_t>(SR_FRAME_BOTTOM_UP) : 0;
        const std::uint32_t known = frame.masks ? static_cast<std::uint32_t>(SR_FRAME_MASKS_KNOWN) : 0;
        sr_frame c{};
        c.size = sizeof c;
        c.format = static_cast<std::uint32_t>(frame.format);
        c.view = id_;
        c.width = frame.width;
        c.height = frame.height;
        c.scale = frame.scale;
        c.flags = bottom_up | known;
        c.stride = frame.stride;
        c.pixels = frame.pixels;
        c.length = frame.length;
        c.damage = frame.damage.data();
        c.damage_count = frame.damage.size();
        c.masks = masks.data();
        c.mask_count = masks.size();
        c.mime = frame.mime.empty() ? nullptr : frame.mime.c_str();
        c.timestamp_ms = frame.timestamp_ms;
        return sr_view_frame(&c);
    }

    /// In how many milliseconds it wants a frame; 0: now: sr_view_next_frame_ms.
    [[nodiscard]] std::uint32_t next_frame_ms() const noexcept { return sr_view_next_frame_ms(id_); }

    /// Records events of its page, one per line: sr_view_record.
    StatusCode record(std::string_view json_lines, std::size_t *accepted = nullptr) const noexcept {
        return sr_view_record(id_, json_lines.empty() ? "" : json_lines.data(), json_lines.size(), accepted);
    }

    /// Tells what the pointer does in it: sr_view_pointer. The time is in milliseconds since 1970; 0: now.
    StatusCode pointer(Pointer kind, double x, double y, std::int64_t timestamp_ms = 0) const noexcept {
        return sr_view_pointer(id_, static_cast<std::uint32_t>(kind), x, y, timestamp_ms);
    }

    /// Tells that a key was pressed in it, like "Enter": sr_view_key.
    StatusCode key(std::string_view name, std::int64_t timestamp_ms = 0) const {
        return sr_view_key(id_, detail::c_text(name).c_str(), timestamp_ms);
    }

    /// Takes it away, with those that lie in it: sr_view_close.
    StatusCode close() noexcept {
        return sr_view_close(std::exchange(id_, 0));
    }

private:
    static sr_node to_c(const Node &node) noexcept {
        sr_node c{};
        c.size = sizeof c;
        c.kind = static_cast<std::uint32_t>(node.kind);
        c.id = node.id;
        c.flags = node.flags;
        c.clip = node.clip;
        c.x = node.x;
        c.y = node.y;
        c.width = node.width;
        c.height = node.height;
        c.color = node.color;
        c.background = node.background;
        c.border = node.border;
        c.font_size = node.font_size;
        c.text = node.text.c_str();
        c.image = node.image.c_str();
        return c;
    }

    void end() noexcept {
        if (id_ != 0) {
            (void)close();
        }
    }

    std::uint64_t id_;
};

} // namespace sr

#endif
