// What lies on top of a page, or of a scene, in its window: a search bar, say. It is a view of nodes above that of the page.
#ifndef SESSION_REPLAY_QT_OVERLAYS_HPP
#define SESSION_REPLAY_QT_OVERLAYS_HPP

#include "node_list.hpp"

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

/// See the file. A window has one at most.
class Overlays {
public:
    /// Above the parts that were found below it, below those that were found in it.
    static constexpr std::int32_t z = 64;

    struct Overlay {
        std::uint64_t view = 0, parent = 0;
        QRect place{};              ///< In the window.
        std::vector<QRect> areas{}; ///< What of it is seen, in the window.
    };

    /// After a walk over a window.
    void update(std::uint64_t window, NodeList &nodes) {
        const auto known = std::find_if(list_.begin(), list_.end(), [window](const Overlay &it) { return it.parent == window; });
        if (nodes.areas_above().empty()) {
            if (known != list_.end()) {
                close(std::size_t(known - list_.begin()));
            }
            return;
        }
        Overlay overlay;
        overlay.view = known == list_.end() ? ++views_ : known->view;
        overlay.parent = window;
        overlay.areas = nodes.areas_above();
        for (const QRect &area : overlay.areas) {
            overlay.place |= area;
        }
        if (known == list_.end()) {
            list_.push_back(overlay);
        } else {
            *known = overlay;
        }
        tell(overlay);
        const std::vector<sr_node> above = nodes.above(overlay.place.topLeft());
        sr_view_nodes(overlay.view, above.data(), above.size());
    }

    /// The one at this point of the window; nullptr: none.
    const Overlay *at(std::uint64_t window, const QPoint &point) const noexcept {
        for (const Overlay &it : list_) {
            const bool is_there = std::any_of(it.areas.begin(), it.areas.end(), [&point](const QRect &area) { return area.contains(point); });
            if (it.parent == window && is_there) {
                return &it;
            }
        }
        return nullptr;
    }

    template <class IsShown> void keep(IsShown is_shown) {
        for (std::size_t at = list_.size(); at-- > 0;) {
            if (!is_shown(list_[at].parent)) {
                close(at);
            }
        }
    }

    void close_all() noexcept {
        while (!list_.empty()) {
            close(list_.size() - 1);
        }
    }

private:
    static void tell(const Overlay &overlay) {
        const sr_view_info info = view_info(overlay.view, overlay.parent, overlay.place, z);
        sr_view_place(&info);
    }

    void close(std::size_t at) noexcept {
        const std::uint64_t view = list_[at].view;
        list_.erase(list_.begin() + std::ptrdiff_t(at));
        sr_view_close(view);
    }

    std::vector<Overlay> list_;
    /// Beside those of windows and of parts.
    std::uint64_t views_ = std::uint64_t(7) << 46;
};

} // namespace qt
} // namespace sr

#endif
