// Apps that do their worst to an adapter that is attached. What is wrong here, sanitizers say, or a line of expect().
//   hostile SERVER
#include <session_replay.hpp>
#include <session_replay_qt.h>

#include "hostile_parts.h"

#include <QAbstractTableModel>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QTextBrowser>
#include <QTextEdit>
#include <QTimer>
#include <QVBoxLayout>
#include <QtTest>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>

#define expect(condition)                                                          \
    do {                                                                           \
        if (!(condition)) {                                                        \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);   \
            std::exit(1);                                                          \
        }                                                                          \
    } while (false)

/// Says when it asks the model itself.
class Table : public QTableView {
public:
    bool is_painting = false;

protected:
    void paintEvent(QPaintEvent *event) override {
        is_painting = true;
        QTableView::paintEvent(event);
        is_painting = false;
    }
};

/// What a cell says is asked of it: once it is armed, and outside of painting, it does something.
class Model : public QAbstractTableModel {
public:
    explicit Model(std::function<void()> deed) : deed_(std::move(deed)) {}
    int rowCount(const QModelIndex &) const override { return rows_; }
    int columnCount(const QModelIndex &) const override { return 3; }
    QVariant data(const QModelIndex &index, int role) const override {
        if (role == Qt::DisplayRole && view && !view->is_painting && is_armed && index.row() == 2) {
            is_armed = false;
            ++done;
            deed_();
        }
        return role == Qt::DisplayRole ? QVariant(QString::number(index.row())) : QVariant();
    }
    /// Takes all rows away but these.
    void keep(int rows) {
        beginRemoveRows({}, rows, rows_ - 1);
        rows_ = rows;
        endRemoveRows();
    }
    void reset() {
        beginResetModel();
        rows_ = 1;
        endResetModel();
    }
    QPointer<Table> view;
    mutable bool is_armed = false;
    mutable int done = 0;

private:
    std::function<void()> deed_;
    int rows_ = 1000000;
};

static void look() { QTest::qWait(350); }

/// A table whose model does this while the adapter asks it.
static void with_model(const std::function<void(QWidget *window, QTableView *view)> &deed) {
    auto window = std::make_unique<QWidget>();
    auto *layout = new QVBoxLayout(window.get());
    auto *view = new Table;
    QPointer<QWidget> guard(window.get());
    Model model([&] { deed(window.get(), view); });
    layout->addWidget(view);
    layout->addWidget(new QLabel("behind it"));
    view->setModel(&model);
    model.view = view;
    window->show();
    look();
    for (int round = 0; round < 20 && model.done == 0; ++round) {
        model.is_armed = true;
        view->viewport()->update();
        look();
    }
    expect(model.done > 0);
    if (!guard) {
        (void)window.release(); // The deed deleted it.
    }
}

static void widgets_vanish_during_the_walk() {
    with_model([](QWidget *, QTableView *view) { delete view; });
    with_model([](QWidget *window, QTableView *) { delete window; });
    with_model([](QWidget *, QTableView *view) { view->setModel(nullptr); });
    with_model([](QWidget *, QTableView *) { QTest::qWait(600); });
    with_model([](QWidget *, QTableView *view) { static_cast<Model *>(view->model())->keep(2); });
    with_model([](QWidget *, QTableView *view) { static_cast<Model *>(view->model())->reset(); });
    with_model([](QWidget *, QTableView *) { sr::qt::detach(); expect(sr::qt::attach(qApp)); });
    with_model([](QWidget *, QTableView *) { throw std::runtime_error("of the app"); });
}

static void many_windows_come_and_go() {
    std::vector<std::unique_ptr<QWidget>> windows;
    unsigned seed = 7;
    const auto dice = [&seed](unsigned sides) { return (seed = seed * 1103515245u + 12345u) / 65536u % sides; };
    QElapsedTimer time;
    time.start();
    while (time.elapsed() < 6000) {
        if (windows.size() < 12 && dice(2)) {
            const Qt::WindowFlags kinds[] = {Qt::Window, Qt::Dialog, Qt::Popup, Qt::Tool, Qt::ToolTip};
            auto window = std::make_unique<QWidget>(nullptr, kinds[dice(5)]);
            QWidget *inner = window.get();
            for (unsigned depth = 0; depth < 10; ++depth) {
                auto *layout = new QVBoxLayout(inner);
                layout->addWidget(new QPushButton("&Push"));
                auto *next = new QWidget;
                layout->addWidget(next);
                inner = next;
            }
            window->show();
            windows.push_back(std::move(window));
        } else if (!windows.empty()) {
            const std::size_t at = dice(unsigned(windows.size()));
            switch (dice(5)) {
            case 0: windows.erase(windows.begin() + std::ptrdiff_t(at)); break;
            case 1: windows[at]->hide(); break;
            case 2: windows[at]->raise(); break;
            case 3: delete windows[at]->findChild<QPushButton *>(); break;
            default: windows[at]->setVisible(true);
            }
        }
        QTest::qWait(int(dice(12)));
    }
}

