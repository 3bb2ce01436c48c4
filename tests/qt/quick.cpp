// A scene of Qt Quick, used by a script: in a window of its own, or in one of widgets. At each moment it keeps a picture of the
// screen and where the fields are.
//   quick SERVER SESSION FOLDER PASSWORD window|widget FORM.qml
#include <session_replay.hpp>
#include <session_replay_qt.h>
#include <session_replay_qt_quick.h>

#include <QApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QQuickItem>
#include <QQuickView>
#include <QQuickWidget>
#include <QScreen>
#include <QVBoxLayout>
#include <QtTest>

#include <atomic>
#include <cstdio>
#include <memory>

static QString folder;
static QJsonObject moments;

/// The scene, and the window of the system that it is seen in.
struct Scene {
    QQuickItem *root;
    QWindow *window;
    QPoint origin; ///< Of the scene, in the window.

    QRect place(const QString &name) const {
        const auto *item = root->findChild<QQuickItem *>(name);
        return item->mapRectToScene(QRectF(0, 0, item->width(), item->height())).toAlignedRect().translated(origin + window->mapToGlobal(QPoint(0, 0)));
    }

    void click(const QString &name) const {
        const QPoint at = place(name).center() - window->mapToGlobal(QPoint(0, 0));
        QTest::mouseMove(window, at);
        QTest::mouseClick(window, Qt::LeftButton, {}, at);
        QTest::qWait(100);
    }

    void type(const QString &name, const QString &text) const {
        click(name);
        for (const QChar letter : text) {
            QTest::keyClick(window, letter.toLatin1());
        }
    }
};

static QJsonArray array(const QRect &it) { return QJsonArray{it.x(), it.y(), it.width(), it.height()}; }

static void moment(const QString &name, const Scene &scene) {
    QTest::qWait(1500);
    sr::record_custom("moment", "\"" + name.toStdString() + "\"");
    qGuiApp->primaryScreen()->grabWindow(0).save(folder + "/" + name + ".png");
    moments[name] = QJsonObject{{"place", array(QRect(scene.window->mapToGlobal(QPoint(0, 0)), scene.window->size()))},
                                {"user", array(scene.place("user"))}, {"password", array(scene.place("password"))}, {"token", array(scene.place("token"))}};
}

static void use(const Scene &scene, QQuickWindow *rendered, const QString &password) {
    moment("empty", scene);
    scene.type("user", "Grace Hopper");
    scene.type("password", password);
    moment("typed", scene);
    scene.click("shown");
    moment("shown", scene);
    // What was looked at is not rendered again and again.
    std::atomic<int> frames{0};
    scene.root->forceActiveFocus(); // No cursor blinks.
    QTest::qWait(1500);
    QObject::connect(rendered, &QQuickWindow::afterRendering, rendered, [&frames] { ++frames; }, Qt::DirectConnection);
    QTest::qWait(3000);
    moments["idle"] = frames.load();
}

int main(int count, char **arguments) {
    if (count != 7) {
        return 2;
    }
    const bool is_widget = QByteArray(arguments[5]) == "widget";
    QGuiApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
    std::unique_ptr<QGuiApplication> application(is_widget ? new QApplication(count, arguments) : new QGuiApplication(count, arguments));
    folder = QString::fromLocal8Bit(arguments[3]);
    sr::Options options;
    options.device_id = "qt-quick";
    options.session_id = QString::fromLocal8Bit(arguments[2]).toLongLong();
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.storage_dir = (folder + "/storage").toStdString();
    options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    auto replay = sr::SessionReplay::start("api-key", options);
    if (!replay || !sr::qt::attach_quick(application.get())) {
        std::fprintf(stderr, "not attached\n");
        return 1;
    }
    const QUrl form = QUrl::fromLocalFile(QString::fromLocal8Bit(arguments[6]));
    const QString password = QString::fromLocal8Bit(arguments[4]);
    if (is_widget) {
        QWidget window;
        window.setWindowTitle("Widgets");
        auto *column = new QVBoxLayout(&window);
        auto *scene = new QQuickWidget(form);
        column->addWidget(new QLabel("Above it"));
        column->addWidget(scene);
        window.move(80, 90);
        window.show();
        (void)QTest::qWaitForWindowActive(&window);
        use(Scene{scene->rootObject(), window.windowHandle(), scene->mapTo(&window, QPoint(0, 0))}, scene->quickWindow(), password);
    } else {
        QQuickView window;
        window.setTitle("Quick");
        window.setSource(form);
        window.setPosition(80, 90);
        window.show();
        (void)QTest::qWaitForWindowActive(&window);
        use(Scene{window.rootObject(), &window, QPoint(0, 0)}, &window, password);
    }
    QFile file(folder + "/moments.json");
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(moments).toJson());
    }
    sr::qt::detach();
    (void)replay->shutdown(std::chrono::seconds(10));
    return 0;
}
