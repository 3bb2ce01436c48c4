// Text of many lines: what of it is seen, however long it is. What can be edited is an input, anything else text.
#ifndef SESSION_REPLAY_QT_TEXT_EDITS_HPP
#define SESSION_REPLAY_QT_TEXT_EDITS_HPP

#include "look.hpp"

#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTextEdit>
#include <QTextList>

namespace sr {
namespace qt {

/// Lines of one text edit, seen or not.
constexpr int max_blocks = 300;

/// `Edit` is QTextEdit or QPlainTextEdit.
template <class Edit> void describe_text(Look &look, const Seen &seen, Clip &clip, Edit *edit) {
    const QRect port = edit->viewport()->rect();
    const QPoint origin = seen.place.topLeft() + edit->viewport()->pos();
    const QTextBlock first = edit->cursorForPosition(port.topLeft()).block();
    const QTextBlock last = edit->cursorForPosition(port.bottomRight()).block();
    const int left = int(edit->document()->documentMargin());

    if (!edit->isReadOnly()) {
        QString text;
        for (QTextBlock block = first; block.isValid() && text.size() < max_text; block = block.next()) {
            text += block.text() + QLatin1Char('\n');
            if (block == last) {
                break;
            }
        }
        text.chop(1);
        Item item = whole(seen, SR_NODE_INPUT, 1);
        item.place = port.translated(origin);
        item.text = text;
        item.flags |= SR_NODE_FLAG_MULTILINE;
        item.color = color(edit, QPalette::Text);
        item.background = color(edit, QPalette::Base);
        item.border = no_color;
        // A secret that is typed here is as secret as in one line.
        const bool is_secret = edit->inputMethodHints() & (Qt::ImhHiddenText | Qt::ImhSensitiveData);
        item.flags |= is_secret ? SR_NODE_FLAG_MASKED : 0u;
        look.nodes.add(item, clip);
        return;
    }
    int count = 0;
    for (QTextBlock block = first; block.isValid() && count < max_blocks && !look.nodes.is_full(); block = block.next(), ++count) {
        QTextCursor cursor(block);
        const QRect begin = edit->cursorRect(cursor);
        cursor.movePosition(QTextCursor::EndOfBlock);
        const QRect end = edit->cursorRect(cursor);
        if (!block.text().isEmpty() && block.isVisible()) {
            const int x = block.textList() ? begin.left() : left;
            const QRect place(x, begin.top(), port.width() - x, end.bottom() - begin.top() + 1);
            Item item = text_of(seen, 8 + std::uint64_t(block.blockNumber()), place.translated(origin), block.text());
            item.color = color(edit, QPalette::Text);
            item.flags |= SR_NODE_FLAG_MULTILINE;
            if (!block.begin().atEnd()) {
                const QTextCharFormat format = block.begin().fragment().charFormat();
                const int usual = edit->fontMetrics().height();
                item.font_size *= usual > 0 ? float(end.height()) / float(usual) : 1.0f; // A heading's is larger.
                item.flags |= format.fontWeight() > QFont::Medium ? SR_NODE_FLAG_BOLD : 0u;
                item.flags |= format.fontItalic() ? SR_NODE_FLAG_ITALIC : 0u;
            }
            item.with(block.blockFormat().alignment());
            look.nodes.add(item, clip);
            if (block.textList()) {
                item.id = node_id(edit, item.id, 1);
                item.text = QStringLiteral("\u2022");
                item.place.setLeft(item.place.left() - 12);
                look.nodes.add(item, clip);
            }
        }
        if (block == last) {
            break;
        }
    }
}

} // namespace qt
} // namespace sr

#endif
