// Fields in a scene of Qt Quick: they are found by what they are, and by what takes text.
#ifndef SESSION_REPLAY_QT_QUICK_FIELDS_HPP
#define SESSION_REPLAY_QT_QUICK_FIELDS_HPP

#include "fields.hpp"

#include <QPointer>
#include <QQuickItem>
#include <QVariant>

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

/// See the file. A field that ever held a password stays one, also while a button shows what it holds.
class QuickFields {
public:
    /// Their places in the window. Where the items don't move meanwhile: on the application's thread, or while it waits for the
    /// scene to be taken over.
    Masks masks_of(const QQuickItem *root) {
        Masks masks;
        add(masks, root, 0);
        return masks;
    }

private:
    static constexpr int max_depth = 256;

    void add(Masks &masks, const QQuickItem *item, int depth) {
        if (depth > max_depth) {
            masks.give_up();
            return;
        }
        if (!item->isVisible()) {
            return;
        }
        const Field field = field_of(item);
        if (field != Field::none) {
            // The bounding rectangle of a text is that of its letters, which may reach beyond it.
            const QRectF own(0, 0, item->width(), item->height());
            const QRectF all = item->clip() ? own : item->boundingRect() | own;
            const QRect place = item->mapRectToScene(all).toAlignedRect();
            field == Field::secret ? masks.add_secret(place) : masks.add_input(place);
        }
        for (const QQuickItem *child : item->childItems()) {
            add(masks, child, depth + 1);
        }
    }

    Field field_of(const QQuickItem *item) {
        if (item->property(mask_property).toBool()) {
            return Field::secret;
        }
        const bool is_chosen = item->inherits("QQuickComboBox") || item->inherits("QQuickSpinBox");
        const bool is_text = item->inherits("QQuickTextInput") || item->inherits("QQuickTextEdit") || (item->flags() & QQuickItem::ItemAcceptsInputMethod);
        if (is_text && is_password(item)) {
            return Field::secret;
        }
        const bool is_read_only = item->inherits("QQuickTextEdit") && item->property("readOnly").toBool();
        return is_chosen || (is_text && !is_read_only) ? Field::input : Field::none;
    }

    bool is_password(const QQuickItem *item) {
        if (std::any_of(passwords_.begin(), passwords_.end(), [item](const QPointer<const QQuickItem> &it) { return it == item; })) {
            return true;
        }
        const QVariant hints = item->property("inputMethodHints");
        const bool is_secret = hints.toInt() & int(Qt::ImhHiddenText | Qt::ImhSensitiveData);
        // 0 is TextInput.Normal. A TextEdit has none.
        if (!is_secret && item->property("echoMode").toInt() == 0) {
            return false;
        }
        passwords_.erase(std::remove_if(passwords_.begin(), passwords_.end(), [](const QPointer<const QQuickItem> &it) { return it.isNull(); }), passwords_.end());
        passwords_.emplace_back(item);
        return true;
    }

    std::vector<QPointer<const QQuickItem>> passwords_;
};

} // namespace qt
} // namespace sr

#endif
