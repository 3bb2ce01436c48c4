// A form and a picture that Qt Quick draws.
import QtQuick
import QtQuick.Controls.Basic

Rectangle {
    width: 420
    height: 300
    color: "#fdf6e3"

    Text { x: 20; y: 16; text: "Sign in"; font.pixelSize: 22; color: "#073642" }
    TextField { id: user; objectName: "user"; x: 20; y: 60; width: 220; placeholderText: "Name" }
    TextField { objectName: "password"; x: 20; y: 110; width: 220; echoMode: shown.checked ? TextInput.Normal : TextInput.Password }
    CheckBox { id: shown; objectName: "shown"; x: 20; y: 160; text: "Show the password" }
    Text {
        property bool sessionReplayMask: true
        objectName: "token"
        x: 20; y: 220; text: "token 4711-0815-4242"; font.pixelSize: 18; color: "#dc322f"
    }
    Row {
        x: 270; y: 60; spacing: 6
        Repeater {
            model: 6
            Rectangle { width: 16; height: 30 + (index * 37) % 110; color: "#268bd2"; radius: 3 }
        }
    }
}
