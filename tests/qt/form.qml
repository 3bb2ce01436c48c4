// A form and a picture that Qt Quick draws, with all that is secret in it.
import QtQuick
import QtQuick.Controls.Basic

Rectangle {
    property bool showsEarly: false
    width: 420
    height: 420
    color: "#fdf6e3"

    Text { x: 20; y: 16; text: "Sign in"; font.pixelSize: 22; color: "#073642" }
    TextField { objectName: "user"; x: 20; y: 60; width: 220; placeholderText: "Name" }
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

    // Fields that are shown before anything is recorded: one was typed into while it hid, one will hide with another character.
    TextField { objectName: "early"; x: 20; y: 260; width: 180; echoMode: showsEarly ? TextInput.Normal : TextInput.Password }
    TextField { objectName: "character"; x: 220; y: 260; width: 180; text: "swordfish too"; passwordCharacter: "#" }

    // The picture of a field that is not seen itself.
    Item {
        id: hidden
        visible: false
        width: 180; height: 40
        TextField { width: 180; text: "shown by an effect"; inputMethodHints: Qt.ImhSensitiveData }
    }
    ShaderEffectSource { objectName: "copy"; x: 20; y: 310; width: 180; height: 40; sourceItem: hidden }

    // The program puts an engine of its own over it.
    Item {
        objectName: "engine"
        x: 220; y: 310; width: 180; height: 40
        Text { anchors.fill: parent; text: "drawn by an engine"; font.pixelSize: 20; color: "#000000" }
    }
    Text { x: 20; y: 370; text: "What is no secret"; objectName: "plain"; font.pixelSize: 20; color: "#000000" }
}
