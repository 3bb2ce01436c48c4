// What the library masks now: an adapter has to know it for pixels, of which the library knows what it is told.
#ifndef SESSION_REPLAY_QT_PRIVACY_HPP
#define SESSION_REPLAY_QT_PRIVACY_HPP

#include <session_replay.h>

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstring>

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

    /// Not for free: some microseconds.
    static Privacy current() {
        Privacy now;
        now.is_capturing = sr_is_capturing();
        if (!now.is_capturing) {
            return now;
        }
        char *config = sr_get_privacy_config();
        char *stats = sr_stats();
        now.config = config;
        const QString name = QJsonDocument::fromJson(now.config).object().value(QLatin1String("defaultMaskLevel")).toString(QStringLiteral("medium"));
        now.level = name == QLatin1String("light") ? light : name == QLatin1String("medium") ? medium : conservative;
        // The server may ask for "conservative".
        if (!stats || std::strstr(stats, "waiting-for-remote-config")) {
            now.level = conservative;
        }
        sr_string_free(config);
        sr_string_free(stats);
        return now;
    }
};

} // namespace qt
} // namespace sr

#endif
