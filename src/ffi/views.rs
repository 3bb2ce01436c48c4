//! The whole app in one replay: windows, what is in them, and pages.

use std::ffi::c_char;

use super::arguments::{self, Growing};
use super::boundary::guard;
use super::instance;
use super::status::sr_status;
use crate::error::Error;
use crate::recorder::Lines;
use crate::views::{NodeInfo, PointerKind, ViewInfo};

/// How a view is shown: bits of sr_view_info.flags.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_view_flag {
    /// It is not seen now: minimized, or behind another tab.
    SR_VIEW_HIDDEN = 1,
    /// Its window has the keyboard.
    SR_VIEW_FOCUSED = 2,
}

/// A view: a rectangle of the app with content of one kind, a window or a part of one. Set size, zero the rest (in C: = {0}),
/// then set what you need. Later versions may add members at the end.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sr_view_info {
    /// sizeof(sr_view_info).
    pub size: u32,
    /// sr_view_flag: any of them, or 0.
    pub flags: u32,
    /// Your own number for the view, not 0: a window's id, a pointer. 0: the desk, on which the windows lie; of that only x,
    /// y, width, height and background count. Without one the desk is as large as the windows need.
    pub view: u64,
    /// The view that it lies in; 0: the desk. It stays the same as long as the view is there.
    pub parent: u64,
    /// The left edge, in pixels of the replay, from that of the parent. -100000 to 100000, as the three below.
    pub x: f64,
    /// The upper edge, from that of the parent.
    pub y: f64,
    /// Not negative.
    pub width: f64,
    /// Not negative.
    pub height: f64,
    /// It lies above its siblings with a lower one; among equals, above those that were there before.
    pub z: i32,
    /// Color as 0xAARRGGBB; 0: as usual.
    pub background: u32,
    /// What its title bar says, in UTF-8, which lies above the rectangle; NULL: it has no title bar. Masked in the level
    /// "conservative". Cut after 1024 bytes.
    pub title: *const c_char,
}

// SAFETY: numbers and a pointer.
unsafe impl Growing for sr_view_info {
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// What a node is.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_node_kind {
    /// Text alone.
    SR_NODE_TEXT = 1,
    /// An image: see sr_node.image.
    SR_NODE_IMAGE = 2,
    /// A button.
    SR_NODE_BUTTON = 3,
    /// A field that text is typed into. What it holds is masked, but in the level "light".
    SR_NODE_INPUT = 4,
    /// A field for a password. What it holds is never kept, and neither is how long it is.
    SR_NODE_PASSWORD = 5,
    /// A box with a check: SR_NODE_FLAG_CHECKED, SR_NODE_FLAG_PARTIAL. With SR_NODE_FLAG_RIGHT its box is at the right.
    SR_NODE_CHECKBOX = 6,
    /// One of several choices: SR_NODE_FLAG_CHECKED. With SR_NODE_FLAG_RIGHT its mark is at the right.
    SR_NODE_RADIO = 7,
    /// A list, a table or a tree. What is in it are nodes of their own.
    SR_NODE_LIST = 8,
    /// A menu or a menu bar. What is in it are nodes of their own.
    SR_NODE_MENU = 9,
    /// What is in a list or a menu; a tab.
    SR_NODE_ITEM = 10,
    /// An area that scrolls. What is in it are nodes of their own, with its place as their clip.
    SR_NODE_SCROLL_AREA = 11,
    /// Anything else: a rectangle, maybe with text.
    SR_NODE_CUSTOM = 12,
}

/// The state of a node, and how its text is set: bits of sr_node.flags.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_node_flag {
    /// It can't be used now.
    SR_NODE_FLAG_DISABLED = 1,
    /// It has the keyboard.
    SR_NODE_FLAG_FOCUSED = 2,
    /// It is chosen, or pressed.
    SR_NODE_FLAG_SELECTED = 4,
    /// Its check is set.
    SR_NODE_FLAG_CHECKED = 8,
    /// Bold text.
    SR_NODE_FLAG_BOLD = 16,
    /// Slanted text.
    SR_NODE_FLAG_ITALIC = 32,
    /// Text whose letters are all as wide.
    SR_NODE_FLAG_MONOSPACE = 64,
    /// Text in the middle.
    SR_NODE_FLAG_CENTER = 128,
    /// Text at the right.
    SR_NODE_FLAG_RIGHT = 256,
    /// Text of several lines, from the top.
    SR_NODE_FLAG_MULTILINE = 512,
    /// Its text and image are not kept, whatever the level.
    SR_NODE_FLAG_MASKED = 1024,
    /// The check of a box is neither set nor not, as where some of a group are chosen. It goes before SR_NODE_FLAG_CHECKED.
    SR_NODE_FLAG_PARTIAL = 2048,
}

