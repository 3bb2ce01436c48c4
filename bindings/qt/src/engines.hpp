// Widgets and items that show what another engine draws: a page, a native control, a scene of their own. Fields in it can't be
// found from here, so the whole of it counts as secret in pixels, at every level.
#ifndef SESSION_REPLAY_QT_ENGINES_HPP
#define SESSION_REPLAY_QT_ENGINES_HPP

#include <QObject>
#include <QVariant>

namespace sr {
namespace qt {

constexpr char mask_property[] = "sessionReplayMask";

template <std::size_t N> bool inherits_one(const QObject *it, const char *const (&names)[N]) {
    for (const char *name : names) {
        if (it->inherits(name)) {
            return true;
        }
    }
    return false;
}

/// Whether it shows what has fields of its own, which nothing here can see. By name: none of these has to be linked.
inline bool is_engine(const QObject *it) {
    static const char *const always[] = {
        "QWebView", "QGraphicsWebView", "QAxWidget", "QWindowContainer",                              // Widgets, in the picture of their window.
        "QQuickWebEngineView", "QQuickWebView", "QQuickViewController", "QQuickWindowContainer",      // Items of Qt Quick.
        "QtWebEngineCore::RenderWidgetHostViewQtDelegateItem", "QtWebEngineCore::RenderWidgetHostViewQtDelegateQuick", // What a page opens, like a list.
    };
    static const char *const by_default[] = {"QQuickFramebufferObject", "QQuickRhiItem"};
    if (inherits_one(it, always)) {
        return true;
    }
    if (!inherits_one(it, by_default)) {
        return false;
    }
    const QVariant is_masked = it->property(mask_property); // `false` says that nothing in it is secret.
    return !is_masked.isValid() || is_masked.toBool();
}

/// Whether it has a picture of its own, which Qt puts into that of the window only in a QGraphicsScene.
inline bool is_composed_engine(const QObject *it) {
    static const char *const names[] = {"QWebEngineView", "QQuickWidget", "QOpenGLWidget"};
    return inherits_one(it, names);
}

} // namespace qt
} // namespace sr

#endif
