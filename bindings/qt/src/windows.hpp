// The windows of the application as views: each at its place, in front of those below it.
#ifndef SESSION_REPLAY_QT_WINDOWS_HPP
#define SESSION_REPLAY_QT_WINDOWS_HPP

#include "look.hpp"

#include <session_replay.h>

#include <QApplication>
#include <QPointer>
#include <QScreen>
#include <QWidget>

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

/// A window that is shown.
struct Window {
    QPointer<QWidget> widget;
    std::uint64_t view = 0;
    std::int32_t z = 0;
    bool is_dirty = true; ///< It was painted since it was looked at.
    QRect place{};        ///< On the desk.
};

/// See the file.
class Windows {
public:
    /// Finds which windows are there, places them, and closes those that are gone.
    void update() {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (is_shown(widget) && !find(widget)) {
                Window window;
                window.widget = widget;
                window.view = ++views_;
                list_.push_back(window);
                raise(widget);
            }
        }
        for (std::size_t at = list_.size(); at-- > 0;) {
            if (!list_[at].widget || !is_shown(list_[at].widget)) {
                sr_view_close(list_[at].view);
                list_.erase(list_.begin() + std::ptrdiff_t(at));
            }
        }
        place_desk();
        for (Window &window : list_) {
            place(window);
        }
    }

    void close_all() noexcept {
        for (const Window &window : list_) {
            sr_view_close(window.view);
        }
        list_.clear();
    }

    std::vector<Window> &list() noexcept { return list_; }

    Window *find(const QWidget *widget) noexcept {
        const auto found = std::find_if(list_.begin(), list_.end(), [widget](const Window &it) { return it.widget == widget; });
        return widget && found != list_.end() ? &*found : nullptr;
    }

    /// The frontmost one at this point of the desk.
    Window *at(const QPoint &point) noexcept {
        Window *found = nullptr;
        for (Window &window : list_) {
            const bool is_there = window.widget && !window.widget->isMinimized() && window.place.contains(point);
            if (is_there && (!found || rank(window) > rank(*found))) {
                found = &window;
            }
        }
        return found;
    }

    /// Lies in front from now on, and in front of it the dialogs that belong to it.
    void raise(QWidget *widget, int depth = 0) {
        Window *raised = find(widget);
        if (!raised || depth > max_depth) {
            return;
        }
        raised->z = ++top_;
        std::vector<std::pair<std::int32_t, QPointer<QWidget>>> above;
        for (const Window &window : list_) {
            if (window.widget && window.widget != widget && window.widget->parentWidget() && window.widget->parentWidget()->window() == widget) {
                above.emplace_back(window.z, window.widget);
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

    static std::int32_t rank(const Window &window) {
        const bool is_above = window.widget && (window.widget->windowType() == Qt::Popup || (window.widget->windowFlags() & Qt::WindowStaysOnTopHint));
        return window.z + (is_above ? on_top : 0);
    }

    void place_desk() const {
        const QScreen *screen = QGuiApplication::primaryScreen();
        if (!screen) {
            return;
        }
        const QRect all = screen->virtualGeometry();
        sr_view_info desk{};
        desk.size = sizeof desk;
        desk.x = all.x();
        desk.y = all.y();
        desk.width = all.width();
        desk.height = all.height();
        sr_view_place(&desk);
    }

    static void place(Window &window) {
        const QWidget *widget = window.widget;
        window.place = QRect(widget->mapToGlobal(QPoint(0, 0)), widget->size());
        const bool has_bar = widget->frameGeometry().top() < widget->geometry().top();
        const QByteArray title = widget->windowTitle().replace(QLatin1String("[*]"), widget->isWindowModified() ? QLatin1String("*") : QLatin1String("")).toUtf8();
        sr_view_info info{};
        info.size = sizeof info;
        info.view = window.view;
        info.x = window.place.x();
        info.y = window.place.y();
        info.width = window.place.width();
        info.height = window.place.height();
        info.z = rank(window);
        info.flags = (widget->isMinimized() ? SR_VIEW_HIDDEN : 0u) | (widget->isActiveWindow() ? SR_VIEW_FOCUSED : 0u);
        info.background = color(widget, widget->backgroundRole());
        info.title = has_bar ? title.constData() : nullptr;
        sr_view_place(&info);
    }

    std::vector<Window> list_;
    std::int32_t top_ = 0;
    /// Views are numbered from here, so that an app may have its own beside them.
    std::uint64_t views_ = std::uint64_t(1) << 48;
};

} // namespace qt
} // namespace sr

#endif
