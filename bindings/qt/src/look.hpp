// One look at a window: what all who describe widgets share.
#ifndef SESSION_REPLAY_QT_LOOK_HPP
#define SESSION_REPLAY_QT_LOOK_HPP

#include "icons.hpp"
#include "masks.hpp"
#include "node_list.hpp"
#include "passwords.hpp"
#include "rich_labels.hpp"

#include <QPalette>
#include <QPointer>
#include <QStyle>
#include <QWidget>

namespace sr {
namespace qt {

/// A widget that is described, with what is around it.
struct Seen {
    QWidget *widget;
    QRect place; ///< In the window.
    Clip &clip;

    QRect in_window(const QRect &part) const { return part.translated(place.topLeft()); }

    /// A part of the window, at the other side of this widget where that is laid out from right to left.
    QRect mirrored(const QRect &part) const { return QStyle::visualRect(widget->layoutDirection(), place, part); }
};

/// A part of a window that lists no nodes.
struct Drawn {
    QPointer<QWidget> widget;
    QRect place; ///< In the window.
    QRect seen;  ///< What of it is seen, in the window.
    bool is_apart; ///< What lies on top of it is not in its pixels.
    bool is_above; ///< It lies on top of another one that is apart.
};

struct Look {
    NodeList &nodes;
    Icons &icons;
    Passwords &passwords;
    RichLabels &labels;
    Masks masks{};
    std::vector<Drawn> drawn{};

    /// Adds a node of this widget. Its place counts from 1; 0: it is not seen.
    std::uint32_t add(const Seen &seen, const Item &item) { return nodes.add(item, seen.clip); }

    void icon(const Seen &seen, std::uint64_t part, const QRect &place, const QIcon &icon) {
        picture(seen, part, place, icons.url_of(icon, place.size()));
    }

    void picture(const Seen &seen, std::uint64_t part, const QRect &place, const QByteArray &url) {
        if (!url.isEmpty()) {
            Item item;
            item.kind = SR_NODE_IMAGE;
            item.id = node_id(seen.widget, part);
            item.place = place;
            item.image = url;
            add(seen, item);
        }
    }
};

/// As the widget draws when it is enabled: what is disabled the replay fades itself.
inline QColor palette_color(const QWidget *widget, QPalette::ColorRole role) {
    const QPalette::ColorGroup group = widget->isActiveWindow() ? QPalette::Active : QPalette::Inactive;
    return widget->palette().color(group, role);
}

inline std::uint32_t color(const QWidget *widget, QPalette::ColorRole role) { return color_of(palette_color(widget, role)); }

/// Whether it has a background of its own, as a style sheet may give it one.
inline bool is_filled(const QWidget *widget) {
    return widget->autoFillBackground() || (widget->testAttribute(Qt::WA_StyleSheetTarget) && widget->testAttribute(Qt::WA_StyledBackground));
}

/// Whether the ring of the focus is seen: styles show a button's once a key has moved it.
inline bool has_ring(const QWidget *widget) {
    return widget->hasFocus() && (widget->testAttribute(Qt::WA_InputMethodEnabled) || widget->window()->testAttribute(Qt::WA_KeyboardFocusChange));
}

/// The alignment as it is seen.
inline Qt::Alignment seen_alignment(const QWidget *widget, Qt::Alignment alignment) {
    return QStyle::visualAlignment(widget->layoutDirection(), alignment);
}

/// What lines and borders have.
inline std::uint32_t line_color(const QWidget *widget) { return color_of(palette_color(widget, QPalette::Window).darker(140)); }

/// A node of this kind that is the whole widget.
inline Item whole(const Seen &seen, sr_node_kind kind, std::uint64_t part = 0) {
    Item item;
    item.kind = kind;
    item.id = node_id(seen.widget, part);
    item.place = seen.place;
    item.with(seen.widget->font());
    item.color = color(seen.widget, seen.widget->foregroundRole());
    item.flags |= has_ring(seen.widget) ? SR_NODE_FLAG_FOCUSED : 0u;
    return item;
}

/// A filled rectangle of it.
inline Item area(const Seen &seen, std::uint64_t part, const QRect &place, std::uint32_t background, std::uint32_t border = 0) {
    Item item;
    item.id = node_id(seen.widget, part);
    item.place = place;
    item.background = background;
    item.border = border;
    return item;
}

/// A text in it.
inline Item text_of(const Seen &seen, std::uint64_t part, const QRect &place, const QString &text) {
    Item item = whole(seen, SR_NODE_TEXT, part);
    item.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_FOCUSED);
    item.place = place;
    item.text = text;
    return item;
}

/// A mark that styles draw, like an arrow, in the middle of this place.
inline Item mark_of(const Seen &seen, std::uint64_t part, const QRect &place, const char *mark, int size = 0) {
    Item item = text_of(seen, part, place, QString::fromUtf8(mark)).with(Qt::AlignHCenter);
    item.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_BOLD | SR_NODE_FLAG_ITALIC);
    item.font_size = size > 0 ? static_cast<float>(size) : item.font_size;
    return item;
}

constexpr char arrow_down[] = "\u25be";
constexpr char arrow_up[] = "\u25b4";
constexpr char arrow_left[] = "\u25c2";
constexpr char arrow_right[] = "\u25b8";

/// Without the "&" that names a key: "&File" is "File", "A && B" is "A & B".
inline QString without_mnemonic(const QString &text) {
    QString result;
    for (int at = 0; at < text.size(); ++at) {
        if (text[at] == QLatin1Char('&') && at + 1 < text.size()) {
            ++at;
        }
        result += text[at];
    }
    return result;
}

} // namespace qt
} // namespace sr

#endif
