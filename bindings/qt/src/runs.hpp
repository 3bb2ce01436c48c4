// Text with formats, as its layout has it: a node for each part of a line that looks alike.
#ifndef SESSION_REPLAY_QT_RUNS_HPP
#define SESSION_REPLAY_QT_RUNS_HPP

#include "look.hpp"

#include <QFontMetricsF>
#include <QImage>
#include <QPixmap>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextDocumentFragment>
#include <QTextLayout>
#include <QTextList>
#include <QUrl>

#include <algorithm>
#include <cmath>
#include <vector>

namespace sr {
namespace qt {

/// What a text is drawn with where its formats say nothing.
struct Paper {
    const QWidget *widget;
    Icons &icons;
    QFont font;
    std::uint32_t color;
};

/// A part of a block with one format. Positions count from the block's begin.
struct Run {
    int from, to;
    QTextCharFormat format;
};

/// Formats that a highlighter laid over a block.
constexpr int max_formats = 200;

inline void lay_over(std::vector<Run> &runs, const QTextLayout::FormatRange &range) {
    std::vector<Run> cut;
    for (const Run &run : runs) {
        const int from = qMax(run.from, range.start), to = qMin(run.to, range.start + range.length);
        if (from >= to) {
            cut.push_back(run);
            continue;
        }
        if (run.from < from) {
            cut.push_back(Run{run.from, from, run.format});
        }
        cut.push_back(Run{from, to, run.format});
        cut.back().format.merge(range.format);
        if (to < run.to) {
            cut.push_back(Run{to, run.to, run.format});
        }
    }
    runs.swap(cut);
}

inline std::vector<Run> runs_of(const QTextBlock &block) {
    std::vector<Run> runs;
    for (auto it = block.begin(); !it.atEnd(); ++it) {
        const QTextFragment fragment = it.fragment();
        const int from = fragment.position() - block.position();
        runs.push_back(Run{from, from + fragment.length(), fragment.charFormat()});
    }
    int count = 0;
    for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
        if (++count > max_formats) {
            break;
        }
        lay_over(runs, range);
    }
    return runs;
}

inline QFont font_of(const QTextCharFormat &format, const QFont &usual) {
    QFont font = format.font().resolve(usual);
    // A heading's, as QTextDocument has them.
    static const double factors[] = {0.7, 0.8, 1.0, 1.2, 1.5, 2.0, 2.4};
    const int adjusted = qBound(-2, format.intProperty(QTextFormat::FontSizeAdjustment), 4);
    if (adjusted && usual.pixelSize() > 0) {
        font.setPixelSize(qRound(usual.pixelSize() * factors[adjusted + 2]));
    } else if (adjusted) {
        font.setPointSizeF(usual.pointSizeF() * factors[adjusted + 2]);
    }
    return font;
}

inline std::uint32_t color_in(const QTextCharFormat &format, const Paper &paper) {
    const bool has_own = format.foreground().style() != Qt::NoBrush;
    return has_own ? color_of(format.foreground().color()) : format.isAnchor() ? color(paper.widget, QPalette::Link) : paper.color;
}

/// Whether a node's font and color are all that it has.
inline bool is_plain(const QTextCharFormat &format) {
    return !format.isImageFormat() && !format.fontUnderline() && !format.fontStrikeOut() && format.background().style() == Qt::NoBrush;
}

/// A block in its document. `corner` is where its layout begins, in the widget.
class BlockLook {
public:
    BlockLook(const Paper &paper, const QTextBlock &block, const QPointF &corner, std::vector<Item> &to)
        : paper_(paper), block_(block), corner_(corner), to_(to) {}

    /// False when the document is not what it was, since what loads its images is the app's own code.
    bool add_runs() {
        const std::vector<Run> runs = runs_of(block_);
        if (runs.size() == 1 && is_plain(runs[0].format)) {
            add_whole(SR_NODE_TEXT, runs[0].format);
            return true;
        }
        const QTextLayout *layout = block_.layout();
        for (int at = 0; at < layout->lineCount(); ++at) {
            const QTextLine line = layout->lineAt(at);
            for (const Run &run : runs) {
                const int from = qMax(run.from, line.textStart()), to = qMin(run.to, line.textStart() + line.textLength());
                if (from < to && !add_run(line, Run{from, to, run.format})) {
                    return false;
                }
            }
        }
        return true;
    }

    /// The block as one node, which may have several lines.
    void add_whole(sr_node_kind kind, const QTextCharFormat &format) {
        const QTextLayout *layout = block_.layout();
        if (layout->lineCount() == 0) {
            return;
        }
        const QTextLine line = layout->lineAt(0);
        Item item = text(format, 0);
        item.kind = kind;
        item.text = block_.text();
        item.text.replace(QChar::LineSeparator, QLatin1Char('\n'));
        const bool is_one = layout->lineCount() == 1;
        const QRectF all(line.x(), line.y(), line.width(), layout->boundingRect().height());
        // One line is where its letters are; what is wrapped stands in the room that it has.
        const double ends[] = {line.cursorToX(line.textStart()), line.cursorToX(line.textStart() + line.textLength())};
        const double left = is_one ? qMin(ends[0], ends[1]) : all.left(), right = is_one ? qMax(ends[0], ends[1]) : all.right();
        item.place = QRectF(left, all.top(), right - left + slack, all.height()).translated(corner_).toAlignedRect();
        if (!is_one) {
            item.with(QStyle::visualAlignment(block_.textDirection(), layout->textOption().alignment()));
        }
        item.flags |= SR_NODE_FLAG_MULTILINE;
        to_.push_back(item);
    }

