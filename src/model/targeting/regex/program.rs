//! A pattern as instructions.

use super::Unusable;
use super::class::Class;
use super::syntax::{Look, Node, Repeat};

#[derive(Debug, PartialEq)]
pub(super) struct Program {
    pub instructions: Vec<Instruction>,
    pub has_back_references: bool,
    /// How many places `Save` and `Reset` have.
    pub slots: usize,
    /// How many places `Enter` and `Progress` have.
    pub loops: usize,
    /// Of how many parts of the pattern it was made, those of repetitions counted each time: what compiling it took.
    pub parts: usize,
}

#[derive(Debug, PartialEq)]
pub(super) enum Instruction {
    /// One unit of this set, in the direction of the part that it stands in.
    Set(Class),
    /// Goes on at both places; the first is tried first.
    Split(usize, usize),
    Jump(usize),
    Start,
    End,
    Boundary(bool),
    /// Whether the part that begins behind this matches here, up to its `Match`; then goes on at `next`.
    Look {
        is_ahead: bool,
        is_negated: bool,
        next: usize,
    },
    /// Notes where a group begins or ends.
    Save(usize),
    /// Forgets these places.
    Reset(usize, usize),
    /// What the group has matched, once more.
    BackReference(usize),
    /// Notes where an iteration of a loop begins.
    Enter(usize),
    /// Fails where the iteration has matched nothing.
    Progress(usize),
    Match,
}

impl Instruction {
    /// How many places there must be for this one.
    fn slots(&self) -> usize {
        match self {
            Self::Save(slot) => slot + 1,
            // Also of groups in what is repeated zero times, which are nowhere saved.
            Self::Reset(_, end) => *end,
            _ => 0,
        }
    }
}

/// More than any pattern of a person has. Counted repetitions are written out.
const MAX_INSTRUCTIONS: usize = 8_192;
/// Groups without anything in them are parts, and no instructions.
pub(super) const MAX_PARTS: usize = 65_536;

impl Program {
    pub fn of(node: &Node) -> Result<Self, Unusable> {
        let program =
            Self { instructions: Vec::new(), has_back_references: false, slots: 0, loops: 0, parts: 0 };
        let mut writer = Writer { program, is_backward: false };
        writer.node(node)?;
        writer.push(Instruction::Match)?;
        let slots = writer.program.instructions.iter().map(Instruction::slots).max().unwrap_or(0);
        Ok(Self { slots, ..writer.program })
    }
}

struct Writer {
    program: Program,
    is_backward: bool,
}

impl Writer {
    fn node(&mut self, node: &Node) -> Result<(), Unusable> {
        self.program.parts += 1;
        if self.program.parts > MAX_PARTS {
            return Err(Unusable::TooLarge);
        }
        match node {
            Node::Set(class) => self.push(Instruction::Set(class.clone())),
            Node::Sequence(nodes) if self.is_backward => {
                nodes.iter().rev().try_for_each(|node| self.node(node))
            }
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.node(node)),
            Node::Choice(nodes) => self.choice(nodes),
            Node::Capture(group, node) => {
                let [first, last] = if self.is_backward { [1, 0] } else { [0, 1] };
                self.push(Instruction::Save(2 * group + first))?;
                self.node(node)?;
                self.push(Instruction::Save(2 * group + last))
            }
            Node::Repeat(repeat) => self.repeat(repeat),
            Node::Start => self.push(Instruction::Start),
            Node::End => self.push(Instruction::End),
            Node::Boundary(is_negated) => self.push(Instruction::Boundary(*is_negated)),
            Node::Look(look) => self.look(look),
            Node::BackReference(group) => {
                self.program.has_back_references = true;
                self.push(Instruction::BackReference(*group))
            }
        }
    }

    fn choice(&mut self, nodes: &[Node]) -> Result<(), Unusable> {
        let mut ends = Vec::new();
        for (place, node) in nodes.iter().enumerate() {
            let is_last = place + 1 == nodes.len();
            let split = self.here();
            if !is_last {
                self.push(Instruction::Split(split + 1, 0))?;
            }
            self.node(node)?;
            if !is_last {
                ends.push(self.here());
                self.push(Instruction::Jump(0))?;
                self.set(split, Instruction::Split(split + 1, self.here()));
            }
        }
        ends.into_iter().for_each(|end| self.set(end, Instruction::Jump(self.here())));
        Ok(())
    }

    fn repeat(&mut self, repeat: &Repeat) -> Result<(), Unusable> {
        for _ in 0..repeat.min {
            self.iteration(repeat)?;
        }
        let Some(max) = repeat.max else {
            let split = self.optional(repeat)?;
            self.push(Instruction::Jump(split))?;
            self.set_exit(split, repeat);
            return Ok(());
        };
        let mut splits = Vec::new();
        for _ in repeat.min..max {
            splits.push(self.optional(repeat)?);
        }
        splits.into_iter().for_each(|split| self.set_exit(split, repeat));
        Ok(())
    }

    /// An iteration that may be left out, and that must match something. Where it may be left out is given back.
    fn optional(&mut self, repeat: &Repeat) -> Result<usize, Unusable> {
        let (split, number) = (self.here(), self.program.loops);
        self.program.loops += 1;
        self.push(Instruction::Split(0, 0))?;
        self.push(Instruction::Enter(number))?;
        self.iteration(repeat)?;
        self.push(Instruction::Progress(number))?;
        Ok(split)
    }

    fn iteration(&mut self, repeat: &Repeat) -> Result<(), Unusable> {
        let (first, end) = repeat.groups;
        if first < end {
            self.push(Instruction::Reset(2 * first, 2 * end))?;
        }
        self.node(&repeat.node)
    }

    fn set_exit(&mut self, split: usize, repeat: &Repeat) {
        let (inside, outside) = (split + 1, self.here());
        self.set(
            split,
            match repeat.is_greedy {
                true => Instruction::Split(inside, outside),
                false => Instruction::Split(outside, inside),
            },
        );
    }

    fn look(&mut self, look: &Look) -> Result<(), Unusable> {
        let Look { is_ahead, is_negated, .. } = *look;
        let (place, was_backward) = (self.here(), self.is_backward);
        self.push(Instruction::Look { is_ahead, is_negated, next: 0 })?;
        self.is_backward = !is_ahead;
        self.node(&look.node)?;
        self.is_backward = was_backward;
        self.push(Instruction::Match)?;
        let next = self.here();
        self.set(place, Instruction::Look { is_ahead, is_negated, next });
        Ok(())
    }

    fn here(&self) -> usize {
        self.program.instructions.len()
    }

    fn push(&mut self, instruction: Instruction) -> Result<(), Unusable> {
        if self.here() == MAX_INSTRUCTIONS {
            return Err(Unusable::TooLarge);
        }
        self.program.instructions.push(instruction);
        Ok(())
    }

    fn set(&mut self, place: usize, instruction: Instruction) {
        if let Some(old) = self.program.instructions.get_mut(place) {
            *old = instruction;
        }
    }
}
