// The headers of tables and trees, across and upright.
#ifndef SESSION_REPLAY_QT_HEADERS_HPP
#define SESSION_REPLAY_QT_HEADERS_HPP

#include "look.hpp"

#include <QHeaderView>
#include <QPointer>

namespace sr {
namespace qt {

/// Sections that are looked at in one header, seen or not.
constexpr int max_sections = 1000;

/// Whether something is selected below it, which styles show in bold.
inline bool is_highlighted(const QHeaderView *header, int section) {
    const QItemSelectionModel *selected = header->selectionModel();
    if (!selected || !header->highlightSections() || !header->sectionsClickable()) {
        return false;
    }
    return header->orientation() == Qt::Horizontal ? selected->columnIntersectsSelection(section, header->rootIndex())
                                                   : selected->rowIntersectsSelection(section, header->rootIndex());
}

/// What the model says of a section. It is the app's own code: the header may be gone afterwards.
struct Section {
    QString text;
    Qt::Alignment alignment;
    QIcon icon;
    bool is_bold = false;
};

inline Section section_of(const QPointer<QHeaderView> &header, int section) {
    Section it;
    const auto ask = [&](int role) { return header && header->model() ? header->model()->headerData(section, header->orientation(), role) : QVariant(); };
    it.text = ask(Qt::DisplayRole).toString();
    const QVariant alignment = ask(Qt::TextAlignmentRole);
    const QVariant icon = ask(Qt::DecorationRole);
    it.icon = icon.canConvert<QIcon>() ? icon.value<QIcon>() : QIcon();
    const bool is_bold = header && is_highlighted(header, section);
    const QVariant font = ask(Qt::FontRole);
    it.is_bold = is_bold || (font.canConvert<QFont>() && font.value<QFont>().bold());
    if (header) {
        it.alignment = alignment.isValid() ? Qt::Alignment(alignment.toInt()) : header->defaultAlignment();
    }
    return it;
}

inline void describe_section(Look &look, const Seen &seen, Clip &clip, QHeaderView *header, int section, const QRect &place) {
    const QPointer<QHeaderView> guard(header);
    const Section is = section_of(guard, section);
    if (!guard) {
        return;
    }
    const std::uint64_t part = 8 + 4 * std::uint64_t(section);
    const bool is_flat = header->orientation() == Qt::Horizontal;
    Item item = text_of(seen, part, place.adjusted(-1, -1, 0, 0), is.text);
    item.kind = SR_NODE_ITEM;
    item.flags |= is.is_bold ? SR_NODE_FLAG_BOLD : 0u;
    item.background = color(header, QPalette::Button);
    item.border = color_of(palette_color(header, QPalette::Button).darker(112));
    item.with(seen_alignment(header, is.alignment));
    if (is.icon.isNull()) {
        look.nodes.add(item, clip);
    } else {
        Item words = item;
        item.text.clear();
        look.nodes.add(item, clip);
        const int size = header->style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, header);
        const bool is_mirrored = header->layoutDirection() == Qt::RightToLeft;
        Item icon;
        icon.kind = SR_NODE_IMAGE;
        icon.id = node_id(header, part + 1);
        icon.place = QStyle::visualRect(header->layoutDirection(), place, QRect(place.left() + 4, place.center().y() - size / 2, size, size));
        icon.image = look.icons.url_of(is.icon, QSize(size, size));
        look.nodes.add(icon, clip);
        words.id = node_id(header, part + 2);
        words.kind = SR_NODE_TEXT;
        words.background = words.border = 0;
        words.place = is_mirrored ? place.adjusted(3, 0, -size - 6, 0) : place.adjusted(size + 6, 0, -3, 0);
        look.nodes.add(words, clip);
    }
    if (is_flat && header->isSortIndicatorShown() && header->sortIndicatorSection() == section) {
        const QRect arrow = QStyle::visualRect(header->layoutDirection(), place, QRect(place.right() - 16, place.top(), 14, place.height()));
        look.nodes.add(mark_of(seen, part + 3, arrow, header->sortIndicatorOrder() == Qt::AscendingOrder ? arrow_down : arrow_up, 10), clip);
    }
}

inline void describe_header(Look &look, const Seen &seen, Clip &clip, QHeaderView *header) {
    const QPointer<QHeaderView> guard(header);
    const bool is_flat = header->orientation() == Qt::Horizontal;
    const QRect area = header->viewport()->rect();
    const int end = is_flat ? area.right() : area.bottom();
    // From right to left, the first is at the right.
    const bool is_mirrored = is_flat && header->layoutDirection() == Qt::RightToLeft;
    const int first = header->visualIndexAt(is_mirrored ? area.right() : 0);
    for (int at = first; at >= 0 && guard && at < header->count() && at < first + max_sections && !look.nodes.is_full(); ++at) {
        const int section = header->logicalIndex(at), from = header->sectionViewportPosition(section), size = header->sectionSize(section);
        if (is_mirrored ? from + size < 0 : from > end) {
            break;
        }
        if (!header->isSectionHidden(section)) {
            const QRect place = is_flat ? QRect(from, 0, size, area.height()) : QRect(0, from, area.width(), size);
            describe_section(look, seen, clip, header, section, place.translated(seen.place.topLeft()));
        }
    }
}

} // namespace qt
} // namespace sr

#endif
