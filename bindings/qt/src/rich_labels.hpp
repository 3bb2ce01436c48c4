// What rich labels look like, as nodes: a label's text is parsed once, however often its window is looked at.
#ifndef SESSION_REPLAY_QT_RICH_LABELS_HPP
#define SESSION_REPLAY_QT_RICH_LABELS_HPP

#include "node_list.hpp"

#include <QHash>
#include <QLabel>
#include <QPalette>

#include <vector>

namespace sr {
namespace qt {

/// See the file. It holds no pictures but as bytes, and so may outlive the application.
class RichLabels {
public:
    static constexpr std::size_t max_items = 500;

    /// All that the nodes follow from.
    static QByteArray key_of(const QLabel *label) {
        QByteArray key = label->text().toUtf8() + '\n' + label->font().toString().toUtf8();
        const QPalette &palette = label->palette();
        for (const qint64 value : {qint64(label->width()), qint64(label->height()), qint64(label->contentsRect().left()), qint64(label->alignment()), qint64(label->indent()),
                                   qint64(label->margin()), qint64(label->wordWrap()), qint64(label->textFormat()), qint64(label->layoutDirection()),
                                   qint64(palette.cacheKey()), qint64(label->isActiveWindow())}) {
            key += ' ' + QByteArray::number(value);
        }
        return key;
    }

    const std::vector<Item> *find(const QLabel *label, const QByteArray &key) const {
        const auto known = all_.constFind(label);
        return known != all_.constEnd() && known->key == key ? &known->items : nullptr;
    }

    const std::vector<Item> *put(const QLabel *label, const QByteArray &key, std::vector<Item> &&items) {
        if (all_.size() >= max_labels) {
            all_.clear();
        }
        return &all_.insert(label, Known{key, std::move(items)})->items;
    }

private:
    static constexpr int max_labels = 256;

    struct Known {
        QByteArray key;
        std::vector<Item> items;
    };

    QHash<const QLabel *, Known> all_;
};

} // namespace qt
} // namespace sr

#endif
