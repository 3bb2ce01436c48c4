// Tables, trees and lists: the cells that are seen. A model of a million rows costs as much as its view shows.
#ifndef SESSION_REPLAY_QT_ITEMS_HPP
#define SESSION_REPLAY_QT_ITEMS_HPP

#include "cells.hpp"
#include "headers.hpp"

#include <QHeaderView>
#include <QListView>
#include <QTableView>
#include <QTreeView>

#include <algorithm>
#include <utility>
#include <vector>

namespace sr {
namespace qt {

/// Rows that are looked at in one view, seen or not.
constexpr int max_rows = 1000;

/// The cell that covers this one, which is itself where none does. `known` are those that were found.
class Spans {
public:
    explicit Spans(const QTableView *view) : view_(view) {}

    /// False: what it is a part of was told of already.
    bool find(int &row, int &column) {
        if (view_->rowSpan(row, column) == 1 && view_->columnSpan(row, column) == 1) {
            return true;
        }
        const QAbstractItemModel *model = view_->model();
        const QModelIndex root = view_->rootIndex();
        const QRect place = view_->visualRect(model->index(row, column, root));
        while (row > 0 && view_->visualRect(model->index(row - 1, column, root)) == place) {
            --row;
        }
        while (column > 0 && view_->visualRect(model->index(row, column - 1, root)) == place) {
            --column;
        }
        const std::pair<int, int> cell(row, column);
        if (std::find(known_.begin(), known_.end(), cell) != known_.end()) {
            return false;
        }
        known_.push_back(cell);
        return true;
    }

private:
    const QTableView *view_;
    std::vector<std::pair<int, int>> known_;
};

inline void describe_table(Cells &cells, QTableView *view) {
    const QPointer<QTableView> guard(view);
    const QRect area = view->viewport()->rect();
    const QHeaderView *rows = view->verticalHeader(), *columns = view->horizontalHeader();
    const bool is_mirrored = view->layoutDirection() == Qt::RightToLeft;
    const int top = rows->visualIndexAt(area.top()), first = columns->visualIndexAt(is_mirrored ? area.right() : area.left());
    Spans spans(view);
    for (int y = top; guard && y >= 0 && y < rows->count() && y < top + max_rows; ++y) {
        const int row = rows->logicalIndex(y);
        if (rows->sectionViewportPosition(row) > area.bottom()) {
            break;
        }
        for (int x = first; guard && x >= 0 && x < columns->count() && !cells.is_done(); ++x) {
            int covering_row = row, column = columns->logicalIndex(x);
            const int from = columns->sectionViewportPosition(column);
            if (is_mirrored ? from + columns->sectionSize(column) < 0 : from > area.right()) {
                break;
            }
            if (!view->isRowHidden(row) && !view->isColumnHidden(column) && spans.find(covering_row, column)) {
                cells.add(view->model()->index(covering_row, column, view->rootIndex()));
            }
        }
    }
}

/// What opens a row of a tree, beside it.
inline void describe_branch(Look &look, const Seen &seen, Clip &clip, QTreeView *view, const QModelIndex &row, const QRect &place) {
    const bool is_mirrored = view->layoutDirection() == Qt::RightToLeft;
    const QRect room(is_mirrored ? place.right() + 1 : place.left() - view->indentation(), place.top(), view->indentation(), place.height());
    const std::uint64_t part = node_id(reinterpret_cast<const void *>(row.internalId()), std::uint64_t(row.row()), 4);
    const char *mark = view->isExpanded(row) ? arrow_down : is_mirrored ? arrow_left : arrow_right;
    look.nodes.add(mark_of(seen, part, room.translated(seen.place.topLeft() + view->viewport()->pos()), mark), clip);
}

inline void describe_tree(Look &look, const Seen &seen, Clip &clip, Cells &cells, QTreeView *view) {
    const QPointer<QTreeView> guard(view);
    const QRect area = view->viewport()->rect();
    const bool is_mirrored = view->layoutDirection() == Qt::RightToLeft;
    QPersistentModelIndex row = view->indexAt(QPoint(is_mirrored ? area.right() - 1 : area.left() + 1, area.top() + 1));
    for (int count = 0; guard && row.isValid() && count < max_rows && !cells.is_done(); ++count) {
        row = row.sibling(row.row(), 0);
        const QRect place = view->visualRect(row);
        if (place.top() > area.bottom()) {
            break;
        }
        for (int column = 0; guard && column < view->header()->count() && row.isValid() && !cells.is_done(); ++column) {
            if (!view->isColumnHidden(column)) {
                // A style that marks whole rows does so from the view's edge.
                const bool is_first = view->header()->visualIndex(column) == 0;
                const QRect whole = is_mirrored ? QRect(place.topLeft(), QPoint(area.right(), place.bottom())) : QRect(QPoint(area.left(), place.top()), place.bottomRight());
                cells.add(row.sibling(row.row(), column), is_first ? whole : QRect());
            }
        }
        const bool is_opened_by_mark = guard && row.isValid() && (view->rootIsDecorated() || row.parent() != view->rootIndex());
        if (is_opened_by_mark && view->model()->hasChildren(row) && guard && row.isValid()) {
            describe_branch(look, seen, clip, view, row, place);
        }
        row = guard && row.isValid() ? view->indexBelow(row) : QModelIndex();
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
        describe_tree(look, seen, clip, cells, tree);
    } else {
        describe_rows(cells, view);
    }
}

} // namespace qt
} // namespace sr

#endif
