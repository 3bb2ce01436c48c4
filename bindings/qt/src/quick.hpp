// What a scene of Qt Quick shows, as pixels. Its render thread reads them back, where there is one; nobody waits for it.
#ifndef SESSION_REPLAY_QT_QUICK_HPP
#define SESSION_REPLAY_QT_QUICK_HPP

#include "frame.hpp"
#include "quick_fields.hpp"

#include <QPainter>
#include <QQuickItemGrabResult>
#include <QQuickWindow>
#include <QSharedPointer>
#include <QTimer>

namespace sr {
namespace qt {

/// See the file. QQuickWindow::grabWindow() would stop the application's thread until the scene is rendered once more.
class QuickContent : public Content {
public:
    QuickContent(QQuickWindow *window, std::function<void()> painted)
        : window_(window), painted_(std::move(painted)), alive_(std::make_shared<QuickContent *>(this)) {
        // Emitted on the render thread: this is told on the application's.
        QObject::connect(window, &QQuickWindow::afterRendering, &context_, [this] { rendered(); }, Qt::QueuedConnection);
        // Here, on the render thread while the application's waits, or on that: items are where the picture has them.
        QObject::connect(window, &QQuickWindow::beforeSynchronizing, &context_, [this] { synchronizing(); }, Qt::DirectConnection);
    }

    ~QuickContent() override {
        *alive_ = nullptr;
        if (result_ && window_) {
            // The render thread may be at it.
            const QSharedPointer<QQuickItemGrabResult> result = result_;
            QObject::connect(window_, &QObject::destroyed, result.data(), [result] {});
        }
    }

    int look(const Shown &shown) override {
        // That its window was painted says nothing: each picture that is read back has it painted.
        is_changed_ = is_changed_ || !(privacy_ == shown.privacy) || part_ != shown.part || !(around_ == shown.masks);
        shown_ = shown.view;
        privacy_ = shown.privacy;
        passwords_ = &shown.passwords;
        around_ = shown.masks;
        part_ = shown.part;
        if (shown.privacy.level == Privacy::conservative || !shown.masks.is_complete() || !is_changed_ || result_ || !window_) {
            return -1;
        }
        const std::uint32_t wait = sr_view_next_frame_ms(shown.view);
        if (wait > 0) {
            return int(wait);
        }
        grab();
        return -1;
    }

private:
    void grab() {
        is_synchronized_ = false;
        result_ = window_->contentItem()->grabToImage();
        if (!result_) {
            return;
        }
        is_changed_ = false;
        const std::shared_ptr<QuickContent *> alive = alive_;
        QQuickItemGrabResult *result = result_.data();
        QObject::connect(result, &QQuickItemGrabResult::ready, result, [alive, result] {
            if (QuickContent *self = *alive) {
                QT_TRY { self->grabbed(result->image()); }
                QT_CATCH(...) {}
            }
        });
    }

    void synchronizing() {
        if (result_ && !is_synchronized_ && window_ && passwords_) {
            is_synchronized_ = true;
            QT_TRY { masks_ = QuickFields(*passwords_).masks_of(window_->contentItem()); }
            QT_CATCH(...) { masks_.give_up(); }
        }
    }

    /// What was rendered before a picture is ready is in it: that is rendered for the replay, and nothing follows from it.
    void rendered() {
        if (!result_) {
            is_changed_ = true;
            painted_();
        }
    }

    void grabbed(const QImage &image) {
        // Not while it tells of itself.
        QTimer::singleShot(0, [result = result_] { (void)result; });
        result_.reset();
        if (sr_view_next_frame_ms(shown_) > 0) {
            rendered(); // The library would pass it over: another one later.
            return;
        }
        if (!window_ || image.isNull() || !is_synchronized_ || !masks_.is_complete() || !sr_is_capturing()) {
            return;
        }
        const Privacy::Level level = Privacy::level_in_force();
        if (level == Privacy::conservative) {
            return; // It became that since.
        }
        const QSizeF size = window_->contentItem()->size();
        const double scale = size.width() > 0 ? double(image.width()) / size.width() : 1;
        const bool with_inputs = level != Privacy::light;
        const QRect whole(QPoint(0, 0), size.toSize());
        std::vector<sr_mask> masks = masks_.in(whole, scale, with_inputs);
        const std::vector<sr_mask> above = around_.in(part_, scale, with_inputs); // Of widgets that lie on it.
        masks.insert(masks.end(), above.begin(), above.end());
        show_frame(shown_, on_background(image), image.rect(), scale, masks);
    }

    /// The window's color lies below its items.
    QImage on_background(const QImage &image) const {
        if (!image.hasAlphaChannel()) {
            return image;
        }
        QImage whole(image.size(), QImage::Format_RGB32);
        whole.fill(window_->color());
        QPainter(&whole).drawImage(QRect(QPoint(0, 0), image.size()), image);
        return whole;
    }

    QPointer<QQuickWindow> window_;
    std::function<void()> painted_;
    std::shared_ptr<QuickContent *> alive_; ///< Holds nullptr once this is gone: pictures may come later.
    QSharedPointer<QQuickItemGrabResult> result_;
    Passwords *passwords_ = nullptr;
    Masks masks_, around_;
    Privacy privacy_;
    QRect part_;
    std::uint64_t shown_ = 0;
    bool is_synchronized_ = false, is_changed_ = true;
    QObject context_; ///< The last one: nothing is told once the others go.
};

} // namespace qt
} // namespace sr

#endif