static void too_much_to_show() {
    QScrollArea area;
    auto *inside = new QWidget;
    auto *layout = new QVBoxLayout(inside);
    layout->setSpacing(0);
    for (int at = 0; at < 6000; ++at) {
        auto *label = new QLabel(QString::number(at));
        label->setFixedHeight(1);
        layout->addWidget(label);
    }
    area.setWidget(inside);
    QWidget *deep = inside;
    for (int at = 0; at < 300; ++at) {
        deep = new QWidget(deep);
        deep->resize(10, 10);
    }
    area.show();
    QTextEdit text;
    text.setPlainText(QString(50000, QLatin1Char('x')) + QString("\nline").repeated(5000));
    text.show();
    look();
    look();
}

/// Rich texts that are replaced, turned around and deleted between two looks, with an image that is not there.
static void texts_change() {
    auto text = std::make_unique<QTextBrowser>();
    QLabel label;
    const QString rich = "<p>Some <b>words</b> and <img src='none.png'> an image, <i>others</i></p><ul><li>One</li></ul>"
                         "<table border='1'><tr><td>A</td><td><ol><li>B</li></ol></td></tr></table><hr>";
    text->show();
    label.show();
    for (int round = 0; round < 8; ++round) {
        text->setHtml(round % 3 ? rich : QString());
        text->setReadOnly(round % 2);
        label.setText(rich + QString::number(round));
        label.setLayoutDirection(round % 2 ? Qt::RightToLeft : Qt::LeftToRight);
        look();
    }
    text.reset();
    look();
}

/// A session that is opted out of, in the middle, and back: what is seen is told again by itself.
static void opted_out_and_back(sr::SessionReplay &replay) {
    QLabel label("seen again");
    label.show();
    look();
    expect(sr::is_capturing() && sr::qt::view_of(&label) != 0);
    expect(replay.set_opt_out(true));
    expect(!sr::is_capturing());
    label.setText("not seen");
    look();
    expect(replay.set_opt_out(false));
    QTest::qWait(1500);
    expect(sr::is_capturing() && sr::qt::view_of(&label) != 0);
}

/// A dialog's own event loop, and recording that begins and ends anew in it.
static void a_dialog_has_its_own_loop() {
    QDialog dialog;
    QTimer::singleShot(400, &dialog, [&] {
        expect(sr::qt::view_of(&dialog) != 0);
        sr::qt::detach();
        expect(sr::qt::view_of(&dialog) == 0);
        expect(sr::qt::attach(qApp));
    });
    QTimer::singleShot(1200, &dialog, [&] {
        expect(sr::qt::view_of(&dialog) != 0);
        dialog.accept();
    });
    dialog.exec();
}

static void session(const std::string &server) {
    sr::Options options;
    options.device_id = "hostile";
    options.session_id = 1732300000000;
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = server + "/sessions/v2/track";
    auto replay = sr::SessionReplay::start("api-key", options);
    expect(replay.has_value());
    widgets_vanish_during_the_walk();
    many_windows_come_and_go();
    too_much_to_show();
    texts_change();
    opted_out_and_back(*replay);
    a_dialog_has_its_own_loop();
    plots_come_and_go();
    scenes_change();
#ifdef HOSTILE_QUICK
    quick_windows_end();
#endif
#ifdef ORDERS_RECORDER
    web_views_end();
#endif

    // The recorder ends first: its calls fail from then on.
    QLineEdit field;
    field.show();
    look();
    expect(sr::qt::view_of(&field) != 0);
    (void)replay->shutdown(std::chrono::seconds(10));
    QTest::keyClicks(&field, "typed");
    look();
}

int main(int count, char **arguments) {
    expect(count == 2);
    expect(!sr::qt::attach(nullptr));
    {
        QCoreApplication application(count, arguments);
        expect(!sr::qt::attach(&application));
        sr::qt::detach();
    }
    {
        QGuiApplication application(count, arguments);
        expect(!sr::qt::attach(&application));
    }
    sr::qt::mask(nullptr);
    expect(sr::qt::view_of(nullptr) == 0);
    // An application that ends while it is attached, and another one after it.
    for (int round = 0; round < 2; ++round) {
        QApplication application(count, arguments);
        bool from_elsewhere = true;
        std::thread([&] { from_elsewhere = sr::qt::attach(&application); }).join();
        expect(!from_elsewhere);
        expect(sr::qt::attach(&application) && sr::qt::attach(&application));
#ifdef HOSTILE_QUICK
        expect(!sr::qt::attach_quick(nullptr) && sr::qt::attach_quick(&application));
#endif
#ifdef ORDERS_RECORDER
        expect(!sr::qt::attach_web_engine("/nowhere") && sr::qt::attach_web_engine(ORDERS_RECORDER));
#endif
        QLabel label("shown before anything is recorded");
        label.show();
        look();
        if (round == 0) {
            session(arguments[1]);
        }
    }
    expect(sr::qt::view_of(nullptr) == 0);
    sr::qt::detach();
    sr::qt::detach();
    std::puts("done");
    return 0;
}
