// A scene of Qt Quick, used by a script: in a window of its own, or in one of widgets. At each moment it keeps a picture of the
// screen and where the named items are. It ends with 77 where a module that the scene imports is not installed.
//   quick SERVER SESSION FOLDER PASSWORD window|widget SCENE.qml medium|light
#include <session_replay.hpp>
#include <session_replay_qt.h>
#include <session_replay_qt_quick.h>

#include <QApplication>
#include <QFile>
#include <QGraphicsProxyWidget>
#include <QGraphicsView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QQmlError>
#include <QQuickFramebufferObject>
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
/// Shows another scene of Qt Quick, in one of QGraphicsItems; or there is none.
static const QWidget *nested;

/// The scene, and the window of the system that it is seen in.
struct Scene {
    QQuickItem *root;
    QWindow *window;
    QPoint origin; ///< Of the scene, in the window.

    QRect place(const QString &name) const {
        const auto *item = root->findChild<QQuickItem *>(name);
        return item->mapRectToScene(QRectF(0, 0, item->width(), item->height())).toAlignedRect().translated(origin + window->mapToGlobal(QPoint(0, 0)));
    }

    bool has(const QString &name) const { return root->findChild<QQuickItem *>(name) != nullptr; }

    QJsonObject places() const;

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

QJsonObject Scene::places() const {
    QJsonObject places;
    for (const auto *item : root->findChildren<QQuickItem *>()) {
        if (!item->objectName().isEmpty()) {
            places[item->objectName()] = array(place(item->objectName()));
        }
    }
    return places;
}

/// Stands for an engine of an app's own.
class Engine : public QQuickFramebufferObject {
public:
    explicit Engine(QQuickItem *parent) : QQuickFramebufferObject(parent) { setSize(parent->size()); }

private:
    struct Nothing : Renderer {
        void render() override {}
    };
    Renderer *createRenderer() const override { return new Nothing; }
};

static void moment(const QString &name, const Scene &scene) {
    QTest::qWait(1500);
    sr::record_custom("moment", "\"" + name.toStdString() + "\"");
    qGuiApp->primaryScreen()->grabWindow(0).save(folder + "/" + name + ".png");
    QJsonObject items = scene.places();
    if (nested) {
        items["nested"] = array(QRect(nested->mapToGlobal(QPoint(0, 0)), nested->size()));
    }
    moments[name] = QJsonObject{{"place", array(QRect(scene.window->mapToGlobal(QPoint(0, 0)), scene.window->size()))}, {"items", items}};
}

/// What happens before anything is recorded: a password is typed, and a button shows it.
static void use_early(const Scene &scene) {
    scene.type("early", "swordfish");
    scene.root->setProperty("showsEarly", true);
    new Engine(scene.root->findChild<QQuickItem *>("engine"));
    scene.root->forceActiveFocus();
}

static void use(const Scene &scene, QQuickWindow *rendered, const QString &password) {
    moment("empty", scene);
    if (scene.has("page")) {
        return;
    }
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

/// Shows it, records it, uses it.
static int record(const Scene &scene, QQuickWindow *rendered, char **arguments) {
    (void)QTest::qWaitForWindowActive(scene.window);
    if (scene.has("early")) {
        use_early(scene);
    } else {
        QTest::qWait(4000); // A page is loaded.
    }
    sr::Options options;
    options.device_id = "qt-quick";
    options.session_id = QString::fromLocal8Bit(arguments[2]).toLongLong();
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.storage_dir = (folder + "/storage").toStdString();
    options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    options.privacy_config.default_mask_level = QByteArray(arguments[7]) == "light" ? sr::MaskLevel::light : sr::MaskLevel::medium;
    auto replay = sr::SessionReplay::start("api-key", options);
    if (!replay) {
        std::fprintf(stderr, "not started\n");
        return 1;
    }
    use(scene, rendered, QString::fromLocal8Bit(arguments[4]));
    QFile file(folder + "/moments.json");
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(moments).toJson());
    }
    sr::qt::detach();
    (void)replay->shutdown(std::chrono::seconds(10));
    return 0;
}

template <class View> static bool is_loaded(const View &view) {
    for (const QQmlError &error : view.errors()) {
        std::fprintf(stderr, "%s\n", qPrintable(error.toString()));
    }
    return view.rootObject() != nullptr;
}

int main(int count, char **arguments) {
    if (count != 8) {
        return 2;
    }
    const bool is_widget = QByteArray(arguments[5]) == "widget";
    QGuiApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
    std::unique_ptr<QGuiApplication> application(is_widget ? new QApplication(count, arguments) : new QGuiApplication(count, arguments));
    folder = QString::fromLocal8Bit(arguments[3]);
    if (!sr::qt::attach_quick(application.get())) {
        std::fprintf(stderr, "not attached\n");
        return 1;
    }
    const QUrl file = QUrl::fromLocalFile(QString::fromLocal8Bit(arguments[6]));
    if (is_widget) {
        QWidget window;
        window.setWindowTitle("Widgets");
        auto *column = new QVBoxLayout(&window);
        auto *scene = new QQuickWidget(file);
        if (!is_loaded(*scene)) {
            return 77;
        }
        column->addWidget(new QLabel("Above it"));
        scene->setFixedSize(scene->sizeHint()); // A layout would cut items off.
        column->addWidget(scene);
        QGraphicsScene graphics;
        auto *view = new QGraphicsView(&graphics);
        graphics.addWidget(new QQuickWidget(file));
        view->setFixedHeight(120);
        view->setSceneRect(0, 0, 380, 100);
        view->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        column->addWidget(view);
        nested = view->viewport();
        window.move(80, 90);
        window.show();
        return record(Scene{scene->rootObject(), window.windowHandle(), scene->mapTo(&window, QPoint(0, 0))}, scene->quickWindow(), arguments);
    }
    QQuickView window;
    window.setTitle("Quick");
    window.setSource(file);
    if (!is_loaded(window)) {
        return 77;
    }
    window.setPosition(80, 90);
    window.show();
    return record(Scene{window.rootObject(), &window, QPoint(0, 0)}, &window, arguments);
}
