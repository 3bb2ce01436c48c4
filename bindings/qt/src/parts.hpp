// Parts of windows that are views of their own, at their place in the view of the window.
#ifndef SESSION_REPLAY_QT_PARTS_HPP
#define SESSION_REPLAY_QT_PARTS_HPP

#include "look.hpp"
#include "overlays.hpp"
#include "painted.hpp"

#include <QPointer>

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

/// See the file.
class Parts {
public:
    /// `painted` is called when a part has changed without a paint event: with its widget.
    explicit Parts(std::function<void(QWidget *)> painted) : painted_(std::move(painted)) {}

    /// After a walk over a window: places those that were found, closes or hides those that were not, and looks at them. Returns
    /// in how many milliseconds one wants to be looked at again; -1: none does.
    int update(const QWidget *window, std::uint64_t view, Look &look, const Privacy &privacy) {
        overlays_.update(view, look.nodes);
        std::vector<QPointer<QWidget>> found;
        for (const Drawn &drawn : look.drawn) {
            if (found.size() < max_parts && drawn.widget && place(drawn, view, std::int32_t(found.size()) + (drawn.is_above ? Overlays::z + 1 : 0))) {
                found.push_back(drawn.widget);
            }
        }
        for (std::size_t at = list_.size(); at-- > 0;) {
            Part &part = *list_[at];
            if (part.parent != view || (part.widget && std::find(found.begin(), found.end(), part.widget) != found.end())) {
                continue;
            }
            if (part.widget && part.widget->window() == window && part.content->is_page()) {
                hide(part);
            } else {
                close(at);
            }
        }
        int soon = -1;
        for (const QPointer<QWidget> &widget : found) {
            if (Part *part = find(widget)) {
                const sr_view_info info = info_of(*part);
                const int wait = part->content->look(Shown{part->view, part->seen, look.masks, privacy, look.passwords, &info});
                soon = wait < 0 ? soon : soon < 0 ? wait : qMin(soon, wait);
            }
        }
        return soon;
    }

    struct Part {
        QPointer<QWidget> widget;
        std::uint64_t view = 0, parent = 0;
        QRect place{}; ///< Of its view, in the window.
        QRect seen{};  ///< What of it is seen, in the window.
        std::int32_t z = 0;
        bool is_hidden = false;
        std::unique_ptr<Content> content;
    };

    /// The part of a window at this point of it; nullptr: its nodes.
    const Part *at(std::uint64_t view, const QPoint &point) const noexcept {
        for (auto it = list_.rbegin(); it != list_.rend(); ++it) {
            if ((*it)->parent == view && !(*it)->is_hidden && (*it)->seen.contains(point)) {
                return it->get();
            }
        }
        return nullptr;
    }

    const Overlays &overlays() const noexcept { return overlays_; }

    /// Those of windows that are gone, with their views.
    template <class IsShown> void keep(IsShown is_shown) {
        overlays_.keep(is_shown);
        for (std::size_t at = list_.size(); at-- > 0;) {
            if (!is_shown(list_[at]->parent)) {
                close(at);
            }
        }
    }

    void close_all() noexcept {
        overlays_.close_all();
        while (!list_.empty()) {
            close(list_.size() - 1);
        }
    }

private:
    /// In one window. The library allows 256 views.
    static constexpr std::size_t max_parts = 32;

    Part *find(const QWidget *widget) noexcept {
        for (const auto &part : list_) {
            if (widget && part->widget == widget) {
                return part.get();
            }
        }
        return nullptr;
    }

    /// False when nothing here can tell what is seen in it.
    bool place(const Drawn &drawn, std::uint64_t window, std::int32_t z) {
        Part *part = find(drawn.widget);
        if (part && part->parent != window) {
            close_view(*part); // It has moved to another window: a view stays in its parent.
            part = nullptr;
        }
        if (!part) {
            auto made = std::make_unique<Part>();
            made->widget = drawn.widget;
            made->parent = window;
            made->view = ++views_;
            const QPointer<QWidget> widget(drawn.widget);
            made->content = content_of(drawn.widget, [this, widget] { painted_(widget); });
            if (!made->content && is_composed(drawn.widget)) {
                return false;
            }
            if (!made->content) {
                made->content = std::make_unique<PaintedContent>(drawn.widget);
            }
            list_.push_back(std::move(made));
            part = list_.back().get();
        }
        part->seen = drawn.seen;
        part->place = part->content->is_page() ? drawn.place : drawn.seen;
        part->is_hidden = false;
        part->z = z;
        tell(*part);
        return true;
    }

    /// Whether the graphics card has its picture, and Qt none in memory.
    static bool is_composed(const QWidget *widget) {
        return widget->inherits("QOpenGLWidget") || widget->inherits("QQuickWidget") || widget->inherits("QWebEngineView") ||
               widget->testAttribute(Qt::WA_PaintOnScreen) || widget->inherits("QVideoWidget");
    }

    void hide(Part &part) {
        part.is_hidden = true;
        part.content->hide();
        tell(part);
    }

    static sr_view_info info_of(const Part &part) {
        sr_view_info info = view_info(part.view, part.parent, part.place, part.z);
        info.flags = part.is_hidden ? SR_VIEW_HIDDEN : 0u;
        return info;
    }

    static void tell(const Part &part) {
        const sr_view_info info = info_of(part);
        sr_view_place(&info);
    }

    void close_view(const Part &part) {
        for (std::size_t at = list_.size(); at-- > 0;) {
            if (list_[at].get() == &part) {
                close(at);
            }
        }
    }

    void close(std::size_t at) noexcept {
        const std::unique_ptr<Part> part = std::move(list_[at]);
        list_.erase(list_.begin() + std::ptrdiff_t(at));
        sr_view_close(part->view);
    }

    std::function<void(QWidget *)> painted_;
    Overlays overlays_;
    std::vector<std::unique_ptr<Part>> list_;
    /// Beside those of windows.
    std::uint64_t views_ = std::uint64_t(3) << 47;
};

} // namespace qt
} // namespace sr

#endif
