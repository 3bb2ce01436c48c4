//! Runs a program with back-references: one way after the other, as JavaScript does.

use super::super::javascript::budget::{Budget, Stop};
use super::program::{Instruction, Program};
use super::states::{is_boundary, unit_at};

/// Whether the program matches somewhere in the text.
pub(super) fn is_match(program: &Program, text: &[u16], budget: &mut Budget) -> Result<bool, Stop> {
    for start in 0..=text.len() {
        budget.bytes(8 * (program.slots + program.loops))?;
        let mut run = Run {
            program,
            text,
            slots: vec![None; program.slots],
            loops: vec![None; program.loops],
            undo: Vec::new(),
        };
        if run.part(0, start, false, budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Run<'a> {
    program: &'a Program,
    text: &'a [u16],
    slots: Vec<Option<usize>>,
    loops: Vec<Option<usize>>,
    undo: Vec<Undo>,
}

/// What to do to try another way.
enum Undo {
    /// Go on here.
    Branch {
        place: usize,
        at: usize,
    },
    Slot(usize, Option<usize>),
    Loop(usize, Option<usize>),
}

/// 24 bytes each.
const MAX_UNDO: usize = 100_000;

impl Run<'_> {
    /// Whether the part that begins at `place` matches from `at` on, in this direction.
    fn part(
        &mut self,
        place: usize,
        at: usize,
        is_backward: bool,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        let base = self.undo.len();
        let (mut place, mut at) = (place, at);
        loop {
            budget.step()?;
            if self.undo.len() > MAX_UNDO {
                return Err(Stop::TooCostly);
            }
            if matches!(self.program.instructions[place], Instruction::Match) {
                return Ok(true);
            }
            match self.instruction(place, at, is_backward, budget)? {
                Some(next) => (place, at) = next,
                None => match self.next_branch(base) {
                    Some(next) => (place, at) = next,
                    None => return Ok(false),
                },
            }
        }
    }

    /// Where it goes on behind this instruction; nothing where it fails.
    fn instruction(
        &mut self,
        place: usize,
        at: usize,
        is_backward: bool,
        budget: &mut Budget,
    ) -> Result<Option<(usize, usize)>, Stop> {
        let program = self.program;
        let holds = |holds: bool| holds.then_some((place + 1, at));
        Ok(match &program.instructions[place] {
            Instruction::Set(class) => match unit_at(self.text, at, is_backward) {
                Some((unit, after)) if class.has(unit) => Some((place + 1, after)),
                _ => None,
            },
            Instruction::Split(first, second) => {
                self.undo.push(Undo::Branch { place: *second, at });
                Some((*first, at))
            }
            Instruction::Jump(to) => Some((*to, at)),
            Instruction::Start => holds(at == 0),
            Instruction::End => holds(at == self.text.len()),
            Instruction::Boundary(is_negated) => holds(is_boundary(self.text, at, *is_negated)),
            Instruction::Look { is_ahead, is_negated, next } => {
                let base = self.undo.len();
                let matches = self.part(place + 1, at, !is_ahead, budget)?;
                self.close_look(base, matches && !is_negated);
                (matches != *is_negated).then_some((*next, at))
            }
            Instruction::Save(slot) => {
                self.set_slot(*slot, Some(at));
                holds(true)
            }
            Instruction::Reset(first, end) => {
                budget.steps((end - first) as u64)?;
                (*first..*end).for_each(|slot| self.set_slot(slot, None));
                holds(true)
            }
            Instruction::BackReference(group) => {
                let after = self.back_reference(*group, at, is_backward, budget)?;
                after.map(|after| (place + 1, after))
            }
            Instruction::Enter(number) => {
                let before = self.loops[*number].replace(at);
                self.undo.push(Undo::Loop(*number, before));
                holds(true)
            }
            Instruction::Progress(number) => holds(self.loops[*number] != Some(at)),
            Instruction::Match => None,
        })
    }

    /// Where the same text ends that the group has; a group that has none is empty.
    fn back_reference(
        &self,
        group: usize,
        at: usize,
        is_backward: bool,
        budget: &mut Budget,
    ) -> Result<Option<usize>, Stop> {
        let slot = |slot: usize| self.slots.get(slot).copied().flatten();
        let (Some(start), Some(end)) = (slot(2 * group), slot(2 * group + 1)) else { return Ok(Some(at)) };
        let length = end.saturating_sub(start);
        budget.bytes(length)?;
        let (from, to) = match is_backward {
            true => (at.checked_sub(length), Some(at)),
            false => (Some(at), at.checked_add(length)),
        };
        let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
        let is_same = self.text.get(from..to).is_some_and(|here| Some(here) == self.text.get(start..end));
        Ok(is_same.then_some(if is_backward { from } else { to }))
    }

    fn set_slot(&mut self, slot: usize, at: Option<usize>) {
        let before = std::mem::replace(&mut self.slots[slot], at);
        if before != at {
            self.undo.push(Undo::Slot(slot, before));
        }
    }

    /// Undoes what was done since the last branch above `base`, and goes there.
    fn next_branch(&mut self, base: usize) -> Option<(usize, usize)> {
        while self.undo.len() > base {
            match self.undo.pop()? {
                Undo::Branch { place, at } => return Some((place, at)),
                Undo::Slot(slot, at) => self.slots[slot] = at,
                Undo::Loop(number, at) => self.loops[number] = at,
            }
        }
        None
    }

    /// What was looked at is not tried in another way. What its groups have matched is kept where it is to match.
    fn close_look(&mut self, base: usize, is_kept: bool) {
        if !is_kept {
            while self.undo.len() > base && self.next_branch(base).is_some() {}
            return;
        }
        let done = self.undo.split_off(base.min(self.undo.len()));
        self.undo.extend(done.into_iter().filter(|undo| !matches!(undo, Undo::Branch { .. })));
    }
}
