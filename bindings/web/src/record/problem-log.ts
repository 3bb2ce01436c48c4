// What went wrong, in sentences, each once and not without end.

const MAX = 20;
const MAX_LENGTH = 400;

export class Problems {
  private readonly noted = new Set<string>();

  note(problem: string): void {
    if (this.noted.size < MAX) this.noted.add(problem.slice(0, MAX_LENGTH));
  }

  get all(): string[] {
    return [...this.noted];
  }
}