/// A node of a view: one thing that is seen in it. Set size, zero the rest (in C: = {0}), then set what you need. Later
/// versions may add members at the end.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sr_node {
    /// sizeof(sr_node), the same in all nodes of a list.
    pub size: u32,
    /// An sr_node_kind.
    pub kind: u32,
    /// Names the node from one list to the next: any number that is its own in the list, like a pointer to the widget. 0: the
    /// n-th node of its kind without one is the n-th of the list before.
    pub id: u64,
    /// sr_node_flag: any of them, or 0.
    pub flags: u32,
    /// 1 + the place in the list of an earlier node, at whose edges this one is cut off, like a scroll area's; 0: at the view's.
    pub clip: u32,
    /// The left edge, in pixels from that of the view. -100000 to 100000, as the three below.
    pub x: f32,
    /// The upper edge, in pixels from that of the view.
    pub y: f32,
    /// Not negative.
    pub width: f32,
    /// Not negative.
    pub height: f32,
    /// Color of the text as 0xAARRGGBB; 0: as usual for its kind.
    pub color: u32,
    /// Color behind it; 0: as usual.
    pub background: u32,
    /// Color of its border; 0: as usual.
    pub border: u32,
    /// Size of the text in pixels, up to 1000; 0: as usual.
    pub font_size: f32,
    /// What it says or holds, in UTF-8; NULL: nothing. Cut after 4096 bytes.
    pub text: *const c_char,
    /// What an image shows: a URL that begins with "data:image/", at most 65536 bytes; NULL: a plain area with its text. Not
    /// kept in the level "conservative".
    pub image: *const c_char,
}

// SAFETY: numbers and pointers.
unsafe impl Growing for sr_node {
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// What the pointer does.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "it names numbers for the header")]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_pointer {
    /// It moves. Not each move is kept: 20 a second.
    SR_POINTER_MOVE = 1,
    /// A button goes down.
    SR_POINTER_DOWN = 2,
    /// A button goes up.
    SR_POINTER_UP = 3,
    /// A click, behind its SR_POINTER_UP.
    SR_POINTER_CLICK = 4,
    /// A double click.
    SR_POINTER_DOUBLE_CLICK = 5,
    /// A context menu is asked for.
    SR_POINTER_CONTEXT_MENU = 6,
    /// A finger touches.
    SR_POINTER_TOUCH_START = 7,
    /// A finger moves.
    SR_POINTER_TOUCH_MOVE = 8,
    /// A finger is lifted.
    SR_POINTER_TOUCH_END = 9,
}

/// Whether what is recorded now would be captured: ask before work that is only for the replay, like walking over widgets.
///
/// Returns true when it would; false when not, and before sr_init and after sr_shutdown.
/// True as well while the user is idle (option idleTimeoutMs), since an action would be recorded: go on telling of them.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_is_capturing() -> bool {
    guard(|| instance::with(|replay| Ok(replay.is_capturing())))
}

/// Shows a view, and tells whenever it moves, resizes, is raised, hidden or shown again. docs/guide/views.md has examples.
///
/// A program either shows views, or is one page and calls sr_record: the library makes the document and the full snapshots
/// of a replay with views. What is captured of a session that begins later includes the views that are there then.
/// Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT (the page in this view has none: take one of that page);
/// SR_NOT_STORED; SR_NOT_CAPTURED (it is placed, and shows once something is captured); the errors of sr_record.
/// SR_ERROR_INVALID_ARGUMENT also when 256 views are there already, the parent is not, or views lie more than 8 deep.
/// Threads: any; the calls of one thread keep their order. Blocks: as sr_record.
///
/// view is copied; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_view_place(view: *const sr_view_info) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let (view, title) = unsafe {
                let view = arguments::sized("view", view)?;
                (view, arguments::optional_text("view.title", view.title)?)
            };
            let info = ViewInfo {
                view: view.view,
                parent: view.parent,
                rectangle: [view.x, view.y, view.width, view.height],
                z: view.z,
                flags: view.flags,
                background: view.background,
                title,
            };
            replay.place_view(&info).map(sr_status::from)
        })
    })
}

/// Takes a view away, with those that lie in it.
///
/// Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT when it is not there.
/// Threads: any. Blocks: as sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_view_close(view: u64) -> sr_status {
    guard(|| instance::with(|replay| replay.close_view(view).map(sr_status::from)))
}

