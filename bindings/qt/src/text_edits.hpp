// Text of many lines: what of it is seen, however long it is. What can be edited is an input, anything else text.
#ifndef SESSION_REPLAY_QT_TEXT_EDITS_HPP
#define SESSION_REPLAY_QT_TEXT_EDITS_HPP

#include "runs.hpp"

#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextEdit>
#include <QTextTable>

namespace sr {
namespace qt {

/// Blocks of one text edit, seen or not.
constexpr int max_blocks = 300;

/// The text in a field of the replay begins this far from its edges: so far outside of the text the field lies.
constexpr int field_left = 7, field_top = 3;

/// Blocks are found from the first that is seen. `Edit` is QTextEdit or QPlainTextEdit.
template <class Edit> class TextLook {
public:
    TextLook(Look &look, const Seen &seen, Clip &clip, Edit *edit)
        : look_(look), seen_(seen), clip_(clip), edit_(edit), port_(edit->viewport()->rect()), origin_(seen.place.topLeft() + edit->viewport()->pos()),
          paper_{edit, look.icons, edit->font(), color(edit, QPalette::Text)} {}

    void add() {
        const QTextBlock last = edit_->cursorForPosition(port_.bottomRight()).block();
        const QTextBlock left = edit_->cursorForPosition(port_.topLeft()).block(), right = edit_->cursorForPosition(port_.topRight()).block();
        int count = 0;
        // Cells of a table lie beside each other.
        for (QTextBlock block = left < right ? left : right; block.isValid() && count < max_blocks && !look_.nodes.is_full(); block = block.next(), ++count) {
            if (block.isVisible() && !add(block)) {
                return;
            }
            if (block == last) {
                break;
            }
        }
    }

private:
    /// False when nothing of the text may be asked any more.
    bool add(const QTextBlock &block) {
        const QTextLayout *layout = block.layout();
        if (layout->lineCount() == 0) {
            return true;
        }
        const QTextLine line = layout->lineAt(0);
        const QRect begin = edit_->cursorRect(QTextCursor(block));
        const QPointF corner = QPointF(begin.topLeft() + origin_) - QPointF(line.cursorToX(line.textStart()), line.y());
        const QTextCharFormat format = block.begin().atEnd() ? block.charFormat() : block.begin().fragment().charFormat();
        std::vector<Item> items;
        BlockLook all(paper_, block, corner, items);
        if (!edit_->isReadOnly()) {
            all.add_whole(SR_NODE_INPUT, format);
            put_fields(block, items);
            return true;
        }
        const QRect place = QRectF(line.x(), line.y(), line.width(), layout->boundingRect().height()).translated(corner).toAlignedRect();
        add_back(block, place);
        add_cell(block, place);
        if (block.text().isEmpty()) {
            return true;
        }
        all.add_mark(format);
        const QPointer<Edit> guard(edit_);
        const bool is_as_it_was = all.add_runs();
        for (const Item &item : items) {
            look_.nodes.add(item, clip_);
        }
        return is_as_it_was && guard;
    }

    void put_fields(const QTextBlock &block, std::vector<Item> &items) {
        // A secret that is typed here is as secret as in one line.
        const bool is_secret = edit_->inputMethodHints() & (Qt::ImhHiddenText | Qt::ImhSensitiveData);
        for (Item &item : items) {
            if (block.text().isEmpty()) {
                continue;
            }
            item.place.adjust(-field_left, -field_top, field_left, field_top);
            item.background = item.border = no_color;
            item.flags |= is_secret ? SR_NODE_FLAG_MASKED : 0u;
            look_.nodes.add(item, clip_);
        }
    }

    /// What lies below the letters: the color of a paragraph, a line across.
    void add_back(const QTextBlock &block, const QRect &place) {
        const QTextBlockFormat format = block.blockFormat();
        const std::uint64_t number = 4 * static_cast<std::uint64_t>(block.blockNumber());
        if (format.background().style() != Qt::NoBrush) {
            put(area(seen_, node_id(edit_, 2, number), place, color_of(format.background().color())));
        }
        if (format.hasProperty(QTextFormat::BlockTrailingHorizontalRulerWidth)) {
            put(area(seen_, node_id(edit_, 3, number), QRect(place.left(), place.center().y(), port_.width() - 2 * (place.left() - origin_.x()), 1), line_color(edit_)));
        }
    }

    /// The edges of a table's cell, of one paragraph, around it.
    void add_cell(const QTextBlock &block, const QRect &place) {
        const QTextTable *table = QTextCursor(block).currentTable();
        if (!table || table->format().border() <= 0) {
            return;
        }
        const QTextTableCell cell = table->cellAt(block.position());
        if (cell.firstPosition() == block.position() && cell.lastPosition() == block.position() + block.length() - 1) {
            const int padding = int(table->format().cellPadding());
            put(area(seen_, node_id(edit_, 4, static_cast<std::uint64_t>(block.blockNumber())), place.adjusted(-padding, -padding, padding, padding), 0, line_color(edit_)));
        }
    }

    void put(const Item &item) { look_.nodes.add(item, clip_); }

    Look &look_;
    const Seen &seen_;
    Clip &clip_;
    Edit *edit_;
    const QRect port_;
    const QPoint origin_;
    const Paper paper_;
};

template <class Edit> void describe_text(Look &look, const Seen &seen, Clip &clip, Edit *edit) {
    TextLook<Edit>(look, seen, clip, edit).add();
    if (edit->document()->isEmpty() && !edit->placeholderText().isEmpty()) {
        const int margin = int(edit->document()->documentMargin());
        Item hint = text_of(seen, 5, edit->viewport()->geometry().translated(seen.place.topLeft()).adjusted(margin, margin, 0, 0), edit->placeholderText());
        hint.flags |= SR_NODE_FLAG_MULTILINE;
        QColor faded = palette_color(edit, QPalette::Text);
        faded.setAlpha(128);
        hint.color = color_of(faded);
        look.nodes.add(hint, clip);
    }
}

} // namespace qt
} // namespace sr

#endif
