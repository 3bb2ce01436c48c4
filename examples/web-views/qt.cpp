// Qt WebEngine: the page reaches an object of the program through a QWebChannel.
#include <session_replay.hpp>

#include <QApplication>
#include <QFile>
#include <QWebChannel>
#include <QWebEnginePage>
#include <QWebEngineScript>
#include <QWebEngineScriptCollection>
#include <QWebEngineView>

#include <cstdio>

/// What the page sees under the name sessionReplay.
class Recorded : public QObject {
    Q_OBJECT

public:
    Recorded(sr::SessionReplay &replay, QWebEnginePage *page) : replay_(replay), page_(page) {}

public slots:
    void postMessage(const QString &lines) {
        if (replay_.record_lines(lines.toStdString()).status == sr::StatusCode::needs_full_snapshot) {
            page_->runJavaScript("sessionReplayRecorder.takeFullSnapshot()");
        }
    }

private:
    sr::SessionReplay &replay_;
    QWebEnginePage *page_;
};

static QString text_of(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

int main(int count, char **arguments) {
    QApplication application(count, arguments);
    if (count < 3) {
        std::fprintf(stderr, "usage: %s PAGE RECORDER\n", arguments[0]);
        return 2;
    }
    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1700000000000; // the analytics session
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = "http://127.0.0.1:8787/sessions/v2/track";
    auto replay = sr::SessionReplay::start("my-api-key", options);
    if (!replay) {
        std::fprintf(stderr, "%s\n", replay.error().message.c_str());
        return 1;
    }

    QWebEngineView view;
    Recorded recorded(*replay, view.page());
    QWebChannel channel;
    channel.registerObject("sessionReplay", &recorded);
    view.page()->setWebChannel(&channel);

    // Qt's own script, the options and the recorder, in this order and as one: each needs what stands before it.
    QWebEngineScript script;
    script.setSourceCode(text_of(":/qtwebchannel/qwebchannel.js") +
                         "\n;window.sessionReplayRecorderOptions = { privacyConfig: " +
                         QString::fromStdString(*replay->privacy_config()) + " };\n" +
                         text_of(arguments[2])); // bindings/web/dist/session-replay-recorder.js
    script.setInjectionPoint(QWebEngineScript::DocumentCreation);
    script.setWorldId(QWebEngineScript::MainWorld);
    view.page()->scripts().insert(script);

    view.load(QUrl::fromUserInput(arguments[1]));
    view.show();
    application.exec();
    return replay->shutdown(std::chrono::seconds(5)) ? 0 : 1;
}

#include "qt.moc"
