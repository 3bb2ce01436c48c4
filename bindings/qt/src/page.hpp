// The page in a QWebEngineView, recorded by the recorder for web views.
#ifndef SESSION_REPLAY_QT_PAGE_HPP
#define SESSION_REPLAY_QT_PAGE_HPP

#include "content.hpp"
#include "fields.hpp"
#include "page_script.hpp"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QVariant>
#include <QWebEnginePage>
#include <QWebEngineScript>
#include <QWebEngineScriptCollection>
#include <QWebEngineView>

namespace sr {
namespace qt {

/// See the file. The view, its page and the document in it may each be replaced or deleted at any time.
class PageContent : public Content {
public:
    PageContent(QWebEngineView *view, const QString &recorder) : recorder_(recorder), view_(view), alive_(std::make_shared<PageContent *>(this)) {
        since_active_.start();
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { tick(); });
    }

    ~PageContent() override {
        *alive_ = nullptr;
        if (!QCoreApplication::closingDown()) {
            leave_page();
        }
    }

    bool is_page() const override { return true; }

    int look(const Shown &shown) override {
        info_ = *shown.info;
        is_hidden_ = false;
        since_active_.start();
        tick();
        return -1;
    }

    void hide() override { is_hidden_ = true; }

private:
    static constexpr int busy_ms = 250, idle_ms = 1000;
    /// After which a page that does not answer is asked again: a crashed one never will.
    static constexpr int patience_ms = 5000;

    void tick() {
        timer_.start(since_active_.elapsed() < 2000 ? busy_ms : idle_ms);
        if (!view_) {
            timer_.stop();
            return;
        }
        if (page_ != view_->page()) {
            enter_page();
        }
        if (!since_told_.isValid() || since_told_.elapsed() >= idle_ms) {
            tell();
        }
        take();
    }

    void enter_page() {
        leave_page();
        page_ = view_->page();
        if (!page_) {
            return;
        }
        wants_ = Privacy();
        since_told_.invalidate();
        // What a document has to tell is taken before the next one is there.
        connections_.push_back(QObject::connect(page_, &QWebEnginePage::loadStarted, &timer_, [this] { asked_.invalidate(), take(); }));
        connections_.push_back(QObject::connect(page_, &QWebEnginePage::loadFinished, &timer_, [this] { asked_.invalidate(), enter_document(), take(); }));
    }

    void leave_page() {
        for (const QMetaObject::Connection &connection : connections_) {
            QObject::disconnect(connection);
        }
        connections_.clear();
        if (page_) {
            forget_script();
            page_->runJavaScript(QStringLiteral("window.sessionReplayQt && sessionReplayRecorder.pause()"));
        }
        page_ = nullptr;
    }

    bool is_masked() const {
        for (const QWidget *it = view_; it; it = it->parentWidget()) {
            if (it->property(mask_property).toBool()) {
                return true;
            }
        }
        return false;
    }

    /// What is to be recorded, and what masked: told to this document, and to those that follow.
    void tell() {
        since_told_.start();
        Privacy wants = Privacy::current();
        wants.is_capturing = wants.is_capturing && !is_masked();
        // A page that is quiet may be missing in the replay.
        if (wants.is_capturing && wants_.is_capturing && !is_hidden_) {
            heed(sr_view_place(&info_));
        }
        if (wants == wants_ || !page_) {
            return;
        }
        const bool is_resumed = wants.is_capturing && !wants_.is_capturing;
        wants_ = wants;
        forget_script();
        QWebEngineScript script;
        script.setName(QString::fromLatin1(script_name));
        script.setInjectionPoint(QWebEngineScript::DocumentCreation);
        script.setWorldId(QWebEngineScript::MainWorld);
        script.setSourceCode(page_script(recorder_, wants_.config, wants_.is_capturing));
        page_->scripts().insert(script);
        enter_document();
        if (!wants_.is_capturing) {
            page_->runJavaScript(QStringLiteral("window.sessionReplayQt && sessionReplayRecorder.pause()"));
            return;
        }
        page_->runJavaScript(QStringLiteral("window.sessionReplayQt && (sessionReplayRecorder.setPrivacyConfig(") + QString::fromUtf8(wants_.config) +
                             (is_resumed ? QLatin1String("), sessionReplayRecorder.resume())") : QLatin1String("))")));
    }

    /// Into a document that began before the script was there.
    void enter_document() {
        if (page_ && wants_.is_capturing) {
            page_->runJavaScript(page_script(recorder_, wants_.config, true));
        }
    }

    void forget_script() {
        QWebEngineScriptCollection &scripts = page_->scripts();
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
        for (const QWebEngineScript &script : scripts.find(QString::fromLatin1(script_name))) {
            scripts.remove(script);
        }
#else
        for (const QWebEngineScript &script : scripts.findScripts(QString::fromLatin1(script_name))) {
            scripts.remove(script);
        }
#endif
    }

    void take() {
        if (!page_ || !wants_.is_capturing || !sr_is_capturing() || (asked_.isValid() && asked_.elapsed() < patience_ms)) {
            return;
        }
        asked_.start();
        const std::shared_ptr<PageContent *> alive = alive_;
        const QPointer<QWebEnginePage> page = page_;
        page_->runJavaScript(QString::fromLatin1(take_script), [alive, page](const QVariant &taken) {
            PageContent *self = *alive;
            if (self && page && page == self->page_) {
                QT_TRY { self->taken(taken.toString().toUtf8()); }
                QT_CATCH(...) {}
            }
        });
    }

    void taken(const QByteArray &lines) {
        asked_.invalidate();
        if (lines.isEmpty() || !wants_.is_capturing) {
            return;
        }
        since_active_.start();
        timer_.start(busy_ms);
        heed(sr_view_record(info_.view, lines.constData(), std::size_t(lines.size()), nullptr));
    }

    void heed(sr_status status) {
        if (status == SR_NEEDS_FULL_SNAPSHOT && page_) {
            page_->runJavaScript(QStringLiteral("window.sessionReplayQt && sessionReplayRecorder.takeFullSnapshot()"));
        }
    }

    QString recorder_;
    QPointer<QWebEngineView> view_;
    QPointer<QWebEnginePage> page_;
    std::vector<QMetaObject::Connection> connections_;
    std::shared_ptr<PageContent *> alive_; ///< Holds nullptr once this is gone: Qt may answer later.
    sr_view_info info_{};
    Privacy wants_;
    QElapsedTimer since_active_, since_told_, asked_;
    QTimer timer_;
    bool is_hidden_ = true;
};

} // namespace qt
} // namespace sr

#endif
