// The pointer and the keys, where they happened. What is typed is never told.
#ifndef SESSION_REPLAY_QT_INPUT_HPP
#define SESSION_REPLAY_QT_INPUT_HPP

#include "parts.hpp"
#include "windows.hpp"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QTouchEvent>

namespace sr {
namespace qt {

/// Told of each event that reaches a window of the system: there each comes once, before widgets pass it on.
class Input {
public:
    Input(Windows &windows, const Parts &parts) : windows_(windows), parts_(parts) {}

    void mouse(const QMouseEvent *event) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
        const QPoint place = event->globalPosition().toPoint();
#else
        const QPoint place = event->globalPos();
#endif
        // Of a touch that no widget took Qt makes a mouse: the touch was told already.
        const bool is_touch = event->source() != Qt::MouseEventNotSynthesized;
        switch (event->type()) {
        case QEvent::MouseMove:
            tell_unless(is_touch, place, SR_POINTER_MOVE);
            break;
        case QEvent::MouseButtonPress:
            pressed_ = place;
            tell_unless(is_touch, place, SR_POINTER_DOWN);
            break;
        case QEvent::MouseButtonRelease:
            tell_unless(is_touch, place, SR_POINTER_UP);
            if ((place - pressed_).manhattanLength() < 10) {
                tell(place, event->button() == Qt::RightButton ? SR_POINTER_CONTEXT_MENU : SR_POINTER_CLICK);
            }
            break;
        case QEvent::MouseButtonDblClick:
            tell(place, SR_POINTER_DOUBLE_CLICK);
            break;
        default:
            break;
        }
    }

    void touch(const QTouchEvent *event) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
        if (event->points().isEmpty()) {
            return;
        }
        const QPoint place = event->points().constFirst().globalPosition().toPoint();
#else
        if (event->touchPoints().isEmpty()) {
            return;
        }
        const QPoint place = event->touchPoints().constFirst().screenPos().toPoint();
#endif
        const QEvent::Type type = event->type();
        tell(place, type == QEvent::TouchBegin ? SR_POINTER_TOUCH_START : type == QEvent::TouchUpdate ? SR_POINTER_TOUCH_MOVE : SR_POINTER_TOUCH_END);
    }

    void key(const QKeyEvent *event) {
        const QByteArray name = event->isAutoRepeat() ? QByteArray() : name_of(event);
        const QWidget *widget = QApplication::activePopupWidget() ? QApplication::activePopupWidget() : QApplication::activeWindow();
        const Window *window = windows_.find(widget ? static_cast<const QObject *>(widget) : QGuiApplication::focusWindow());
        if (!name.isEmpty() && window) {
            sr_view_key(window->view, name.constData(), 0);
        }
    }

private:
    void tell_unless(bool is_told, const QPoint &place, sr_pointer kind) {
        if (!is_told) {
            tell(place, kind);
        }
    }

    void tell(const QPoint &place, sr_pointer kind) {
        const Window *window = windows_.at(place);
        if (!window) {
            return;
        }
        const QPoint point = place - window->place.topLeft();
        if (const Overlays::Overlay *overlay = parts_.overlays().at(window->view, point)) {
            const QPoint at = point - overlay->place.topLeft();
            sr_view_pointer(overlay->view, static_cast<std::uint32_t>(kind), at.x(), at.y(), 0);
            return;
        }
        // In a part that is a view of its own it is told of that: so its next look comes soon. A page tells it itself.
        const Parts::Part *part = parts_.at(window->view, point);
        if (!part || !part->content->is_page()) {
            const QPoint corner = window->place.topLeft() + (part ? part->place.topLeft() : QPoint());
            sr_view_pointer(part ? part->view : window->view, static_cast<std::uint32_t>(kind), place.x() - corner.x(), place.y() - corner.y(), 0);
        }
    }

    /// Its name; empty for what may be text, which the library refuses, too.
    static QByteArray name_of(const QKeyEvent *event) {
        const int key = event->key();
        Qt::KeyboardModifiers modifiers = event->modifiers();
#ifdef Q_OS_MACOS
        const Qt::KeyboardModifier control = Qt::MetaModifier, meta = Qt::ControlModifier;
#else
        const Qt::KeyboardModifier control = Qt::ControlModifier, meta = Qt::MetaModifier;
#endif
        QByteArray name;
        bool is_modifier = false;
        if (key >= Qt::Key_F1 && key <= Qt::Key_F24) {
            name = "F" + QByteArray::number(key - Qt::Key_F1 + 1);
        } else if ((key >= Qt::Key_A && key <= Qt::Key_Z) || (key >= Qt::Key_0 && key <= Qt::Key_9)) {
            const bool is_command = (modifiers & (control | meta)) && !(modifiers & (Qt::AltModifier | Qt::GroupSwitchModifier));
            name = is_command ? QByteArray(1, char(key)) : QByteArray();
            name = modifiers & Qt::ShiftModifier ? name : name.toLower();
        } else {
            name = named(key, is_modifier);
        }
        if (name.isEmpty() || is_modifier) {
            return name;
        }
        QByteArray prefix;
        prefix += modifiers & control ? "Ctrl+" : "";
        prefix += modifiers & Qt::AltModifier ? "Alt+" : "";
        prefix += modifiers & Qt::ShiftModifier ? "Shift+" : "";
        prefix += modifiers & meta ? "Meta+" : "";
        return prefix + name;
    }

    static QByteArray named(int key, bool &is_modifier) {
        static const struct {
            int key;
            const char *name;
            bool is_modifier;
        } keys[] = {
            {Qt::Key_Return, "Enter", false},      {Qt::Key_Enter, "Enter", false},       {Qt::Key_Tab, "Tab", false},
            {Qt::Key_Backtab, "Tab", false},       {Qt::Key_Escape, "Escape", false},     {Qt::Key_Backspace, "Backspace", false},
            {Qt::Key_Delete, "Delete", false},     {Qt::Key_Insert, "Insert", false},     {Qt::Key_Home, "Home", false},
            {Qt::Key_End, "End", false},           {Qt::Key_PageUp, "PageUp", false},     {Qt::Key_PageDown, "PageDown", false},
            {Qt::Key_Up, "ArrowUp", false},        {Qt::Key_Down, "ArrowDown", false},    {Qt::Key_Left, "ArrowLeft", false},
            {Qt::Key_Right, "ArrowRight", false},  {Qt::Key_Menu, "ContextMenu", false},  {Qt::Key_Print, "PrintScreen", false},
            {Qt::Key_Pause, "Pause", false},       {Qt::Key_CapsLock, "CapsLock", false}, {Qt::Key_NumLock, "NumLock", false},
            {Qt::Key_ScrollLock, "ScrollLock", false},
        };
        for (const auto &known : keys) {
            if (known.key == key) {
                is_modifier = known.is_modifier;
                return known.name;
            }
        }
        return {};
    }

    Windows &windows_;
    const Parts &parts_;
    QPoint pressed_;
};

} // namespace qt
} // namespace sr

#endif
