// Which fields hold passwords. One that ever did stays one, also while a button shows what it holds.
#ifndef SESSION_REPLAY_QT_PASSWORDS_HPP
#define SESSION_REPLAY_QT_PASSWORDS_HPP

#include <QLineEdit>
#include <QPointer>
#include <QVariant>

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

/// Fields of widgets, and of Qt Quick, which name their properties alike.
class Passwords {
public:
    /// To be told of each field before what it holds is seen, also while nothing is captured.
    void note(const QObject *field) {
        if (is_hidden(field) && !knows(field)) {
            // Those that are gone are forgotten here: so the list is as long as there are fields.
            fields_.erase(std::remove_if(fields_.begin(), fields_.end(), [](const QPointer<const QObject> &it) { return it.isNull(); }),
                          fields_.end());
            fields_.emplace_back(field);
        }
    }

    bool is_password(const QObject *field) {
        note(field);
        return knows(field);
    }

private:
    static constexpr Qt::InputMethodHints secret = Qt::ImhHiddenText | Qt::ImhSensitiveData;

    static bool is_hidden(const QObject *field) {
        if (const auto *line = qobject_cast<const QLineEdit *>(field)) {
            return line->echoMode() != QLineEdit::Normal || (line->inputMethodHints() & secret);
        }
        // 0 is TextInput.Normal. A TextEdit has none.
        return field->property("echoMode").toInt() != 0 || (field->property("inputMethodHints").toInt() & int(secret));
    }

    bool knows(const QObject *field) const {
        return std::any_of(fields_.begin(), fields_.end(), [field](const QPointer<const QObject> &it) { return it == field; });
    }

    std::vector<QPointer<const QObject>> fields_;
};

} // namespace qt
} // namespace sr

#endif
