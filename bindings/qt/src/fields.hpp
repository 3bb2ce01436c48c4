// Which widgets are fields, whose places are masked in pixels: those of Qt, and what of the app's own takes text.
#ifndef SESSION_REPLAY_QT_FIELDS_HPP
#define SESSION_REPLAY_QT_FIELDS_HPP

#include "engines.hpp"
#include "look.hpp"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QGraphicsProxyWidget>
#include <QGraphicsTextItem>
#include <QGraphicsView>
#include <QPlainTextEdit>
#include <QTextEdit>

namespace sr {
namespace qt {

enum class Field { none, input, secret };

inline Field field_of(QWidget *it, Passwords &passwords) {
    const bool is_secret = it->inputMethodHints() & (Qt::ImhHiddenText | Qt::ImhSensitiveData);
    if (it->property(mask_property).toBool() || is_engine(it)) {
        return Field::secret;
    }
    if (auto *line = qobject_cast<QLineEdit *>(it)) {
        return passwords.is_password(line) ? Field::secret : Field::input;
    }
    const auto *text = qobject_cast<QTextEdit *>(it);
    const auto *plain = qobject_cast<QPlainTextEdit *>(it);
    if (text || plain) {
        const bool is_read_only = text ? text->isReadOnly() : plain->isReadOnly();
        return is_read_only ? Field::none : is_secret ? Field::secret : Field::input;
    }
    if (qobject_cast<QComboBox *>(it) || qobject_cast<QAbstractSpinBox *>(it)) {
        return Field::input;
    }
    // Anything else that takes text, like an editor that paints itself. Of a QGraphicsView that is one of its items.
    const bool takes_text = it->testAttribute(Qt::WA_InputMethodEnabled) && !qobject_cast<QGraphicsView *>(it) &&
                            !qobject_cast<QGraphicsView *>(it->parentWidget()) && !it->inherits("QAbstractItemView") && !it->inherits("QWebEngineView") && !it->inherits("QQuickWidget");
    return !takes_text ? Field::none : is_secret ? Field::secret : Field::input;
}

inline void mask_field(Look &look, Field field, const QRect &place) {
    if (field == Field::secret) {
        look.masks.add_secret(place);
    } else if (field == Field::input) {
        look.masks.add_input(place);
    }
}

/// Widgets and editable texts in a scene. `origin` is where the view's viewport lies in the window.
inline void mask_scene(Look &look, const QGraphicsView *view, const QPoint &origin) {
    const auto place = [&](const QGraphicsItem *item, const QRectF &rect) {
        return view->mapFromScene(item->mapToScene(rect)).boundingRect().adjusted(-1, -1, 1, 1).translated(origin);
    };
    for (QGraphicsItem *item : view->items(view->viewport()->rect())) {
        const auto *text = qgraphicsitem_cast<QGraphicsTextItem *>(item);
        const auto *proxy = qgraphicsitem_cast<QGraphicsProxyWidget *>(item);
        QWidget *root = proxy ? proxy->widget() : nullptr;
        if (const QGraphicsObject *object = item->toGraphicsObject(); object && (is_engine(object) || object->property(mask_property).toBool())) {
            mask_field(look, Field::secret, place(item, item->boundingRect() | item->childrenBoundingRect()));
        } else if (root) {
            QList<QWidget *> all = root->findChildren<QWidget *>();
            all.append(root);
            for (QWidget *widget : all) {
                // What is composed elsewhere is painted here, and fields of a scene in a scene are not looked for.
                const bool is_unknown = is_composed_engine(widget) || qobject_cast<QGraphicsView *>(widget);
                mask_field(look, is_unknown ? Field::secret : field_of(widget, look.passwords), place(item, proxy->subWidgetRect(widget)));
            }
        } else if ((text && (text->textInteractionFlags() & Qt::TextEditable)) || (!proxy && (item->flags() & QGraphicsItem::ItemAcceptsInputMethod))) {
            const bool is_secret = item->inputMethodHints() & (Qt::ImhHiddenText | Qt::ImhSensitiveData);
            mask_field(look, is_secret ? Field::secret : Field::input, place(item, item->boundingRect()));
        }
    }
}

} // namespace qt
} // namespace sr

#endif
