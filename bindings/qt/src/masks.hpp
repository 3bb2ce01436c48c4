// What is masked in pixels: the places of fields in a window, found on the walk over it.
#ifndef SESSION_REPLAY_QT_MASKS_HPP
#define SESSION_REPLAY_QT_MASKS_HPP

#include <session_replay.h>

#include <QRect>
#include <QSize>

#include <cmath>
#include <vector>

namespace sr {
namespace qt {

/// See the file. What lies on top of a field is masked with it.
class Masks {
public:
    /// What is secret at every level.
    void add_secret(const QRect &place) { secrets_.push_back(place); }
    /// What is masked where inputs are.
    void add_input(const QRect &place) { inputs_.push_back(place); }
    /// Not everything was looked at: no pixel may be kept.
    void give_up() noexcept { is_complete_ = false; }
    bool is_complete() const noexcept { return is_complete_; }

    bool operator==(const Masks &other) const {
        return secrets_ == other.secrets_ && inputs_ == other.inputs_ && is_complete_ == other.is_complete_;
    }

    /// Those that hide something of `part`, in pixels of a picture of it.
    std::vector<sr_mask> in(const QRect &part, double scale, bool with_inputs) const {
        std::vector<sr_mask> masks;
        add(masks, secrets_, part, scale);
        if (with_inputs) {
            add(masks, inputs_, part, scale);
        }
        if (masks.size() > max_masks) {
            masks.assign(1, mask(part, part, scale));
        }
        return masks;
    }

private:
    static constexpr std::size_t max_masks = 1024;

    static void add(std::vector<sr_mask> &masks, const std::vector<QRect> &places, const QRect &part, double scale) {
        for (const QRect &place : places) {
            if (place.intersects(part)) {
                masks.push_back(mask(place, part, scale));
            }
        }
    }

    static sr_mask mask(const QRect &place, const QRect &part, double scale) {
        const QRect at = place.translated(-part.topLeft());
        sr_mask one{};
        one.size = sizeof one;
        one.rect.x = int(std::floor(at.left() * scale)) - 1;
        one.rect.y = int(std::floor(at.top() * scale)) - 1;
        one.rect.width = int(std::ceil((at.right() + 1) * scale)) + 1 - one.rect.x;
        one.rect.height = int(std::ceil((at.bottom() + 1) * scale)) + 1 - one.rect.y;
        return one;
    }

    std::vector<QRect> secrets_, inputs_;
    bool is_complete_ = true;
};

} // namespace qt
} // namespace sr

#endif
