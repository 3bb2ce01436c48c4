// Tables, trees and lists: the cells that are seen. A model of a million rows costs as much as its view shows.
#ifndef SESSION_REPLAY_QT_ITEMS_HPP
#define SESSION_REPLAY_QT_ITEMS_HPP

#include "look.hpp"
#include "style.hpp"

#include <QHeaderView>
#include <QListView>
#include <QPointer>
#include <QScrollBar>
#include <QTableView>
#include <QTreeView>

namespace sr {
namespace qt {

/// Rows that are looked at in one view, seen or not.
constexpr int max_rows = 1000;

/// Describes cells. The model and the delegate are the app's own code, which may do anything: `view` is asked after each call.
class Cells {
public:
    Cells(Look &look, Clip &clip, QAbstractItemView *view, const QPoint &origin)
        : look_(look), clip_(clip), view_(view), origin_(origin), grid_(grid_color(view)) {}

    bool is_done() const { return view_.isNull() || look_.nodes.is_full(); }

    void add(const QModelIndex &index) {
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
        const QStyleOptionViewItem option = option_of(view_, index);
        if (is_done() || !same.isValid()) {
            return;
        }
        const bool has_background = index.data(Qt::BackgroundRole).isValid();
        const bool is_enabled = is_done() || !same.isValid() || (index.flags() & Qt::ItemIsEnabled);
        if (!is_done() && same.isValid()) {
            put(same, place.translated(origin_), option, has_background, is_enabled);
        }
    }

private:
    /// Between the edge of a cell and what is in it, and between those.
    static constexpr int margin = 3;
    /// Of a check, with what is free beside it.
    static constexpr int check_width = 20;

    void put(const QModelIndex &index, const QRect &place, const QStyleOptionViewItem &option, bool has_background, bool is_enabled) {
        const std::uint64_t cell = node_id(reinterpret_cast<const void *>(index.internalId()), std::uint64_t(index.row()), std::uint64_t(index.column()));
        const QWidget *widget = view_;
        const bool is_selected = view_->selectionModel() && view_->selectionModel()->isSelected(index);
        const bool is_current = view_->hasFocus() && view_->currentIndex() == index;
        const bool has_check = option.features & QStyleOptionViewItem::HasCheckIndicator;
        const bool has_icon = !option.icon.isNull();
        Item item;
        item.kind = SR_NODE_ITEM;
        item.id = node_id(widget, 1, cell);
        item.place = grid_ ? place.adjusted(-1, -1, 1, 1) : place;
        item.with(option.font).with(option.displayAlignment);
        item.color = color_of(option.palette.color(QPalette::Active, QPalette::Text));
        item.background = has_background ? color_of(option.backgroundBrush.color()) : 0;
        const bool is_alternate = view_->alternatingRowColors() && index.row() % 2;
        if (!item.background && is_alternate) {
            item.background = color(view_, QPalette::AlternateBase);
        }
        if (is_selected) {
            item.background = color(widget, QPalette::Highlight);
            item.color = color(widget, QPalette::HighlightedText);
        }
        item.border = grid_;
        item.flags |= (is_selected ? SR_NODE_FLAG_SELECTED : 0u) | (is_current ? SR_NODE_FLAG_FOCUSED : 0u);
        item.flags |= is_enabled ? 0u : SR_NODE_FLAG_DISABLED;
        const QSize size = has_icon ? option.decorationSize : QSize(0, 0);
        const int left = has_check ? check_width : 0;
        if (!has_icon && !has_check) {
            item.text = elided(option, place.width() - 2 * margin, place.height());
            look_.nodes.add(item, clip_);
            return;
        }
        // A check, or an icon, lies at the left, the text beside it.
        look_.nodes.add(item, clip_);
        Item words = item;
        words.text = elided(option, place.width() - left - size.width() - 3 * margin, place.height());
        words.background = words.border = 0;
        words.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_SELECTED | SR_NODE_FLAG_FOCUSED);
        words.id = node_id(widget, 3, cell);
        if (!has_icon) {
            words.kind = SR_NODE_CHECKBOX;
            words.flags |= option.checkState == Qt::Checked ? SR_NODE_FLAG_CHECKED : 0u;
            words.place = place.adjusted(margin, 0, 0, 0);
            look_.nodes.add(words, clip_);
            return;
        }
        if (has_check) {
            Item check = words;
            check.kind = SR_NODE_CHECKBOX;
            check.id = node_id(widget, 4, cell);
            check.text.clear();
            check.flags |= option.checkState == Qt::Checked ? SR_NODE_FLAG_CHECKED : 0u;
            check.place = QRect(place.left() + margin, place.top(), check_width, place.height());
            look_.nodes.add(check, clip_);
        }
        Item icon;
        icon.kind = SR_NODE_IMAGE;
        icon.id = node_id(widget, 2, cell);
        icon.place = QRect(QPoint(place.left() + left + margin, place.center().y() - size.height() / 2), size);
        icon.image = look_.icons.url_of(option.icon, size);
        look_.nodes.add(icon, clip_);
        words.kind = SR_NODE_TEXT;
        words.place = place.adjusted(left + size.width() + 3 * margin, 0, 0, 0);
        look_.nodes.add(words, clip_);
    }

