// Fields in a scene of Qt Quick: they are found by what they are, and by what takes text.
#ifndef SESSION_REPLAY_QT_QUICK_FIELDS_HPP
#define SESSION_REPLAY_QT_QUICK_FIELDS_HPP

#include "fields.hpp"

#include <QGuiApplication>
#include <QMetaProperty>
#include <QQuickItem>
#include <QStyleHints>
#include <QVariant>

namespace sr {
namespace qt {

/// See the file.
class QuickFields {
public:
    explicit QuickFields(Passwords &passwords) : passwords_(passwords) {}

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
        const Field field = is_effect(item) ? shown_by(item, item, 0) : field_of(item);
        if (field != Field::none) {
            // The bounding rectangle of a text is that of its letters, which may reach beyond it.
            const QRectF own(0, 0, item->width(), item->height());
            const QRectF all = item->clip() ? own : item->boundingRect() | own;
            mask(masks, field, item->mapRectToScene(all).toAlignedRect());
        }
        for (const QQuickItem *child : item->childItems()) {
            add(masks, child, depth + 1);
        }
    }

    static void mask(Masks &masks, Field field, const QRect &place) { field == Field::secret ? masks.add_secret(place) : masks.add_input(place); }

    Field field_of(const QQuickItem *item) {
        if (item->property(mask_property).toBool() || is_engine(item)) {
            return Field::secret;
        }
        const bool is_chosen = item->inherits("QQuickComboBox") || item->inherits("QQuickSpinBox");
        const bool is_text = item->inherits("QQuickTextInput") || item->inherits("QQuickTextEdit") || (item->flags() & QQuickItem::ItemAcceptsInputMethod);
        if (is_text && (passwords_.is_password(item) || has_own_mask_character(item))) {
            return Field::secret;
        }
        const bool is_read_only = item->inherits("QQuickTextEdit") && item->property("readOnly").toBool();
        return is_chosen || (is_text && !is_read_only) ? Field::input : Field::none;
    }

    /// Who chose what stands for each letter means to hide them, now or at another time.
    static bool has_own_mask_character(const QQuickItem *item) {
        const QString character = item->property("passwordCharacter").toString();
        return !character.isEmpty() && character != QString(QGuiApplication::styleHints()->passwordMaskCharacter());
    }

    static bool is_effect(const QQuickItem *item) {
        static const char *const names[] = {"QQuickShaderEffect", "QQuickShaderEffectSource", "QQuickMultiEffect"};
        return inherits_one(item, names);
    }

    /// What fields an effect shows: `shown` has the picture of another item, which may lie elsewhere and need not be visible.
    Field shown_by(const QQuickItem *shown, const QQuickItem *effect, int depth) {
        if (depth > max_nested) {
            return Field::secret;
        }
        Field field = Field::none;
        const QMetaObject *meta = effect->metaObject();
        for (int at = QQuickItem::staticMetaObject.propertyCount(); at < meta->propertyCount() && field != Field::secret; ++at) {
            const auto *source = qobject_cast<const QQuickItem *>(meta->property(at).read(effect).value<QObject *>());
            if (source && (is_effect(source) || !is_in_place(shown, source))) {
                field = qMax(field, in(shown, source, depth + 1));
            }
        }
        return field;
    }

    /// As a layer lies on its item, whose fields are found where they are.
    static bool is_in_place(const QQuickItem *shown, const QQuickItem *source) {
        const auto place = [](const QQuickItem *it) { return it->mapRectToScene(QRectF(0, 0, it->width(), it->height())).toAlignedRect(); };
        return source->isVisible() && place(shown) == place(source);
    }

    Field in(const QQuickItem *shown, const QQuickItem *item, int depth) {
        if (depth > max_nested) {
            return Field::secret;
        }
        Field field = is_effect(item) ? shown_by(shown, item, depth) : field_of(item);
        for (const QQuickItem *child : item->childItems()) {
            field = field == Field::secret ? field : qMax(field, in(shown, child, depth + 1));
        }
        return field;
    }

    /// Items in items, and effects of effects: one may lead back to itself.
    static constexpr int max_nested = 48;

    Passwords &passwords_;
};

} // namespace qt
} // namespace sr

#endif
