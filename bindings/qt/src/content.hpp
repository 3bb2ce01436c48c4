// What fills a view that lists no nodes: pixels, or a page. Each kind is a source of its own, which a program may leave out.
#ifndef SESSION_REPLAY_QT_CONTENT_HPP
#define SESSION_REPLAY_QT_CONTENT_HPP

#include "masks.hpp"
#include "passwords.hpp"
#include "privacy.hpp"

#include <QObject>
#include <QRect>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sr {
namespace qt {

/// A look at it.
struct Shown {
    std::uint64_t view;
    QRect part;         ///< What of it is seen, in the window.
    const Masks &masks; ///< Of the window.
    const Privacy &privacy;
    Passwords &passwords;     ///< Outlives the content.
    const sr_view_info *info; ///< How it was placed; nullptr: it is the window.
};

/// See the file. All on the application's thread.
class Content {
public:
    Content() = default;
    Content(const Content &) = delete;
    Content &operator=(const Content &) = delete;
    virtual ~Content() = default;

    /// Its view is there, and the window was painted. Returns in how many milliseconds it wants to be asked again; -1: once the
    /// window is painted again.
    virtual int look(const Shown &shown) = 0;
    /// Its view is hidden until the next look.
    virtual void hide() {}
    /// Whether it is a page: that tells of the pointer itself, and is hidden, not closed, while it is not seen.
    virtual bool is_page() const { return false; }
};

/// Makes the content of a widget or a window; nullptr: it is another kind. `painted` is to be called when it has changed without
/// a paint event.
using Kind = std::unique_ptr<Content> (*)(QObject *shown, const std::function<void()> &painted);

/// Those that are linked and attached.
inline std::vector<Kind> &kinds() {
    static std::vector<Kind> all;
    return all;
}

inline std::unique_ptr<Content> content_of(QObject *shown, const std::function<void()> &painted) {
    for (const Kind kind : kinds()) {
        if (auto content = kind(shown, painted)) {
            return content;
        }
    }
    return nullptr;
}

} // namespace qt
} // namespace sr

#endif
