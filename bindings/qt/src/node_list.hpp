// The flat list of what is seen in a window, in paint order, as sr_view_nodes takes it.
#ifndef SESSION_REPLAY_QT_NODE_LIST_HPP
#define SESSION_REPLAY_QT_NODE_LIST_HPP

#include <session_replay.h>

#include <QByteArray>
#include <QColor>
#include <QFont>
#include <QFontInfo>
#include <QRect>
#include <QString>

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace sr {
namespace qt {

/// Nodes of one window: the library allows 10,000 of all.
constexpr std::size_t max_nodes = 4000;
/// Characters of a text: the library cuts after 4,096 bytes.
constexpr int max_text = 4096;
/// A color that is not seen. 0 would mean "as usual".
constexpr std::uint32_t no_color = 0x01000000;

/// A number of a node's own: of the object that it stands for, and of its part.
inline std::uint64_t node_id(const void *object, std::uint64_t part = 0, std::uint64_t more = 0) noexcept {
    std::uint64_t hash = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(object));
    for (const std::uint64_t value : {part, more}) {
        hash = (hash ^ value) + 0x9e3779b97f4a7c15ULL; // splitmix64
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
        hash ^= hash >> 31;
    }
    return hash == 0 ? 1 : hash;
}

inline std::uint32_t color_of(const QColor &color) noexcept {
    return color.alpha() == 0 ? no_color : color.rgba();
}

/// A view at this place in its parent; 0: on the desk. What lies below it is seen until there is more.
inline sr_view_info view_info(std::uint64_t view, std::uint64_t parent, const QRect &place, std::int32_t z) noexcept {
    sr_view_info info{};
    info.size = sizeof info;
    info.view = view;
    info.parent = parent;
    info.x = place.x();
    info.y = place.y();
    info.width = place.width();
    info.height = place.height();
    info.z = z;
    info.background = no_color;
    return info;
}

/// A node that is being told: what is not set is as usual for its kind.
struct Item {
    sr_node_kind kind = SR_NODE_CUSTOM;
    std::uint64_t id = 0;
    QRect place{}; ///< In the window.
    QString text{};
    std::uint32_t flags = 0;
    std::uint32_t color = 0;
    std::uint32_t background = 0;
    std::uint32_t border = 0;
    float font_size = 0;
    QByteArray image{};

    /// With this font: its size and style.
    Item &with(const QFont &font) {
        const QFontInfo info(font);
        font_size = static_cast<float>(info.pixelSize());
        flags |= info.bold() ? SR_NODE_FLAG_BOLD : 0u;
        flags |= info.italic() ? SR_NODE_FLAG_ITALIC : 0u;
        flags |= info.fixedPitch() ? SR_NODE_FLAG_MONOSPACE : 0u;
        return *this;
    }

    /// Where its text stands: as it is seen, from the left.
    Item &with(Qt::Alignment alignment) {
        flags |= (alignment & Qt::AlignHCenter) ? SR_NODE_FLAG_CENTER : 0u;
        flags |= (alignment & Qt::AlignRight) ? SR_NODE_FLAG_RIGHT : 0u;
        return *this;
    }
};

/// What cuts off the widgets in a widget: the part of it that is seen.
struct Clip {
    QRect visible{};
    std::uint32_t node = 0; ///< 1 + the place of the node that stands for it; 0: none yet.
    std::uint64_t id = 0;
    bool is_masked = false;
    bool is_disabled = false;
};

/// See the file.
class NodeList {
public:
    NodeList() = default;
    NodeList(const NodeList &) = delete;
    NodeList &operator=(const NodeList &) = delete;

    bool is_full() const noexcept { return window_.nodes.size() + above_.nodes.size() + 2 > max_nodes; }

    /// Adds a node, unless nothing of it is seen. Its place counts from 1; 0: it was not added.
    std::uint32_t add(const Item &item, Clip &clip) {
        if (is_full() || item.place.isEmpty() || !item.place.intersects(clip.visible)) {
            return 0;
        }
        const std::uint32_t cut = clip.visible.contains(item.place) ? 0 : node_of(clip);
        return put(item, cut, clip);
    }

    std::size_t size() const noexcept { return window_.nodes.size(); }
    const sr_node *data() const noexcept { return window_.nodes.data(); }

    /// What is added from now on lies here, on top of what shows itself in this window: it is a list of its own.
    void rise(const QRect &area) {
        areas_above_.push_back(area);
        to_ = &above_;
    }
    void sink() noexcept { to_ = &window_; }
    bool is_above() const noexcept { return to_ == &above_; }
    const std::vector<QRect> &areas_above() const noexcept { return areas_above_; }

    /// That list, in a view which begins here in the window.
    std::vector<sr_node> above(const QPoint &corner) const {
        std::vector<sr_node> moved = above_.nodes;
        for (sr_node &node : moved) {
            node.x -= static_cast<float>(corner.x());
            node.y -= static_cast<float>(corner.y());
        }
        return moved;
    }

private:
    struct Layer {
        std::vector<sr_node> nodes;
        std::vector<QByteArray> texts, images;
        std::unordered_set<std::uint64_t> ids;
    };

    /// A node that is not seen itself, whose edges cut off what lies in it.
    std::uint32_t node_of(Clip &clip) {
        if (clip.node == 0) {
            Item edges;
            edges.id = node_id(this_part(), clip.id);
            edges.place = clip.visible;
            clip.node = put(edges, 0, clip);
        }
        return clip.node;
    }

    std::uint32_t put(const Item &item, std::uint32_t cut, const Clip &clip) {
        to_->texts.push_back(item.text.left(max_text).toUtf8()); // Moving a QByteArray leaves its bytes where they are.
        to_->images.push_back(item.image);
        sr_node node{};
        node.size = sizeof node;
        node.kind = static_cast<std::uint32_t>(item.kind);
        // Cells of a model that does not tell them apart, say: the library would refuse the list.
        node.id = to_->ids.insert(item.id).second ? item.id : 0;
        node.flags = item.flags | (clip.is_masked ? SR_NODE_FLAG_MASKED : 0u) | (clip.is_disabled ? SR_NODE_FLAG_DISABLED : 0u);
        node.clip = cut;
        node.x = static_cast<float>(item.place.x());
        node.y = static_cast<float>(item.place.y());
        node.width = static_cast<float>(item.place.width());
        node.height = static_cast<float>(item.place.height());
        node.color = item.color;
        node.background = item.background;
        node.border = item.border;
        node.font_size = item.font_size;
        node.text = to_->texts.back().isEmpty() ? nullptr : to_->texts.back().constData();
        node.image = to_->images.back().isEmpty() ? nullptr : to_->images.back().constData();
        to_->nodes.push_back(node);
        return static_cast<std::uint32_t>(to_->nodes.size());
    }

    static const void *this_part() noexcept {
        static const char part = 0;
        return &part;
    }

    Layer window_, above_;
    Layer *to_ = &window_;
    std::vector<QRect> areas_above_;
};

} // namespace qt
} // namespace sr

#endif
