// The windows of the application as views: each at its place, in front of those below it.
#ifndef SESSION_REPLAY_QT_WINDOWS_HPP
#define SESSION_REPLAY_QT_WINDOWS_HPP

#include "content.hpp"
#include "containers.hpp"
#include "look.hpp"

#include <session_replay.h>

#include <QApplication>
#include <QPointer>
#include <QScreen>
#include <QWidget>
#include <QWindow>

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

/// A window that is shown: of widgets, or one that a kind of content knows.
struct Window {
    QPointer<QWidget> widget;
    QPointer<QWindow> other;
    std::unique_ptr<Content> content; ///< Of the other.
    std::uint64_t view = 0;
    std::int32_t z = 0;
    bool is_dirty = true; ///< It was painted since it was looked at.
    QRect place{};        ///< On the desk.

    const QObject *object() const { return widget ? static_cast<const QObject *>(widget) : other; }
    bool is_minimized() const { return widget ? widget->isMinimized() : other && (other->windowStates() & Qt::WindowMinimized); }
    Qt::WindowFlags flags() const { return widget ? widget->windowFlags() : other ? other->flags() : Qt::WindowFlags(); }

    const QObject *owner() const {
        if (widget) {
            return widget->parentWidget() ? widget->parentWidget()->window() : nullptr;
        }
        return other ? other->transientParent() : nullptr;
    }
};

/// See the file.
class Windows {
public:
    /// `painted` is called when a window has changed without a paint event.
    explicit Windows(std::function<void(const QObject *)> painted) : painted_(std::move(painted)) {}

    /// Finds which windows are there, places them, and closes those that are gone.
    void update() {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (is_shown(widget) && !find(widget)) {
                Window window;
                window.widget = widget;
                add(std::move(window));
            }
        }
        for (QWindow *other : QGuiApplication::topLevelWindows()) {
            if (is_shown(other) && !find(other)) {
                const QPointer<QWindow> guard(other);
                Window window;
                window.other = other;
                window.content = content_of(other, [this, guard] { painted_(guard); });
                if (window.content) {
                    add(std::move(window));
                }
            }
        }
        for (std::size_t at = list_.size(); at-- > 0;) {
            const Window &window = list_[at];
            if (window.widget ? !is_shown(window.widget) : !window.other || !is_shown(window.other)) {
                close(at);
            }
        }
        place_desk();
        for (Window &window : list_) {
            place(window);
        }
    }

    void close_all() noexcept {
        while (!list_.empty()) {
            close(list_.size() - 1);
        }
    }

    std::vector<Window> &list() noexcept { return list_; }

    Window *find(const QObject *object) noexcept {
        const auto found = std::find_if(list_.begin(), list_.end(), [object](const Window &it) { return it.object() == object; });
        return object && found != list_.end() ? &*found : nullptr;
    }

    bool has(std::uint64_t view) const noexcept {
        return std::any_of(list_.begin(), list_.end(), [view](const Window &it) { return it.view == view; });
    }

    /// The frontmost one at this point of the desk.
    Window *at(const QPoint &point) noexcept {
        Window *found = nullptr;
        for (Window &window : list_) {
            const bool is_there = window.object() && !window.is_minimized() && window.place.contains(point);
            if (is_there && (!found || rank(window) > rank(*found))) {
                found = &window;
            }
        }
        return found;
    }

    /// Lies in front from now on, and in front of it the dialogs that belong to it.
    void raise(const QObject *object, int depth = 0) {
        Window *raised = find(object);
        if (!raised || depth > max_depth) {
            return;
        }
        raised->z = ++top_;
        std::vector<std::pair<std::int32_t, const QObject *>> above;
        for (const Window &window : list_) {
            if (window.object() && window.object() != object && window.owner() == object) {
                above.emplace_back(window.z, window.object());
            }
        }
        std::sort(above.begin(), above.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
        for (const auto &window : above) {
            raise(window.second, depth + 1);
        }
    }

    void all_are_dirty() noexcept {
        for (Window &window : list_) {
            window.is_dirty = true;
        }
    }

private:
    static constexpr int max_depth = 16;
    static constexpr std::int32_t on_top = 1000000;

    static bool is_shown(const QWidget *widget) {
        const Qt::WindowType type = widget->windowType();
        const bool is_one = type != Qt::ToolTip && type != Qt::Desktop && !widget->testAttribute(Qt::WA_DontShowOnScreen);
        return is_one && widget->isWindow() && widget->isVisible() && widget->windowHandle();
    }

    /// Windows of widgets have been found already; those inside of others are no windows of the desk.
    static bool is_shown(const QWindow *other) {
        return other->isVisible() && other->handle() && !other->parent() && !other->inherits("QWidgetWindow") && other->type() != Qt::ToolTip;
    }

    void add(Window &&window) {
        const QObject *object = window.object();
        window.view = ++views_;
        list_.push_back(std::move(window));
        raise(object);
    }

    void close(std::size_t at) noexcept {
        const Window window = std::move(list_[at]);
        list_.erase(list_.begin() + std::ptrdiff_t(at));
        sr_view_close(window.view);
    }

    static std::int32_t rank(const Window &window) {
        const Qt::WindowFlags flags = window.flags();
        const bool is_above = (flags & Qt::WindowType_Mask) == Qt::Popup || (flags & Qt::WindowStaysOnTopHint);
        return window.z + (is_above ? on_top : 0);
    }

    void place_desk() const {
        const QScreen *screen = QGuiApplication::primaryScreen();
        if (!screen) {
            return;
        }
        const QRect all = screen->virtualGeometry();
        sr_view_info desk = view_info(0, 0, all, 0);
        desk.background = 0;
        sr_view_place(&desk);
    }

    static void place(Window &window) {
        const QWidget *widget = window.widget;
        const QWindow *other = window.other;
        const QPoint corner = widget ? widget->mapToGlobal(QPoint(0, 0)) : other->mapToGlobal(QPoint(0, 0));
        window.place = QRect(corner, widget ? widget->size() : other->size());
        const bool has_bar = widget ? widget->frameGeometry().top() < widget->geometry().top() : other->frameGeometry().top() < other->geometry().top();
        const bool is_active = widget ? widget->isActiveWindow() : other->isActive();
        const QByteArray title = title_of(widget ? shown_title(widget) : other->title()).toUtf8();
        sr_view_info info = view_info(window.view, 0, window.place, rank(window));
        info.flags = (window.is_minimized() ? SR_VIEW_HIDDEN : 0u) | (is_active ? SR_VIEW_FOCUSED : 0u);
        info.background = widget ? color(widget, widget->backgroundRole()) : 0u;
        info.title = has_bar ? title.constData() : nullptr;
        sr_view_place(&info);
    }

    /// What has no title is called as the application is.
    static QString title_of(const QString &own) { return own.isEmpty() ? QGuiApplication::applicationDisplayName() : own; }

    std::function<void(const QObject *)> painted_;
    std::vector<Window> list_;
    std::int32_t top_ = 0;
    /// Views are numbered from here, so that an app may have its own beside them.
    std::uint64_t views_ = std::uint64_t(1) << 48;
};

} // namespace qt
} // namespace sr

#endif
