// Which fields hold passwords. One that ever did stays one, also while a button shows what it holds.
#ifndef SESSION_REPLAY_QT_PASSWORDS_HPP
#define SESSION_REPLAY_QT_PASSWORDS_HPP

#include <QLineEdit>
#include <QPointer>

#include <algorithm>
#include <vector>

namespace sr {
namespace qt {

class Passwords {
public:
    /// To be told of each field before it is painted, also while nothing is captured.
    void note(QLineEdit *field) {
        if (is_hidden(field) && !knows(field)) {
            // Those that are gone are forgotten here: so the list is as long as there are fields.
            fields_.erase(std::remove_if(fields_.begin(), fields_.end(), [](const QPointer<QLineEdit> &it) { return it.isNull(); }),
                          fields_.end());
            fields_.emplace_back(field);
        }
    }

    bool is_password(QLineEdit *field) {
        note(field);
        return knows(field);
    }

private:
    static bool is_hidden(const QLineEdit *field) {
        const Qt::InputMethodHints secret = Qt::ImhHiddenText | Qt::ImhSensitiveData;
        return field->echoMode() != QLineEdit::Normal || (field->inputMethodHints() & secret);
    }

    bool knows(const QLineEdit *field) const {
        return std::any_of(fields_.begin(), fields_.end(), [field](const QPointer<QLineEdit> &it) { return it == field; });
    }

    std::vector<QPointer<QLineEdit>> fields_;
};

} // namespace qt
} // namespace sr

#endif