/// Says what is seen in a view: all its nodes in paint order, so that what lies on top comes last. The library finds out what changed; a
/// list that did not change is not recorded. A view that was never placed is as large as its nodes.
///
/// Call it after the toolkit has painted, at most some times a second, with what is seen; and again when sr_is_capturing()
/// turns true: nothing is kept while nothing is captured.
/// What is masked, privacyConfig says ("defaultMaskLevel", docs/guide/views.md): passwords always; in "medium", the default,
/// what inputs hold; in "conservative", and while the remote configuration is awaited, all text and images; and what has
/// SR_NODE_FLAG_MASKED.
/// Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT when a node is
/// malformed, or all views together would have more than 10000 nodes or 2000000 bytes of texts and images: then the list
/// before stays.
/// Threads: any; the calls of one thread keep their order. Blocks: as sr_record.
///
/// nodes points to count nodes; NULL with a count of 0 only. They and their texts are copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_view_nodes(view: u64, nodes: *const sr_node, count: usize) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let nodes = unsafe { arguments::sized_list("nodes", nodes, count)? };
            let infos = nodes.iter().enumerate().map(|(at, node)| node_info(at, node));
            let infos = infos.collect::<Result<Vec<_>, Error>>()?;
            replay.show_nodes(view, &infos).map(sr_status::from)
        })
    })
}

fn node_info(at: usize, node: &sr_node) -> Result<NodeInfo<'_>, Error> {
    // SAFETY: the caller of `sr_view_nodes` promises that the texts end in NUL and do not change during the call.
    let text = |name: &str, text| unsafe {
        arguments::optional_text(name, text).map_err(|error| match error {
            Error::InvalidArgument(problem) => Error::InvalidArgument(format!("nodes[{at}].{problem}")),
            other => other,
        })
    };
    Ok(NodeInfo {
        id: node.id,
        kind: node.kind,
        flags: node.flags,
        rectangle: [node.x, node.y, node.width, node.height],
        clip: node.clip,
        colours: [node.color, node.background, node.border],
        font_size: node.font_size,
        text: text("text", node.text)?.unwrap_or_default(),
        image: text("image", node.image)?.unwrap_or_default(),
    })
}

/// Records events of the page in a view (of a web view), one per line, each as sr_record does: they are kept as safely. The
/// view has been placed; from now on the page is its content. Each full snapshot begins a document with node ids of its own, as a page does
/// that navigates or reloads; what is recorded after it is of that document. Node ids may be those of another view's page.
///
/// accepted (may be NULL) receives the number of events that were recorded. Stops at the first event that is refused. rrweb's
/// events Load and DomContentLoaded have no meaning in a view: they are accepted and not kept.
/// Returns SR_OK and the others as sr_record_lines does; SR_NEEDS_FULL_SNAPSHOT means the page of this view: after its first events, where
/// its full snapshot was refused, and whenever the replay goes on somewhere else, in another session or behind a gap. SR_ERROR_INVALID_ARGUMENT when the view is not there.
/// Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
///
/// json_lines points to length bytes, NULL is refused; accepted points to a size_t or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_view_record(
    view: u64,
    json_lines: *const c_char,
    length: usize,
    accepted: *mut usize,
) -> sr_status {
    let mut done = Lines::default();
    let status = guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let lines = unsafe { arguments::bytes("json_lines", json_lines, length)? };
            replay.record_view_lines(view, lines, &mut done).map(sr_status::from)
        })
    });
    if !accepted.is_null() {
        // SAFETY: not NULL, so it points to a size_t: the caller's promise.
        unsafe { accepted.write(done.kept) };
    }
    status
}

/// Tells what the pointer does in a view: x and y are pixels from the view's upper left corner. kind is an sr_pointer. Not for
/// a view with a page, whose events tell it themselves.
///
/// timestamp_ms: when, in milliseconds since 1970; 0: now. A time in the future counts as now.
/// Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT for another kind, when x or
/// y is not finite, and when the view is not there.
/// Threads: any. Blocks: as sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_view_pointer(view: u64, kind: u32, x: f64, y: f64, timestamp_ms: i64) -> sr_status {
    guard(|| {
        let kind = PointerKind::from_number(kind)
            .ok_or_else(|| Error::InvalidArgument(format!("kind ({kind}) is none of sr_pointer")))?;
        instance::with(|replay| replay.point(view, kind, [x, y], told(timestamp_ms)).map(sr_status::from))
    })
}

/// Tells that a key was pressed in a view: "Enter", "Tab", "Escape", "ArrowUp", "F1", "Ctrl+S"; never what is typed: a name
/// that may be text is refused. Modifiers are Ctrl, Alt, Shift and Meta; a single character needs Ctrl or Meta, and no Alt.
///
/// timestamp_ms: as in sr_view_pointer.
/// Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT for another name, and when
/// the view is not there.
/// Threads: any. Blocks: as sr_record.
///
/// name points to text that ends in NUL; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_view_key(view: u64, name: *const c_char, timestamp_ms: i64) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let name = unsafe { arguments::text("name", name)? };
            replay.press_key(view, name, told(timestamp_ms)).map(sr_status::from)
        })
    })
}

