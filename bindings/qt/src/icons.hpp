// Icons as `data:` URLs. Each is made once.
#ifndef SESSION_REPLAY_QT_ICONS_HPP
#define SESSION_REPLAY_QT_ICONS_HPP

#include "png.hpp"

#include <QByteArray>
#include <QHash>
#include <QIcon>
#include <QPixmap>

namespace sr {
namespace qt {

/// See the file. It holds bytes only, and so may outlive the application.
class Icons {
public:
    /// Empty where there is none, or it is too large to be kept.
    QByteArray url_of(const QIcon &icon, const QSize &size) {
        if (icon.isNull() || size.isEmpty()) {
            return {};
        }
        const QByteArray key = QByteArray::number(icon.cacheKey()) + '/' + QByteArray::number(size.width());
        return cached(key, [&] { return icon.pixmap(size); });
    }

    /// Whether it is kept.
    static bool is_small(const QPixmap &pixmap) { return pixmap.width() <= max_side && pixmap.height() <= max_side; }

    QByteArray url_of(const QPixmap &pixmap) {
        return !pixmap.isNull() && is_small(pixmap) ? cached(QByteArray::number(pixmap.cacheKey()), [&] { return pixmap; }) : QByteArray();
    }

    /// A picture that is drawn once for this key.
    template <class Make> QByteArray drawn(const QByteArray &key, Make make) { return cached("drawn/" + key, make); }

private:
    static constexpr int max_side = 256;
    static constexpr int max_url = 65536;
    static constexpr int max_kept = 512;

    template <class Make> QByteArray cached(const QByteArray &key, Make make) {
        const auto known = urls_.constFind(key);
        if (known != urls_.constEnd()) {
            return *known;
        }
        const QByteArray png = png_of(make().toImage());
        QByteArray url = png.isEmpty() ? QByteArray() : "data:image/png;base64," + png.toBase64();
        if (url.size() > max_url) {
            url.clear();
        }
        if (urls_.size() >= max_kept) {
            urls_.clear();
        }
        urls_.insert(key, url);
        return url;
    }

    QHash<QByteArray, QByteArray> urls_;
};

} // namespace qt
} // namespace sr

#endif
