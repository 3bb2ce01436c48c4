// A program that is used by a script: at each moment it keeps a picture of the screen, and what is seen.
#ifndef MOMENTS_H
#define MOMENTS_H

#include <session_replay.hpp>

#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScreen>
#include <QWidget>
#include <QtTest>

/// See the file.
class Moments {
public:
    explicit Moments(const QString &folder) : folder_(folder) {}

    /// Waits until it is recorded. `more` is what the test needs to know of it.
    void take(const QString &name, const QWidget *window, QJsonObject more = {}) {
        QTest::qWait(800);
        sr::record_custom("moment", "\"" + name.toStdString() + "\"");
        QGuiApplication::primaryScreen()->grabWindow(0).save(folder_ + "/" + name + ".png");
        more["place"] = place_of(window, window->rect());
        all_[name] = more;
    }

    /// A part of a widget on the screen, in its pixels.
    static QJsonArray place_of(const QWidget *widget, const QRect &part) {
        const QPoint corner = widget->mapToGlobal(part.topLeft());
        return QJsonArray{corner.x(), corner.y(), part.width(), part.height()};
    }

    void save() const {
        QFile file(folder_ + "/moments.json");
        if (file.open(QIODevice::WriteOnly)) {
            file.write(QJsonDocument(all_).toJson());
        }
    }

    QJsonObject &all() { return all_; }

private:
    QString folder_;
    QJsonObject all_;
};

#endif
