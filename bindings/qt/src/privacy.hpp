// What the library masks now: an adapter has to know it for pixels, of which the library knows what it is told.
#ifndef SESSION_REPLAY_QT_PRIVACY_HPP
#define SESSION_REPLAY_QT_PRIVACY_HPP

#include <session_replay.h>

#include <QByteArray>

namespace sr {
namespace qt {

/// See the file.
struct Privacy {
    enum Level { light, medium, conservative };

    bool is_capturing = false;
    Level level = conservative;
    QByteArray config{}; ///< privacyConfig as JSON.

    bool operator==(const Privacy &other) const {
        return is_capturing == other.is_capturing && level == other.level && config == other.config;
    }

    /// Asked again where a picture is handed over later than it was taken.
    static Level level_in_force() {
        const sr_masking_level level = sr_mask_level();
        return level == SR_MASK_LEVEL_LIGHT ? light : level == SR_MASK_LEVEL_MEDIUM ? medium : conservative;
    }

    /// Not for free: some microseconds.
    static Privacy current() {
        Privacy now;
        now.is_capturing = sr_is_capturing();
        if (!now.is_capturing) {
            return now;
        }
        char *config = sr_get_privacy_config();
        now.config = config;
        now.level = level_in_force();
        sr_string_free(config);
        return now;
    }
};

} // namespace qt
} // namespace sr

#endif