/// Records an event of your own, as rrweb's record.addCustomEvent() does: a breadcrumb, the name of a screen.
///
/// tag: its name, 1 to 256 bytes. payload_json: any JSON; NULL: null. Both in UTF-8, end in NUL and are copied.
/// Returns SR_OK and the others as sr_record does; in a program with views never SR_NEEDS_FULL_SNAPSHOT.
/// SR_ERROR_INVALID_JSON when the payload is not JSON.
/// Threads: any. Blocks: as sr_record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record_custom(tag: *const c_char, payload_json: *const c_char) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let (tag, payload) = unsafe {
                (arguments::text("tag", tag)?, arguments::optional_text("payload_json", payload_json)?)
            };
            replay.record_custom(tag, payload.unwrap_or("null")).map(sr_status::from)
        })
    })
}

/// The time that a host tells, if it tells one.
fn told(timestamp_ms: i64) -> Option<i64> {
    (timestamp_ms > 0).then_some(timestamp_ms)
}

#[cfg(test)]
mod tests {
    use super::{sr_node_flag as flag, sr_node_kind as kind, sr_pointer as pointer, sr_view_flag as view};
    use crate::views::{NodeFlag, NodeKind, PointerKind, ViewFlag};

    #[test]
    fn the_numbers_of_the_header_are_those_of_the_room() {
        let pairs = [
            (kind::SR_NODE_TEXT as u32, NodeKind::Text as u32),
            (kind::SR_NODE_IMAGE as u32, NodeKind::Image as u32),
            (kind::SR_NODE_BUTTON as u32, NodeKind::Button as u32),
            (kind::SR_NODE_INPUT as u32, NodeKind::Input as u32),
            (kind::SR_NODE_PASSWORD as u32, NodeKind::Password as u32),
            (kind::SR_NODE_CHECKBOX as u32, NodeKind::Checkbox as u32),
            (kind::SR_NODE_RADIO as u32, NodeKind::Radio as u32),
            (kind::SR_NODE_LIST as u32, NodeKind::List as u32),
            (kind::SR_NODE_MENU as u32, NodeKind::Menu as u32),
            (kind::SR_NODE_ITEM as u32, NodeKind::Item as u32),
            (kind::SR_NODE_SCROLL_AREA as u32, NodeKind::ScrollArea as u32),
            (kind::SR_NODE_CUSTOM as u32, NodeKind::Custom as u32),
            (flag::SR_NODE_FLAG_DISABLED as u32, NodeFlag::Disabled as u32),
            (flag::SR_NODE_FLAG_FOCUSED as u32, NodeFlag::Focused as u32),
            (flag::SR_NODE_FLAG_SELECTED as u32, NodeFlag::Selected as u32),
            (flag::SR_NODE_FLAG_CHECKED as u32, NodeFlag::Checked as u32),
            (flag::SR_NODE_FLAG_BOLD as u32, NodeFlag::Bold as u32),
            (flag::SR_NODE_FLAG_ITALIC as u32, NodeFlag::Italic as u32),
            (flag::SR_NODE_FLAG_MONOSPACE as u32, NodeFlag::Monospace as u32),
            (flag::SR_NODE_FLAG_CENTER as u32, NodeFlag::Center as u32),
            (flag::SR_NODE_FLAG_RIGHT as u32, NodeFlag::Right as u32),
            (flag::SR_NODE_FLAG_MULTILINE as u32, NodeFlag::Multiline as u32),
            (flag::SR_NODE_FLAG_MASKED as u32, NodeFlag::Masked as u32),
            (flag::SR_NODE_FLAG_PARTIAL as u32, NodeFlag::Partial as u32),
            (view::SR_VIEW_HIDDEN as u32, ViewFlag::Hidden as u32),
            (view::SR_VIEW_FOCUSED as u32, ViewFlag::Focused as u32),
            (pointer::SR_POINTER_MOVE as u32, PointerKind::Move as u32),
            (pointer::SR_POINTER_DOWN as u32, PointerKind::Down as u32),
            (pointer::SR_POINTER_UP as u32, PointerKind::Up as u32),
            (pointer::SR_POINTER_CLICK as u32, PointerKind::Click as u32),
            (pointer::SR_POINTER_DOUBLE_CLICK as u32, PointerKind::DoubleClick as u32),
            (pointer::SR_POINTER_CONTEXT_MENU as u32, PointerKind::ContextMenu as u32),
            (pointer::SR_POINTER_TOUCH_START as u32, PointerKind::TouchStart as u32),
            (pointer::SR_POINTER_TOUCH_MOVE as u32, PointerKind::TouchMove as u32),
            (pointer::SR_POINTER_TOUCH_END as u32, PointerKind::TouchEnd as u32),
        ];
        for (header, room) in pairs {
            assert_eq!(header, room);
        }
    }
}
