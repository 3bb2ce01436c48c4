// What went wrong, in sentences: each once, and not without end.

const MAX_PROBLEMS = 20;
const MAX_LENGTH = 400;

export class ProblemLog {
  private readonly problems = new Set<string>();

  note(problem: string): void {
    if (this.problems.size < MAX_PROBLEMS) this.problems.add(problem.slice(0, MAX_LENGTH));
  }

  get all(): string[] {
    return [...this.problems];
  }
}
