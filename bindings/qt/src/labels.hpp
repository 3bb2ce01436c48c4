// Labels: plain, rich, or a picture.
#ifndef SESSION_REPLAY_QT_LABELS_HPP
#define SESSION_REPLAY_QT_LABELS_HPP

#include "runs.hpp"
#include "style.hpp"

#include <QFontMetrics>
#include <QLabel>
#include <QTextFrame>

namespace sr {
namespace qt {

inline bool is_rich(const QLabel *label) {
    return label->textFormat() == Qt::RichText || label->textFormat() == Qt::MarkdownText || (label->textFormat() == Qt::AutoText && Qt::mightBeRichText(label->text()));
}

/// Where the label puts its text, in it, and how it is aligned there.
inline QRect text_area(const QLabel *label, Qt::Alignment alignment) {
    const int margin = label->margin();
    QRect area = label->contentsRect().adjusted(margin, margin, -margin, -margin);
    const int usual = label->frameWidth() ? label->fontMetrics().horizontalAdvance(QLatin1Char('x')) / 2 - margin : 0;
    const int indent = label->indent() < 0 ? usual : label->indent();
    if (indent > 0) {
        area.adjust(alignment & Qt::AlignLeft ? indent : 0, alignment & Qt::AlignTop ? indent : 0, alignment & Qt::AlignRight ? -indent : 0, alignment & Qt::AlignBottom ? -indent : 0);
    }
    return area;
}

/// The nodes of a rich label, in it. An image that it names is read once: see RichLabels.
inline std::vector<Item> rich_items(Look &look, QLabel *label) {
    QTextDocument document;
    document.setUndoRedoEnabled(false);
    document.setDefaultFont(label->font());
    if (label->textFormat() == Qt::MarkdownText) {
        document.setMarkdown(label->text());
    } else {
        document.setHtml(label->text());
    }
    const Qt::LayoutDirection direction = document.toPlainText().isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight;
    const Qt::Alignment alignment = QStyle::visualAlignment(direction, label->alignment());
    const QRect area = text_area(label, alignment);
    QTextOption option(alignment);
    option.setWrapMode(label->wordWrap() ? QTextOption::WordWrap : QTextOption::ManualWrap);
    option.setTextDirection(direction);
    document.setDefaultTextOption(option);
    QTextFrameFormat frame = document.rootFrame()->frameFormat();
    frame.setMargin(0);
    document.rootFrame()->setFrameFormat(frame);
    document.setTextWidth(area.width());
    const int room = area.height() - int(document.size().height());
    const int top = qMax(0, alignment & Qt::AlignVCenter ? room / 2 : alignment & Qt::AlignBottom ? room : 0);
    const Paper paper{label, look.icons, label->font(), color(label, label->foregroundRole())};
    std::vector<Item> items;
    const QAbstractTextDocumentLayout *layout = document.documentLayout();
    for (QTextBlock block = document.begin(); block.isValid() && items.size() < RichLabels::max_items; block = block.next()) {
        BlockLook seen(paper, block, layout->blockBoundingRect(block).topLeft() + QPointF(area.left(), area.top() + top), items);
        if (!block.text().isEmpty()) {
            seen.add_mark(block.begin().fragment().charFormat());
            seen.add_runs();
        }
    }
    return items;
}

inline void describe_rich_label(Look &look, const Seen &seen, QLabel *label) {
    const QByteArray key = look.labels.key_of(label);
    const std::vector<Item> *known = look.labels.find(label, key);
    if (!known) {
        known = look.labels.put(label, key, rich_items(look, label));
    }
    for (Item item : *known) {
        item.place = seen.in_window(item.place);
        look.add(seen, item);
    }
}

inline void describe_plain_label(Look &look, const Seen &seen, QLabel *label) {
    Item item = whole(seen, SR_NODE_TEXT);
    item.text = label->buddy() ? without_mnemonic(label->text()) : label->text();
    const Qt::LayoutDirection direction = item.text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight;
    const Qt::Alignment alignment = QStyle::visualAlignment(direction, label->alignment());
    item.with(alignment);
    const QRect inside = text_area(label, alignment);
    item.place = seen.in_window(inside);
    const bool has_lines = label->wordWrap() || item.text.contains(QLatin1Char('\n'));
    if (has_lines || !(alignment & Qt::AlignVCenter)) {
        // Several lines stand at the top of a node, and where the label puts them in the label.
        item.flags |= has_lines ? SR_NODE_FLAG_MULTILINE : 0u;
        const int flags = static_cast<int>(alignment) | (label->wordWrap() ? Qt::TextWordWrap : 0);
        const QRect lines = label->fontMetrics().boundingRect(inside, flags, item.text);
        item.place = seen.in_window(QRect(inside.left(), lines.top(), inside.width(), lines.height()));
    }
    look.add(seen, item);
}

/// False when it shows a picture that is too large for a node, or that moves: its pixels tell.
inline bool describe_label(Look &look, const Seen &seen, QLabel *label) {
    if (is_filled(label)) {
        look.add(seen, area(seen, 4, seen.place, color(label, label->backgroundRole())));
    }
    if (label->movie()) {
        return false;
    }
    const QPixmap pixmap = pixmap_of(label);
    if (label->text().isEmpty() && !pixmap.isNull()) {
        if (!Icons::is_small(pixmap)) {
            return false;
        }
        const QSize size = label->hasScaledContents() ? label->contentsRect().size() : pixmap.size() / pixmap.devicePixelRatio();
        const QRect place = QStyle::alignedRect(label->layoutDirection(), label->alignment(), size, label->contentsRect());
        look.picture(seen, 1, seen.in_window(place), look.icons.url_of(pixmap));
        return true;
    }
    if (is_rich(label)) {
        describe_rich_label(look, seen, label);
    } else {
        describe_plain_label(look, seen, label);
    }
    return true;
}

} // namespace qt
} // namespace sr

#endif