    /// As its delegate cuts it, where it has one line.
    static QString elided(const QStyleOptionViewItem &option, int width, int height) {
        const bool is_wrapped = (option.features & QStyleOptionViewItem::WrapText) && height >= 2 * option.fontMetrics.height();
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

inline void describe_table(Cells &cells, QTableView *view) {
    const QPointer<QTableView> guard(view);
    const QRect area = view->viewport()->rect();
    const QHeaderView *rows = view->verticalHeader(), *columns = view->horizontalHeader();
    const int top = rows->visualIndexAt(area.top()), left = columns->visualIndexAt(area.left());
    for (int y = top; guard && y >= 0 && y < rows->count() && y < top + max_rows; ++y) {
        const int row = rows->logicalIndex(y);
        if (rows->sectionViewportPosition(row) > area.bottom()) {
            break;
        }
        for (int x = left; guard && x >= 0 && x < columns->count() && !cells.is_done(); ++x) {
            const int column = columns->logicalIndex(x);
            if (columns->sectionViewportPosition(column) > area.right()) {
                break;
            }
            if (!view->isRowHidden(row) && !view->isColumnHidden(column)) {
                cells.add(view->model()->index(row, column, view->rootIndex()));
            }
        }
    }
}

inline void describe_tree(Look &look, const Seen &seen, Cells &cells, QTreeView *view) {
    const QPointer<QTreeView> guard(view);
    const QRect area = view->viewport()->rect();
    const QPoint origin = seen.place.topLeft() + view->viewport()->pos();
    QPersistentModelIndex row = view->indexAt(QPoint(area.left() + 1, area.top() + 1));
    for (int count = 0; guard && row.isValid() && count < max_rows && !cells.is_done(); ++count) {
        const QRect place = view->visualRect(row);
        if (place.top() > area.bottom()) {
            break;
        }
        if (view->model()->hasChildren(row) && guard && view->rootIsDecorated()) {
            const QRect arrow(place.left() - 18, place.top(), 16, place.height());
            const std::uint64_t part = node_id(reinterpret_cast<const void *>(row.internalId()), std::uint64_t(row.row()), 4);
            Item item = text_of(seen, part, arrow.translated(origin), view->isExpanded(row) ? QStringLiteral("\u25be") : QStringLiteral("\u25b8"));
            look.add(seen, item);
        }
        for (int column = 0; guard && column < view->header()->count() && row.isValid() && !cells.is_done(); ++column) {
            if (!view->isColumnHidden(column)) {
                cells.add(row.sibling(row.row(), column));
            }
        }
        row = guard ? view->indexBelow(row) : QModelIndex();
    }
}

/// A list, and any other view: from the first row that is seen until none is, each way that rows may lie.
inline void describe_rows(Cells &cells, QAbstractItemView *view) {
    const QPointer<QAbstractItemView> guard(view);
    const QRect area = view->viewport()->rect();
    const auto *list = qobject_cast<QListView *>(view);
    const bool is_in_order = list && list->viewMode() == QListView::ListMode;
    const QModelIndex first = is_in_order ? view->indexAt(QPoint(area.left() + 1 + list->spacing(), area.top() + 1 + list->spacing())) : QModelIndex();
    const int column = list ? list->modelColumn() : 0;
    const int begin = first.isValid() ? first.row() : 0;
    for (int row = begin; guard && row < view->model()->rowCount(view->rootIndex()) && row < begin + max_rows && !cells.is_done(); ++row) {
        const QModelIndex index = view->model()->index(row, column, view->rootIndex());
        if (is_in_order && view->visualRect(index).top() > area.bottom()) {
            break;
        }
        if (!list || !list->isRowHidden(row)) {
            cells.add(index);
        }
    }
}

/// Whether something is selected below it, which styles show in bold.
inline bool is_highlighted(const QHeaderView *header, int section) {
    const QItemSelectionModel *selected = header->selectionModel();
    if (!selected || !header->highlightSections() || !header->sectionsClickable()) {
        return false;
    }
    return header->orientation() == Qt::Horizontal ? selected->columnIntersectsSelection(section, header->rootIndex())
                                                   : selected->rowIntersectsSelection(section, header->rootIndex());
}

inline void describe_header(Look &look, const Seen &seen, Clip &clip, QHeaderView *header) {
    const QPointer<QHeaderView> guard(header);
    const bool is_flat = header->orientation() == Qt::Horizontal;
    const QRect area = header->viewport()->rect();
    const int end = is_flat ? area.right() : area.bottom();
    const int first = header->visualIndexAt(0);
    for (int at = first; at >= 0 && guard && at < header->count() && at < first + max_rows && !look.nodes.is_full(); ++at) {
        const int section = header->logicalIndex(at), from = header->sectionViewportPosition(section), size = header->sectionSize(section);
        if (from > end) {
            break;
        }
        const QRect place = is_flat ? QRect(from, 0, size, area.height()) : QRect(0, from, area.width(), size);
        const QVariant text = header->model()->headerData(section, header->orientation(), Qt::DisplayRole);
        if (!guard || header->isSectionHidden(section)) {
            continue;
        }
        const bool is_bold = is_highlighted(header, section);
        if (!guard) {
            return;
        }
        Item item = text_of(seen, 8 + std::uint64_t(section), place.translated(seen.place.topLeft()), text.toString());
        item.kind = SR_NODE_ITEM;
        item.flags |= is_bold ? SR_NODE_FLAG_BOLD : 0u;
        item.background = color(header, QPalette::Button);
        item.border = color_of(palette_color(header, QPalette::Button).darker(120));
        look.nodes.add(item.with(header->defaultAlignment()), clip);
    }
}

inline void describe_items(Look &look, const Seen &seen, Clip &clip, QAbstractItemView *view) {
    if (!view->model()) {
        return;
    }
    if (auto *header = qobject_cast<QHeaderView *>(view)) {
        describe_header(look, seen, clip, header);
        return;
    }
    Cells cells(look, clip, view, seen.place.topLeft() + view->viewport()->pos());
    if (auto *table = qobject_cast<QTableView *>(view)) {
        describe_table(cells, table);
    } else if (auto *tree = qobject_cast<QTreeView *>(view)) {
        describe_tree(look, seen, cells, tree);
    } else {
        describe_rows(cells, view);
    }
}

} // namespace qt
} // namespace sr

#endif
