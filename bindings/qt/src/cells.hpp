// The cells of tables, trees and lists, where their style puts what is in them.
#ifndef SESSION_REPLAY_QT_CELLS_HPP
#define SESSION_REPLAY_QT_CELLS_HPP

#include "buttons.hpp"
#include "look.hpp"
#include "style.hpp"

#include <QPointer>
#include <QTableView>

namespace sr {
namespace qt {

/// Describes cells. The model and the delegate are the app's own code, which may do anything: `view` is asked after each call.
class Cells {
public:
    Cells(Look &look, Clip &clip, QAbstractItemView *view, const QPoint &origin)
        : look_(look), clip_(clip), view_(view), origin_(origin), grid_(grid_color(view)) {}

    bool is_done() const { return view_.isNull() || look_.nodes.is_full(); }

    /// `row`: all of the row that it begins, which is marked with it; or nothing.
    void add(const QModelIndex &index, const QRect &row = QRect()) {
        const QRect place = view_->visualRect(index);
        if (!place.isValid() || !place.translated(origin_).intersects(clip_.visible)) {
            return;
        }
        // A model that does more than answer does it when it is first asked: here, before Qt's own code is on the stack.
        const QPersistentModelIndex same(index);
        (void)index.data(Qt::DisplayRole);
        if (is_done() || !same.isValid()) {
            return;
        }
        QStyleOptionViewItem option = option_of(view_, index);
        if (is_done() || !same.isValid()) {
            return;
        }
        const bool has_background = index.data(Qt::BackgroundRole).isValid();
        const bool is_enabled = is_done() || !same.isValid() || (index.flags() & Qt::ItemIsEnabled);
        if (!is_done() && same.isValid()) {
            option.rect = place;
            put(same, option, row, has_background, is_enabled);
        }
    }

private:
    void put(const QModelIndex &index, const QStyleOptionViewItem &option, const QRect &row, bool has_background, bool is_enabled) {
        const std::uint64_t cell = node_id(reinterpret_cast<const void *>(index.internalId()), std::uint64_t(index.row()), std::uint64_t(index.column()));
        const auto part = [&](QStyle::SubElement element) { return view_->style()->subElementRect(element, &option, view_).translated(origin_); };
        const QRect text = part(QStyle::SE_ItemViewItemText);
        const bool is_selected = view_->selectionModel() && view_->selectionModel()->isSelected(index);
        const bool is_current = has_ring(view_) && view_->currentIndex() == index;
        // A cell of icons is not marked whole.
        const bool is_whole = option.showDecorationSelected || option.decorationPosition == QStyleOptionViewItem::Left || option.decorationPosition == QStyleOptionViewItem::Right;
        Item item;
        item.kind = SR_NODE_ITEM;
        item.id = node_id(view_.data(), 1, cell);
        const QRect own = option.rect.translated(origin_);
        item.place = !is_whole ? text : grid_ ? own.adjusted(-1, -1, 1, 1) : is_selected && row.isValid() && option.showDecorationSelected ? row.translated(origin_) : own;
        item.with(option.font);
        item.color = color_of(option.palette.color(QPalette::Active, is_selected ? QPalette::HighlightedText : QPalette::Text));
        item.background = back_of(index, option, is_selected, has_background);
        item.border = grid_;
        item.flags |= (is_selected ? SR_NODE_FLAG_SELECTED : 0u) | (is_current ? SR_NODE_FLAG_FOCUSED : 0u) | (is_enabled ? 0u : SR_NODE_FLAG_DISABLED);

        const bool has_check = option.features & QStyleOptionViewItem::HasCheckIndicator, has_icon = !option.icon.isNull();
        const bool is_alone = !has_check && !has_icon && is_whole && item.place == (grid_ ? own.adjusted(-1, -1, 1, 1) : own);
        Item words = item;
        const int margin = view_->style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, view_) + 1;
        words.text = elided(option, text.width() - 2 * margin);
        const Qt::Alignment alignment = QStyle::visualAlignment(option.direction, option.displayAlignment);
        words.with(alignment);
        if (is_alone) {
            look_.nodes.add(words, clip_);
            return;
        }
        look_.nodes.add(item, clip_);
        words.kind = SR_NODE_TEXT;
        words.id = node_id(view_.data(), 3, cell);
        words.place = text.adjusted(alignment & Qt::AlignLeft ? margin : 0, 0, alignment & Qt::AlignRight ? -margin : 0, 0);
        words.background = words.border = 0;
        words.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_SELECTED | SR_NODE_FLAG_FOCUSED);
        if (!words.text.isEmpty()) {
            look_.nodes.add(words, clip_);
        }
        if (has_check) {
            Item check = words;
            check.kind = SR_NODE_CHECKBOX;
            check.id = node_id(view_.data(), 4, cell);
            check.text.clear();
            check.flags |= check_flag(option.checkState);
            check.place = part(QStyle::SE_ItemViewItemCheckIndicator);
            look_.nodes.add(check, clip_);
        }
        if (has_icon) {
            put_icon(cell, option, part(QStyle::SE_ItemViewItemDecoration));
        }
    }

    void put_icon(std::uint64_t cell, const QStyleOptionViewItem &option, const QRect &room) {
        Item icon;
        icon.kind = SR_NODE_IMAGE;
        icon.id = node_id(view_.data(), 2, cell);
        icon.place = QStyle::alignedRect(option.direction, option.decorationAlignment, option.decorationSize.boundedTo(room.size()), room);
        icon.image = look_.icons.url_of(option.icon, option.decorationSize);
        look_.nodes.add(icon, clip_);
    }

    std::uint32_t back_of(const QModelIndex &index, const QStyleOptionViewItem &option, bool is_selected, bool has_background) const {
        if (is_selected) {
            return color(view_, QPalette::Highlight);
        }
        if (has_background && option.backgroundBrush.style() != Qt::NoBrush) {
            return color_of(option.backgroundBrush.color());
        }
        return view_->alternatingRowColors() && index.row() % 2 ? color(view_, QPalette::AlternateBase) : 0u;
    }

    /// As its delegate cuts it, where it has one line.
    static QString elided(const QStyleOptionViewItem &option, int width) {
        const bool is_wrapped = (option.features & QStyleOptionViewItem::WrapText) && option.rect.height() >= 2 * option.fontMetrics.height();
        return is_wrapped || option.text.contains(QLatin1Char('\n')) ? option.text : option.fontMetrics.elidedText(option.text, option.textElideMode, width);
    }

    static std::uint32_t grid_color(QAbstractItemView *view) {
        const auto *table = qobject_cast<QTableView *>(view);
        return table && table->showGrid() ? color_of(palette_color(view, QPalette::Base).darker(115)) : 0;
    }

    Look &look_;
    Clip &clip_;
    QPointer<QAbstractItemView> view_;
    QPoint origin_;
    std::uint32_t grid_;
};

} // namespace qt
} // namespace sr

#endif
