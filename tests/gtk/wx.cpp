// A wxWidgets program, whose controls are GTK 3's: what it paints itself is shown as pixels.
//   wx SERVER SESSION
#include <wx/wx.h>

#include <session_replay.h>
#include <session_replay_gtk.h>

#include <string>

namespace {

class Plot : public wxPanel {
public:
    explicit Plot(wxWindow *parent) : wxPanel(parent, wxID_ANY, wxDefaultPosition, wxSize(300, 120)) {
        Bind(wxEVT_PAINT, &Plot::paint, this);
    }

private:
    void paint(wxPaintEvent &) {
        wxPaintDC canvas(this);
        canvas.SetBrush(*wxWHITE_BRUSH);
        canvas.DrawRectangle(GetClientSize());
        canvas.SetBrush(wxBrush(wxColour(200, 60, 20)));
        for (int bar = 0; bar < 10; ++bar) {
            canvas.DrawRectangle(10 + bar * 28, 110 - bar * 9, 18, bar * 9 + 5);
        }
    }
};

class Window : public wxFrame {
public:
    Window() : wxFrame(nullptr, wxID_ANY, "Orders of wx", wxPoint(60, 70), wxSize(420, 380)) {
        auto *panel = new wxPanel(this);
        auto *column = new wxBoxSizer(wxVERTICAL);
        auto *choice = new wxChoice(panel, wxID_ANY);
        choice->Append("Germany");
        choice->SetSelection(0);
        column->Add(new wxStaticText(panel, wxID_ANY, "A text of wx"), 0, wxALL, 6);
        column->Add(new wxTextCtrl(panel, wxID_ANY, "Grace Hopper"), 0, wxALL | wxEXPAND, 6);
        column->Add(new wxTextCtrl(panel, wxID_ANY, "correct-horse", wxDefaultPosition, wxDefaultSize, wxTE_PASSWORD), 0, wxALL | wxEXPAND, 6);
        column->Add(new wxCheckBox(panel, wxID_ANY, "A check"), 0, wxALL, 6);
        column->Add(choice, 0, wxALL, 6);
        column->Add(new wxButton(panel, wxID_ANY, "A button"), 0, wxALL, 6);
        column->Add(new Plot(panel), 0, wxALL, 6);
        panel->SetSizer(column);
        Show();
    }
};

class App : public wxApp {
public:
    bool OnInit() override {
        const std::string server = argv[1].ToStdString(), session = argv[2].ToStdString();
        const std::string options = R"({"deviceId":"wx-app","sampleRate":1,"enableRemoteConfig":false,"sessionId":)" + session +
                                    R"(,"privacyConfig":{"defaultMaskLevel":"light"},"trackServerUrl":")" + server + R"(/sessions/v2/track"})";
        if (sr_init("api-key", options.c_str()) != SR_OK || !sr_gtk_attach()) {
            return false;
        }
        window_ = new Window;
        end_.Bind(wxEVT_TIMER, [this](wxTimerEvent &) {
            sr_record_custom("moment", "\"wx\"");
            const wxRect place = window_->GetClientRect();
            const wxPoint at = window_->ClientToScreen(wxPoint(0, 0));
            wxPrintf("moment %d %d %d %d\n", at.x, at.y, place.width, place.height);
            fflush(stdout);
            getchar(); // Until a picture has been taken.
            window_->Close();
        });
        end_.StartOnce(3000);
        return true;
    }

    int OnExit() override {
        sr_gtk_detach();
        return sr_shutdown(10000) == SR_OK ? 0 : 1;
    }

private:
    Window *window_ = nullptr;
    wxTimer end_;
};

} // namespace

wxIMPLEMENT_APP(App);
