//! Why an evaluation ends early, and how much work it may be.

/// An evaluation ends without a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// JavaScript would throw here.
    Threw,
    /// It would take longer than a host's thread should have to wait.
    TooCostly,
}

/// What may still be done in one evaluation. A step is a few nanoseconds: one state of a regular expression, or
/// [`BYTES_A_STEP`] of a text.
#[derive(Debug)]
pub(crate) struct Budget(u64);

/// Some milliseconds at worst. A rule of a real project takes hundreds of steps.
const MAX_STEPS: u64 = 1_000_000;
const BYTES_A_STEP: usize = 16;

impl Budget {
    pub fn new() -> Self {
        Self(MAX_STEPS)
    }

    /// The part of it that each of so many evaluations may take which share it.
    pub fn shared_by(self, evaluations: usize) -> impl Iterator<Item = Self> {
        let share = self.0 / evaluations.max(1) as u64;
        std::iter::repeat_with(move || Self(share)).take(evaluations)
    }

    /// Takes one step.
    #[inline]
    pub fn step(&mut self) -> Result<(), Stop> {
        self.steps(1)
    }

    /// Takes so many steps.
    #[inline]
    pub fn steps(&mut self, steps: u64) -> Result<(), Stop> {
        self.0 = self.0.checked_sub(steps).ok_or(Stop::TooCostly)?;
        Ok(())
    }

    /// Reads or writes so many bytes of a text.
    pub fn bytes(&mut self, bytes: usize) -> Result<(), Stop> {
        self.steps(1 + (bytes / BYTES_A_STEP) as u64)
    }
}
