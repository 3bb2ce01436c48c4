//! Runs a program without back-references: all ways at once, unit by unit.

use super::super::javascript::budget::{Budget, Stop};
use super::class::is_word;
use super::program::{Instruction, Program};

/// Whether the program matches somewhere in the text.
pub(super) fn is_match(program: &Program, text: &[u16], budget: &mut Budget) -> Result<bool, Stop> {
    Run { program, text, is_backward: false }.from(0, 0, true, budget)
}

/// Whether `\b` (or with true `\B`) holds here.
pub(super) fn is_boundary(text: &[u16], at: usize, is_negated: bool) -> bool {
    let is_word_at = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|unit| is_word(*unit));
    (is_word_at(at.checked_sub(1)) != is_word_at(Some(at))) != is_negated
}

/// The unit next to this place, and the place behind it.
pub(super) fn unit_at(text: &[u16], at: usize, is_backward: bool) -> Option<(u16, usize)> {
    match is_backward {
        true => at.checked_sub(1).map(|before| (text[before], before)),
        false => text.get(at).map(|unit| (*unit, at + 1)),
    }
}

struct Run<'a> {
    program: &'a Program,
    text: &'a [u16],
    is_backward: bool,
}

/// The instructions that are reached at one place.
struct Reached {
    is_reached: Vec<bool>,
    sets: Vec<usize>,
}

impl Run<'_> {
    /// Whether the part that begins at `start` matches from `at` on, or with `everywhere` from any later place.
    fn from(&self, start: usize, at: usize, everywhere: bool, budget: &mut Budget) -> Result<bool, Stop> {
        let length = self.program.instructions.len();
        budget.bytes(2 * length)?;
        let new = || Reached { is_reached: vec![false; length], sets: Vec::new() };
        let (mut now, mut next, mut at) = (new(), new(), at);
        if self.reach(start, at, &mut now, budget)? {
            return Ok(true);
        }
        while let Some((unit, after)) = unit_at(self.text, at, self.is_backward) {
            budget.bytes(length)?;
            next.is_reached.fill(false);
            next.sets.clear();
            for place in &now.sets {
                budget.step()?;
                let Some(Instruction::Set(class)) = self.program.instructions.get(*place) else { continue };
                if class.has(unit) && self.reach(place + 1, after, &mut next, budget)? {
                    return Ok(true);
                }
            }
            if everywhere && self.reach(start, after, &mut next, budget)? {
                return Ok(true);
            }
            if next.sets.is_empty() && !everywhere {
                return Ok(false);
            }
            std::mem::swap(&mut now, &mut next);
            at = after;
        }
        Ok(false)
    }

    /// Adds what is reached from `place` without a unit. True where that is the end.
    fn reach(
        &self,
        place: usize,
        at: usize,
        reached: &mut Reached,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            budget.step()?;
            match reached.is_reached.get_mut(place) {
                Some(is_reached) if !*is_reached => *is_reached = true,
                _ => continue,
            }
            match &self.program.instructions[place] {
                Instruction::Match => return Ok(true),
                Instruction::Set(_) => reached.sets.push(place),
                Instruction::Split(first, second) => open.extend([*second, *first]),
                Instruction::Jump(to) => open.push(*to),
                Instruction::Start if at == 0 => open.push(place + 1),
                Instruction::End if at == self.text.len() => open.push(place + 1),
                Instruction::Boundary(is_negated) if is_boundary(self.text, at, *is_negated) => {
                    open.push(place + 1)
                }
                Instruction::Look { is_ahead, is_negated, next } => {
                    let run = Run { is_backward: !is_ahead, ..*self };
                    if run.from(place + 1, at, false, budget)? != *is_negated {
                        open.push(*next);
                    }
                }
                // They matter to back-references alone: an iteration that matches nothing leads to no new place.
                Instruction::Save(_) | Instruction::Reset(..) => open.push(place + 1),
                Instruction::Enter(_) | Instruction::Progress(_) => open.push(place + 1),
                Instruction::Start
                | Instruction::End
                | Instruction::Boundary(_)
                | Instruction::BackReference(_) => {}
            }
        }
        Ok(false)
    }
}
