//! The id of a flush: its recorder, and what has to be drained. Nothing is kept of it.

/// The lower bits: what has to be drained. No process lives long enough for more.
const REST_BITS: u32 = 40;
/// Of them the highest: a frame, not a position.
const IS_FRAME: i64 = 1 << (REST_BITS - 1);

/// What has to be drained for a flush to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The queue up to this position.
    Position(i64),
    /// What was recorded up to this frame.
    Frame(u64),
}

/// The last frame that an id can name: all that are taken.
pub(super) const LAST_FRAME: u64 = IS_FRAME as u64 - 1;

impl Until {
    /// As an id of the recorder with this number, from 1 on.
    pub fn to_id(self, recorder: i64) -> i64 {
        let rest = match self {
            Self::Position(position) => position,
            Self::Frame(frame) => IS_FRAME | frame.min(LAST_FRAME) as i64,
        };
        (recorder << REST_BITS) | rest
    }

    /// `None`: it is no id of this recorder.
    pub fn from_id(id: i64, recorder: i64) -> Option<Self> {
        if id >> REST_BITS != recorder {
            return None;
        }
        let number = id & (IS_FRAME - 1);
        Some(if id & IS_FRAME == 0 { Self::Position(number) } else { Self::Frame(number as u64) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Until::{Frame, Position};

    #[test]
    fn an_id_tells_its_recorder_and_what_has_to_be_drained() {
        for until in [Position(0), Position(7), Position(IS_FRAME - 1), Frame(1), Frame(7), Frame(LAST_FRAME)]
        {
            for recorder in [1, 2, 1_000_000] {
                let id = until.to_id(recorder);
                assert!(id > 0, "{until:?}");
                assert_eq!(Until::from_id(id, recorder), Some(until));
                assert_eq!(Until::from_id(id, recorder + 1), None);
            }
        }
        assert_eq!(Until::from_id(Frame(u64::MAX).to_id(1), 1), Some(Frame(LAST_FRAME)));
        for none in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!(Until::from_id(none, 1), None, "{none}");
        }
    }
}