    /// What stands before the lines of a list.
    void add_mark(const QTextCharFormat &format) {
        const QTextList *list = block_.textList();
        if (!list || block_.layout()->lineCount() == 0) {
            return;
        }
        const QTextLine line = block_.layout()->lineAt(0);
        const QTextListFormat::Style style = list->format().style();
        const bool is_mirrored = block_.textDirection() == Qt::RightToLeft;
        Item item = text(format, 1);
        item.id = node_id(paper_.widget, block_part(), 1);
        item.text = style <= QTextListFormat::ListDecimal ? list->itemText(block_) : style == QTextListFormat::ListCircle ? QString(QChar(0x25e6)) : style == QTextListFormat::ListSquare ? QString(QChar(0x25aa)) : QString(QChar(0x2022));
        const double x = is_mirrored ? line.x() + line.width() + gap : line.x() - gap - mark_width;
        item.place = QRectF(x, line.y(), mark_width, line.height()).translated(corner_).toAlignedRect();
        item.with(is_mirrored ? Qt::AlignLeft : Qt::AlignRight);
        to_.push_back(item);
    }

private:
    /// For letters that are wider in a player's font.
    static constexpr double slack = 3;
    static constexpr double gap = 3, mark_width = 40;

    std::uint64_t block_part() const { return 0x1000u + static_cast<std::uint64_t>(block_.blockNumber()); }

    Item text(const QTextCharFormat &format, int from) const {
        Item item;
        item.kind = SR_NODE_TEXT;
        item.id = node_id(paper_.widget, block_part(), 8 + 4 * static_cast<std::uint64_t>(from));
        item.with(font_of(format, paper_.font));
        item.color = color_in(format, paper_);
        return item;
    }

    bool add_run(const QTextLine &line, const Run &run) {
        const double ends[] = {line.cursorToX(run.from), line.cursorToX(run.to)};
        const double left = qMin(ends[0], ends[1]), width = std::abs(ends[1] - ends[0]), base = line.y() + line.ascent();
        if (run.format.isImageFormat()) {
            return add_image(run, QPointF(left, base), width);
        }
        Item item = text(run.format, run.from);
        item.text = block_.text().mid(run.from, run.to - run.from).remove(QChar::LineSeparator);
        const QFontMetricsF font(font_of(run.format, paper_.font));
        const QRectF place(left, base - font.ascent(), width, font.ascent() + font.descent());
        const bool has_back = run.format.background().style() != Qt::NoBrush;
        item.background = has_back ? color_of(run.format.background().color()) : 0;
        item.place = place.adjusted(0, 0, has_back ? 0 : slack, 0).translated(corner_).toAlignedRect();
        if (has_back || !item.text.trimmed().isEmpty()) {
            to_.push_back(item);
        }
        if (run.format.fontUnderline() || run.format.isAnchor()) {
            add_line(item, QRectF(left, base + 2, width, 1), 1);
        }
        if (run.format.fontStrikeOut()) {
            add_line(item, QRectF(left, base - font.ascent() / 3, width, 1), 2);
        }
        return true;
    }

    void add_line(const Item &of, const QRectF &place, std::uint64_t part) {
        Item line;
        line.id = of.id + part;
        line.background = of.color;
        line.place = QRect(QPoint(qRound(place.x() + corner_.x()), qRound(place.y() + corner_.y())), QSize(qRound(place.width()), 1));
        to_.push_back(line);
    }

    bool add_image(const Run &run, const QPointF &base, double width) {
        const QTextImageFormat format = run.format.toImageFormat();
        const QPointer<const QWidget> guard(paper_.widget);
        const QTextDocument *document = block_.document();
        const int revision = document->revision();
        const QVariant found = document->resource(QTextDocument::ImageResource, QUrl(format.name()));
        if (!guard || block_.document()->revision() != revision) {
            return false;
        }
        QPixmap pixmap = found.value<QPixmap>();
        if (pixmap.isNull() && found.canConvert<QImage>()) {
            pixmap = QPixmap::fromImage(found.value<QImage>());
        }
        const double height = format.height() > 0 ? format.height() : pixmap.width() > 0 ? width * pixmap.height() / pixmap.width() : width;
        Item item;
        item.kind = SR_NODE_IMAGE;
        item.id = node_id(paper_.widget, block_part(), 8 + 4 * static_cast<std::uint64_t>(run.from));
        item.place = QRectF(base.x(), base.y() - height, width, height).translated(corner_).toAlignedRect();
        item.image = paper_.icons.url_of(pixmap);
        to_.push_back(item);
        return true;
    }

    const Paper &paper_;
    const QTextBlock &block_;
    const QPointF corner_;
    std::vector<Item> &to_;
};

} // namespace qt
} // namespace sr

#endif
